"""How values are written in answers: JSON, UTC instants with Z, ISO dates, amounts with their currency."""

import json
from datetime import UTC, date, datetime

from flask import Response

from core.money import major


def encode(document: object) -> str:
    """Return JSON text in ASCII, so that no character a platform sent can break the answer."""
    return json.dumps(document, separators=(",", ":")) + "\n"


def answer(document: object, status: int = 200) -> Response:
    """Return the document as an answer."""
    return Response(encode(document), status=status, content_type="application/json")


def instant(at: datetime | None) -> str | None:
    """Return the instant in UTC to the second, such as `2026-11-23T09:00:00Z`."""
    return None if at is None else at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def money(units: int, currency: str) -> dict[str, str]:
    """Return minor units as an amount with its currency."""
    return {"amount": major(units, currency), "currency": currency}


def day(on: date | None) -> str | None:
    """Return the ISO date."""
    return None if on is None else on.isoformat()
