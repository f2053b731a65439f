"""The day for a next unit that an item's pages tell, by us."""

import sqlalchemy as sa
from alembic import op

revision = "0017_announced"
down_revision = "0016_scopes"
branch_labels = None
depends_on = None

GATED = sa.text("gate IS NOT NULL")
MARKED = sa.text("gate IS NOT NULL OR announced_on IS NOT NULL")


def upgrade() -> None:
    op.add_column("items", sa.Column("announced_on", sa.Date()))
    op.drop_index("ix_items_gated", "items")
    op.create_index("ix_items_marked", "items", ["shop", "sku"], sqlite_where=MARKED, postgresql_where=MARKED)


def downgrade() -> None:
    op.drop_index("ix_items_marked", "items")
    op.create_index("ix_items_gated", "items", ["shop", "sku"], sqlite_where=GATED, postgresql_where=GATED)
    op.drop_column("items", "announced_on")
