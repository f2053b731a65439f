"""What dates are learned from: deliveries that came, waits of customers, and where orders ship."""

import sqlalchemy as sa
from alembic import op

revision = "0004_promises"
down_revision = "0003_approvals_woo"
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
WAITS = ("wait_since", "wait_until")


def upgrade() -> None:
    _arrivals()
    op.add_column("orders", sa.Column("address", KEY))
    for name in WAITS:
        op.add_column("orders", sa.Column(name, sa.Integer()))
    op.add_column("orders", sa.Column("wait_lost", sa.Boolean()))
    _partial_index("ix_orders_address", "orders", ["shop", "address"], "address IS NOT NULL AND status = 'open'")
    _partial_index(
        "ix_orders_waits", "orders", ["shop", "wait_since", "wait_until", "wait_lost"], "wait_since IS NOT NULL"
    )


def downgrade() -> None:
    op.drop_index("ix_orders_waits", "orders")
    op.drop_index("ix_orders_address", "orders")
    for name in ("wait_lost", *WAITS, "address"):
        op.drop_column("orders", name)
    op.drop_table("arrivals")


def _partial_index(name: str, table: str, columns: list[str], condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)


def _arrivals() -> None:
    op.create_table(
        "arrivals",
        sa.Column("shop", KEY, nullable=False),
        sa.Column("supply", KEY, nullable=False),
        sa.Column("sku", KEY, nullable=False),
        sa.Column("location", KEY, nullable=False),
        sa.Column("supplier", sa.Text()),
        sa.Column("by_platform", sa.Boolean(), nullable=False),
        sa.Column("noted_on", sa.Integer(), nullable=False),
        sa.Column("first_on", sa.Integer(), nullable=False),
        sa.Column("last_on", sa.Integer(), nullable=False),
        sa.Column("received_on", sa.Integer()),
        sa.ForeignKeyConstraint(["shop"], ["shops.id"], name="fk_arrivals_shops"),
        sa.PrimaryKeyConstraint("shop", "supply", "sku", "location", name="pk_arrivals"),
    )
    op.create_index("ix_arrivals_received", "arrivals", ["shop", "received_on"])
