"""What is known: shops, orders, items, incoming supply."""

import sqlalchemy as sa
from alembic import op

revision = "0001_facts"
down_revision = None
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    _shops()
    _orders()
    _order_items()
    _redactions()
    _items()
    _item_aliases()
    _supply()


def downgrade() -> None:
    for table in ("supply", "item_aliases", "items", "redactions", "order_items", "orders", "shops"):
        op.drop_table(table)


def _partial_index(name: str, table: str, columns: list[str], condition: str, *, unique: bool = False) -> None:
    where = sa.text(condition)
    op.create_index(name, table, columns, unique=unique, sqlite_where=where, postgresql_where=where)


def _shops() -> None:
    op.create_table(
        "shops",
        sa.Column("id", KEY, nullable=False),
        sa.Column("address", KEY, nullable=False),
        sa.Column("connected_at", INSTANT, nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("credentials", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("id", name="pk_shops"),
    )
    op.create_index("ix_shops_address", "shops", ["address"])


def _orders() -> None:
    op.create_table(
        "orders",
        sa.Column("shop", KEY, nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("status", KEY, nullable=False),
        sa.Column("placed_at", INSTANT, nullable=False),
        sa.Column("backordered", sa.BigInteger(), nullable=False),
        sa.Column("board", KEY),
        sa.Column("value_waiting", sa.BigInteger(), nullable=False),
        sa.Column("waits_since", INSTANT),
        sa.Column("customer", KEY),
        sa.Column("email", KEY),
        sa.Column("record", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["shop"], ["shops.id"], name="fk_orders_shops"),
        sa.PrimaryKeyConstraint("shop", "id", name="pk_orders"),
    )
    _partial_index(
        "ix_orders_backordered", "orders", ["shop", "placed_at", "id"], "status = 'open' AND backordered > 0"
    )
    _partial_index("ix_orders_board", "orders", ["shop", "board", "placed_at", "id"], "board IS NOT NULL")
    _partial_index("ix_orders_customer", "orders", ["shop", "customer"], "customer IS NOT NULL")
    _partial_index("ix_orders_email", "orders", ["shop", "email"], "email IS NOT NULL")
    _partial_index("ix_orders_open", "orders", ["shop", "placed_at", "id"], "status = 'open'")
    op.create_index("ix_orders_placed", "orders", ["shop", "placed_at", "id"])


def _order_items() -> None:
    op.create_table(
        "order_items",
        sa.Column("shop", KEY, nullable=False),
        sa.Column("order_id", KEY, nullable=False),
        sa.Column("item", KEY, nullable=False),
        sa.ForeignKeyConstraint(["shop", "order_id"], ["orders.shop", "orders.id"], name="fk_order_items_orders"),
        sa.ForeignKeyConstraint(["shop"], ["shops.id"], name="fk_order_items_shops"),
        sa.PrimaryKeyConstraint("shop", "order_id", "item", name="pk_order_items"),
    )
    op.create_index("ix_order_items_item", "order_items", ["shop", "item", "order_id"])


def _redactions() -> None:
    op.create_table(
        "redactions",
        sa.Column("shop", KEY, nullable=False),
        sa.Column("order_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(["shop"], ["shops.id"], name="fk_redactions_shops"),
        sa.PrimaryKeyConstraint("shop", "order_id", name="pk_redactions"),
    )


def _items() -> None:
    op.create_table(
        "items",
        sa.Column("shop", KEY, nullable=False),
        sa.Column("platform_id", KEY, nullable=False),
        sa.Column("sku", KEY, nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.Column("snapshot", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["shop"], ["shops.id"], name="fk_items_shops"),
        sa.PrimaryKeyConstraint("shop", "platform_id", name="pk_items"),
        sa.UniqueConstraint("shop", "sku", name="uq_items_shop_sku"),
    )


def _item_aliases() -> None:
    op.create_table(
        "item_aliases",
        sa.Column("shop", KEY, nullable=False),
        sa.Column("alias", KEY, nullable=False),
        sa.Column("platform_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["shop", "platform_id"], ["items.shop", "items.platform_id"], name="fk_item_aliases_items"
        ),
        sa.ForeignKeyConstraint(["shop"], ["shops.id"], name="fk_item_aliases_shops"),
        sa.PrimaryKeyConstraint("shop", "alias", name="pk_item_aliases"),
    )
    op.create_index("ix_item_aliases_item", "item_aliases", ["shop", "platform_id"])


def _supply() -> None:
    op.create_table(
        "supply",
        sa.Column("shop", KEY, nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("sku", KEY, nullable=False),
        sa.Column("location", KEY, nullable=False),
        sa.Column("source", KEY, nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["shop"], ["shops.id"], name="fk_supply_shops"),
        sa.PrimaryKeyConstraint("shop", "id", "sku", "location", name="pk_supply"),
    )
