"""A calendar day as people and programs type it."""

import re
from datetime import date

from pages.languages import later

A_DAY = later("a date such as 2026-12-01")


def typed_day(text: str) -> date | None:
    """Return the day of YYYY-MM-DD; None where it is not written so or no month has it."""
    # `fromisoformat` alone would take weeks and days without dashes too.
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
