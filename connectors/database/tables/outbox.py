"""Actions, and whose turn it is to have one carried out."""

from sqlalchemy import BigInteger, Column, Index, Integer, Table

from connectors.database.columns import Instant, Key, Words
from connectors.database.tables.schema import SERIAL, metadata, shop_key, where

outbox_turns = Table(
    "outbox_turns",
    metadata,
    shop_key(primary=True),
    # Turns of their own for actions, mails and events: a shop that waits for one has had no turn with the others.
    Column("served", BigInteger, nullable=False),
    *(Column(name, BigInteger, nullable=False, server_default="0") for name in ("mailed", "told")),
)

actions = Table(
    "actions",
    metadata,
    Column("id", SERIAL, primary_key=True),
    shop_key(),
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
    Index("uq_actions_live", "shop", "order_id", "key", unique=True, **where("state IN ('planned', 'pending')")),
    Index("ix_actions_lane", "shop", "order_id", "id"),
    Index("ix_actions_pending", "shop", "id", **where("state = 'pending'")),
    Index("ix_actions_due", "shop", "next_at", "id", **where("state = 'pending'")),
    Index("ix_actions_heads", "shop", "order_id", "id", **where("state = 'pending'")),
    Index("ix_actions_leased", "shop", "leased_until", **where("leased_until IS NOT NULL")),
    # No index of shop and state: without statistics SQLite would take it to find the others of a lane.
    Index("ix_actions_newest", "shop", "id", "state"),
    Index("ix_actions_failed", "shop", "id", **where("state = 'failed'")),
    Index("ix_actions_next", "next_at", **where("state = 'pending' AND leased_until IS NULL")),
    Index("ix_actions_codes", "shop", "created_at", **where("kind = 'code'")),
    sqlite_autoincrement=True,
)
