"""Until when an endpoint of the merchant's own is left alone, because it did not answer."""

import sqlalchemy as sa
from alembic import op

revision = "0028_rests"
down_revision = "0027_turns"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("hook_endpoints", sa.Column("rests_until", sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.drop_column("hook_endpoints", "rests_until")
