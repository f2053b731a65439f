"""What consolations changed: customers who were offered one against those who, drawn by lot, were not."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.consolation.consolations import Outcome
from core.reports.fill import Share
from core.reports.intervals import Difference, between_means, between_shares
from core.sentences import sentence

TRIAL_DAYS = 365
"""Decisions of so many days are compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """One side. `cancelled` counts orders whose wait has ended, `waiting` those that go on.

    Of those that ended, in minor units: the `value` that waited when it was decided, and what of it was `kept`.
    """

    cancelled: Share
    value: int
    kept: int
    waiting: int

    @property
    def kept_share(self) -> float | None:
        """The share of the value that was kept."""
        return self.kept / self.value if self.value else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """Both sides and how they differ, the offered less the held out.

    `cancelled` is the difference of the shares that cancelled, `kept` that of the value kept for each order, in minor
    units; None where there is too little to say.
    """

    offered: Arm
    held_out: Arm
    cancelled: Difference | None
    kept: Difference | None


def trial(outcomes: Iterable[Outcome]) -> Trial:
    """Return the comparison, one order of each customer: the first that was decided about.

    Customers are drawn and not orders, so several of one customer are not independent. An order counts on the side to
    which its customer was drawn, whatever became of the code: who cancelled before it was made was offered it too.
    """
    first: dict[str, Outcome] = {}
    for one in sorted(outcomes, key=lambda one: (one.on, one.order)):
        # One who was forgotten is nobody's first order: each counts by itself.
        first.setdefault(one.customer or sentence("order %(order)s", order=one.order), one)
    offered = [one for one in first.values() if not one.held_out]
    held_out = [one for one in first.values() if one.held_out]
    sides = _arm(offered), _arm(held_out)
    return Trial(
        offered=sides[0], held_out=sides[1], cancelled=between_shares(sides[0].cancelled, sides[1].cancelled),
        kept=between_means(_kept(offered), _kept(held_out)),
    )  # fmt: skip


def _arm(orders: Sequence[Outcome]) -> Arm:
    ended = [one for one in orders if one.until is not None]
    lost = sum(one.lost for one in ended)
    return Arm(
        cancelled=Share(part=lost, whole=len(ended)), value=sum(one.value for one in ended),
        kept=round(sum(_kept(ended))), waiting=len(orders) - len(ended),
    )  # fmt: skip


def _kept(orders: Iterable[Outcome]) -> list[float]:
    return [0.0 if one.lost else float(one.value) for one in orders if one.until is not None]
