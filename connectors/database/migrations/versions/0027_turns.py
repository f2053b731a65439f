"""Shops take turns with mails and events too, and what is next is found by an index however much waits."""

import sqlalchemy as sa
from alembic import op

revision = "0027_turns"
down_revision = "0026_lent"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("mailed", "told"):
        op.add_column("outbox_turns", sa.Column(name, sa.BigInteger(), nullable=False, server_default="0"))
    for table in ("mails", "hook_messages", "actions"):
        op.execute(f"UPDATE {table} SET leased_until = NULL WHERE state <> 'pending' AND leased_until IS NOT NULL")  # noqa: S608  # names from here
    for table in ("mails", "hook_messages"):
        op.drop_index(f"ix_{table}_due", table)
        _index(f"ix_{table}_due", table, ["shop", "next_at", "id"], "state = 'pending'")
        _index(f"ix_{table}_next", table, ["next_at"], "state = 'pending' AND leased_until IS NULL")
        _index(f"ix_{table}_leased", table, ["leased_until"], "leased_until IS NOT NULL")
    op.drop_index("ix_actions_due", "actions")
    _index("ix_actions_due", "actions", ["shop", "next_at", "id"], "state = 'pending'")
    op.drop_index("ix_actions_state", "actions")
    op.create_index("ix_actions_newest", "actions", ["shop", "id", "state"])
    _index("ix_actions_failed", "actions", ["shop", "id"], "state = 'failed'")
    _index("ix_actions_next", "actions", ["next_at"], "state = 'pending' AND leased_until IS NULL")


def downgrade() -> None:
    for name in ("next", "failed", "newest"):
        op.drop_index(f"ix_actions_{name}", "actions")
    op.create_index("ix_actions_state", "actions", ["shop", "state"])
    op.drop_index("ix_actions_due", "actions")
    _index("ix_actions_due", "actions", ["shop", "next_at"], "state = 'pending'")
    for table in ("hook_messages", "mails"):
        for name in ("leased", "next", "due"):
            op.drop_index(f"ix_{table}_{name}", table)
        _index(f"ix_{table}_due", table, ["next_at", "id"], "state = 'pending'")
    for name in ("told", "mailed"):
        op.drop_column("outbox_turns", name)


def _index(name: str, table: str, columns: list[str], condition: str) -> None:
    only = sa.text(condition)
    op.create_index(name, table, columns, postgresql_where=only, sqlite_where=only)
