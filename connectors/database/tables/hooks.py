"""Other tools that are told, and what they are told."""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, Table, UniqueConstraint

from connectors.database.columns import Instant, Key, Words
from connectors.database.tables.schema import SERIAL, metadata, shop_key, where

hook_endpoints = Table(
    "hook_endpoints",
    metadata,
    Column("id", SERIAL, primary_key=True),
    shop_key(),
    Column("url", Words, nullable=False),
    Column("events", Words, nullable=False),
    Column("state", Key, nullable=False),
    Column("credentials", LargeBinary, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("failing_since", Instant),
    Column("error", Words),
    Column("rests_until", Instant),
    Index("ix_hook_endpoints_shop", "shop", "id"),
    sqlite_autoincrement=True,
)

hook_messages = Table(
    "hook_messages",
    metadata,
    Column("id", SERIAL, primary_key=True),
    shop_key(),
    Column("endpoint_id", BigInteger, nullable=False),
    *(Column(name, Key, nullable=False) for name in ("order_id", "event", "key")),
    Column("body", Words, nullable=False),
    Column("state", Key, nullable=False),
    *(Column(name, Instant, nullable=False) for name in ("created_at", "next_at")),
    Column("attempts", Integer, nullable=False),
    Column("status", Integer),
    Column("error", Words),
    Column("fence", BigInteger, nullable=False),
    Column("leased_until", Instant),
    UniqueConstraint("shop", "endpoint_id", "key"),
    Index("ix_hook_messages_due", "shop", "next_at", "id", **where("state = 'pending'")),
    Index("ix_hook_messages_next", "next_at", **where("state = 'pending' AND leased_until IS NULL")),
    Index("ix_hook_messages_leased", "leased_until", **where("leased_until IS NOT NULL")),
    Index("ix_hook_messages_order", "shop", "order_id"),
    sqlite_autoincrement=True,
)
