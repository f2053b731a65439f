"""Connected shops."""

from sqlalchemy import Column, LargeBinary, Table

from connectors.database.columns import Instant, Key, Words
from connectors.database.tables.schema import metadata

shops = Table(
    "shops",
    metadata,
    Column("id", Key, primary_key=True),
    Column("address", Key, nullable=False, index=True),
    Column("connected_at", Instant, nullable=False),
    Column("record", Words, nullable=False),
    Column("credentials", LargeBinary),
)
