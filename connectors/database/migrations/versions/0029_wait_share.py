"""What a day of waiting costs is a share of the price where nobody set it: 0.10 means nothing in yen."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0029_wait_share"
down_revision = "0028_rests"
branch_labels = None
depends_on = None

BEFORE = "0.10"
shops = sa.table("shops", *map(sa.column, ("id", "record")))


def upgrade() -> None:
    _replace(BEFORE, None)


def downgrade() -> None:
    _replace(None, BEFORE)


def _replace(before: str | None, after: str | None) -> None:
    connection = op.get_bind()
    for row in connection.execute(sa.select(shops.c.id, shops.c.record)).all():
        record: dict[str, Any] = json.loads(row.record)
        reorder = record.get("policy", {}).get("reorder", {})
        if reorder.get("wait_cost", after) == before:
            reorder["wait_cost"] = after
            told = json.dumps(record, separators=(",", ":"), ensure_ascii=False)
            connection.execute(sa.update(shops).where(shops.c.id == row.id).values(record=told))
