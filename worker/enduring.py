"""What repeats a step outlives its failures: one line says what went wrong, and the step comes again."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog

from core.errors import Unavailable

log = structlog.get_logger(__name__)


@contextmanager
def survived(step: Callable[..., object]) -> Iterator[None]:
    """Let nothing out of the block but a word in the log; what comes after the block is reached then too."""
    try:
        yield
    except Unavailable as problem:
        # The database is away for a while: that is no fault of the step, and a trace would say nothing more.
        log.warning("step put off", step=_name(step), problem=str(problem)[:200])
    except Exception:
        # One bad row must not end the thread that serves all others; its lease runs out and it is tried again.
        log.exception("step failed", step=_name(step))


def _name(step: Callable[..., object]) -> str:
    return getattr(step, "__name__", repr(step))
