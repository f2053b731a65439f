"""Structured logs: JSON lines on standard error, ours and the libraries', without secrets or addresses of people."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog
from structlog.typing import Processor

HIDDEN = frozenset({"token", "secret", "password", "authorization", "access_token", "consumer_secret", "email"})
# No longer than addresses are (RFC 5321): without a limit a long text would be searched from each sign to its end.
ADDRESS = re.compile(r"[^\s\"'<>()\[\]{},;:=/]{1,64}@[^\s\"'<>()\[\]{},;:=/@]{1,255}\.[^\W\d_]{2,}")
QUERY = re.compile(r"(https?://[^\s\"'?]+)\?[^\s\"']+")
DETAIL = re.compile(r"DETAIL: .*")
"""PostgreSQL's second line of an error, which repeats the row."""
COMMON: tuple[Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)
"""`shop`, `order` and `delivery` come from the context: whatever is logged while they are worked on bears them."""


def set_up(level: str) -> None:
    """Log at this level and above, one JSON object a line; the libraries' words too, from WARNING on."""
    number = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[*COMMON, *_last()],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        # A line and its end in one write: whoever is killed between the two, or speaks there, spoils two lines.
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
    )
    root = logging.getLogger()
    for handler in [one for one in root.handlers if isinstance(one, _Libraries)]:
        root.removeHandler(handler)
    root.addHandler(_Libraries(max(number, logging.WARNING)))


def without_secrets(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Return the event with fields that could hold a secret or an address blanked."""
    return {name: "***" if name.lower() in HIDDEN else value for name, value in event.items()}


def without_people(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Return the event with people's addresses, rows and the queries of web addresses blanked in every text.

    What a platform or a library says may repeat what it was sent.
    """
    return {name: _blanked(value) if isinstance(value, str) else value for name, value in event.items()}


def _blanked(text: str) -> str:
    return DETAIL.sub("DETAIL: ***", QUERY.sub(r"\1?***", ADDRESS.sub("***", text)))


def _last() -> tuple[Processor, ...]:
    return (
        without_secrets, structlog.processors.format_exc_info, without_people, structlog.processors.JSONRenderer()
    )  # fmt: skip


class _Libraries(logging.StreamHandler[Any]):
    """Writes what libraries say as lines like ours."""

    def __init__(self, level: int) -> None:
        super().__init__(sys.stderr)
        self.setLevel(level)
        strip = structlog.stdlib.ProcessorFormatter.remove_processors_meta
        named = structlog.stdlib.add_logger_name
        self.setFormatter(
            structlog.stdlib.ProcessorFormatter(foreign_pre_chain=[*COMMON, named], processors=[strip, *_last()])
        )
