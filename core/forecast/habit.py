"""The habit alarm: where backorders are no accident any more, what that costs, and the mend that costs least."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from core.forecast.past import RECENT
from core.forecast.records import Alarm, ItemForecast
from core.forecast.stock import a_day_of_waiting
from core.money import exponent
from core.records import Shop
from core.sentences import counted, sentence

FEWEST_WEEKS = 3
"""Weeks with backorders, of the last thirteen, from which they are a habit; so many without end it at the soonest."""
SLIPPING = 3.0
LOSING = 0.2
A_YEAR = 365
Weeks = Sequence[bool | None]
"""The last weeks, newest first: True where units had to wait, None without a sale."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sold:
    """One item's last weeks, in units; `mean_wait` in days; `cost` of a unit, in minor units.

    `share` of the units is to ship at once. `weeks` may be empty where nothing had to wait. Of what is `made_to_order`
    customers wait on purpose.
    """

    forecast: ItemForecast
    share: float
    supplier: str | None
    units: int
    weeks: Weeks
    mean_wait: float | None
    cost: int | None
    made_to_order: bool = False

    @property
    def allowed(self) -> float:
        """The share of units that may wait."""
        return round(1 - self.share, 6)


def alarms(shop: Shop, sold: Sequence[Sold], slip_of: Callable[[str], float]) -> tuple[Alarm, ...]:
    """Return the alarms by units that had to wait, the most first; `slip_of` a supplier is in days."""
    sold = [one for one in sold if not one.made_to_order]
    items = (alarm for one in sold if (alarm := _item(shop, one)))
    return tuple(sorted((*items, *_suppliers(shop, sold, slip_of)), key=_worst))


def is_habit(weeks: Weeks) -> bool:
    """Return whether weeks with backorders come again and again, and still do.

    They have ended when the item has gone longer without than it ever did between two of them, weeks with a sale
    counted: what runs short once a month is not mended in the third good week.
    """
    short = [place for place, waited in enumerate(one for one in weeks if one is not None) if waited]
    if len(short) < FEWEST_WEEKS:
        return False
    longest = max(later - sooner for sooner, later in pairwise(short))
    return short[0] < max(FEWEST_WEEKS, longest)


def _worst(alarm: Alarm) -> tuple[int, str, str]:
    return -alarm.units, alarm.kind, alarm.name


def _item(shop: Shop, one: Sold) -> Alarm | None:
    short, allowed = one.forecast.backordered, one.allowed
    if not is_habit(one.weeks) or not one.units or short / one.units <= allowed:
        return None
    weeks, waiting, holding = sum(map(bool, one.weeks)), _waiting_cost(shop, one), _holding_cost(shop, one)
    mend, because = _mend(one, waiting, holding)
    why = sentence(
        "%(short)s of %(units)s units of the last %(recent)s weeks had to wait, in %(short_weeks)s of those "
        "weeks; the target allows %(allowed)s%%. %(because)s",
        short=short,
        units=one.units,
        recent=_known_weeks(one),
        short_weeks=weeks,
        allowed=f"{100 * allowed:.0f}",
        because=" ".join((*_waited(one.mean_wait, one.forecast.lost), because)),
    )
    return Alarm(
        kind="item", name=one.forecast.sku, rate=min(1.0, short / one.units), weeks=weeks, units=short,
        lost=one.forecast.lost, mean_wait=one.mean_wait, cost=waiting, holding=holding, mend=mend, why=why,
    )  # fmt: skip


def _waited(days: float | None, lost: int) -> Iterator[str]:
    if days is not None and round(days):
        yield counted(
            "They waited %(number)s day on the mean.", "They waited %(number)s days on the mean.", round(days)
        )
    if lost:
        yield counted("%(number)s unit was cancelled.", "%(number)s units were cancelled.", lost)


def _waiting_cost(shop: Shop, one: Sold) -> int:
    """Return what the last weeks' waits cost: days at what each costs, and the price of what was lost."""
    days = one.mean_wait if one.mean_wait is not None else one.forecast.lead.days / 2
    unit, price = 10.0 ** exponent(shop.currency), one.forecast.price or 0
    a_day = unit * a_day_of_waiting(shop.policy.reorder, (one.cost or 0) / unit, price / unit)
    return round(one.forecast.backordered * days * a_day) + one.forecast.lost * price


