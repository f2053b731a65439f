"""What flows: deliveries, actions, the log, messages, access, the clockwork."""

import sqlalchemy as sa
from alembic import op

revision = "0002_flow"
down_revision = "0001_facts"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _deliveries()
    _inbox_lanes()
    _actions()
    _outbox_turns()
    _audit()
    _notices()
    _tokens()
    _links()
    _offices()
    _beats()
    # Shops that were connected before take part from the beginning.
    op.execute("INSERT INTO inbox_lanes (shop, fence, served) SELECT id, 0, 0 FROM shops")
    op.execute("INSERT INTO outbox_turns (shop, served) SELECT id, 0 FROM shops")


def downgrade() -> None:
    for table in (
        "beats",
        "offices",
        "links",
        "tokens",
        "notices",
        "audit",
        "outbox_turns",
        "actions",
        "inbox_lanes",
        "deliveries",
    ):
        op.drop_table(table)


def _partial_index(name: str, table: str, columns: list[str], condition: str, *, unique: bool = False) -> None:
    where = sa.text(condition)
    op.create_index(name, table, columns, unique=unique, sqlite_where=where, postgresql_where=where)


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("shop", KEY, nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("key", KEY, nullable=False),
        sa.Column("body", sa.LargeBinary()),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("state", KEY, nullable=False),
        sa.Column("error", sa.Text()),
        sa.Column("fence", sa.BigInteger()),
        sa.Column("once_more", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["shop"], ["shops.id"], name="fk_deliveries_shops"),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
        sa.UniqueConstraint("shop", "key", name="uq_deliveries_shop_key"),
        sqlite_autoincrement=True,
    )
    _partial_index("ix_deliveries_dead", "deliveries", ["shop", "id"], "state = 'dead'")
    _partial_index("ix_deliveries_due", "deliveries", ["due_at"], "state = 'new'")
    _partial_index("ix_deliveries_kept", "deliveries", ["received_at"], "state = 'done' AND body IS NOT NULL")
    _partial_index("ix_deliveries_leased", "deliveries", ["shop", "fence"], "fence IS NOT NULL")
    _partial_index("ix_deliveries_new", "deliveries", ["shop", "due_at", "id"], "state = 'new'")


def _inbox_lanes() -> None:
    op.create_table(
        "inbox_lanes",
        sa.Column("shop", KEY, nullable=False),
        sa.Column("fence", sa.BigInteger(), nullable=False),
        sa.Column("leased_until", INSTANT),
        sa.Column("served", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["shop"], ["shops.id"], name="fk_inbox_lanes_shops"),
        sa.PrimaryKeyConstraint("shop", name="pk_inbox_lanes"),
    )


def _actions() -> None:
    op.create_table(
        "actions",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("shop", KEY, nullable=False),
        sa.Column("order_id", KEY, nullable=False),
        sa.Column("kind", KEY, nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("key", KEY, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", KEY, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("next_at", INSTANT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", INSTANT),
        sa.Column("finished_at", INSTANT),
        sa.Column("error", sa.Text()),
        sa.Column("reference", sa.Text()),
        sa.Column("note", sa.Text()),
        sa.Column("fence", sa.BigInteger(), nullable=False),
        sa.Column("leased_until", INSTANT),
        sa.ForeignKeyConstraint(["shop"], ["shops.id"], name="fk_actions_shops"),
        sa.PrimaryKeyConstraint("id", name="pk_actions"),
        sqlite_autoincrement=True,
    )
    _partial_index("ix_actions_codes", "actions", ["shop", "created_at"], "kind = 'code'")
    _partial_index("ix_actions_due", "actions", ["shop", "next_at"], "state = 'pending'")
    _partial_index("ix_actions_heads", "actions", ["shop", "order_id", "id"], "state = 'pending'")
    op.create_index("ix_actions_lane", "actions", ["shop", "order_id", "id"])
    _partial_index("ix_actions_leased", "actions", ["shop", "leased_until"], "leased_until IS NOT NULL")
    _partial_index("ix_actions_pending", "actions", ["shop", "id"], "state = 'pending'")
    op.create_index("ix_actions_state", "actions", ["shop", "state"])
    _partial_index(
        "uq_actions_live", "actions", ["shop", "order_id", "key"], "state IN ('planned', 'pending')", unique=True
    )


def _outbox_turns() -> None:
    op.create_table(
        "outbox_turns",
        sa.Column("shop", KEY, nullable=False),
        sa.Column("served", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["shop"], ["shops.id"], name="fk_outbox_turns_shops"),
        sa.PrimaryKeyConstraint("shop", name="pk_outbox_turns"),
    )


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("shop", KEY, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("order_id", KEY),
        sa.Column("sku", sa.Text()),
        sa.Column("why", sa.Text()),
        sa.Column("outcome", sa.Text()),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["shop"], ["shops.id"], name="fk_audit_shops"),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_audit_order", "audit", ["shop", "order_id", "id"])
    op.create_index("ix_audit_shop", "audit", ["shop", "id"])


def _notices() -> None:
    op.create_table(
        "notices",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("shop", KEY, nullable=False),
        sa.Column("order_id", KEY, nullable=False),
        sa.Column("kind", KEY, nullable=False),
        sa.Column("key", KEY, nullable=False),
        sa.Column("to", sa.Text()),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", KEY, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("error", sa.Text()),
        sa.ForeignKeyConstraint(["shop"], ["shops.id"], name="fk_notices_shops"),
        sa.PrimaryKeyConstraint("id", name="pk_notices"),
        sa.UniqueConstraint("shop", "key", name="uq_notices_shop_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_notices_order", "notices", ["shop", "order_id", "id"])
    op.create_index("ix_notices_shop", "notices", ["shop", "id"])


def _tokens() -> None:
    op.create_table(
        "tokens",
        sa.Column("token_hash", KEY, nullable=False),
        sa.Column("shop", KEY, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["shop"], ["shops.id"], name="fk_tokens_shops"),
        sa.PrimaryKeyConstraint("token_hash", name="pk_tokens"),
    )
    op.create_index("ix_tokens_shop", "tokens", ["shop"])


def _links() -> None:
    op.create_table(
        "links",
        sa.Column("link_hash", KEY, nullable=False),
        sa.Column("shop", KEY, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["shop"], ["shops.id"], name="fk_links_shops"),
        sa.PrimaryKeyConstraint("link_hash", name="pk_links"),
    )
    op.create_index("ix_links_shop", "links", ["shop"])


def _offices() -> None:
    op.create_table(
        "offices",
        sa.Column("name", KEY, nullable=False),
        sa.Column("owner", KEY, nullable=False),
        sa.Column("until", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_offices"),
    )


def _beats() -> None:
    op.create_table(
        "beats",
        sa.Column("worker", KEY, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("worker", name="pk_beats"),
    )
