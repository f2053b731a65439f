"""Incoming supply: the platform's own rows and those that people entered."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import delete, select

from connectors.database import codec, tables
from connectors.database.transaction import Transaction
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
        found = (codec.read_supply(row.record) for row in self.transaction.where_in(mine, _supply.c.sku, skus))
        return tuple(sorted(found, key=lambda record: record.key))

    def get(self, shop: str, supply: str) -> tuple[IncomingRecord, ...]:
        """The rows of one id, one for each SKU and location."""
        mine = select(_supply.c.record).where(_supply.c.shop == shop, _supply.c.id == supply).order_by(*_BY_PLACE)
        return tuple(codec.read_supply(record) for record in self.transaction.run(mine).scalars())

    def put(self, record: IncomingRecord) -> None:
        """Insert or replace by (id, SKU, location)."""
        row = {"shop": record.shop, "source": record.source, "record": codec.write(record)}
        self.transaction.upsert(_supply, {**row, **dict(zip(("id", "sku", "location"), record.key, strict=True))})

    def delete(self, shop: str, supply: str) -> int:
        """Remove all rows of one id; return how many."""
        gone = delete(_supply).where(_supply.c.shop == shop, _supply.c.id == supply)
        return self.transaction.run(gone).rowcount

    def rename(self, shop: str, before: str, after: str) -> None:
        """Give the rows of a SKU to another one."""
        for record in self.of_skus(shop, [before]):
            self._remove(shop, record.key)
            self.put(replace(record, incoming=replace(record.incoming, sku=after)))

    def replace_platform(self, shop: str, records: Sequence[IncomingRecord]) -> bool:
        """Make the platform's own rows be exactly these; True when anything changed."""
        before = {record.key: record for record in self.all(shop) if record.source == "platform"}
        after = {record.key: record for record in records}
        for place in before.keys() - after.keys():
            self._remove(shop, place)
        changed = [record for place, record in after.items() if before.get(place) != record]
        for record in changed:
            self.put(record)
        return bool(changed or before.keys() - after.keys())

    def _remove(self, shop: str, place: tuple[str, str, str]) -> None:
        conditions = (column == value for column, value in zip(_BY_PLACE, place, strict=True))
        self.transaction.run(delete(_supply).where(_supply.c.shop == shop, *conditions))
