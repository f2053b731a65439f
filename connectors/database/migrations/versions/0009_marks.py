"""What orders are found by and add up to stands in columns: marks, currencies, units by item. Saved views."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009_marks"
down_revision = "0008_gates"
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
UNITS = ("open", "short", "reserved")
WAITS = "status = 'open' AND backordered > 0"
LARGEST = 10**12
AT_ONCE = 500
LONGEST, MOST = 200, 500
Json = dict[str, Any]

orders = sa.table("orders", *map(sa.column, ("shop", "id", "currency", "backordered", "value_waiting", "record")))
links = sa.table("order_items", *map(sa.column, ("shop", "order_id", "item", *UNITS)))
marks = sa.table("order_marks", *map(sa.column, ("shop", "kind", "value", "order_id")))


def upgrade() -> None:
    op.create_table(
        "order_marks",
        *(sa.Column(name, KEY, nullable=False) for name in ("shop", "kind", "value", "order_id")),
        sa.ForeignKeyConstraint(["shop", "order_id"], ["orders.shop", "orders.id"], name="fk_order_marks_orders"),
        sa.ForeignKeyConstraint(["shop"], ["shops.id"], name="fk_order_marks_shops"),
        sa.PrimaryKeyConstraint("shop", "kind", "value", "order_id", name="pk_order_marks"),
    )
    op.create_table(
        "saved_views",
        sa.Column("shop", KEY, nullable=False),
        sa.Column("name", KEY, nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["shop"], ["shops.id"], name="fk_saved_views_shops"),
        sa.PrimaryKeyConstraint("shop", "name", name="pk_saved_views"),
    )
    op.create_index("ix_order_marks_order", "order_marks", ["shop", "order_id", "kind", "value"])
    for name in UNITS:
        op.add_column("order_items", sa.Column(name, sa.BigInteger(), nullable=False, server_default="0"))
    for name in ("backordered", "value_waiting"):
        op.execute(sa.update(orders).where(orders.c[name] > LARGEST).values({name: LARGEST}))
    _read_off_the_records()
    columns, where = ["shop", "currency", "backordered", "value_waiting", "placed_at"], sa.text(WAITS)
    op.create_index("ix_orders_sums", "orders", columns, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    op.drop_index("ix_orders_sums", "orders")
    for name in UNITS:
        op.drop_column("order_items", name)
    op.drop_table("saved_views")
    op.drop_table("order_marks")


def _read_off_the_records() -> None:
    """Fill the new columns for orders that are there already, a number at a time."""
    connection, after = op.get_bind(), ("", "")
    following = sa.select(orders.c.shop, orders.c.id, orders.c.record).order_by(orders.c.shop, orders.c.id)
    while rows := connection.execute(
        following.where(sa.tuple_(orders.c.shop, orders.c.id) > sa.tuple_(*map(sa.literal, after))).limit(AT_ONCE)
    ).all():
        for row in rows:
            _take_in(connection, row.shop, row.id, json.loads(row.record))
        after = (rows[-1].shop, rows[-1].id)


def _take_in(connection: sa.Connection, shop: str, order: str, record: Json) -> None:
    mine = (orders.c.shop == shop, orders.c.id == order)
    connection.execute(sa.update(orders).where(*mine).values(currency=record["snapshot"]["currency"]))
    found = [{"shop": shop, "order_id": order, "kind": kind, "value": value} for kind, value in _marks_of(record)]
    if found:
        connection.execute(sa.insert(marks), found)
    for item, units in _units_of(record).items():
        theirs = (links.c.shop == shop, links.c.order_id == order, links.c.item == item)
        connection.execute(sa.update(links).where(*theirs).values(**units))


def _marks_of(record: Json) -> set[tuple[str, str]]:
    seen, plan = record["snapshot"], (record.get("plan") or {}).get("lines", [])
    customer = seen.get("customer") or {}
    texts = (seen["name"], seen["platform_id"], customer.get("name"), customer.get("email"))
    pegs = {peg["supply"] for line in plan for peg in line.get("allocations", [])}
    found = {
        "text": {text.strip().casefold() for text in texts if text},
        "sku": {line["sku"].strip().casefold() for line in (*seen.get("lines", []), *plan) if line.get("sku")},
        "tag": set(seen.get("merchant_tags", [])),
        "country": {customer.get("country")},
        "supply": pegs - {"on_hand"},
    }
    return {
        (kind, value)
        for kind, values in found.items()
        for value in sorted({value[:LONGEST] for value in values if value})[:MOST]
    }


def _units_of(record: Json) -> dict[str, dict[str, int]]:
    plans = {line["id"]: line for line in (record.get("plan") or {}).get("lines", [])}
    found: dict[str, dict[str, int]] = {}
    for line in record["snapshot"].get("lines", []):
        if line.get("item"):
            row, plan = found.setdefault(line["item"], dict.fromkeys(UNITS, 0)), plans.get(line["id"], {})
            asked = {"open": plan.get("open", 0), "short": plan.get("backordered", 0)}
            for name, units in {**asked, "reserved": line.get("reserved", 0)}.items():
                row[name] = min(row[name] + units, LARGEST)
    return found
