"""Telling the customer of an offer, and waking up when it ends. Only drafted: whoever sends mail, sends it."""

from datetime import datetime

from core import wake_ups
from core.money import major
from core.ports import Unit
from core.proposals import Option, Proposal
from core.records import OrderRecord, Shop

TITLES = {
    "part": "A part now, the rest later",
    "only": "Only what is there",
    "all": "Everything together, later",
    "swap": "Something else in place of what is missing",
}


def put(unit: Unit, shop: Shop, record: OrderRecord, *, as_of: datetime, now: datetime) -> None:
    """Draft the letter of an open offer, once, and have the order planned anew at its end. Others need nothing."""
    made = record.proposal
    if made is None or made.state != "open":
        return
    unit.notices.add(
        shop=shop.id, order=record.id, kind="choices", key=f"choices:{record.id}:{made.made_at.isoformat()}",
        to=record.snapshot.customer.email, subject=f"Your order {record.snapshot.name}: please choose",
        body=body(made, record), at=as_of,
    )  # fmt: skip
    wake_ups.replan_order(unit, shop.id, record.id, at=now, due=now + (made.ends_at - as_of), why="offer-ends")


def body(made: Proposal, record: OrderRecord) -> str:
    """Return the letter: every option with its numbers, and until when it stands."""
    currency = record.snapshot.currency
    options = [f"- {TITLES[option.key]}: {words(option, currency)}" for option in made.options]
    until = f"{made.ends_at:%Y-%m-%d %H:%M} UTC"
    return "\n".join([
        f"Your order {record.snapshot.name} is larger than what we have ready. You may choose:", "", *options, "",
        f"Please answer on your order's page by {until}. Until then we keep the units for you.",
    ])  # fmt: skip


def words(option: Option, currency: str) -> str:
    """Return one option in words, with its price."""
    parts = [_units(option.now, "leaves at once", "leave at once")] if option.now else []
    parts += [f"{swap.units} of them {swap.title}" for swap in option.swaps]
    if option.later:
        parts.append(_later(option))
    elif option.key == "only":
        parts.append("the rest is cancelled and refunded")
    price = f"{major(option.price, currency)} {currency}"
    extra = f" plus {major(option.freight, currency)} {currency} for the second parcel" if option.freight else ""
    return f"{', '.join(parts)}. Goods: {price}{extra}."


def _later(option: Option) -> str:
    when = f"by {option.on:%Y-%m-%d}" if option.on else "later; we have no date yet"
    verbs = ("follows", "follow") if option.now else ("leaves together", "leave together")
    return f"{_units(option.later, *verbs)} {when}"


def _units(count: int, one: str, many: str) -> str:
    return f"1 unit {one}" if count == 1 else f"{count} units {many}"
