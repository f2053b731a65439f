"""What was given for a wait."""

from sqlalchemy import BigInteger, Column, Index, Integer, Table

from connectors.database.columns import Day, Key, Words
from connectors.database.tables.schema import metadata, shop_key

consolations = Table(
    "consolations",
    metadata,
    shop_key(primary=True),
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
