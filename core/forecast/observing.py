"""What a nightly run notes down because nobody will be able to tell later: what was on the shelves."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from core.forecast.records import Position, ShelfDay, SoldOut
from core.records import ItemRecord


def sold_out_today(items: Iterable[ItemRecord], positions: Mapping[str, Position], today: date) -> tuple[SoldOut, ...]:
    """Return the items that had nothing left today; `closed` where the shop sells nothing beyond its stock."""
    return tuple(
        SoldOut(shop=item.shop, sku=item.sku, on=today, closed=item.snapshot.backorder == "deny")
        for item in items
        if item.snapshot.tracked and not item.snapshot.gone and item.snapshot.stock
        and positions[item.sku].left <= 0
    )  # fmt: skip


def shelves_today(
    known: Mapping[str, ShelfDay], positions: Mapping[str, Position], shop: str, today: date
) -> tuple[ShelfDay, ...]:
    """Return the items whose numbers differ from those noted last (`known`, by SKU)."""
    now = (
        ShelfDay(shop=shop, sku=sku, on=today, on_hand=seen.on_hand, owed=seen.owed,
                 coming=sum(units for _, units in seen.coming))
        for sku, seen in positions.items()
    )  # fmt: skip
    return tuple(day for day in now if (before := known.get(day.sku)) is None or replace(before, on=today) != day)
