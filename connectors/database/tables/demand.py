"""What was asked for, what waited, and what was there, day by day."""

from sqlalchemy import BigInteger, Boolean, Column, Date, Index, Table, false

from connectors.database.columns import Day, Key
from connectors.database.tables.schema import metadata, shop_key

demand = Table(
    "demand",
    metadata,
    shop_key(primary=True),
    Column("order_id", Key, primary_key=True),
    Column("line_id", Key, primary_key=True),
    Column("item", Key, nullable=False),
    Column("placed_on", Date, nullable=False),
    Column("ordered", BigInteger, nullable=False),
    Column("early", BigInteger, nullable=False),
    Column("lost", BigInteger, nullable=False),
    Column("backordered", BigInteger, nullable=False),
    Column("price", BigInteger),
    Column("shipped", BigInteger, nullable=False, server_default="0"),
    Column("at_once", BigInteger),
    Column("preorder", Boolean, nullable=False, server_default=false()),
    Column("cause", Key),
    Index("ix_demand_placed", "shop", "placed_on"),
    Index("ix_demand_item", "shop", "item", "placed_on"),
)

waiting = Table(
    "waiting",
    metadata,
    shop_key(primary=True),
    *(Column(name, Key, primary_key=True) for name in ("order_id", "line_id")),
    Column("day", Day, primary_key=True),
    Column("item", Key, nullable=False),
    Column("units", BigInteger, nullable=False),
    Index("ix_waiting_item", "shop", "item"),
)

sold_out = Table(
    "sold_out",
    metadata,
    shop_key(primary=True),
    Column("sku", Key, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("closed", Boolean, nullable=False),
)

shelf = Table(
    "shelf",
    metadata,
    shop_key(primary=True),
    Column("sku", Key, primary_key=True),
    Column("day", Day, primary_key=True),
    *(Column(name, BigInteger, nullable=False) for name in ("on_hand", "owed", "coming")),
)
