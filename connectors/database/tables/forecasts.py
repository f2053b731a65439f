"""What will be asked for, and on which terms it is bought."""

from sqlalchemy import BigInteger, Boolean, Column, Date, Index, Table

from connectors.database.columns import Instant, Key, Words
from connectors.database.tables.schema import metadata, shop_key

buying_terms = Table(
    "buying_terms",
    metadata,
    shop_key(primary=True),
    Column("sku", Key, primary_key=True),
    Column("record", Words, nullable=False),
)

forecasts = Table(
    "forecasts",
    metadata,
    shop_key(primary=True),
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
    shop_key(primary=True),
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
