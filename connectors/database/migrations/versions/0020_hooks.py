"""Endpoints of other tools, and the events on their way to them."""

import sqlalchemy as sa
from alembic import op

revision = "0020_hooks"
down_revision = "0019_consolations"
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
INSTANT = sa.DateTime(timezone=True)
SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "hook_endpoints",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("shop", KEY, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("events", sa.Text(), nullable=False),
        sa.Column("state", KEY, nullable=False),
        sa.Column("credentials", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("failing_since", INSTANT),
        sa.Column("error", sa.Text()),
        sa.ForeignKeyConstraint(["shop"], ["shops.id"], name="fk_hook_endpoints_shops"),
        sa.PrimaryKeyConstraint("id", name="pk_hook_endpoints"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_hook_endpoints_shop", "hook_endpoints", ["shop", "id"])
    op.create_table(
        "hook_messages",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("shop", KEY, nullable=False),
        sa.Column("endpoint_id", sa.BigInteger(), nullable=False),
        *(sa.Column(name, KEY, nullable=False) for name in ("order_id", "event", "key")),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", KEY, nullable=False),
        *(sa.Column(name, INSTANT, nullable=False) for name in ("created_at", "next_at")),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("status", sa.Integer()),
        sa.Column("error", sa.Text()),
        sa.Column("fence", sa.BigInteger(), nullable=False),
        sa.Column("leased_until", INSTANT),
        sa.ForeignKeyConstraint(["shop"], ["shops.id"], name="fk_hook_messages_shops"),
        sa.PrimaryKeyConstraint("id", name="pk_hook_messages"),
        sa.UniqueConstraint("shop", "endpoint_id", "key", name="uq_hook_messages_shop_endpoint_id_key"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_hook_messages_due", "hook_messages", ["next_at", "id"],
        postgresql_where=sa.text("state = 'pending'"), sqlite_where=sa.text("state = 'pending'"),
    )  # fmt: skip
    op.create_index("ix_hook_messages_order", "hook_messages", ["shop", "order_id"])


def downgrade() -> None:
    op.drop_table("hook_messages")
    op.drop_table("hook_endpoints")
