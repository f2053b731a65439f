"""Sizes of past orders are told by demand, lead times by arrivals; what was on the shelf, day by day."""

import json
from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0010_one_of_each"
down_revision = "0009_marks"
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
PLACE = ("supply", "sku", "location")


def upgrade() -> None:
    op.create_table(
        "shelf",
        *(sa.Column(name, KEY, nullable=False) for name in ("shop", "sku")),
        sa.Column("day", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("on_hand", "owed", "coming")),
        sa.ForeignKeyConstraint(["shop"], ["shops.id"], name="fk_shelf_shops"),
        sa.PrimaryKeyConstraint("shop", "sku", "day", name="pk_shelf"),
    )
    op.create_index("ix_demand_item", "demand", ["shop", "item", "placed_on"])
    _allow_no_date(nullable=True)
    _receipts_to_arrivals()
    op.drop_table("receipts")
    op.drop_table("order_sizes")


def downgrade() -> None:
    op.create_table(
        "order_sizes",
        *(sa.Column(name, KEY, nullable=False) for name in ("shop", "item", "order_id")),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("units", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["shop"], ["shops.id"], name="fk_order_sizes_shops"),
        sa.PrimaryKeyConstraint("shop", "item", "order_id", name="pk_order_sizes"),
    )
    op.create_index("ix_order_sizes_newest", "order_sizes", ["shop", "item", "placed_at"])
    op.create_table(
        "receipts",
        *(sa.Column(name, KEY, nullable=False) for name in ("shop", *PLACE)),
        sa.Column("record", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["shop"], ["shops.id"], name="fk_receipts_shops"),
        sa.PrimaryKeyConstraint("shop", *PLACE, name="pk_receipts"),
    )
    op.execute("DELETE FROM arrivals WHERE first_on IS NULL")
    _allow_no_date(nullable=False)
    op.drop_index("ix_demand_item", "demand")
    op.drop_table("shelf")


def _allow_no_date(*, nullable: bool) -> None:
    with op.batch_alter_table("arrivals") as table:
        for name in ("first_on", "last_on"):
            table.alter_column(name, existing_type=sa.Integer(), nullable=nullable)


def _receipts_to_arrivals() -> None:
    """Take over the deliveries that only the nightly run has noted."""
    connection = op.get_bind()
    days = [sa.column(name, sa.Integer()) for name in ("noted_on", "first_on", "last_on", "received_on")]
    keys = [sa.column(name, sa.Text()) for name in ("shop", *PLACE, "supplier")]
    arrivals = sa.table("arrivals", *keys, sa.column("by_platform", sa.Boolean()), *days)
    known = {tuple(row) for row in connection.execute(sa.select(*(arrivals.c[name] for name in ("shop", *PLACE))))}
    for (text,) in connection.execute(sa.text("SELECT record FROM receipts")).all():
        receipt = json.loads(text)
        key = tuple(receipt[name] for name in ("shop", *PLACE))
        if key not in known:
            row = dict(zip(("shop", *PLACE), key, strict=True)) | {"supplier": receipt.get("supplier")}
            row |= {"by_platform": False, "noted_on": _ordinal(receipt["ordered_on"])}
            row |= {"first_on": _ordinal(receipt.get("due_on")), "last_on": _ordinal(receipt.get("due_on"))}
            connection.execute(arrivals.insert(), row | {"received_on": _ordinal(receipt.get("received_on"))})


def _ordinal(day: str | None) -> int | None:
    return date.fromisoformat(day).toordinal() if day else None
