"""The delay laws' clocks, and the evidence of each step."""

from sqlalchemy import Column, Index, Table

from connectors.database.columns import Instant, Key, Words
from connectors.database.tables.schema import SERIAL, metadata, shop_key, where

law_cases = Table(
    "law_cases",
    metadata,
    shop_key(primary=True),
    Column("order_id", Key, primary_key=True),
    Column("law", Key, primary_key=True),
    Column("wakes_at", Instant),
    Column("record", Words, nullable=False),
    Index("ix_law_cases_wakes", "wakes_at", **where("wakes_at IS NOT NULL")),
)

law_edges = Table(
    "law_edges",
    metadata,
    Column("id", SERIAL, primary_key=True),
    shop_key(),
    Column("order_id", Key, nullable=False),
    Column("law", Key, nullable=False),
    Column("day", Key, nullable=False),
    Column("at", Instant, nullable=False),
    Column("record", Words, nullable=False),
    Index("ix_law_edges_order", "shop", "order_id", "id"),
    Index("ix_law_edges_day", "shop", "day", "id"),
    sqlite_autoincrement=True,
)
