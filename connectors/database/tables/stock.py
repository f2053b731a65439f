"""Items, supply that is coming, and what became of it."""

from sqlalchemy import Boolean, Column, Date, ForeignKeyConstraint, Index, Table, UniqueConstraint

from connectors.database.columns import Day, Key, Words
from connectors.database.tables.schema import metadata, shop_key, where

items = Table(
    "items",
    metadata,
    shop_key(primary=True),
    Column("platform_id", Key, primary_key=True),
    Column("sku", Key, nullable=False),
    Column("gone", Boolean, nullable=False),
    Column("snapshot", Words, nullable=False),
    Column("rules", Words),
    Column("gate", Words),
    Column("announced_on", Date),
    UniqueConstraint("shop", "sku"),
    Index("ix_items_marked", "shop", "sku", **where("gate IS NOT NULL OR announced_on IS NOT NULL")),
)

item_aliases = Table(
    "item_aliases",
    metadata,
    shop_key(primary=True),
    Column("alias", Key, primary_key=True),
    Column("platform_id", Key, nullable=False),
    ForeignKeyConstraint(["shop", "platform_id"], ["items.shop", "items.platform_id"], name="fk_item_aliases_items"),
    Index("ix_item_aliases_item", "shop", "platform_id"),
)

supply = Table(
    "supply",
    metadata,
    shop_key(primary=True),
    Column("id", Key, primary_key=True),
    Column("sku", Key, primary_key=True),
    Column("location", Key, primary_key=True),
    Column("source", Key, nullable=False),
    Column("record", Words, nullable=False),
    Index("ix_supply_sku", "shop", "sku"),
)

arrivals = Table(
    "arrivals",
    metadata,
    shop_key(primary=True),
    *(Column(name, Key, primary_key=True) for name in ("supply", "sku", "location")),
    Column("supplier", Words),
    Column("by_platform", Boolean, nullable=False),
    Column("noted_on", Day, nullable=False),
    *(Column(name, Day) for name in ("first_on", "last_on", "received_on")),
    Index("ix_arrivals_received", "shop", "received_on"),
    Index("ix_arrivals_sku", "shop", "sku"),
)
