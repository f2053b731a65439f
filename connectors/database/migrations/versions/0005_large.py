"""What is usual and what is set for an item: sizes of its past orders, its own rules."""

import sqlalchemy as sa
from alembic import op

revision = "0005_large"
down_revision = "0004_promises"
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "order_sizes",
        sa.Column("shop", KEY, nullable=False),
        sa.Column("item", KEY, nullable=False),
        sa.Column("order_id", KEY, nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("units", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["shop"], ["shops.id"], name="fk_order_sizes_shops"),
        sa.PrimaryKeyConstraint("shop", "item", "order_id", name="pk_order_sizes"),
    )
    op.create_index("ix_order_sizes_newest", "order_sizes", ["shop", "item", "placed_at"])
    op.add_column("items", sa.Column("rules", sa.Text()))


def downgrade() -> None:
    op.drop_column("items", "rules")
    op.drop_table("order_sizes")
