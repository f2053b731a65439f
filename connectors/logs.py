"""Structured logs: JSON lines on standard error, without secrets."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

HIDDEN = frozenset({"token", "secret", "password", "authorization", "access_token", "consumer_secret", "email"})


def set_up(level: str) -> None:
    """Log at this level and above, one JSON object a line."""
    number = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            without_secrets,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
    )


def without_secrets(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Return the event with fields that could hold a secret or an address blanked."""
    return {name: "***" if name.lower() in HIDDEN else value for name, value in event.items()}
