"""What customers are told: mails, addresses that get none, cases under the delay laws."""

import sqlalchemy as sa
from alembic import op

revision = "0013_letters"
down_revision = "0012_our_tags"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLES = ("mails", "mail_stops", "law_cases", "law_edges")


def upgrade() -> None:
    op.add_column("notices", sa.Column("facts", sa.Text(), nullable=False, server_default="{}"))
    op.add_column("notices", sa.Column("due_at", INSTANT))
    op.add_column("notices", sa.Column("mail_id", sa.BigInteger()))
    # Drafts of before have words and no facts, and nobody was ever to get them: news of that time is none any more.
    op.execute(
        "UPDATE notices SET state = 'skipped', error = 'drafted before mail could be sent' WHERE state = 'draft'"
    )
    _index("ix_notices_drafts", "notices", ["shop", "id"], "state = 'draft'")
    _index("ix_notices_mail", "notices", ["shop", "mail_id"], "mail_id IS NOT NULL")
    _mails()
    _mail_stops()
    _law_cases()
    _law_edges()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_index("ix_notices_drafts", "notices")
    op.drop_index("ix_notices_mail", "notices")
    # What an older program does not know would break its pages: a skipped message is one that was not sent.
    op.execute("UPDATE notices SET state = 'draft' WHERE state = 'skipped'")
    for column in ("mail_id", "due_at", "facts"):
        op.drop_column("notices", column)


def _mails() -> None:
    op.create_table(
        "mails",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("shop", KEY, nullable=False),
        sa.Column("to", sa.Text(), nullable=False),
        sa.Column("address", KEY, nullable=False),
        sa.Column("language", KEY, nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("message_id", KEY, nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("reply_to", sa.Text()),
        sa.Column("unsubscribe", sa.Text()),
        sa.Column("state", KEY, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("next_at", INSTANT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", INSTANT),
        sa.Column("error", sa.Text()),
        sa.Column("fence", sa.BigInteger(), nullable=False),
        sa.Column("leased_until", INSTANT),
        sa.ForeignKeyConstraint(["shop"], ["shops.id"], name="fk_mails_shops"),
        sa.PrimaryKeyConstraint("id", name="pk_mails"),
        sa.UniqueConstraint("shop", "message_id", name="uq_mails_shop_message_id"),
        sqlite_autoincrement=True,
    )
    _index("ix_mails_due", "mails", ["next_at", "id"], "state = 'pending'")
    op.create_index("ix_mails_address", "mails", ["shop", "address", "created_at"])


def _mail_stops() -> None:
    op.create_table(
        "mail_stops",
        sa.Column("shop", KEY, nullable=False),
        sa.Column("address", KEY, nullable=False),
        sa.Column("scope", KEY, nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["shop"], ["shops.id"], name="fk_mail_stops_shops"),
        sa.PrimaryKeyConstraint("shop", "address", "scope", name="pk_mail_stops"),
    )


def _law_cases() -> None:
    op.create_table(
        "law_cases",
        sa.Column("shop", KEY, nullable=False),
        sa.Column("order_id", KEY, nullable=False),
        sa.Column("law", KEY, nullable=False),
        sa.Column("wakes_at", INSTANT),
        sa.Column("record", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["shop"], ["shops.id"], name="fk_law_cases_shops"),
        sa.PrimaryKeyConstraint("shop", "order_id", "law", name="pk_law_cases"),
    )
    _index("ix_law_cases_wakes", "law_cases", ["wakes_at"], "wakes_at IS NOT NULL")


def _law_edges() -> None:
    op.create_table(
        "law_edges",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("shop", KEY, nullable=False),
        sa.Column("order_id", KEY, nullable=False),
        sa.Column("law", KEY, nullable=False),
        sa.Column("day", KEY, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["shop"], ["shops.id"], name="fk_law_edges_shops"),
        sa.PrimaryKeyConstraint("id", name="pk_law_edges"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_law_edges_order", "law_edges", ["shop", "order_id", "id"])
    op.create_index("ix_law_edges_day", "law_edges", ["shop", "day", "id"])


def _index(name: str, table: str, columns: list[str], condition: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(condition), postgresql_where=sa.text(condition))
