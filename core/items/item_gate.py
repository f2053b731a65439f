"""The maximum wait gate of one item: when a next unit would come, and whether backorders are taken until then. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from core.policy.shop_policy import WaitGate
from core.sentences import sentence

GateState = Literal["stopped", "hands_off"]
Wish = Literal["stop", "resume"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemGate:
    """What we did to one item: `stopped` backorders, or saw that a person decided since and keep our `hands_off`.

    `setting` is the platform's own word that stood there before us. `wrote_at` is machine time: what was read earlier
    says nothing about what we wrote.
    """

    state: GateState
    setting: str
    since: date
    wrote_at: datetime

    @property
    def stopped(self) -> bool:
        """Whether what stands at the shop is ours."""
        return self.state == "stopped"


def next_unit_on(on_hand: int, demand: int, coming: Iterable[tuple[date, int]], today: date) -> date | None:
    """Return when one unit more than is asked for could leave; None where no dated supply brings it.

    `coming` are units by the day from which they can leave. The prefix promise of whoever orders next.
    """
    left = max(0, on_hand) - demand
    if left > 0:
        return today
    for on, units in sorted(coming):
        left += units
        if left > 0:
            return on
    return None


def is_too_long(rules: WaitGate, next_on: date | None, today: date, *, stopped: bool) -> bool:
    """Return whether a next unit takes too long; once stopped, it must come sooner than what stopped it."""
    if not rules.enabled:
        return False
    most = min(rules.again_days, rules.max_days) if stopped else rules.max_days
    return next_on is None or (next_on - today).days > most


def in_words(next_on: date | None, today: date) -> str:
    """Return when a next unit would leave, as a sentence for the merchant."""
    if next_on is None:
        return sentence("No dated supply brings a next unit.")
    days = (next_on - today).days
    if days <= 0:
        return sentence("A next unit can leave today.")
    if days == 1:
        return sentence("A next unit would leave on %(next_on)s, in 1 day.", next_on=next_on)
    return sentence("A next unit would leave on %(next_on)s, in %(days)s days.", next_on=next_on, days=days)
