"""Whose work it still is: asked before each write to a shop is sent.

A process that was stopped, or a machine that slept, goes on in the middle of an action that others took over meanwhile.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_check: ContextVar[Callable[[], None] | None] = ContextVar("check", default=None)


def still_ours() -> None:
    """Raise `LeaseLost`, by the holder's check, when others may be at it by now; what nobody leased is ours."""
    if (check := _check.get()) is not None:
        check()


@contextmanager
def held_by(check: Callable[[], None]) -> Iterator[None]:
    """Let `check` be asked by this thread's writes while the block works."""
    before = _check.set(check)
    try:
        yield
    finally:
        _check.reset(before)
