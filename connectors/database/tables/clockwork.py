"""What processes agree on: who holds an office, who is alive."""

from sqlalchemy import Column, Table

from connectors.database.columns import Instant, Key
from connectors.database.tables.schema import metadata

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
