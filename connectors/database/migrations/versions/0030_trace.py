"""In which span a delivery came, for the worker's to be linked to it."""

import sqlalchemy as sa
from alembic import op

revision = "0030_trace"
down_revision = "0029_wait_share"
branch_labels = None
depends_on = None


def upgrade() -> None:
    text = sa.Text(collation="C") if op.get_bind().dialect.name == "postgresql" else sa.Text()
    op.add_column("deliveries", sa.Column("trace", text))


def downgrade() -> None:
    op.drop_column("deliveries", "trace")
