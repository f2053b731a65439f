"""The sum behind a part that ships or waits, in words: what a second parcel costs, what waiting would, and why."""

from dataclasses import dataclass

from core.parcels.hazard import PRIOR_DAYS, PRIOR_LOST
from core.parcels.part_sum import PartSum
from core.records import OrderRecord
from pages.languages import _, n_
from pages.printing import printer


def weighing_in_words(record: OrderRecord) -> tuple[str, ...]:
    """Return the sum as sentences, the two sides first; none where nothing was weighed."""
    part = record.expected.part if record.expected else None
    if part is None or record.snapshot.status != "open":
        return ()
    return (_sides(part), _sum(part), learned(part.lost, part.order_days))


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One side of the sum. `share` is its cost against the dearer side's, in hundredths, for the picture."""

    words: str
    cost: str
    share: int
    chosen: bool


def sides(record: OrderRecord) -> tuple[Side, ...]:
    """Return both sides of the sum for a picture; none where nothing was weighed."""
    part = record.expected.part if record.expected else None
    if part is None or record.snapshot.status != "open":
        return ()
    parcel = 0 if part.joins else part.parcel_cost
    dearer = max(parcel, part.waiting_cost, 1)
    return (
        Side(
            words=_("A second parcel now"),
            cost=_money(part, parcel),
            share=parcel * 100 // dearer,
            chosen=part.verdict == "ship",
        ),
        Side(
            words=n_("Waiting %(number)s day", "Waiting %(number)s days", part.days),
            cost=_money(part, part.waiting_cost),
            share=part.waiting_cost * 100 // dearer,
            chosen=part.verdict != "ship",
        ),
    )


def _sides(part: PartSum) -> str:
    units = printer().number(part.units)
    if part.joins:
        ship = _("Ship %(units)s now: no second parcel, for the rest can travel with %(order)s.", units=units,
                 order=part.joins)  # fmt: skip
    else:
        cost = _money(part, part.parcel_cost)
        ship = _("Ship %(units)s now: %(cost)s for the second parcel.", units=units, cost=cost)
    waiting = {"days": printer().units(part.days, "day"), "cost": _money(part, part.waiting_cost)}
    if part.until:
        wait = _("Waiting %(days)s would cost about %(cost)s.", **waiting)
    else:
        wait = _("Waiting without a date (counted as %(days)s) would cost about %(cost)s.", **waiting)
    verdict = _("It ships.") if part.verdict == "ship" else _("It waits.")
    return f"{ship} {wait} {verdict}"


def _sum(part: PartSum) -> str:
    risk = {"chance": printer().percent(part.chance), "money": _money(part, part.margin)}
    if not part.day_price:
        return _("Waiting: a chance of %(chance)s of losing %(money)s earned on the ready part.", **risk)
    return _(
        "Waiting: a chance of %(chance)s of losing %(money)s earned on the ready part, and %(price)s a day.",
        price=_money(part, part.day_price), **risk,
    )  # fmt: skip


def learned(lost: int, order_days: int) -> str:
    """Return where the chance that a waiting order is cancelled comes from."""
    return _(
        "The chance is learned from %(orders)s cancelled in %(days)s of waiting; before there is history, %(lost)s in "
        "%(of)s waiting orders is taken to cancel a day.",
        orders=printer().units(lost, "order"), days=printer().units(order_days, "day"), lost=PRIOR_LOST, of=PRIOR_DAYS,
    )  # fmt: skip


def _money(part: PartSum, amount: int) -> str:
    return printer().money(amount, part.currency)
