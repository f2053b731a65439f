"""Deliveries as they came, and whose turn it is to take them in."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, Table, UniqueConstraint

from connectors.database.columns import Instant, Key, Words
from connectors.database.tables.schema import SERIAL, metadata, shop_key, where

inbox_lanes = Table(
    "inbox_lanes",
    metadata,
    shop_key(primary=True),
    Column("fence", BigInteger, nullable=False),
    Column("leased_until", Instant),
    Column("served", BigInteger, nullable=False),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", SERIAL, primary_key=True),
    shop_key(),
    Column("topic", Words, nullable=False),
    Column("key", Key, nullable=False),
    Column("body", LargeBinary),
    Column("received_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("state", Key, nullable=False),
    Column("error", Words),
    Column("fence", BigInteger),
    Column("once_more", Boolean, nullable=False),
    Column("order_id", Key),
    Column("taken_at", Instant),
    Column("trace", Key),
    UniqueConstraint("shop", "key"),
    Index("ix_deliveries_new", "shop", "due_at", "id", **where("state = 'new'")),
    Index("ix_deliveries_newest", "shop", "id"),
    Index("ix_deliveries_due", "due_at", **where("state = 'new'")),
    Index("ix_deliveries_leased", "shop", "fence", **where("fence IS NOT NULL")),
    Index("ix_deliveries_dead", "shop", "id", **where("state = 'dead'")),
    Index("ix_deliveries_order", "shop", "order_id", "id", **where("order_id IS NOT NULL")),
    Index("ix_deliveries_kept", "received_at", **where("state = 'done' AND body IS NOT NULL")),
    sqlite_autoincrement=True,
)
