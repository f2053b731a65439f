"""What of an order stands in columns beside its record, to be looked up, sorted and counted."""

from dataclasses import replace

from connectors.database import codec
from connectors.database.columns import storable
from core.items.kept_substitutes import kept_swaps
from core.names import folded
from core.orders.board import board_column, may_wait, units_waiting, value_waiting
from core.records import OrderRecord
from core.snapshots import Customer

LARGEST = 10**12
"""More than anybody sells in one order, in units as in cents, and few enough that nine million of them add up."""


def row_of(record: OrderRecord) -> dict[str, object]:
    """Return the row of the orders table."""
    seen = record.snapshot
    # What stock on hand does not cover; of it, what leaves today on lent units does not wait.
    units, waits = sum(line.backordered for line in may_wait(record)), units_waiting(record)
    return {
        "shop": record.shop,
        "id": seen.platform_id,
        "status": seen.status,
        "placed_at": seen.placed_at,
        "backordered": min(units, LARGEST),
        "lent": min(units, LARGEST) - min(waits, LARGEST),
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


def item_rows(record: OrderRecord) -> dict[str, dict[str, int]]:
    """Return what an open order asks of each item, by the platform's id; nothing when it is not open."""
    if record.snapshot.status != "open":
        return {}
    plans = {line.id: line for line in record.plan.lines} if record.plan else {}
    found: dict[str, dict[str, int]] = {}
    for line in record.snapshot.lines:
        if line.item:
            row = found.setdefault(storable(line.item), {"open": 0, "short": 0, "reserved": 0})
            plan = plans.get(line.id)
            asked = {"open": plan.open, "short": plan.backordered} if plan else {}
            for name, units in {**asked, "reserved": line.reserved}.items():
                row[name] = min(row[name] + units, LARGEST)
    for swap in kept_swaps(record):
        row = found.setdefault(storable(swap.item), {"open": 0, "short": 0, "reserved": 0})
        row["open"] = min(row["open"] + swap.units, LARGEST)
    return found


def without_customer(record: OrderRecord) -> OrderRecord:
    """Return the record with nobody's name in it; quantities stay."""
    return replace(record, snapshot=replace(record.snapshot, customer=Customer()))
