"""Which order a delivery told of, and when it was taken in, for the order's timeline."""

import sqlalchemy as sa
from alembic import op

revision = "0021_told_of"
down_revision = "0020_hooks"
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.add_column("deliveries", sa.Column("order_id", KEY))
    op.add_column("deliveries", sa.Column("taken_at", sa.DateTime(timezone=True)))
    told = sa.text("order_id IS NOT NULL")
    op.create_index(
        "ix_deliveries_order", "deliveries", ["shop", "order_id", "id"], sqlite_where=told, postgresql_where=told
    )


def downgrade() -> None:
    op.drop_index("ix_deliveries_order", "deliveries")
    op.drop_column("deliveries", "taken_at")
    op.drop_column("deliveries", "order_id")
