"""Approvals under way: stores whose owners are on the store's own page just now."""

import sqlalchemy as sa
from alembic import op

revision = "0003_approvals_woo"
down_revision = "0002_flow"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "approvals",
        sa.Column("state", KEY, nullable=False),
        sa.Column("browser", KEY, nullable=False),
        sa.Column("platform", KEY, nullable=False),
        sa.Column("address", KEY, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.Column("credentials", sa.LargeBinary()),
        sa.Column("problem", sa.Text()),
        sa.PrimaryKeyConstraint("state", name="pk_approvals"),
    )
    op.create_index("ix_approvals_browser", "approvals", ["browser", "expires_at"])


def downgrade() -> None:
    op.drop_table("approvals")
