"""What orders can be found by: names, numbers, people, SKUs, tags, countries, and the supplies they count on."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from sqlalchemy import ColumnElement, Integer, bindparam, case, delete, func, insert, literal, select

from connectors.database import tables
from connectors.database.columns import storable
from connectors.database.transaction import Transaction, Values
from core.names import folded
from core.plan import ON_HAND
from core.records import OrderRecord
from core.records.finding import MarkKind, Wanted

_orders = tables.orders
_marks = tables.order_marks
_arrivals = tables.arrivals
_PUT = insert(_marks)
_REMOVE = delete(_marks).where(
    *(_marks.c[name] == bindparam(f"its_{name}") for name in ("shop", "kind", "value", "order_id"))
)
Mark = tuple[MarkKind, str]
LONGEST = 200
"""Characters of a mark: PostgreSQL keeps no longer key than about 2,700 bytes."""
MOST = 500
"""Marks of one kind: an order of a thousand different lines is found by half of them."""
FEW = 500
"""Orders that are named one by one in a statement rather than looked for again."""


def marks_of(record: OrderRecord) -> frozenset[Mark]:
    """Return what the order can be found by."""
    seen, plans = record.snapshot, record.plan.lines if record.plan else ()
    found: dict[MarkKind, set[str | None]] = {
        "text": {folded(text) for text in (seen.name, seen.platform_id, seen.customer.name, seen.customer.email)},
        "sku": {*(folded(line.sku) for line in seen.lines), *(folded(line.sku) for line in plans)},
        "tag": {*seen.merchant_tags},
        "ours": {*seen.outside.tags},
        "country": {seen.customer.country},
        "supply": {peg.supply for line in plans for peg in line.allocations if peg.supply != ON_HAND},
    }
    return frozenset(
        (kind, value)
        for kind, values in found.items()
        for value in sorted({storable(value)[:LONGEST] for value in values if value})[:MOST]
    )


def put(transaction: Transaction, shop: str, records: Sequence[OrderRecord]) -> None:
    """Make the marks of these orders, each named once, be exactly those that they have now."""
    after = {storable(record.id): marks_of(record) for record in records}
    before = _known(transaction, shop, after)
    gone = [(order, mark) for order, marks in after.items() for mark in before[order] - marks]
    fresh = [(order, mark) for order, marks in after.items() for mark in sorted(marks - before[order])]
    if gone:
        transaction.run(_REMOVE, [_row(shop, order, mark, "its_") for order, mark in gone])
    if fresh:
        transaction.run(_PUT, [_row(shop, order, mark) for order, mark in fresh])


def _known(transaction: Transaction, shop: str, orders: Collection[str]) -> dict[str, set[Mark]]:
    mine = select(_marks.c.order_id, _marks.c.kind, _marks.c.value).where(_marks.c.shop == shop)
    known = transaction.by_name(mine, _marks.c.order_id, orders, lambda row: (row.kind, row.value))
    return {order: set(known.get(order, ())) for order in orders}


def _row(shop: str, order: str, mark: Mark, prefix: str = "") -> Values:
    kind, value = mark
    named = {"shop": shop, "kind": kind, "value": value, "order_id": order}
    return {f"{prefix}{name}": own for name, own in named.items()}


def narrowed(transaction: Transaction, shop: str, wanted: Wanted) -> Wanted:
    """Return the same, by the orders themselves where they are few."""
    asked = conditions(shop, wanted)
    if not asked:
        return wanted
    mine = select(_orders.c.id).where(_orders.c.shop == shop, *asked).limit(FEW + 1)
    ids = frozenset(transaction.run(mine).scalars())
    return wanted if len(ids) > FEW else replace(wanted, ids=ids)


def conditions(shop: str, wanted: Wanted) -> list[ColumnElement[bool]]:
    """Return what the rows of the orders table must fulfil."""
    if wanted.ids is not None:
        return [_orders.c.id.in_(sorted(wanted.ids))]
    sought = folded(wanted.text)
    found = [_marked(shop, kinds, value) for kinds, value in _exact(wanted) if value]
    if sought:
        word = storable(sought)[:LONGEST]
        somewhere = _marks.c.kind.in_(("text", "sku")) & _marks.c.value.contains(word, autoescape=True)
        found.append(_orders.c.id.in_(select(_marks.c.order_id).where(_marks.c.shop == shop, somewhere)))
    if wanted.supplier:
        theirs = select(_arrivals.c.supply).where(_arrivals.c.shop == shop, _arrivals.c.supplier == wanted.supplier)
        counted_on = select(_marks.c.order_id).where(_marks.c.shop == shop, _marks.c.kind == "supply")
        found.append(_orders.c.id.in_(counted_on.where(_marks.c.value.in_(theirs))))
    if wanted.tier is not None:
        found.append(_tier(shop, wanted) == wanted.tier)
    if wanted.placed_before is not None:
        found.append(_orders.c.placed_at <= wanted.placed_before)
    return found


def _exact(wanted: Wanted) -> tuple[tuple[tuple[MarkKind, ...], str | None], ...]:
    return (("sku",), folded(wanted.sku)), (("tag", "ours"), wanted.tag), (("country",), wanted.country)


def _marked(shop: str, kinds: tuple[MarkKind, ...], value: str) -> ColumnElement[bool]:
    theirs = (_marks.c.shop == shop, _marks.c.kind.in_(kinds), _marks.c.value == storable(value)[:LONGEST])
    return _orders.c.id.in_(select(_marks.c.order_id).where(*theirs))


def _tier(shop: str, wanted: Wanted) -> ColumnElement[int]:
    """Return the order's tier as `core.planning.shop_facts` has it: the lowest of its tags', else 0."""
    if not wanted.tiers:
        return literal(0)
    given = case({storable(tag)[:LONGEST]: tier for tag, tier in wanted.tiers.items()}, value=_marks.c.value)
    mine = (_marks.c.shop == shop, _marks.c.order_id == _orders.c.id, _marks.c.kind == "tag")
    lowest = select(func.min(given, type_=Integer)).where(*mine).correlate(_orders).scalar_subquery()
    return func.coalesce(lowest, 0)


def different(transaction: Transaction, shop: str, kind: MarkKind, limit: int) -> tuple[str, ...]:
    """Return the different marks of a kind, sorted."""
    mine = select(_marks.c.value).where(_marks.c.shop == shop, _marks.c.kind == kind).distinct()
    return tuple(transaction.run(mine.order_by(_marks.c.value).limit(limit)).scalars())
