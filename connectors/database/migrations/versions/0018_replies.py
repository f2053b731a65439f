"""Answers of the API are kept for a day, for those who ask again under the same key."""

import sqlalchemy as sa
from alembic import op

revision = "0018_replies"
down_revision = "0017_announced"
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "replies",
        *(sa.Column(name, KEY, nullable=False) for name in ("shop", "token", "route", "key", "fingerprint")),
        *(sa.Column(name, sa.DateTime(timezone=True), nullable=False) for name in ("at", "until")),
        sa.Column("status", sa.Integer()),
        sa.Column("body", sa.LargeBinary()),
        sa.Column("location", sa.Text()),
        sa.Column("order_id", KEY),
        sa.ForeignKeyConstraint(["shop"], ["shops.id"], name="fk_replies_shops"),
        sa.PrimaryKeyConstraint("shop", "token", "route", "key", name="pk_replies"),
    )
    op.create_index("ix_replies_at", "replies", ["at"])
    op.create_index("ix_replies_order", "replies", ["shop", "order_id"])


def downgrade() -> None:
    op.drop_index("ix_replies_order", "replies")
    op.drop_index("ix_replies_at", "replies")
    op.drop_table("replies")
