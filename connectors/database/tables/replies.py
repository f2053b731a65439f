"""Answers of the API that are given again to the same question."""

from sqlalchemy import Column, Index, Integer, LargeBinary, Table

from connectors.database.columns import Instant, Key, Words
from connectors.database.tables.schema import metadata, shop_key

replies = Table(
    "replies",
    metadata,
    shop_key(primary=True),
    *(Column(name, Key, primary_key=True) for name in ("token", "route", "key")),
    Column("fingerprint", Key, nullable=False),
    *(Column(name, Instant, nullable=False) for name in ("at", "until")),
    Column("status", Integer),
    Column("body", LargeBinary),
    Column("location", Words),
    Column("order_id", Key),
    Index("ix_replies_at", "at"),
    Index("ix_replies_order", "shop", "order_id"),
)
