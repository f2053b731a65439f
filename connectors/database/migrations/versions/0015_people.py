"""Several people in a shop, each with a role, and the browsers in which they are signed in."""

import sqlalchemy as sa
from alembic import op

revision = "0015_people"
down_revision = "0014_lists"
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "sessions",
        *(sa.Column(name, KEY, nullable=False) for name in ("key", "shop")),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("role", KEY, nullable=False),
        sa.Column("browser", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["shop"], ["shops.id"], name="fk_sessions_shops"),
        sa.PrimaryKeyConstraint("key", "shop", name="pk_sessions"),
    )
    op.create_index("ix_sessions_shop", "sessions", ["shop", "at"])
    op.add_column("links", sa.Column("person", sa.Text(), nullable=False, server_default=""))
    op.add_column("links", sa.Column("role", KEY, nullable=False, server_default="owner"))


def downgrade() -> None:
    op.drop_column("links", "role")
    op.drop_column("links", "person")
    op.drop_index("ix_sessions_shop", "sessions")
    op.drop_table("sessions")
