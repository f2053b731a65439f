"""Telling the customer of a priced choice, and waking up when it ends."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from functools import reduce
from typing import Any

from core.messages import outreach
from core.messages.correspondence import Speech
from core.messages.notices import Draft
from core.planning import wake_ups
from core.ports.books import Unit
from core.records import OrderRecord, Shop
from core.records.proposals import Option, Proposal

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
    outreach.tell(unit, shop, as_of, record, [_draft(record, made)])
    # Under the offer's own moment: one that was withdrawn still waits for its end, which is no end of this one.
    why = f"offer-ends:{made.made_at.isoformat()}"
    wake_ups.replan_order(unit, shop.id, record.id, at=now, due=now + (made.ends_at - as_of), why=why)


def _draft(record: OrderRecord, made: Proposal) -> Draft:
    facts = {
        "options": [option_facts(option, record.snapshot.currency) for option in made.options],
        "until": made.ends_at.isoformat(),
    }
    return Draft(kind="choices", key=f"choices:{record.id}:{made.made_at.isoformat()}", facts=facts)


def option_facts(option: Option, currency: str) -> dict[str, Any]:
    """Return what is said of an option, JSON-ready."""
    return {
        "key": option.key, "now": option.now, "later": option.later, "on": option.on and option.on.isoformat(),
        "price": option.price, "freight": option.freight, "currency": currency,
        "swaps": [asdict(swap) for swap in option.swaps],
    }  # fmt: skip


def title(option: Mapping[str, Any], speech: Speech) -> str:
    """Return the option's title."""
    return speech.say(TITLES[option["key"]])


def words(option: Mapping[str, Any], speech: Speech) -> str:
    """Return one option in words, with its price."""
    swaps = [speech.say("%(units)s of them %(title)s", units=s["units"], title=s["title"]) for s in option["swaps"]]
    parts = [*_now(option, speech), *swaps, *_later(option, speech)]
    if option["key"] == "only":
        parts.append(speech.say("the rest is cancelled and refunded"))
    price = speech.money(option["price"], option["currency"])
    listed = reduce(lambda said, part: speech.say("%(said)s, %(part)s", said=said, part=part), parts)
    return speech.say("%(listed)s. %(cost)s", listed=listed, cost=_cost(option, price, speech))


def _cost(option: Mapping[str, Any], price: str, speech: Speech) -> str:
    if not option["freight"]:
        return speech.say("Goods: %(price)s.", price=price)
    freight = speech.money(option["freight"], option["currency"])
    return speech.say("Goods: %(price)s plus %(freight)s for the second parcel.", price=price, freight=freight)


def _now(option: Mapping[str, Any], speech: Speech) -> list[str]:
    if not option["now"]:
        return []
    return [speech.count("%(number)s unit leaves at once", "%(number)s units leave at once", option["now"])]


def _later(option: Mapping[str, Any], speech: Speech) -> list[str]:
    units = option["later"]
    if not units:
        return []
    on = option["on"] and speech.day(date.fromisoformat(option["on"]))
    if option["now"] and on:
        one, many = "%(number)s unit follows by %(day)s", "%(number)s units follow by %(day)s"
    elif option["now"]:
        one = "%(number)s unit follows later; we have no date yet"
        many = "%(number)s units follow later; we have no date yet"
    elif on:
        one, many = "%(number)s unit leaves by %(day)s", "%(number)s units leave together by %(day)s"
    else:
        one = "%(number)s unit leaves later; we have no date yet"
        many = "%(number)s units leave together later; we have no date yet"
    return [speech.count(one, many, units, day=on)]
