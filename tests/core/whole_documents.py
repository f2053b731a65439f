"""Whole documents of facts, small enough to collide: every feature meets every other in a few lines.

`pick(low, high)` chooses a whole number: a seeded `random.Random().randint`, or hypothesis when it draws.
"""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from core.facts import Facts, Line, Order, Policy
from tests.core.builders import NOON, TODAY, fence, incoming, item, kit, place, stock

SKUS = ("cup", "lid", "mug")
CLASSES = ("standard", "standard", "standard", "win", "gain", "wholesale", "redistribute", "fill", "lose", "skip")
SHARES = ("0", "0.25", "0.5", "1")


def some_facts(pick, *, allocation="first_come", plain=False, fences=False, caps=False, release=None):
    """Facts with up to 7 orders; `plain` leaves out promises, commitments, fences and caps."""
    locations = (place("main"), place("annex", rank=pick(0, 2)), place("far", pool="abroad"))[: pick(1, 3)]
    return Facts(
        as_of=NOON,
        locations=locations,
        policy=Policy(
            allocation=allocation,
            release=release or ("need_date", "strict")[pick(0, 3) == 0],
            ring_fences=_fences(pick) if fences else (),
            large_order_share=Decimal(SHARES[pick(0, 3)]) if caps else None,
        ),
        items=_items(pick),
        stock=_stock(pick, locations),
        incoming=_incoming(pick, locations),
        orders=tuple(_order(pick, number, locations, plain=plain) for number in range(pick(1, 7))),
    )


def lending_facts(pick, *, plain=False):
    """Facts in which orders that ship together often hold units that they cannot use yet."""
    made = some_facts(pick, plain=plain, release="need_date")
    dated = tuple(replace(row, closed=False, eta=row.eta or TODAY, received=0) for row in made.incoming if row.eta)
    calm = tuple(
        replace(entry, hold=None, order_class="standard", cancelled=False, location="main") for entry in made.orders
    )
    kits = tuple(entry for entry in made.items if entry.components)
    more = tuple(incoming(sku, pick(2, 9), _date(pick, 0), id=f"PO-more-{sku}") for sku in SKUS)
    return replace(
        made, items=kits, orders=calm, incoming=(*dated, *more), stock=tuple(stock(sku, pick(0, 8)) for sku in SKUS)
    )


def _date(pick, low=-2, high=6):
    return TODAY + timedelta(days=pick(low, high))


def _items(pick):
    made = []
    if pick(0, 1):
        made.append(kit("set", **{sku: pick(1, 2) for sku in SKUS[: pick(1, 2)]}))
    for sku in SKUS:
        if pick(0, 3) == 0:
            made.append(
                item(
                    sku, tracked=pick(0, 4) > 0, backorder=("allow", "deny")[pick(0, 4) == 0],
                    oversell_limit=pick(0, 3) if pick(0, 2) == 0 else None,
                    preorder_until=_date(pick) if pick(0, 3) == 0 else None,
                )
            )  # fmt: skip
    return tuple(made)


def _stock(pick, locations):
    return tuple(stock(sku, pick(-1, 6), where.id) for sku in SKUS for where in locations if pick(0, 4))


def _incoming(pick, locations):
    made = []
    for number in range(pick(0, 6)):
        eta = _date(pick, -1) if pick(0, 5) else None
        latest = eta + timedelta(days=pick(0, 2)) if eta and pick(0, 2) == 0 else None
        row = incoming(
            SKUS[pick(0, 2)], pick(0, 6), eta, id=f"PO-{number}", location=locations[pick(0, len(locations) - 1)].id,
            latest=latest, received=pick(0, 2), closed=pick(0, 9) == 0,
        )  # fmt: skip
        made.append(row)
    return tuple(made)


def _fences(pick):
    until = [None, _date(pick), _date(pick)]
    classes = ("wholesale", "win", "standard")
    return tuple(fence(classes[pick(0, 2)], SKUS[pick(0, 2)], pick(0, 4), until[pick(0, 2)]) for _ in range(pick(0, 3)))


def _order(pick, number, locations, *, plain):
    return Order(
        id=f"o{number}",
        placed_at=NOON - timedelta(hours=pick(1, 5)),
        lines=tuple(_line(pick, f"l{place}", plain=plain) for place in range(pick(0, 3) or 1)),
        location=locations[pick(0, len(locations) - 1)].id,
        order_class="standard" if pick(0, 1) else CLASSES[pick(0, len(CLASSES) - 1)],
        tier=pick(0, 1),
        ship=("as_ready", "together")[pick(0, 1)],
        hold=(None, None, None, None, "payment", "fraud", "customer")[pick(0, 6)],
        promised_on=None if plain or pick(0, 1) else _date(pick),
        cancelled=pick(0, 14) == 0,
    )


def _line(pick, id, *, plain):
    return Line(
        id=id,
        sku=(*SKUS, "set")[pick(0, 3)],
        ordered=pick(0, 6),
        cancelled=pick(0, 1),
        shipped=pick(0, 1),
        committed=0 if plain or pick(0, 2) else pick(0, 3),
        min_ship=pick(0, 4) if pick(0, 3) == 0 else None,
    )
