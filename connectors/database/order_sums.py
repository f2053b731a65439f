"""What a shop's orders add up to, summed by the database: nothing is counted beside the rows."""

from sqlalchemy import Integer, func, literal_column, select, type_coerce

from connectors.database import order_marks, tables
from connectors.database.transaction import Transaction
from core.orders.board import COLUMNS
from core.parcels.hazard import Waits
from core.records.finding import Claims, Demanded, Waiting, Wanted

_orders = tables.orders
_links = tables.order_items
_items = tables.items
_aliases = tables.item_aliases
# Written out, not bound: SQLite takes a partial index only where the condition stands in the statement itself.
OPEN = _orders.c.status == literal_column("'open'")
BACKORDERED = OPEN & (_orders.c.backordered > literal_column("0"))


def by_column(transaction: Transaction, shop: str, wanted: Wanted) -> dict[str, int]:
    """Return how many orders stand in each board column."""
    shown = select(_orders.c.board, func.count()).where(_orders.c.shop == shop, _orders.c.board.is_not(None))
    shown = shown.where(*order_marks.conditions(shop, wanted)).group_by(_orders.c.board)
    counted = {row[0]: row[1] for row in transaction.run(shown)}
    return {column: counted.get(column, 0) for column in COLUMNS}


def waiting(transaction: Transaction, shop: str, wanted: Wanted) -> Waiting:
    """Return what the open orders add up to of which units wait: lent ones leave today."""
    units = _orders.c.backordered - _orders.c.lent
    waits = units > literal_column("0")
    sums = (func.count().filter(waits), func.sum(units), func.sum(_orders.c.value_waiting),
            func.min(_orders.c.placed_at).filter(waits))  # fmt: skip
    mine = select(_orders.c.currency, *sums).where(_orders.c.shop == shop, BACKORDERED)
    mine = mine.where(*order_marks.conditions(shop, wanted)).group_by(_orders.c.currency)
    rows = transaction.run(mine.order_by(_orders.c.currency)).all()
    return Waiting(
        orders=sum(row[1] for row in rows),
        units=sum(int(row[2]) for row in rows),
        value={row.currency: int(row[3]) for row in rows if row[1]},
        since=min((row[4] for row in rows if row[1]), default=None),
    )


def demanded(transaction: Transaction, shop: str) -> Demanded:
    """Return what open orders ask of each item; lines of an item's aliases are its own."""
    columns = (_links.c.open, _links.c.short, _links.c.reserved)
    mine = select(_links.c.item, *map(func.sum, columns)).where(_links.c.shop == shop).group_by(_links.c.item)
    skus = dict(transaction.run(select(_items.c.platform_id, _items.c.sku).where(_items.c.shop == shop)).all())
    keepers = select(_aliases.c.alias, _aliases.c.platform_id).where(_aliases.c.shop == shop)
    parents = dict(transaction.run(keepers).all())
    claims: dict[str, Claims] = {}
    reserved: dict[str, int] = {}
    for item, opened, short, kept in transaction.run(mine):
        reserved[item] = int(kept)
        sku = skus.get(parents.get(item, item))
        if sku is not None:
            before = claims.get(sku, Claims())
            claims[sku] = Claims(open=before.open + int(opened), short=before.short + int(short))
    return Demanded(claims=claims, reserved=reserved)


def waits(transaction: Transaction, shop: str) -> Waits:
    """Return how long the customers of all orders have waited for stock, and how many cancelled meanwhile."""
    since, until = (type_coerce(column, Integer) for column in (_orders.c.wait_since, _orders.c.wait_until))
    going_on = _orders.c.wait_until.is_(None)
    sums = (
        func.sum(until - since),
        func.count().filter(going_on),
        func.sum(since).filter(going_on),
        func.count().filter(_orders.c.wait_lost),
    )
    mine = select(*sums).where(_orders.c.shop == shop, _orders.c.wait_since.is_not(None))
    days, open_waits, since_ordinals, lost = (int(found or 0) for found in transaction.run(mine).one())
    return Waits(ended_days=days, going_on=open_waits, since_ordinals=since_ordinals, lost=lost)
