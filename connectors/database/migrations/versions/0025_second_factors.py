"""People's second factors: locked secrets, what was taken and tried of their codes, and codes for a lost device."""

import sqlalchemy as sa
from alembic import op

revision = "0025_second_factors"
down_revision = "0024_supply_by_sku"
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "second_factors",
        sa.Column("shop", KEY, nullable=False),
        sa.Column("person", KEY, nullable=False),
        sa.Column("credentials", sa.LargeBinary(), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("tries_from", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["shop"], ["shops.id"], name="fk_second_factors_shops"),
        sa.PrimaryKeyConstraint("shop", "person", name="pk_second_factors"),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("shop", KEY, nullable=False),
        sa.Column("person", KEY, nullable=False),
        sa.Column("digest", KEY, nullable=False),
        sa.ForeignKeyConstraint(["shop"], ["shops.id"], name="fk_recovery_codes_shops"),
        sa.PrimaryKeyConstraint("shop", "person", "digest", name="pk_recovery_codes"),
    )


def downgrade() -> None:
    op.drop_table("recovery_codes")
    op.drop_table("second_factors")
