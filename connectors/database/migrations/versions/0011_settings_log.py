"""Changes of the settings are found without reading the whole log."""

import sqlalchemy as sa
from alembic import op

revision = "0011_settings_log"
down_revision = "0010_one_of_each"
branch_labels = None
depends_on = None

OF_SETTINGS = sa.text("what IN ('changed the settings', 'switched to acting', 'switched to observing')")


def upgrade() -> None:
    op.create_index(
        "ix_audit_settings", "audit", ["shop", "id"], sqlite_where=OF_SETTINGS, postgresql_where=OF_SETTINGS
    )


def downgrade() -> None:
    op.drop_index("ix_audit_settings", "audit")
