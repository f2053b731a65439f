"""How late supply comes: learned from what came in, per supplier, shrunk towards the shop's own and a stated prior.

A distribution is kept as its quantiles at `LEVELS`, in days after the date that was told (negative: early). With n
deliveries seen, the quantiles are n/(n + WEIGHT) of those seen and the rest of what is known without them: a
supplier's lean on the shop's, the shop's on the prior. Averaging quantiles keeps them in order, and a supplier who
gets later never makes a date earlier.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, sqrt

STEPS = 20
LEVELS = tuple((step + 0.5) / STEPS for step in range(STEPS))
WEIGHT = 5
"""As many deliveries as it takes until what was seen counts as much as what was believed before."""
EARLY, MIDDLE, LATE = 0.1, 0.5, 0.9
PRIOR_ON_TIME, PRIOR_LATE_DAYS = 0.5, 7
"""Before anything was received: half of all supply is on time, nine in ten come within a week of the date."""
LONGEST = 180
"""A delivery further off its date than half a year tells of a slip of the pen, not of the supplier."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """Days after the date told: one in ten comes before `earliest`, half by `likely`, nine in ten by `latest`."""

    earliest: int
    likely: int
    latest: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Lateness:
    """A distribution of days late: its quantiles at `LEVELS`, rising, and how many deliveries were `seen` for it."""

    values: tuple[float, ...]
    seen: int = 0

    def days(self, not_before: int | None = None) -> Days:
        """Return the range in whole days, given that nothing comes `not_before` so many days after the date.

        What is later than all that was ever seen gets a tail: of supply that is d days late, half takes another
        0.41 d, one in ten more than 2.2 d (a Pareto tail of exponent 2).
        """
        low = -LONGEST if not_before is None else not_before
        left = [value for value in self.values if value >= low]
        if left:
            found = [quantile(left, level) for level in (EARLY, MIDDLE, LATE)]
            return _whole(*found)
        late = max(1, low)
        return _whole(low, low + late * (sqrt(2) - 1), low + late * (sqrt(10) - 1))


def prior() -> Lateness:
    """Return what is assumed of a shop that has received nothing yet."""
    slope = PRIOR_LATE_DAYS / (LATE - PRIOR_ON_TIME)
    return Lateness(values=tuple(max(0.0, (level - PRIOR_ON_TIME) * slope) for level in LEVELS))


def learned(late: Sequence[int], believed: Lateness) -> Lateness:
    """Return the distribution after so many deliveries, each so many days late, where `believed` held before."""
    usable = sorted(days for days in late if abs(days) <= LONGEST)
    if not usable:
        return believed
    own = len(usable) / (len(usable) + WEIGHT)
    pairs = zip(LEVELS, believed.values, strict=True)
    values = tuple(own * quantile(usable, level) + (1 - own) * before for level, before in pairs)
    return Lateness(values=values, seen=len(usable))


def quantile(rising: Sequence[float], level: float) -> float:
    """Return the quantile of rising values, the i-th of n standing at (i + 0.5)/n (Hazen), flat at the ends."""
    place = max(level * len(rising) - 0.5, 0.0)
    below = floor(place)
    above = min(below + 1, len(rising) - 1)
    return rising[below] + (place - below) * (rising[above] - rising[below])


def _whole(early: float, middle: float, late: float) -> Days:
    """Return whole days: a date that errs must err late. The tiny amount absorbs what floats leave over."""
    return Days(earliest=floor(early + 1e-9), likely=floor(middle + 0.5 + 1e-9), latest=ceil(late - 1e-9))
