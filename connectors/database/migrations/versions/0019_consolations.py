"""What customers were given for a wait, or were not given, to compare."""

import sqlalchemy as sa
from alembic import op

revision = "0019_consolations"
down_revision = "0018_replies"
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "consolations",
        sa.Column("shop", KEY, nullable=False),
        sa.Column("order_id", KEY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        *(sa.Column(name, KEY, nullable=False) for name in ("arm", "state", "code", "customer")),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("ends_on", sa.Integer(), nullable=False),
        sa.Column("worth", sa.BigInteger(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["shop"], ["shops.id"], name="fk_consolations_shops"),
        sa.PrimaryKeyConstraint("shop", "order_id", "number", name="pk_consolations"),
    )
    op.create_index("ix_consolations_code", "consolations", ["shop", "code"])
    op.create_index("ix_consolations_day", "consolations", ["shop", "day"])
    op.create_index("ix_consolations_customer", "consolations", ["shop", "customer", "day"])


def downgrade() -> None:
    op.drop_table("consolations")
