"""A token of the API may be for reading only."""

import sqlalchemy as sa
from alembic import op

revision = "0016_scopes"
down_revision = "0015_people"
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.add_column("tokens", sa.Column("scope", KEY, nullable=False, server_default="write"))


def downgrade() -> None:
    op.drop_column("tokens", "scope")
