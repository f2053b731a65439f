"""What was asked for and brought over time, and what the nightly run makes of it."""

import sqlalchemy as sa
from alembic import op

revision = "0006_forecast"
down_revision = "0005_large"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    _of_the_shop("demand", ("order_id", "line_id"), *_demand())
    op.create_index("ix_demand_placed", "demand", ["shop", "placed_on"])
    day = sa.Column("day", sa.Date(), nullable=False)
    _of_the_shop("sold_out", ("sku", "day"), *_keys("sku"), day, sa.Column("closed", sa.Boolean(), nullable=False))
    _of_the_shop("receipts", ("supply", "sku", "location"), *_keys("supply", "sku", "location"), _record())
    _of_the_shop("buying_terms", ("sku",), *_keys("sku"), _record())
    _of_the_shop("forecasts", ("sku",), *_forecasts())
    op.create_index("ix_forecasts_rank", "forecasts", ["shop", "rank"])
    _of_the_shop("forecast_runs", (), *_runs())


def downgrade() -> None:
    for table in ("forecast_runs", "forecasts", "buying_terms", "receipts", "sold_out", "demand"):
        op.drop_table(table)


def _of_the_shop(name: str, key: tuple[str, ...], *columns: sa.Column) -> None:
    op.create_table(
        name,
        sa.Column("shop", KEY, nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["shop"], ["shops.id"], name=f"fk_{name}_shops"),
        sa.PrimaryKeyConstraint("shop", *key, name=f"pk_{name}"),
    )


def _keys(*names: str) -> list[sa.Column]:
    return [sa.Column(name, KEY, nullable=False) for name in names]


def _record() -> sa.Column:
    return sa.Column("record", sa.Text(), nullable=False)


def _demand() -> list[sa.Column]:
    return [
        sa.Column("order_id", KEY, nullable=False),
        sa.Column("line_id", KEY, nullable=False),
        sa.Column("item", KEY, nullable=False),
        sa.Column("placed_on", sa.Date(), nullable=False),
        *(sa.Column(one, sa.BigInteger(), nullable=False) for one in ("ordered", "early", "lost", "backordered")),
        sa.Column("price", sa.BigInteger()),
    ]


def _forecasts() -> list[sa.Column]:
    return [
        sa.Column("sku", KEY, nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("rank", KEY, nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
    ]


def _runs() -> list[sa.Column]:
    return [
        sa.Column("done_on", sa.Date()),
        sa.Column("running_on", sa.Date()),
        sa.Column("position", KEY),
        sa.Column("fence", sa.BigInteger(), nullable=False),
        sa.Column("leased_until", INSTANT),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.Column("history_from", INSTANT),
        sa.Column("history_orders", sa.BigInteger(), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
    ]
