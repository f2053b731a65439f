"""Incoming supply and what became of it, found by SKU: an event reads only that of the items it concerns."""

from alembic import op

revision = "0024_supply_by_sku"
down_revision = "0023_named_tokens"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_supply_sku", "supply", ["shop", "sku"])
    op.create_index("ix_arrivals_sku", "arrivals", ["shop", "sku"])


def downgrade() -> None:
    op.drop_index("ix_arrivals_sku", "arrivals")
    op.drop_index("ix_supply_sku", "supply")
