"""Who did what."""

from sqlalchemy import Column, Index, Table

from connectors.database.columns import Instant, Key, Words
from connectors.database.tables.schema import SERIAL, metadata, shop_key, where

OF_SETTINGS = "what IN ('changed the settings', 'switched to acting', 'switched to observing')"
"""Entries that tell of a changed setting."""

audit = Table(
    "audit",
    metadata,
    Column("id", SERIAL, primary_key=True),
    shop_key(),
    Column("at", Instant, nullable=False),
    Column("actor", Words, nullable=False),
    Column("what", Words, nullable=False),
    Column("order_id", Key),
    Column("sku", Words),
    Column("why", Words),
    Column("outcome", Words),
    Column("detail", Words, nullable=False),
    Index("ix_audit_shop", "shop", "id"),
    Index("ix_audit_order", "shop", "order_id", "id"),
    Index("ix_audit_settings", "shop", "id", **where(OF_SETTINGS)),
    sqlite_autoincrement=True,
)
