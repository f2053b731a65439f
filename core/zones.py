"""Time zones by the names that platforms give them."""

from datetime import UTC, date, datetime, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


@cache
def zone_of(name: str) -> tzinfo:
    """Return the time zone, or UTC where the platform's name for it is no IANA name (such as an offset)."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


def local_day(at: datetime, zone: str) -> date:
    """Return the calendar day of an instant at the place."""
    return at.astimezone(zone_of(zone)).date()
