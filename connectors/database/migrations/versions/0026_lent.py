"""What of an order's backordered units leaves today on lent ones: these do not wait."""

import sqlalchemy as sa
from alembic import op

revision = "0026_lent"
down_revision = "0025_second_factors"
branch_labels = None
depends_on = None

BEFORE = ["shop", "currency", "backordered", "value_waiting", "placed_at", "id", "status"]
SUMS = [*BEFORE[:3], "lent", *BEFORE[3:]]
WAITS = sa.text("status = 'open' AND backordered > 0")


def upgrade() -> None:
    op.add_column("orders", sa.Column("lent", sa.BigInteger(), nullable=False, server_default="0"))
    op.drop_index("ix_orders_sums", "orders")
    op.create_index("ix_orders_sums", "orders", SUMS, sqlite_where=WAITS, postgresql_where=WAITS)


def downgrade() -> None:
    op.drop_index("ix_orders_sums", "orders")
    op.create_index("ix_orders_sums", "orders", BEFORE, sqlite_where=WAITS, postgresql_where=WAITS)
    op.drop_column("orders", "lent")
