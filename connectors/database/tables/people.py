"""Who may come in and by what, where they are signed in, and the views that they saved."""

from sqlalchemy import BigInteger, Boolean, Column, Date, Index, Integer, LargeBinary, Table

from connectors.database.columns import Instant, Key, Words
from connectors.database.tables.schema import metadata, shop_key

tokens = Table(
    "tokens",
    metadata,
    Column("token_hash", Key, primary_key=True),
    shop_key(),
    Column("created_at", Instant, nullable=False),
    Column("scope", Key, nullable=False, server_default="write"),
    Column("name", Words, nullable=False, server_default=""),
    Column("used_on", Date),
    Index("ix_tokens_shop", "shop"),
)

links = Table(
    "links",
    metadata,
    Column("link_hash", Key, primary_key=True),
    shop_key(),
    Column("expires_at", Instant, nullable=False),
    Column("person", Words, nullable=False, server_default=""),
    Column("role", Key, nullable=False, server_default="owner"),
    Index("ix_links_shop", "shop"),
)

second_factors = Table(
    "second_factors",
    metadata,
    shop_key(primary=True),
    Column("person", Key, primary_key=True),
    Column("credentials", LargeBinary, nullable=False),
    Column("confirmed", Boolean, nullable=False),
    Column("last_step", BigInteger, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("tries_from", BigInteger, nullable=False),
)

recovery_codes = Table(
    "recovery_codes",
    metadata,
    shop_key(primary=True),
    Column("person", Key, primary_key=True),
    Column("digest", Key, primary_key=True),
)

sessions = Table(
    "sessions",
    metadata,
    Column("key", Key, primary_key=True),
    shop_key(primary=True),
    Column("person", Words, nullable=False),
    Column("role", Key, nullable=False),
    Column("language", Key, nullable=False, server_default=""),
    Column("browser", Words, nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_sessions_shop", "shop", "at"),
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

saved_views = Table(
    "saved_views",
    metadata,
    shop_key(primary=True),
    Column("name", Key, primary_key=True),
    Column("address", Words, nullable=False),
)
