"""The habit alarm: where backorders are no accident any more, what that costs, and the mend that costs least."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.forecast.past import RECENT
from core.forecast.records import Alarm, ItemForecast
from core.money import exponent
from core.records import Shop
from core.sentences import sentence

FEWEST_WEEKS = 3
"""Weeks with backorders, of the last thirteen, from which they are a habit."""
SLIPPING = 3.0
LOSING = 0.2
A_YEAR = 365


@dataclass(frozen=True, slots=True, kw_only=True)
class Sold:
    """One item's last weeks, in units; `mean_wait` in days, of what waits now; `cost` of a unit, in minor units.

    `share` of the units is to ship at once.
    """

    forecast: ItemForecast
    share: float
    supplier: str | None
    units: int
    short_weeks: int
    mean_wait: float | None
    cost: int | None

    @property
    def allowed(self) -> float:
        """The share of units that may wait."""
        return round(1 - self.share, 6)


def alarms(shop: Shop, sold: Sequence[Sold], slip_of: Callable[[str], float]) -> tuple[Alarm, ...]:
    """Return the alarms, items first, each kind by units that had to wait; `slip_of` a supplier is in days."""
    items = [alarm for one in sold if (alarm := _item(shop, one))]
    suppliers = list(_suppliers(shop, sold, slip_of))
    return tuple(sorted(items, key=_worst) + sorted(suppliers, key=_worst))


def _worst(alarm: Alarm) -> tuple[int, str]:
    return -alarm.units, alarm.name


def _item(shop: Shop, one: Sold) -> Alarm | None:
    short, allowed = one.forecast.backordered, one.allowed
    if one.short_weeks < FEWEST_WEEKS or not one.units or short / one.units <= allowed:
        return None
    rate = min(1.0, short / one.units)
    waiting = _waiting_cost(shop, one)
    mend, because = _mend(shop, one, waiting)
    why = sentence(
        "%(short)s of %(units)s units of the last %(recent)s weeks had to wait, in %(short_weeks)s of those "
        "weeks; the target allows %(allowed)s%%. %(because)s",
        short=short,
        units=one.units,
        recent=RECENT,
        short_weeks=one.short_weeks,
        allowed=f"{100 * allowed:.0f}",
        because=because,
    )
    return Alarm(
        kind="item", name=one.forecast.sku, rate=rate, weeks=one.short_weeks, units=short, lost=one.forecast.lost,
        mean_wait=one.mean_wait, cost=waiting, mend=mend, why=why,
    )  # fmt: skip


def _waiting_cost(shop: Shop, one: Sold) -> int:
    """Return what the last weeks' waits cost: days at the setting's price, and the price of what was lost."""
    days = one.mean_wait if one.mean_wait is not None else one.forecast.lead.days / 2
    a_day = Decimal(shop.policy.reorder.wait_cost).scaleb(exponent(shop.currency))
    return round(Decimal(one.forecast.backordered * days) * a_day) + one.forecast.lost * (one.forecast.price or 0)


def _mend(shop: Shop, one: Sold, waiting: int) -> tuple[str, str]:
    """Return the cheaper mend and why."""
    lead = one.forecast.lead
    if lead.slip >= SLIPPING:
        return sentence("change supplier"), sentence(
            "Deliveries come %(slip)s days late: no level of stock mends that cheaply.", slip=f"{lead.slip:.0f}"
        )
    cost = one.cost if one.cost is not None else (one.forecast.price or 0) // 2
    quarter = Decimal(RECENT * 7) / A_YEAR
    holding = round(one.forecast.safety_stock * cost * Decimal(shop.policy.reorder.holding_percent) / 100 * quarter)
    point = one.forecast.reorder_point
    if holding <= waiting and point:
        return sentence("raise the reorder point"), _raised(point, one.forecast.safety_stock)
    if one.forecast.backordered and one.forecast.lost / one.forecast.backordered >= LOSING:
        return sentence("stop taking backorders"), sentence(
            "Spare stock would cost more than the waits, and many who wait cancel."
        )
    return sentence("promise longer"), sentence("Spare stock would cost more than the waits, and customers do wait.")


def _raised(point: int, spare: int) -> str:
    if not spare:
        return sentence(
            "Ordering as soon as %(point)s units are left would end most waits, and needs no spare stock.", point=point
        )
    return sentence(
        "Ordering at %(point)s units keeps %(safety_stock)s spare, which costs less than the waits.",
        point=point,
        safety_stock=spare,
    )


def _suppliers(shop: Shop, sold: Sequence[Sold], slip_of: Callable[[str], float]) -> Iterator[Alarm]:
    by_supplier: dict[str, list[Sold]] = {}
    for one in sold:
        if one.supplier:
            by_supplier.setdefault(one.supplier, []).append(one)
    for supplier, theirs in sorted(by_supplier.items()):
        units, short = sum(one.units for one in theirs), sum(one.forecast.backordered for one in theirs)
        weeks, allowed = max(one.short_weeks for one in theirs), sum(one.allowed * one.units for one in theirs)
        if weeks < FEWEST_WEEKS or not units or short <= allowed:
            continue
        late = slip_of(supplier)
        mend = sentence("change supplier") if late >= SLIPPING else sentence("raise the reorder point")
        short_of = {"short": short, "units": units, "items": len(theirs)}
        why = sentence("%(short)s of %(units)s units of %(items)s items from this supplier had to wait", **short_of)
        if late >= 1:
            why = sentence("%(why)s; deliveries come %(late)s days late", why=why, late=f"{late:.0f}")
        waits = [one.mean_wait for one in theirs if one.mean_wait is not None]
        yield Alarm(
            kind="supplier", name=supplier, rate=min(1.0, short / units), weeks=weeks, units=short,
            lost=sum(one.forecast.lost for one in theirs), mean_wait=sum(waits) / len(waits) if waits else None,
            cost=sum(_waiting_cost(shop, one) for one in theirs), mend=mend, why=f"{why}.",
        )  # fmt: skip
