"""What an API token is for, and when it was last used: one that nothing needs any more can be told and ended."""

import sqlalchemy as sa
from alembic import op

revision = "0023_named_tokens"
down_revision = "0022_language"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tokens", sa.Column("name", sa.Text(), nullable=False, server_default=""))
    op.add_column("tokens", sa.Column("used_on", sa.Date()))


def downgrade() -> None:
    op.drop_column("tokens", "used_on")
    op.drop_column("tokens", "name")