def _holding_cost(shop: Shop, one: Sold) -> int:
    """Return what keeping the item's spare stock costs in the same weeks, at half of its price where none is set."""
    cost = one.cost if one.cost is not None else (one.forecast.price or 0) // 2
    share = Decimal(_known_weeks(one) * 7) / A_YEAR
    return round(one.forecast.safety_stock * cost * Decimal(shop.policy.reorder.holding_percent) / 100 * share)


def _known_weeks(one: Sold) -> int:
    """Return of how many weeks waits and stock are weighed: a young shop has fewer than the thirteen."""
    return max(1, min(RECENT, len(one.forecast.weeks)))


def _mend(one: Sold, waiting: int, holding: int) -> tuple[str, str]:
    """Return the cheaper mend and why.

    A supplier that comes late is changed where stock against its lateness costs more than the waits.
    """
    lead, point = one.forecast.lead, one.forecast.reorder_point
    late = f"{_late(lead.slip)} " if lead.slip >= SLIPPING else ""
    if holding <= waiting and point:
        return sentence("raise the reorder point"), late + _raised(one.forecast)
    if late:
        against = sentence("Spare stock against that would cost more than the waits.")
        return sentence("change supplier"), late + against
    if one.forecast.backordered and one.forecast.lost / one.forecast.backordered >= LOSING:
        return sentence("stop taking backorders"), sentence(
            "Spare stock would cost more than the waits, and many who wait cancel."
        )
    return sentence("promise longer"), sentence(
        "Spare stock would cost more than the waits, and customers do wait: this ends when the item's page says that "
        "it is made to order."
    )


def _late(days: float) -> str:
    return counted("Deliveries come %(number)s day late.", "Deliveries come %(number)s days late.", round(days))


def _raised(known: ItemForecast) -> str:
    point, level, spare = known.reorder_point, known.order_up_to, known.safety_stock
    if not spare:
        return counted(
            "Ordering as soon as %(number)s unit is left would end most waits, and needs no spare stock.",
            "Ordering as soon as %(number)s units are left would end most waits, and needs no spare stock.",
            point,
        )
    return counted(
        "Ordering at %(number)s unit, up to %(level)s, keeps %(safety_stock)s spare, which costs less than the waits.",
        "Ordering at %(number)s units, up to %(level)s, keeps %(safety_stock)s spare, which costs less than the waits.",
        point,
        level=level,
        safety_stock=spare,
    )


def _suppliers(shop: Shop, sold: Sequence[Sold], slip_of: Callable[[str], float]) -> Iterator[Alarm]:
    by_supplier: dict[str, list[Sold]] = {}
    for one in sold:
        if one.supplier:
            by_supplier.setdefault(one.supplier, []).append(one)
    for supplier, theirs in sorted(by_supplier.items()):
        units, short = sum(one.units for one in theirs), sum(one.forecast.backordered for one in theirs)
        weeks, allowed = _together(theirs), sum(one.allowed * one.units for one in theirs)
        if not is_habit(weeks) or not units or short <= allowed:
            continue
        late = slip_of(supplier)
        waiting = sum(_waiting_cost(shop, one) for one in theirs)
        dear = late >= SLIPPING and sum(_holding_cost(shop, one) for one in theirs) > waiting
        mend = sentence("change supplier") if dear else sentence("raise the reorder point")
        waits = [(one.mean_wait, one.forecast.backordered) for one in theirs if one.mean_wait is not None]
        waited = sum(count for _, count in waits)
        yield Alarm(
            kind="supplier", name=supplier, rate=min(1.0, short / units), weeks=sum(map(bool, weeks)), units=short,
            lost=sum(one.forecast.lost for one in theirs),
            mean_wait=sum(days * count for days, count in waits) / waited if waited else None,
            cost=waiting, mend=mend, why=_of_all(short, units, theirs, late),
        )  # fmt: skip


def _together(theirs: Sequence[Sold]) -> Weeks:
    """Return the weeks of all these items: True where units of any had to wait, None where nothing was sold."""
    known = [one.weeks for one in theirs if one.weeks]
    return [None if set(week) <= {None} else any(week) for week in zip(*known, strict=True)]


def _of_all(short: int, units: int, theirs: Sequence[Sold], late: float) -> str:
    why = counted(
        "%(short)s of %(units)s units of %(number)s item from this supplier had to wait",
        "%(short)s of %(units)s units of %(number)s items from this supplier had to wait",
        len(theirs),
        short=short,
        units=units,
    )
    if round(late):
        why = counted(
            "%(why)s; deliveries come %(number)s day late",
            "%(why)s; deliveries come %(number)s days late",
            round(late),
            why=why,
        )
    return f"{why}."
