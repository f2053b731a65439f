"""Earliest, likely and latest day on which something leaves."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseRange:
    """Days on which it leaves the shop, in order."""

    earliest: date
    likely: date
    latest: date

    @property
    def is_open(self) -> bool:
        """Whether it is more than one day."""
        return self.earliest != self.latest


@lru_cache(maxsize=4096)
def on_day(day: date) -> PromiseRange:
    """Return the range of one day."""
    return PromiseRange(earliest=day, likely=day, latest=day)


def last_of(ranges: Iterable[PromiseRange]) -> PromiseRange:
    """Return when the last of several things, at least one, leaves.

    Bound by bound, which is exact where supplies are late together (one container, one port) and a little early where
    they are late by chance, each for itself.
    """
    found = tuple(ranges)
    return PromiseRange(
        earliest=max(one.earliest for one in found),
        likely=max(one.likely for one in found),
        latest=max(one.latest for one in found),
    )


def not_before(day: date, ships: PromiseRange) -> PromiseRange:
    """Return the range with nothing of it before a day."""
    return last_of((ships, on_day(day)))
