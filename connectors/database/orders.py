"""Orders with their plans, and who shares which item."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    bindparam,
    delete,
    func,
    literal,
    select,
    tuple_,
)

from connectors.database import codec, cursors, order_marks, order_sums, privacy, tables
from connectors.database.columns import Instant, storable
from connectors.database.order_row import item_rows, row_of, without_customer
from connectors.database.order_sums import BACKORDERED, OPEN
from connectors.database.transaction import BATCH, Transaction
from core.errors import Misuse
from core.orders.board import COLUMNS
from core.parcels.hazard import Waits
from core.ports.pages import Page
from core.records import OrderRecord
from core.records.finding import EVERYTHING, Demanded, MarkKind, Waiting, Wanted

_orders = tables.orders
_demand = tables.demand
_links = tables.order_items
_aliases = tables.item_aliases
_PLACE = ("shop", "order_id", "item")
_UNLINK = delete(_links).where(*(_links.c[name] == bindparam(f"its_{name}") for name in _PLACE))
Place = tuple[str, str, str]
UNITS = ("open", "short", "reserved")
STATES = {"open": OPEN, "backordered": BACKORDERED, "closed": ~OPEN}


@dataclass(frozen=True, slots=True)
class OrderTables:
    """Implements `core.ports.orders.Orders`."""

    transaction: Transaction

    def get(self, shop: str, order: str) -> OrderRecord | None:
        """Return one order by its platform id."""
        mine = select(_orders.c.record).where(_orders.c.shop == shop, _orders.c.id == order)
        record = self.transaction.run(mine).scalar()
        return None if record is None else codec.read_order(record)

    def many(self, shop: str, orders: Collection[str]) -> dict[str, OrderRecord]:
        """Return orders by their platform ids; unknown ones are left out."""
        mine = select(_orders.c.id, _orders.c.record).where(_orders.c.shop == shop)
        found = self.transaction.by_name(mine, _orders.c.id, orders, _order)
        return {order: records[0] for order, records in found.items()}

    def put(self, record: OrderRecord) -> None:
        """Insert or replace. The customer of an order that was redacted is not stored again."""
        self.put_all(record.shop, [record])

    def put_all(self, shop: str, records: Sequence[OrderRecord]) -> None:
        """Insert or replace the records of different orders of one shop, as `put` does each."""
        forgotten = privacy.redacted(self.transaction, shop, {storable(record.id) for record in records})
        kept = [without_customer(record) if storable(record.id) in forgotten else record for record in records]
        self.transaction.upsert_many(_orders, [row_of(record) for record in kept])
        order_marks.put(self.transaction, shop, kept)
        self._put_links(shop, kept)

    def open_all(self, shop: str) -> tuple[OrderRecord, ...]:
        """All open orders, by placed_at then id."""
        return tuple(self.open_each(shop))

    def open_each(self, shop: str) -> Iterator[OrderRecord]:
        """The same one after the other, for what is only counted: a large shop's do not fit into memory at no cost."""
        return self._read(select(_orders.c.record).where(_orders.c.shop == shop, OPEN))

    def with_items(self, shop: str, items: Collection[str], *, but: Collection[str] = ()) -> tuple[OrderRecord, ...]:
        """Open orders that want one of these items (platform ids or aliases) or keep it, but those that are named."""
        kin = self._with_kin(shop, {storable(item) for item in items})
        return tuple(self._many(shop, self._column(_wanting(shop), _links.c.item, kin).difference(but)))

    def with_items_each(self, shop: str, items: Collection[str]) -> Iterator[OrderRecord]:
        """The same one after the other, by placed_at then id."""
        kin = self._with_kin(shop, {storable(item) for item in items})
        if len(kin) > BATCH:
            return self._many(shop, self._column(_wanting(shop), _links.c.item, kin))
        theirs = _orders.c.id.in_(_wanting(shop).where(_links.c.item.in_(sorted(kin))))
        return self._read(select(_orders.c.record).where(_orders.c.shop == shop, theirs))

    def page(
        self, shop: str, *, state: str | None, cursor: str | None, limit: int, wanted: Wanted = EVERYTHING
    ) -> Page[OrderRecord]:
        """A page of orders, oldest first. Raises Misuse on an unknown state or a cursor that is not ours."""
        rows = select(_orders.c.record, _orders.c.placed_at, _orders.c.id).where(_orders.c.shop == shop)
        rows = rows.where(*order_marks.conditions(shop, wanted))
        if state is not None:
            rows = rows.where(_in_state(state))
        if cursor is not None:
            at, order = cursors.read_placed(cursor)
            rows = rows.where(tuple_(_orders.c.placed_at, _orders.c.id) > tuple_(literal(at, Instant), order))
        ordered = rows.order_by(_orders.c.placed_at, _orders.c.id).limit(cursors.checked(limit) + 1)
        return cursors.page(self.transaction.run(ordered).all(), limit, _order, lambda row: (row.placed_at, row.id))

    def ended(self, shop: str, *, since: datetime) -> Iterator[OrderRecord]:
        """Orders placed since then that are closed, cancelled or gone, oldest first."""
        rows = select(_orders.c.record).where(_orders.c.shop == shop, STATES["closed"], _orders.c.placed_at >= since)
        return self._read(rows)

    def narrowed(self, shop: str, wanted: Wanted) -> Wanted:
        """Return the same, by the orders themselves where they are few: what is asked several times is then quick."""
        return order_marks.narrowed(self.transaction, shop, wanted)

    def board_counts(self, shop: str, wanted: Wanted = EVERYTHING) -> dict[str, int]:
        """How many orders stand in each board column."""
        return order_sums.by_column(self.transaction, shop, wanted)

    def waiting(self, shop: str, wanted: Wanted = EVERYTHING) -> Waiting:
        """Add up the open orders with units that stock on hand does not cover."""
        return order_sums.waiting(self.transaction, shop, wanted)

    def demanded(self, shop: str) -> Demanded:
        """Add up by item what open orders ask for."""
        return order_sums.demanded(self.transaction, shop)

    def marks(self, shop: str, kind: MarkKind, *, limit: int) -> tuple[str, ...]:
        """What orders can be found by: the different tags, countries or supplies, sorted."""
        return order_marks.different(self.transaction, shop, kind, limit)

    def redact(self, shop: str, orders: Collection[str], customer: str | None, email: str | None) -> int:
        """Blank the customers of these orders and of all orders of that customer; return how many."""
        return privacy.redact(self.transaction, shop, privacy.Subject.of(orders, customer, email))

    def bound_for(self, shop: str, addresses: Collection[str]) -> tuple[OrderRecord, ...]:
        """Open orders that ship to one of these addresses (digests)."""
        mine = select(_orders.c.id).where(_orders.c.shop == shop, OPEN)
        return tuple(self._many(shop, self._column(mine, _orders.c.address, set(addresses))))

    def bought_instead(self, shop: str, items: Collection[str]) -> dict[str, int]:
        """By item, how many customers ordered it after an order in which they gave up one of these (platform ids).

        Who has no account with the shop is known by the e-mail address.
        """
        lost, later, line, other = _orders.alias(), _orders.alias(), _demand.alias(), _demand.alias()
        mine = [storable(item) for item in items]
        found = (
            select(other.c.item, func.count(func.distinct(func.coalesce(lost.c.customer, lost.c.email))))
            .select_from(line)
            .join(lost, (lost.c.shop == line.c.shop) & (lost.c.id == line.c.order_id))
            .join(
                later,
                (later.c.shop == lost.c.shop)
                & ((later.c.customer == lost.c.customer) | (later.c.email == lost.c.email)),
            )
            .join(other, (other.c.shop == later.c.shop) & (other.c.order_id == later.c.id))
            .where(line.c.shop == shop, line.c.item.in_(mine), line.c.lost > 0, other.c.item.not_in(mine))
            .where(later.c.placed_at > lost.c.placed_at)
            .group_by(other.c.item)
        )
        return {item: int(count) for item, count in self.transaction.run(found)}

    def waits(self, shop: str) -> Waits:
        """Sum up how long the customers of all orders have waited for stock, and how many cancelled meanwhile."""
        return order_sums.waits(self.transaction, shop)

    def _read(self, chosen: Select[tuple[str]]) -> Iterator[OrderRecord]:
        ordered = chosen.order_by(_orders.c.placed_at, _orders.c.id)
        for records in self.transaction.run(ordered).scalars().partitions(BATCH):
            yield from map(codec.read_order, records)

    def _many(self, shop: str, orders: set[str]) -> Iterator[OrderRecord]:
        for batch in self._in_turn(shop, orders):
            yield from self._read(select(_orders.c.record).where(_orders.c.shop == shop, _orders.c.id.in_(batch)))

    def _in_turn(self, shop: str, orders: set[str]) -> Iterator[list[str]]:
        """Yield the orders as many at a time as one statement takes, those first that were placed first."""
        if len(orders) <= BATCH:
            yield sorted(orders)
            return
        placed = select(_orders.c.placed_at, _orders.c.id).where(_orders.c.shop == shop)
        ids = [row.id for row in sorted(self.transaction.where_in(placed, _orders.c.id, orders))]
        yield from (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))

    def _with_kin(self, shop: str, items: set[str]) -> set[str]:
        """Return the items with all other platform ids that draw on the same stock."""
        keepers = select(_aliases.c.platform_id).where(_aliases.c.shop == shop)
        parents = items | self._column(keepers, _aliases.c.alias, items)
        kin = select(_aliases.c.alias).where(_aliases.c.shop == shop)
        return parents | self._column(kin, _aliases.c.platform_id, parents)

    def _column(self, chosen: Select[tuple[str]], key: ColumnElement[str], values: set[str]) -> set[str]:
        return {value for (value,) in self.transaction.where_in(chosen, key, values)}

    def _put_links(self, shop: str, records: Sequence[OrderRecord]) -> None:
        orders = {storable(record.id): item_rows(record) for record in records}
        after = {(shop, order, item): units for order, items in orders.items() for item, units in sorted(items.items())}
        before = self._links(shop, orders)
        if gone := before.keys() - after.keys():
            self.transaction.run(
                _UNLINK, [{f"its_{name}": own for name, own in zip(_PLACE, place, strict=True)} for place in gone]
            )
        changed = (place for place, units in after.items() if before.get(place) != units)
        rows = [dict(zip(_PLACE, place, strict=True)) | after[place] for place in changed]
        self.transaction.upsert_many(_links, rows)

    def _links(self, shop: str, orders: Collection[str]) -> dict[Place, dict[str, int]]:
        rows = self.transaction.where_in(select(_links).where(_links.c.shop == shop), _links.c.order_id, orders)
        return {(row.shop, row.order_id, row.item): {name: getattr(row, name) for name in UNITS} for row in rows}


def _wanting(shop: str) -> Select[tuple[str]]:
    return select(_links.c.order_id).where(_links.c.shop == shop)


def _in_state(state: str) -> ColumnElement[bool]:
    if state in COLUMNS:
        return _orders.c.board == state
    if state not in STATES:
        raise Misuse(f"state: must be one of {', '.join((*STATES, *COLUMNS))}")
    return STATES[state]


def _order(row: Row[Any]) -> OrderRecord:
    return codec.read_order(row.record)
