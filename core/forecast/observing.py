"""What a nightly run notes down because nobody will be able to tell later: empty shelves, and deliveries."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from core.forecast.records import Position, Receipt, SoldOut
from core.records import IncomingRecord, ItemRecord

Place = tuple[str, str, str]


def sold_out_today(items: Iterable[ItemRecord], positions: Mapping[str, Position], today: date) -> tuple[SoldOut, ...]:
    """Return the items that had nothing left today; `closed` where the shop sells nothing beyond its stock."""
    return tuple(
        SoldOut(shop=item.shop, sku=item.sku, on=today, closed=item.snapshot.backorder == "deny")
        for item in items
        if item.snapshot.tracked and not item.snapshot.gone and item.snapshot.stock
        and positions[item.sku].on_hand - positions[item.sku].owed <= 0
    )  # fmt: skip


def receipts_today(known: Iterable[Receipt], supply: Iterable[IncomingRecord], today: date) -> tuple[Receipt, ...]:
    """Return the receipts that are new or have changed: rows first seen today, and rows that are all here today.

    A row that is taken out of the list, or closed with nothing received, never becomes a delivery.
    """
    before = {(row.supply, row.sku, row.location): row for row in known}
    return tuple(row for one in supply if (row := _now(before.get(_place(one)), one, today)) is not None)


def _now(before: Receipt | None, row: IncomingRecord, today: date) -> Receipt | None:
    here = row.incoming.remaining == 0 and row.incoming.received > 0
    if before is None:
        # Finished before we ever looked: when it was ordered, nobody can say.
        return None if here or row.incoming.closed else _first(row, today)
    after = replace(before, supplier=row.supplier or before.supplier, due_on=before.due_on or row.incoming.eta)
    if here and before.received_on is None:
        after = replace(after, received_on=today)
    return None if after == before else after


def _first(row: IncomingRecord, today: date) -> Receipt:
    supply, sku, location = _place(row)
    return Receipt(shop=row.shop, supply=supply, sku=sku, location=location, ordered_on=today, supplier=row.supplier,
                   due_on=row.incoming.eta)  # fmt: skip


def _place(row: IncomingRecord) -> Place:
    return row.incoming.id, row.incoming.sku, row.incoming.location
