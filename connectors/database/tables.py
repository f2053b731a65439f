"""The schema. Every table of a shop's own carries the shop in its keys; money and units are whole numbers.

Records are kept whole as JSON text; beside it stand the columns that are looked up or counted. Text, not a JSON type:
PostgreSQL's refuses U+0000, and both databases give back exactly what was stored.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    UniqueConstraint,
    false,
    text,
)

from connectors.database.columns import Day, Instant, Key, Words

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = MetaData(naming_convention=NAMES)
SERIAL = BigInteger().with_variant(Integer, "sqlite")


OF_SETTINGS = "what IN ('changed the settings', 'switched to acting', 'switched to observing')"


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
    Column("order_id", Key),
    Column("taken_at", Instant),
    UniqueConstraint("shop", "key"),
    Index("ix_deliveries_new", "shop", "due_at", "id", **_where("state = 'new'")),
    Index("ix_deliveries_newest", "shop", "id"),
    Index("ix_deliveries_due", "due_at", **_where("state = 'new'")),
    Index("ix_deliveries_leased", "shop", "fence", **_where("fence IS NOT NULL")),
    Index("ix_deliveries_dead", "shop", "id", **_where("state = 'dead'")),
    Index("ix_deliveries_order", "shop", "order_id", "id", **_where("order_id IS NOT NULL")),
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
    Index("ix_orders_open", "shop", "placed_at", "id", **_where("status = 'open'")),
    Index("ix_orders_backordered", "shop", "placed_at", "id", **_where("status = 'open' AND backordered > 0")),
    Index(
        "ix_orders_sums",
        "shop",
        "currency",
        "backordered",
        "value_waiting",
        "placed_at",
        "id",
        "status",
        **_where("status = 'open' AND backordered > 0"),
    ),
    Index("ix_orders_board", "shop", "board", "placed_at", "id", **_where("board IS NOT NULL")),
    Index("ix_orders_customer", "shop", "customer", **_where("customer IS NOT NULL")),
    Index("ix_orders_email", "shop", "email", **_where("email IS NOT NULL")),
    Index("ix_orders_address", "shop", "address", **_where("address IS NOT NULL AND status = 'open'")),
    Index("ix_orders_waits", "shop", "wait_since", "wait_until", "wait_lost", **_where("wait_since IS NOT NULL")),
)

order_items = Table(
    "order_items",
    metadata,
    _shop(primary=True),
    Column("order_id", Key, primary_key=True),
    Column("item", Key, primary_key=True),
    *(Column(units, BigInteger, nullable=False) for units in ("open", "short", "reserved")),
    ForeignKeyConstraint(["shop", "order_id"], ["orders.shop", "orders.id"], name="fk_order_items_orders"),
    Index("ix_order_items_item", "shop", "item", "order_id"),
)

order_marks = Table(
    "order_marks",
    metadata,
    _shop(primary=True),
    *(Column(name, Key, primary_key=True) for name in ("kind", "value", "order_id")),
    ForeignKeyConstraint(["shop", "order_id"], ["orders.shop", "orders.id"], name="fk_order_marks_orders"),
    Index("ix_order_marks_order", "shop", "order_id", "kind", "value"),
)

saved_views = Table(
    "saved_views",
    metadata,
    _shop(primary=True),
    Column("name", Key, primary_key=True),
    Column("address", Words, nullable=False),
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
    Column("rules", Words),
    Column("gate", Words),
    Column("announced_on", Date),
    UniqueConstraint("shop", "sku"),
    Index("ix_items_marked", "shop", "sku", **_where("gate IS NOT NULL OR announced_on IS NOT NULL")),
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

arrivals = Table(
    "arrivals",
    metadata,
    _shop(primary=True),
    *(Column(name, Key, primary_key=True) for name in ("supply", "sku", "location")),
    Column("supplier", Words),
    Column("by_platform", Boolean, nullable=False),
    Column("noted_on", Day, nullable=False),
    *(Column(name, Day) for name in ("first_on", "last_on", "received_on")),
    Index("ix_arrivals_received", "shop", "received_on"),
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
    Index("ix_audit_settings", "shop", "id", **_where(OF_SETTINGS)),
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

consolations = Table(
    "consolations",
    metadata,
    _shop(primary=True),
    Column("order_id", Key, primary_key=True),
    Column("number", Integer, primary_key=True),
    *(Column(name, Key, nullable=False) for name in ("arm", "state", "code", "customer")),
    Column("day", Day, nullable=False),
    Column("ends_on", Day, nullable=False),
    Column("worth", BigInteger, nullable=False),
    Column("record", Words, nullable=False),
    Index("ix_consolations_code", "shop", "code"),
    Index("ix_consolations_day", "shop", "day"),
    Index("ix_consolations_customer", "shop", "customer", "day"),
)

tokens = Table(
    "tokens",
    metadata,
    Column("token_hash", Key, primary_key=True),
    _shop(),
    Column("created_at", Instant, nullable=False),
    Column("scope", Key, nullable=False, server_default="write"),
    Index("ix_tokens_shop", "shop"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("key", Key, primary_key=True),
    _shop(primary=True),
    Column("person", Words, nullable=False),
    Column("role", Key, nullable=False),
    Column("browser", Words, nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_sessions_shop", "shop", "at"),
)

links = Table(
    "links",
    metadata,
    Column("link_hash", Key, primary_key=True),
    _shop(),
    Column("expires_at", Instant, nullable=False),
    Column("person", Words, nullable=False, server_default=""),
    Column("role", Key, nullable=False, server_default="owner"),
    Index("ix_links_shop", "shop"),
)

hook_endpoints = Table(
    "hook_endpoints",
    metadata,
    Column("id", SERIAL, primary_key=True),
    _shop(),
    Column("url", Words, nullable=False),
    Column("events", Words, nullable=False),
    Column("state", Key, nullable=False),
    Column("credentials", LargeBinary, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("failing_since", Instant),
    Column("error", Words),
    Index("ix_hook_endpoints_shop", "shop", "id"),
    sqlite_autoincrement=True,
)

hook_messages = Table(
    "hook_messages",
    metadata,
    Column("id", SERIAL, primary_key=True),
    _shop(),
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
    Index("ix_hook_messages_due", "next_at", "id", **_where("state = 'pending'")),
    Index("ix_hook_messages_order", "shop", "order_id"),
    sqlite_autoincrement=True,
)

replies = Table(
    "replies",
    metadata,
    _shop(primary=True),
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

approvals = Table(
    "approvals",
    metadata,
    Column("state", Key, primary_key=True),
    Column("browser", Key, nullable=False),
    Column("platform", Key, nullable=False),
    Column("address", Key, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("answered", Boolean, nullable=False),
    Column("credentials", LargeBinary),
    Column("problem", Words),
    Index("ix_approvals_browser", "browser", "expires_at"),
)

offices = Table(
    "offices",
    metadata,
    Column("name", Key, primary_key=True),
    Column("owner", Key, nullable=False),
    Column("until", Instant, nullable=False),
)

demand = Table(
    "demand",
    metadata,
    _shop(primary=True),
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
    _shop(primary=True),
    *(Column(name, Key, primary_key=True) for name in ("order_id", "line_id")),
    Column("day", Day, primary_key=True),
    Column("item", Key, nullable=False),
    Column("units", BigInteger, nullable=False),
    Index("ix_waiting_item", "shop", "item"),
)

sold_out = Table(
    "sold_out",
    metadata,
    _shop(primary=True),
    Column("sku", Key, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("closed", Boolean, nullable=False),
)

shelf = Table(
    "shelf",
    metadata,
    _shop(primary=True),
    Column("sku", Key, primary_key=True),
    Column("day", Day, primary_key=True),
    *(Column(name, BigInteger, nullable=False) for name in ("on_hand", "owed", "coming")),
)

buying_terms = Table(
    "buying_terms",
    metadata,
    _shop(primary=True),
    Column("sku", Key, primary_key=True),
    Column("record", Words, nullable=False),
)

forecasts = Table(
    "forecasts",
    metadata,
    _shop(primary=True),
    Column("sku", Key, primary_key=True),
    Column("since", Date, nullable=False),
    Column("made_on", Date, nullable=False),
    Column("rank", Key, nullable=False),
    Column("record", Words, nullable=False),
    Index("ix_forecasts_rank", "shop", "rank"),
)

forecast_runs = Table(
    "forecast_runs",
    metadata,
    _shop(primary=True),
    Column("done_on", Date),
    Column("running_on", Date),
    Column("position", Key),
    Column("fence", BigInteger, nullable=False),
    Column("leased_until", Instant),
    Column("wanted", Boolean, nullable=False),
    Column("history_from", Instant),
    Column("history_orders", BigInteger, nullable=False),
    Column("report", Words, nullable=False),
)

beats = Table(
    "beats",
    metadata,
    Column("worker", Key, primary_key=True),
    Column("at", Instant, nullable=False),
)
