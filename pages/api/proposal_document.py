"""A very large order as the API shows it: why it is one, where it stands, what was offered, who waits because of it."""

from typing import Any

from core.large.impact import Hit
from core.large.large_orders import excess_of, standing, todo
from core.records import OrderRecord, Shop
from core.records.proposals import Option, Proposal
from pages.api.answers import day, instant


def large_order_document(record: OrderRecord, shop: Shop) -> dict[str, Any]:
    """Return the order's standing, the tests that it exceeds, what the merchant must still do, and the offer."""
    return {
        "standing": standing(record, shop),
        "excesses": [
            {
                "line": one.line,
                "sku": one.sku,
                "test": one.test,
                "units": one.units,
                "most": str(one.most),
                "of": one.of,
            }
            for one in excess_of(record, shop)
        ],
        "todo": list(todo(record)),
        "proposal": _proposal(record.proposal) if record.proposal else None,
    }


def hit_document(hit: Hit) -> dict[str, Any]:
    """Return one order that waits because of another."""
    name = hit.record.snapshot.name
    return {"order": hit.record.id, "name": name, "days_later": hit.days, "units_fewer_now": hit.units}


def _proposal(made: Proposal) -> dict[str, Any]:
    return {
        "state": made.state,
        "made_at": instant(made.made_at),
        "ends_at": instant(made.ends_at),
        "answer": made.answer,
        "answered_at": instant(made.answered_at),
        "options": [_option(option) for option in made.options],
    }


def _option(option: Option) -> dict[str, Any]:
    return {
        "option": option.key,
        "now": option.now,
        "later": option.later,
        "on": day(option.on),
        "price": option.price,
        "freight": option.freight,
        "swaps": [
            {"line": swap.line, "sku": swap.sku, "units": swap.units, "price": swap.price} for swap in option.swaps
        ],
    }
