"""Incoming supply: the platform's own rows and those that people entered."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select

from connectors.database import codec, tables
from connectors.database.columns import storable
from connectors.database.transaction import Transaction, batches
from core.records import IncomingRecord

_supply = tables.supply
_BY_PLACE = (_supply.c.id, _supply.c.sku, _supply.c.location)


@dataclass(frozen=True, slots=True)
class SupplyTable:
    """Implements `core.ports.stock.Supply`."""

    transaction: Transaction

    def all(self, shop: str) -> tuple[IncomingRecord, ...]:
        """Every row, by id, SKU and location."""
        rows = self.transaction.run(select(_supply.c.record).where(_supply.c.shop == shop).order_by(*_BY_PLACE))
        return tuple(codec.read_supply(record) for record in rows.scalars())

    def of_skus(self, shop: str, skus: Collection[str]) -> tuple[IncomingRecord, ...]:
        """The rows of these SKUs, by id, SKU and location."""
        mine = select(_supply.c.record).where(_supply.c.shop == shop)
        found = [
            codec.read_supply(record)
            for batch in batches({storable(sku) for sku in skus})
            for record in self.transaction.run(mine.where(_supply.c.sku.in_(batch))).scalars()
        ]
        return tuple(sorted(found, key=_place))

    def get(self, shop: str, supply: str) -> tuple[IncomingRecord, ...]:
        """The rows of one id, one for each SKU and location."""
        mine = select(_supply.c.record).where(_supply.c.shop == shop, _supply.c.id == supply).order_by(*_BY_PLACE)
        return tuple(codec.read_supply(record) for record in self.transaction.run(mine).scalars())

    def put(self, record: IncomingRecord) -> None:
        """Insert or replace by (id, SKU, location)."""
        row = {"shop": record.shop, "source": record.source, "record": codec.write(record)}
        self.transaction.upsert(_supply, {**row, **dict(zip(("id", "sku", "location"), _place(record), strict=True))})

    def delete(self, shop: str, supply: str) -> int:
        """Remove all rows of one id; return how many."""
        gone = delete(_supply).where(_supply.c.shop == shop, _supply.c.id == supply)
        return self.transaction.run(gone).rowcount

    def replace_platform(self, shop: str, records: Sequence[IncomingRecord]) -> bool:
        """Make the platform's own rows be exactly these; True when anything changed."""
        before = {_place(record): record for record in self.all(shop) if record.source == "platform"}
        after = {_place(record): record for record in records}
        for place in before.keys() - after.keys():
            self._remove(shop, place)
        changed = [record for place, record in after.items() if before.get(place) != record]
        for record in changed:
            self.put(record)
        return bool(changed or before.keys() - after.keys())

    def _remove(self, shop: str, place: tuple[str, str, str]) -> None:
        conditions = (column == value for column, value in zip(_BY_PLACE, place, strict=True))
        self.transaction.run(delete(_supply).where(_supply.c.shop == shop, *conditions))


def _place(record: IncomingRecord) -> tuple[str, str, str]:
    return record.incoming.id, record.incoming.sku, record.incoming.location
