"""The newest deliveries of one shop, and the sums of its orders, are read off an index alone."""

import sqlalchemy as sa
from alembic import op

revision = "0014_lists"
down_revision = "0013_letters"
branch_labels = None
depends_on = None

SUMS = ["shop", "currency", "backordered", "value_waiting", "placed_at"]
WAITS = sa.text("status = 'open' AND backordered > 0")


def upgrade() -> None:
    op.create_index("ix_deliveries_newest", "deliveries", ["shop", "id"])
    op.drop_index("ix_orders_sums", "orders")
    op.create_index("ix_orders_sums", "orders", [*SUMS, "id", "status"], sqlite_where=WAITS, postgresql_where=WAITS)


def downgrade() -> None:
    op.drop_index("ix_orders_sums", "orders")
    op.create_index("ix_orders_sums", "orders", SUMS, sqlite_where=WAITS, postgresql_where=WAITS)
    op.drop_index("ix_deliveries_newest", "deliveries")
