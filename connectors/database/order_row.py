"""What of an order stands in columns beside its record, to be looked up, sorted and counted."""

from dataclasses import replace

from connectors.database import codec
from connectors.database.board import board_column
from core.records import OrderRecord
from core.snapshots import Customer

LARGEST = 2**63 - 1


def row_of(record: OrderRecord) -> dict[str, object]:
    """Return the row of the orders table."""
    seen = record.snapshot
    units = backordered(record)
    return {
        "shop": record.shop,
        "id": seen.platform_id,
        "status": seen.status,
        "placed_at": seen.placed_at,
        "backordered": min(units, LARGEST),
        "board": board_column(record) or None,
        "value_waiting": min(value_waiting(record), LARGEST),
        "waits_since": seen.placed_at if units else None,
        "customer": seen.customer.id,
        "email": folded(seen.customer.email),
        "address": seen.customer.address,
        "wait_since": record.wait and record.wait.since,
        "wait_until": record.wait and record.wait.until,
        "wait_lost": record.wait and record.wait.lost,
        **_served(record),
        "record": codec.write(record),
    }


def _served(record: OrderRecord) -> dict[str, object]:
    told, kept = record.first_range, record.served
    return {
        "currency": record.snapshot.currency,
        "promised_on": record.first_promise_on,
        "earliest": told and told.earliest,
        "latest": told and told.latest,
        "complete_on": kept.complete_on,
        "split_on": kept.split_on,
        "freight": kept.freight,
        "preorder": kept.preorder,
        "offered": bool(record.offers),
    }


def backordered(record: OrderRecord) -> int:
    """Return the units of an open order that stock on hand does not cover, pre-orders aside."""
    if record.plan is None or record.snapshot.status != "open":
        return 0
    return sum(line.backordered for line in record.plan.lines if line.id not in record.preorders)


def value_waiting(record: OrderRecord) -> int:
    """Return what the backordered units were sold for, in minor units of the order's currency."""
    if not backordered(record) or record.plan is None:
        return 0
    prices = {line.id: line.unit_price or 0 for line in record.snapshot.lines}
    waiting = (line for line in record.plan.lines if line.id not in record.preorders)
    return sum(line.backordered * prices.get(line.id, 0) for line in waiting)


def shared_items(record: OrderRecord) -> frozenset[str]:
    """Return the platform ids of the items that an open order draws on; none when it is not open."""
    if record.snapshot.status != "open":
        return frozenset()
    return frozenset(line.item for line in record.snapshot.lines if line.item)


def without_customer(record: OrderRecord) -> OrderRecord:
    """Return the record with nobody's name in it; quantities stay."""
    return replace(record, snapshot=replace(record.snapshot, customer=Customer()))


def folded(email: str | None) -> str | None:
    """Return an address as it is compared: without case and blanks around."""
    return email.strip().casefold() if email and email.strip() else None
