"""The log of who did what, append-only."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, insert, or_, select
from sqlalchemy import text as sql

from connectors.database import codec, cursors, tables
from connectors.database.columns import storable
from connectors.database.transaction import Transaction, Values
from core.ports.pages import Page
from core.records import AuditEntry

_audit = tables.audit
_WRITE = insert(_audit)
# Written out, not bound: SQLite takes a partial index only where the condition stands in the statement itself.
OF_SETTINGS = sql(tables.OF_SETTINGS)
SOUGHT = tuple(_audit.c[name] for name in ("actor", "what", "order_id", "sku", "why", "outcome", "detail"))


@dataclass(frozen=True, slots=True)
class AuditTable:
    """Implements `core.ports.audit.Audit`."""

    transaction: Transaction

    def write(
        self,
        *,
        shop: str,
        at: datetime,
        actor: str,
        what: str,
        order: str | None = None,
        sku: str | None = None,
        why: str | None = None,
        outcome: str | None = None,
        detail: Mapping[str, object] | None = None,
    ) -> None:
        """Append one entry."""
        entry = AuditEntry(
            shop=shop, at=at, actor=actor, what=what, order=order, sku=sku, why=why, outcome=outcome,
            detail=dict(detail or {}),
        )  # fmt: skip
        self.append([entry])

    def append(self, entries: Sequence[AuditEntry]) -> None:
        """Append these entries; they are numbered here."""
        if entries:
            self.transaction.run(_WRITE, [_values(entry) for entry in entries])

    def page(
        self,
        shop: str,
        *,
        order: str | None = None,
        what: str | None = None,
        text: str = "",
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[AuditEntry]:
        """A page, newest first: of an order, of one kind, or of those in which the text stands.

        Raises Misuse on a cursor that is not ours.
        """
        rows = select(_audit).where(_audit.c.shop == shop)
        if order is not None:
            rows = rows.where(_audit.c.order_id == order)
        if what is not None:
            rows = rows.where(_audit.c.what == storable(what))
        if text:
            rows = rows.where(
                or_(*(func.lower(column).contains(storable(text.lower()), autoescape=True) for column in SOUGHT))
            )
        if cursor is not None:
            rows = rows.where(_audit.c.id < cursors.read_number(cursor))
        newest = rows.order_by(_audit.c.id.desc()).limit(cursors.checked(limit) + 1)
        return cursors.page(self.transaction.run(newest).all(), limit, _entry, lambda row: (row.id,))

    def of_orders(self, shop: str, orders: Collection[str], *, limit: int) -> dict[str, tuple[AuditEntry, ...]]:
        """The newest entries about each of these orders, newest first; an order without any is left out."""
        theirs = select(_audit).where(_audit.c.shop == shop)
        return self.transaction.newest_by_name(theirs, _audit.c.order_id, orders, _entry, limit=limit)

    def one(self, shop: str, entry: int) -> AuditEntry | None:
        """Return one entry."""
        row = self.transaction.run(select(_audit).where(_audit.c.shop == shop, _audit.c.id == entry)).first()
        return None if row is None else _entry(row)

    def of_settings(self, shop: str, *, limit: int) -> tuple[AuditEntry, ...]:
        """The newest changes of the shop's settings, newest first."""
        mine = select(_audit).where(_audit.c.shop == shop, OF_SETTINGS)
        newest = mine.order_by(_audit.c.id.desc()).limit(cursors.checked(limit))
        return tuple(_entry(row) for row in self.transaction.run(newest))


def _values(entry: AuditEntry) -> Values:
    row = {"shop": entry.shop, "at": entry.at, "actor": entry.actor, "what": entry.what, "order_id": entry.order}
    row |= {"sku": entry.sku, "why": entry.why, "outcome": entry.outcome}
    return row | {"detail": codec.write(entry.detail)}


def _entry(row: Row[Any]) -> AuditEntry:
    return AuditEntry(
        id=row.id,
        shop=row.shop,
        at=row.at,
        actor=row.actor,
        what=row.what,
        order=row.order_id,
        sku=row.sku,
        why=row.why,
        outcome=row.outcome,
        detail=codec.read_detail(row.detail),
    )
