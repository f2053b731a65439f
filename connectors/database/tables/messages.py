"""Messages to customers, the mails that carry them, and addresses that get none."""

from sqlalchemy import BigInteger, Column, Index, Integer, Table, UniqueConstraint

from connectors.database.columns import Instant, Key, Words
from connectors.database.tables.schema import SERIAL, metadata, shop_key, where

notices = Table(
    "notices",
    metadata,
    Column("id", SERIAL, primary_key=True),
    shop_key(),
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
    Index("ix_notices_drafts", "shop", "id", **where("state = 'draft'")),
    Index("ix_notices_mail", "shop", "mail_id", **where("mail_id IS NOT NULL")),
    Index("ix_notices_order", "shop", "order_id", "id"),
    Index("ix_notices_shop", "shop", "id"),
    sqlite_autoincrement=True,
)

mails = Table(
    "mails",
    metadata,
    Column("id", SERIAL, primary_key=True),
    shop_key(),
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
    Index("ix_mails_due", "shop", "next_at", "id", **where("state = 'pending'")),
    Index("ix_mails_next", "next_at", **where("state = 'pending' AND leased_until IS NULL")),
    Index("ix_mails_leased", "leased_until", **where("leased_until IS NOT NULL")),
    Index("ix_mails_address", "shop", "address", "created_at"),
    sqlite_autoincrement=True,
)

mail_stops = Table(
    "mail_stops",
    metadata,
    shop_key(primary=True),
    Column("address", Key, primary_key=True),
    Column("scope", Key, primary_key=True),
    Column("why", Words, nullable=False),
    Column("at", Instant, nullable=False),
)
