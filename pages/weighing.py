"""The sum behind a part that ships or waits, in words: what a second parcel costs, what waiting would, and why."""

from dataclasses import dataclass

from core.hazard import PRIOR_DAYS, PRIOR_LOST
from core.part_sum import PartSum
from core.records import OrderRecord
from pages.printing import printer


def weighing_in_words(record: OrderRecord) -> tuple[str, ...]:
    """Return the sum as sentences, the two sides first; none where nothing was weighed."""
    part = record.expected.part if record.expected else None
    if part is None or record.snapshot.status != "open":
        return ()
    return (_sides(part), _sum(part), _chance(part))


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
        Side(words="A second parcel now", cost=_money(part, parcel), share=parcel * 100 // dearer,
             chosen=part.verdict == "ship"),
        Side(words=f"Waiting {printer().units(part.days, 'day')}", cost=_money(part, part.waiting_cost),
             share=part.waiting_cost * 100 // dearer, chosen=part.verdict != "ship"),
    )  # fmt: skip


def _sides(part: PartSum) -> str:
    parcel = f"{_money(part, part.parcel_cost)} for the second parcel"
    if part.joins:
        parcel = f"no second parcel, for the rest can travel with {part.joins}"
    for_how_long = printer().units(part.days, "day")
    wait = f"Waiting {for_how_long}" if part.until else f"Waiting without a date (counted as {for_how_long})"
    said = "It ships." if part.verdict == "ship" else "It waits."
    return (
        f"Ship {printer().number(part.units)} now: {parcel}. "
        f"{wait} would cost about {_money(part, part.waiting_cost)}. {said}"
    )


def _sum(part: PartSum) -> str:
    lost = f"{printer().percent(part.chance)} of losing {_money(part, part.margin)} earned on the ready part"
    days = f", and {_money(part, part.day_price)} a day" if part.day_price else ""
    return f"Waiting: a chance of {lost}{days}."


def _chance(part: PartSum) -> str:
    seen = f"{printer().units(part.lost, 'order')} cancelled in {printer().units(part.order_days, 'day')} of waiting"
    return (
        f"The chance is learned from {seen}; before there is history, {PRIOR_LOST} in {PRIOR_DAYS} waiting orders "
        "is taken to cancel a day."
    )


def _money(part: PartSum, amount: int) -> str:
    return printer().money(amount, part.currency)
