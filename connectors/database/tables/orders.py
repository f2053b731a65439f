"""Orders with their plans, and what they are found by."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKeyConstraint, Index, Table, false

from connectors.database.columns import Day, Instant, Key, Words
from connectors.database.tables.schema import metadata, shop_key, where

orders = Table(
    "orders",
    metadata,
    shop_key(primary=True),
    Column("id", Key, primary_key=True),
    Column("status", Key, nullable=False),
    Column("placed_at", Instant, nullable=False),
    Column("backordered", BigInteger, nullable=False),
    Column("lent", BigInteger, nullable=False, server_default="0"),
    Column("board", Key),
    Column("value_waiting", BigInteger, nullable=False),
    Column("waits_since", Instant),
    Column("customer", Key),
    Column("email", Key),
    Column("address", Key),
    Column("wait_since", Day),
    Column("wait_until", Day),
    Column("wait_lost", Boolean),
    Column("currency", Key, nullable=False, server_default=""),
    *(Column(name, Day) for name in ("promised_on", "earliest", "latest", "complete_on", "split_on")),
    Column("freight", BigInteger),
    *(Column(name, Boolean, nullable=False, server_default=false()) for name in ("preorder", "offered")),
    Column("record", Words, nullable=False),
    Index("ix_orders_placed", "shop", "placed_at", "id"),
    Index("ix_orders_open", "shop", "placed_at", "id", **where("status = 'open'")),
    Index("ix_orders_backordered", "shop", "placed_at", "id", **where("status = 'open' AND backordered > 0")),
    Index(
        "ix_orders_sums",
        "shop",
        "currency",
        "backordered",
        "lent",
        "value_waiting",
        "placed_at",
        "id",
        "status",
        **where("status = 'open' AND backordered > 0"),
    ),
    Index("ix_orders_board", "shop", "board", "placed_at", "id", **where("board IS NOT NULL")),
    Index("ix_orders_customer", "shop", "customer", **where("customer IS NOT NULL")),
    Index("ix_orders_email", "shop", "email", **where("email IS NOT NULL")),
    Index("ix_orders_address", "shop", "address", **where("address IS NOT NULL AND status = 'open'")),
    Index("ix_orders_waits", "shop", "wait_since", "wait_until", "wait_lost", **where("wait_since IS NOT NULL")),
)

order_items = Table(
    "order_items",
    metadata,
    shop_key(primary=True),
    Column("order_id", Key, primary_key=True),
    Column("item", Key, primary_key=True),
    *(Column(units, BigInteger, nullable=False) for units in ("open", "short", "reserved")),
    ForeignKeyConstraint(["shop", "order_id"], ["orders.shop", "orders.id"], name="fk_order_items_orders"),
    Index("ix_order_items_item", "shop", "item", "order_id"),
)

order_marks = Table(
    "order_marks",
    metadata,
    shop_key(primary=True),
    *(Column(name, Key, primary_key=True) for name in ("kind", "value", "order_id")),
    ForeignKeyConstraint(["shop", "order_id"], ["orders.shop", "orders.id"], name="fk_order_marks_orders"),
    Index("ix_order_marks_order", "shop", "order_id", "kind", "value"),
)

redactions = Table(
    "redactions",
    metadata,
    shop_key(primary=True),
    Column("order_id", Key, primary_key=True),
)
