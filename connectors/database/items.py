"""Items and their stock, each under an SKU of its own in its shop."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import count
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, delete, or_, select, update

from connectors.database import codec, cursors, tables
from connectors.database.columns import storable
from connectors.database.renaming import follow
from connectors.database.transaction import Transaction, batches
from core.items.item_gate import ItemGate
from core.items.item_rules import ItemRules
from core.ports.pages import Page
from core.records import ItemRecord
from core.snapshots import ItemSnapshot

_items = tables.items
_aliases = tables.item_aliases
LONGEST_SKU = 255


@dataclass(frozen=True, slots=True)
class ItemTables:
    """Implements `core.ports.stock.Items`."""

    transaction: Transaction

    def get(self, shop: str, sku: str) -> ItemRecord | None:
        """Return one item by our SKU."""
        row = self.transaction.run(select(_items).where(_items.c.shop == shop, _items.c.sku == sku)).first()
        return None if row is None else _item(row)

    def many(self, shop: str, skus: Collection[str]) -> dict[str, ItemRecord]:
        """Return items by our SKU; unknown ones are left out."""
        mine = select(_items).where(_items.c.shop == shop)
        return {row.sku: _item(row) for row in self.transaction.where_in(mine, _items.c.sku, skus)}

    def by_platform_id(self, shop: str, platform_ids: Collection[str]) -> dict[str, ItemRecord]:
        """Return items by platform id or alias; unknown ids are left out."""
        mine = select(_items).where(_items.c.shop == shop)
        rows = self.transaction.where_in(mine, _items.c.platform_id, platform_ids)
        found = {row.platform_id: _item(row) for row in rows}
        theirs = select(_aliases.c.alias, _items).join(_items, _same_item()).where(_aliases.c.shop == shop)
        missing = set(platform_ids) - found.keys()
        return found | {row.alias: _item(row) for row in self.transaction.where_in(theirs, _aliases.c.alias, missing)}

    def put(self, shop: str, snapshot: ItemSnapshot) -> ItemRecord:
        """Insert or replace by platform id.

        The SKU is the platform's where it is free, and follows when the platform changes it to one that is free, with
        all that is known by it; else it is `item-<platform id>`. An item that is gone gives its SKU up to the first
        that asks for it.
        """
        before = self._sku_of(shop, snapshot)
        sku = self._settled(shop, snapshot, before)
        if before is not None and sku != before:
            follow(self.transaction, shop, before, sku)
            self._stand_in_as(shop, before, sku)
        row = {"shop": shop, "platform_id": snapshot.platform_id, "sku": sku, "gone": snapshot.gone}
        self.transaction.upsert(_items, {**row, "snapshot": codec.write(snapshot)})
        self._put_aliases(shop, snapshot)
        mine = select(_items).where(_items.c.shop == shop, _items.c.platform_id == snapshot.platform_id)
        return _item(self.transaction.run(mine).one())

    def put_rules(self, shop: str, sku: str, rules: ItemRules) -> None:
        """Store what the merchant set for the item."""
        mine = update(_items).where(_items.c.shop == shop, _items.c.sku == sku)
        self.transaction.run(mine.values(rules=codec.write(rules)))

    def put_gate(self, shop: str, sku: str, gate: ItemGate | None) -> None:
        """Store what we did about taking backorders on the item; None: nothing of it stands."""
        mine = update(_items).where(_items.c.shop == shop, _items.c.sku == sku)
        self.transaction.run(mine.values(gate=codec.write(gate) if gate else None))

    def put_announced(self, shop: str, sku: str, on: date | None) -> None:
        """Store the day that the item's pages at the shop now tell, by us; None: none."""
        mine = update(_items).where(_items.c.shop == shop, _items.c.sku == sku)
        self.transaction.run(mine.values(announced_on=on))

    def marked(self, shop: str) -> tuple[ItemRecord, ...]:
        """Items with something of ours at the shop, by SKU: a gate that is not untouched, or a day announced."""
        ours = or_(_items.c.gate.is_not(None), _items.c.announced_on.is_not(None))
        mine = select(_items).where(_items.c.shop == shop, ours).order_by(_items.c.sku)
        return tuple(_item(row) for row in self.transaction.run(mine))

    def page(self, shop: str, *, cursor: str | None, limit: int) -> Page[ItemRecord]:
        """A page of items by SKU. Raises Misuse on a cursor that is not ours."""
        rows = select(_items).where(_items.c.shop == shop)
        if cursor is not None:
            rows = rows.where(_items.c.sku > cursors.read_text(cursor))
        ordered = rows.order_by(_items.c.sku).limit(cursors.checked(limit) + 1)
        return cursors.page(self.transaction.run(ordered).all(), limit, _item, lambda row: (row.sku,))

    def all(self, shop: str) -> tuple[ItemRecord, ...]:
        """Every item, by SKU."""
        mine = select(_items).where(_items.c.shop == shop).order_by(_items.c.sku)
        return tuple(_item(row) for row in self.transaction.run(mine))

    def gone(self, shop: str) -> frozenset[str]:
        """The SKUs of what the shop sells no more."""
        mine = select(_items.c.sku).where(_items.c.shop == shop, _items.c.gone)
        return frozenset(self.transaction.run(mine).scalars())

    def _sku_of(self, shop: str, snapshot: ItemSnapshot) -> str | None:
        mine = select(_items.c.sku).where(_items.c.shop == shop, _items.c.platform_id == snapshot.platform_id)
        before: str | None = self.transaction.run(mine).scalar()
        return before

    def _settled(self, shop: str, snapshot: ItemSnapshot, before: str | None) -> str:
        theirs = usable(snapshot.sku)
        if theirs and (theirs == before or self._obtained(shop, theirs, snapshot)):
            return theirs
        return before or self._own(shop, snapshot.platform_id)

    def _stand_in_as(self, shop: str, before: str, sku: str) -> None:
        """Let the item stand in for others under its new SKU."""
        for record in (_item(row) for row in self.transaction.run(_ruled(shop)).all()):
            if before in record.rules.substitutes:
                names = tuple(sku if name == before else name for name in record.rules.substitutes)
                self.put_rules(shop, record.sku, replace(record.rules, substitutes=names))

    def _obtained(self, shop: str, sku: str, snapshot: ItemSnapshot) -> bool:
        """Whether the SKU is free, if need be because an item that is gone gave it up."""
        holder = self._holder(shop, sku)
        if holder is None:
            return True
        if not holder.gone or snapshot.gone:
            return False
        own = self._own(shop, holder.platform_id)
        changed = update(_items).where(_items.c.shop == shop, _items.c.platform_id == holder.platform_id)
        self.transaction.run(changed.values(sku=own))
        return True

    def _own(self, shop: str, platform_id: str) -> str:
        return next(sku for sku in _candidates(platform_id) if self._holder(shop, sku) is None)

    def _holder(self, shop: str, sku: str) -> Row[Any] | None:
        held = select(_items.c.platform_id, _items.c.gone).where(_items.c.shop == shop, _items.c.sku == sku)
        return self.transaction.run(held).first()

    def _put_aliases(self, shop: str, snapshot: ItemSnapshot) -> None:
        mine = (_aliases.c.shop == shop, _aliases.c.platform_id == snapshot.platform_id)
        before = set(self.transaction.run(select(_aliases.c.alias).where(*mine)).scalars())
        after = {storable(alias) for alias in snapshot.aliases} - {storable(snapshot.platform_id)}
        for batch in batches(before - after):
            self.transaction.run(delete(_aliases).where(*mine, _aliases.c.alias.in_(batch)))
        for alias in sorted(after - before):
            self.transaction.upsert(_aliases, {"shop": shop, "alias": alias, "platform_id": snapshot.platform_id})


def _ruled(shop: str) -> Select[Any]:
    return select(_items).where(_items.c.shop == shop, _items.c.rules.is_not(None))


def usable(sku: str | None) -> str | None:
    """Return the platform's SKU, or None where it is empty, blank or too long to be one."""
    return storable(sku) if sku and sku.strip() and len(sku) <= LONGEST_SKU else None


def _candidates(platform_id: str) -> Iterator[str]:
    yield f"item-{platform_id}"
    for number in count(2):
        yield f"item-{platform_id}-{number}"


def _same_item() -> ColumnElement[bool]:
    return (_aliases.c.shop == _items.c.shop) & (_aliases.c.platform_id == _items.c.platform_id)


def _item(row: Row[Any]) -> ItemRecord:
    rules = codec.read_rules(row.rules) if row.rules else ItemRules()
    gate = codec.read_gate(row.gate) if row.gate else None
    return ItemRecord(
        shop=row.shop, sku=row.sku, snapshot=codec.read_item(row.snapshot), rules=rules, gate=gate,
        announced_on=row.announced_on,
    )  # fmt: skip
