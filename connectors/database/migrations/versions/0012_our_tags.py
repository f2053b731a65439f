"""Orders are found by our own tags too."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0012_our_tags"
down_revision = "0011_settings_log"
branch_labels = None
depends_on = None

AT_ONCE = 500
OURS = "ours"

orders = sa.table("orders", *map(sa.column, ("shop", "id", "record")))
marks = sa.table("order_marks", *map(sa.column, ("shop", "kind", "value", "order_id")))


def upgrade() -> None:
    connection, after = op.get_bind(), ("", "")
    following = sa.select(orders.c.shop, orders.c.id, orders.c.record).order_by(orders.c.shop, orders.c.id)
    while rows := connection.execute(
        following.where(sa.tuple_(orders.c.shop, orders.c.id) > sa.tuple_(*map(sa.literal, after))).limit(AT_ONCE)
    ).all():
        found = [
            {"shop": row.shop, "order_id": row.id, "kind": OURS, "value": tag}
            for row in rows
            for tag in json.loads(row.record)["snapshot"].get("outside", {}).get("tags", [])
        ]
        if found:
            connection.execute(sa.insert(marks), found)
        after = (rows[-1].shop, rows[-1].id)


def downgrade() -> None:
    op.execute(sa.delete(marks).where(marks.c.kind == OURS))
