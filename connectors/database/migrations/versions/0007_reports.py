"""What reports are made of: how lines were first served, what waits day by day, how waiting orders ended."""

import sqlalchemy as sa
from alembic import op

revision = "0007_reports"
down_revision = "0006_forecast"
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
DAYS = ("promised_on", "earliest", "latest", "complete_on", "split_on")
FLAGS = ("preorder", "offered")


def upgrade() -> None:
    op.add_column("demand", sa.Column("shipped", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("demand", sa.Column("at_once", sa.BigInteger()))
    op.add_column("demand", sa.Column("preorder", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("demand", sa.Column("cause", KEY))
    op.add_column("orders", sa.Column("currency", KEY, nullable=False, server_default=""))
    for name in DAYS:
        op.add_column("orders", sa.Column(name, sa.Integer()))
    op.add_column("orders", sa.Column("freight", sa.BigInteger()))
    for name in FLAGS:
        op.add_column("orders", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "waiting",
        sa.Column("shop", KEY, nullable=False),
        sa.Column("order_id", KEY, nullable=False),
        sa.Column("line_id", KEY, nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("item", KEY, nullable=False),
        sa.Column("units", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["shop"], ["shops.id"], name="fk_waiting_shops"),
        sa.PrimaryKeyConstraint("shop", "order_id", "line_id", "day", name="pk_waiting"),
    )
    op.create_index("ix_waiting_item", "waiting", ["shop", "item"])


def downgrade() -> None:
    op.drop_table("waiting")
    for name in (*FLAGS, "freight", *DAYS, "currency"):
        op.drop_column("orders", name)
    for name in ("cause", "preorder", "at_once", "shipped"):
        op.drop_column("demand", name)
