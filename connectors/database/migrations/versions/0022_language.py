"""The language that a person chose for the merchant's pages."""

import sqlalchemy as sa
from alembic import op

revision = "0022_language"
down_revision = "0021_told_of"
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.add_column("sessions", sa.Column("language", KEY, nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("sessions", "language")
