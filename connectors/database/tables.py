"""The schema. Every table of a shop's own carries the shop in its keys; money and units are whole numbers.

Records are kept whole as JSON text; beside it stand the columns that are looked up or counted. Text, not a JSON type:
PostgreSQL's refuses U+0000, and both databases give back exactly what was stored.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    UniqueConstraint,
    text,
)

from connectors.database.columns import Instant, Key, Words

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = MetaData(naming_convention=NAMES)
SERIAL = BigInteger().with_variant(Integer, "sqlite")


def _shop(*, primary: bool = False) -> Column[str]:
    return Column("shop", Key, ForeignKey("shops.id"), primary_key=primary, nullable=False)


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


shops = Table(
    "shops",
    metadata,
    Column("id", Key, primary_key=True),
    Column("address", Key, nullable=False, index=True),
    Column("connected_at", Instant, nullable=False),
    Column("record", Words, nullable=False),
    Column("credentials", LargeBinary),
)

inbox_lanes = Table(
    "inbox_lanes",
    metadata,
    _shop(primary=True),
    Column("fence", BigInteger, nullable=False),
    Column("leased_until", Instant),
    Column("served", BigInteger, nullable=False),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", SERIAL, primary_key=True),
    _shop(),
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
    UniqueConstraint("shop", "key"),
    Index("ix_deliveries_new", "shop", "due_at", "id", **_where("state = 'new'")),
    Index("ix_deliveries_due", "due_at", **_where("state = 'new'")),
    Index("ix_deliveries_leased", "shop", "fence", **_where("fence IS NOT NULL")),
    Index("ix_deliveries_dead", "shop", "id", **_where("state = 'dead'")),
    Index("ix_deliveries_kept", "received_at", **_where("state = 'done' AND body IS NOT NULL")),
    sqlite_autoincrement=True,
)

orders = Table(
    "orders",
    metadata,
    _shop(primary=True),
    Column("id", Key, primary_key=True),
    Column("status", Key, nullable=False),
    Column("placed_at", Instant, nullable=False),
    Column("backordered", BigInteger, nullable=False),
    Column("board", Key),
    Column("value_waiting", BigInteger, nullable=False),
    Column("waits_since", Instant),
    Column("customer", Key),
    Column("email", Key),
    Column("record", Words, nullable=False),
    Index("ix_orders_placed", "shop", "placed_at", "id"),
    Index("ix_orders_open", "shop", "placed_at", "id", **_where("status = 'open'")),
    Index("ix_orders_backordered", "shop", "placed_at", "id", **_where("status = 'open' AND backordered > 0")),
    Index("ix_orders_board", "shop", "board", "placed_at", "id", **_where("board IS NOT NULL")),
    Index("ix_orders_customer", "shop", "customer", **_where("customer IS NOT NULL")),
    Index("ix_orders_email", "shop", "email", **_where("email IS NOT NULL")),
)

order_items = Table(
    "order_items",
    metadata,
    _shop(primary=True),
    Column("order_id", Key, primary_key=True),
    Column("item", Key, primary_key=True),
    ForeignKeyConstraint(["shop", "order_id"], ["orders.shop", "orders.id"], name="fk_order_items_orders"),
    Index("ix_order_items_item", "shop", "item", "order_id"),
)

redactions = Table(
    "redactions",
    metadata,
    _shop(primary=True),
    Column("order_id", Key, primary_key=True),
)

items = Table(
    "items",
    metadata,
    _shop(primary=True),
    Column("platform_id", Key, primary_key=True),
    Column("sku", Key, nullable=False),
    Column("gone", Boolean, nullable=False),
    Column("snapshot", Words, nullable=False),
    UniqueConstraint("shop", "sku"),
)

item_aliases = Table(
    "item_aliases",
    metadata,
    _shop(primary=True),
    Column("alias", Key, primary_key=True),
    Column("platform_id", Key, nullable=False),
    ForeignKeyConstraint(["shop", "platform_id"], ["items.shop", "items.platform_id"], name="fk_item_aliases_items"),
    Index("ix_item_aliases_item", "shop", "platform_id"),
)

supply = Table(
    "supply",
    metadata,
    _shop(primary=True),
    Column("id", Key, primary_key=True),
    Column("sku", Key, primary_key=True),
    Column("location", Key, primary_key=True),
    Column("source", Key, nullable=False),
    Column("record", Words, nullable=False),
)

outbox_turns = Table(
    "outbox_turns",
    metadata,
    _shop(primary=True),
    Column("served", BigInteger, nullable=False),
)

actions = Table(
    "actions",
    metadata,
    Column("id", SERIAL, primary_key=True),
    _shop(),
    Column("order_id", Key, nullable=False),
    Column("kind", Key, nullable=False),
    Column("action", Words, nullable=False),
    Column("key", Key, nullable=False),
    Column("reason", Words, nullable=False),
    Column("state", Key, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("next_at", Instant, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("sent_at", Instant),
    Column("finished_at", Instant),
    Column("error", Words),
    Column("reference", Words),
    Column("note", Words),
    Column("fence", BigInteger, nullable=False),
    Column("leased_until", Instant),
    Index("uq_actions_live", "shop", "order_id", "key", unique=True, **_where("state IN ('planned', 'pending')")),
    Index("ix_actions_lane", "shop", "order_id", "id"),
    Index("ix_actions_pending", "shop", "id", **_where("state = 'pending'")),
    Index("ix_actions_due", "shop", "next_at", **_where("state = 'pending'")),
    Index("ix_actions_heads", "shop", "order_id", "id", **_where("state = 'pending'")),
    Index("ix_actions_leased", "shop", "leased_until", **_where("leased_until IS NOT NULL")),
    Index("ix_actions_state", "shop", "state"),
    Index("ix_actions_codes", "shop", "created_at", **_where("kind = 'code'")),
    sqlite_autoincrement=True,
)

audit = Table(
    "audit",
    metadata,
    Column("id", SERIAL, primary_key=True),
    _shop(),
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
    sqlite_autoincrement=True,
)

notices = Table(
    "notices",
    metadata,
    Column("id", SERIAL, primary_key=True),
    _shop(),
    Column("order_id", Key, nullable=False),
    Column("kind", Key, nullable=False),
    Column("key", Key, nullable=False),
    Column("to", Words),
    Column("subject", Words, nullable=False),
    Column("body", Words, nullable=False),
    Column("state", Key, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("error", Words),
    Column("facts", Words, nullable=False, server_default="{}"),
    Column("due_at", Instant),
    Column("mail_id", BigInteger),
    UniqueConstraint("shop", "key"),
    Index("ix_notices_drafts", "shop", "id", **_where("state = 'draft'")),
    Index("ix_notices_mail", "shop", "mail_id", **_where("mail_id IS NOT NULL")),
    Index("ix_notices_order", "shop", "order_id", "id"),
    Index("ix_notices_shop", "shop", "id"),
    sqlite_autoincrement=True,
)

mails = Table(
    "mails",
    metadata,
    Column("id", SERIAL, primary_key=True),
    _shop(),
    Column("to", Words, nullable=False),
    Column("address", Key, nullable=False),
    Column("language", Key, nullable=False),
    Column("subject", Words, nullable=False),
    Column("text", Words, nullable=False),
    Column("html", Words, nullable=False),
    Column("message_id", Key, nullable=False),
    Column("sender", Words, nullable=False),
    Column("reply_to", Words),
    Column("unsubscribe", Words),
    Column("state", Key, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("next_at", Instant, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("sent_at", Instant),
    Column("error", Words),
    Column("fence", BigInteger, nullable=False),
    Column("leased_until", Instant),
    UniqueConstraint("shop", "message_id"),
    Index("ix_mails_due", "next_at", "id", **_where("state = 'pending'")),
    Index("ix_mails_address", "shop", "address", "created_at"),
    sqlite_autoincrement=True,
)

mail_stops = Table(
    "mail_stops",
    metadata,
    _shop(primary=True),
    Column("address", Key, primary_key=True),
    Column("scope", Key, primary_key=True),
    Column("why", Words, nullable=False),
    Column("at", Instant, nullable=False),
)

customer_choices = Table(
    "customer_choices",
    metadata,
    Column("id", SERIAL, primary_key=True),
    _shop(),
    Column("order_id", Key, nullable=False),
    Column("kind", Key, nullable=False),
    Column("lines", Words, nullable=False),
    Column("nonce", Key, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("settles_at", Instant, nullable=False),
    Column("state", Key, nullable=False),
    Column("outcome", Words),
    Column("ended_at", Instant),
    UniqueConstraint("shop", "nonce"),
    Index("ix_customer_choices_order", "shop", "order_id", "id"),
    Index("ix_customer_choices_made", "settles_at", **_where("state = 'made'")),
    sqlite_autoincrement=True,
)

law_cases = Table(
    "law_cases",
    metadata,
    _shop(primary=True),
    Column("order_id", Key, primary_key=True),
    Column("law", Key, primary_key=True),
    Column("wakes_at", Instant),
    Column("record", Words, nullable=False),
    Index("ix_law_cases_wakes", "wakes_at", **_where("wakes_at IS NOT NULL")),
)

law_edges = Table(
    "law_edges",
    metadata,
    Column("id", SERIAL, primary_key=True),
    _shop(),
    Column("order_id", Key, nullable=False),
    Column("law", Key, nullable=False),
    Column("day", Key, nullable=False),
    Column("at", Instant, nullable=False),
    Column("record", Words, nullable=False),
    Index("ix_law_edges_order", "shop", "order_id", "id"),
    Index("ix_law_edges_day", "shop", "day", "id"),
    sqlite_autoincrement=True,
)

tokens = Table(
    "tokens",
    metadata,
    Column("token_hash", Key, primary_key=True),
    _shop(),
    Column("created_at", Instant, nullable=False),
    Index("ix_tokens_shop", "shop"),
)

links = Table(
    "links",
    metadata,
    Column("link_hash", Key, primary_key=True),
    _shop(),
    Column("expires_at", Instant, nullable=False),
    Index("ix_links_shop", "shop"),
)

offices = Table(
    "offices",
    metadata,
    Column("name", Key, primary_key=True),
    Column("owner", Key, nullable=False),
    Column("until", Instant, nullable=False),
)

beats = Table(
    "beats",
    metadata,
    Column("worker", Key, primary_key=True),
    Column("at", Instant, nullable=False),
)
