"""What we did about taking backorders on an item."""

import sqlalchemy as sa
from alembic import op

revision = "0008_gates"
down_revision = "0007_reports"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("items", sa.Column("gate", sa.Text()))
    gated = sa.text("gate IS NOT NULL")
    op.create_index("ix_items_gated", "items", ["shop", "sku"], sqlite_where=gated, postgresql_where=gated)


def downgrade() -> None:
    op.drop_index("ix_items_gated", "items")
    op.drop_column("items", "gate")
