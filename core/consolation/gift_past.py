"""What a ladder of consolations would have meant for the waits of a stretch of the past. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from core.consolation.offer_sum import loss_of
from core.consolation.offers import cost_of, ladder
from core.forecast.records import DemandRow
from core.money import minor
from core.parcels.hazard import Exposure
from core.policy.shop_policy import Rung, ShopPolicy
from core.reports.records import WaitedOrder


@dataclass(frozen=True, slots=True, kw_only=True)
class Gifts:
    """Orders that would have been consoled, and what that costs at most, None where nobody can say; so many by rung.

    Tiers, and who was told of a wait, are not kept with the past: every rung counts as if it were for all of them.
    """

    orders: int
    cost: int | None
    rungs: tuple[int, ...]


def gifts_of(
    lines: Iterable[DemandRow], orders: Iterable[WaitedOrder], today: date, policy: ShopPolicy, currency: str
) -> Gifts:
    """Return whom the ladder would have reached, each by its highest rung, at most once; caps and budget left out.

    The chance of losing an order is that of these waits (`core.parcels.hazard`).
    """
    waits = {one.order: one for one in orders if not one.preorder}
    exposure = Exposure(
        order_days=sum(_days(one, today) for one in waits.values()), lost=sum(one.wait_lost for one in waits.values())
    )
    values, rungs = _values(lines), ladder(policy.offers)
    found, cost = [0] * len(rungs), 0
    for order, wait in waits.items():
        value = values.get(order, 0)
        for place, rung in reversed(list(enumerate(rungs))):
            price = cost_of(rung, value, policy, currency)
            if _is_reached(rung, wait, today) and value >= minor(rung.min_value, currency):
                chance = exposure.chance(_ahead(wait, today))
                if not rung.weigh or loss_of(value, chance) >= price:
                    found[place] += 1
                    cost += price
                    break
    return Gifts(orders=sum(found), cost=cost if cost or not sum(found) else None, rungs=tuple(found))


def _is_reached(rung: Rung, wait: WaitedOrder, today: date) -> bool:
    return (_late(wait, today) if rung.after == "late" else _ahead(wait, today)) >= rung.days


def _ahead(wait: WaitedOrder, today: date) -> int:
    """Return how many days lay ahead of a wait when it began: those first promised, or those that it took if more."""
    told = (wait.promised_on - wait.wait_since).days if wait.promised_on else 0
    return max(told, _days(wait, today))


def _days(wait: WaitedOrder, today: date) -> int:
    return ((wait.wait_until or today) - wait.wait_since).days


def _late(wait: WaitedOrder, today: date) -> int:
    return ((wait.wait_until or today) - wait.promised_on).days if wait.promised_on else 0


def _values(lines: Iterable[DemandRow]) -> Mapping[str, int]:
    """Return by order what the units that had to wait were sold for."""
    found: dict[str, int] = {}
    for row in lines:
        found[row.order] = found.get(row.order, 0) + min(row.units, row.backordered) * (row.price or 0)
    return found
