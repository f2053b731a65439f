"""The chance that a customer who waits cancels, a day: from the shop's own waits, with a stated prior before them.

Cancellations over days waited is the hazard's estimate under constant risk, with waits that go on (or that ended
because the goods came) counted as exposure only. A Gamma prior keeps it sensible while there is little of either.
"""

from dataclasses import dataclass
from datetime import date
from math import exp

PRIOR_LOST, PRIOR_DAYS = 1, 200
"""Before there is history: one waiting order in 200 cancels a day, weighing as much as 200 days of waiting."""
DECIMALS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """How long customers have waited in all, in order-days, and how many of them cancelled while they did."""

    order_days: int = 0
    lost: int = 0

    @property
    def per_day(self) -> float:
        """The posterior mean of the chance to lose a waiting order on one day."""
        return (PRIOR_LOST + self.lost) / (PRIOR_DAYS + self.order_days)

    def chance(self, days: int) -> float:
        """Return the chance to lose an order over so many days more of waiting, rounded so that it prints alike."""
        return round(1 - exp(-self.per_day * max(0, days)), DECIMALS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """Sums over a shop's waits: days of those that ended, and of those that go on how many, and their first days.

    `since_ordinals` adds the first days up as calendar ordinals, so that one sum serves every day.
    """

    ended_days: int = 0
    going_on: int = 0
    since_ordinals: int = 0
    lost: int = 0

    def until(self, today: date) -> Exposure:
        """Return the exposure as of a day."""
        days = self.ended_days + self.going_on * today.toordinal() - self.since_ordinals
        return Exposure(order_days=max(0, days), lost=self.lost)
