"""Forgetting what is old, and handing out what is kept of a shop or of one of its customers."""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, delete, exists, literal_column, or_, select, update

from connectors.database import codec, privacy, tables, traces
from connectors.database.transaction import Transaction, batches

_orders = tables.orders
_deliveries = tables.deliveries
_actions = tables.actions
_audit = tables.audit
SECRET = frozenset({"tokens", "links", "approvals", "replies", "second_factors", "recovery_codes"})
"""Tables that are handed out to nobody."""
BY_ADDRESS = (tables.mails, tables.mail_stops)
"""Tables that know a customer by the mail address alone."""
DOCUMENTS = frozenset({"record", "snapshot", "action", "detail", "rules", "gate"})
"""Columns that hold JSON."""
_SETTLED = (_deliveries.c.state == literal_column("'done'"), _deliveries.c.state == literal_column("'dead'"))


@dataclass(frozen=True, slots=True)
class RetentionTables:
    """Implements `core.ports.retention.Retention`."""

    transaction: Transaction

    def forget_bodies(self, before: datetime) -> int:
        """Blank the bodies of deliveries received before then that are done or could not be taken in."""
        # Also the bodies of those that were taken in since: this is asked for every hour.
        traces.mark(self.transaction.connection)
        old = update(_deliveries).where(_deliveries.c.body.is_not(None), _deliveries.c.received_at < before)
        return sum(self.transaction.run(old.where(state).values(body=None)).rowcount for state in _SETTLED)

    def forget_people(self, before: datetime, *, most: int) -> int:
        """Blank the customers of ended orders placed before then; quantities stay."""
        named = or_(*(column.is_not(None) for column in (_orders.c.customer, _orders.c.email, _orders.c.address)))
        ended = select(_orders.c.shop, _orders.c.id, _orders.c.email).where(_orders.c.status != "open", named)
        rows = self.transaction.run(ended.where(_orders.c.placed_at < before).limit(most)).all()
        for row in rows:
            privacy.blank(self.transaction, row.shop, row.id, row.email)
        return len(rows)

    def forget_log(self, before: datetime, *, most: int) -> int:
        """Delete log entries, settled deliveries and ended orders' settled actions from before then."""
        ended = ~exists().where(
            _orders.c.shop == _actions.c.shop, _orders.c.id == _actions.c.order_id, _orders.c.status == "open"
        )
        old = {
            _audit: _audit.c.at < before,
            _deliveries: or_(*_SETTLED) & (_deliveries.c.received_at < before),
            _actions: (_actions.c.finished_at < before) & ended,
        }
        return sum(self._delete(table, which, most) for table, which in old.items())

    def export(
        self, shop: str, *, orders: Collection[str] = (), customer: str | None = None, email: str | None = None
    ) -> Iterator[tuple[str, Mapping[str, object]]]:
        """Yield (table, row) of all that is kept of one customer, or of the whole shop when nobody is named."""
        if not (orders or customer or email):
            for table in tables.metadata.sorted_tables:
                if table.name not in SECRET and ("shop" in table.c or table is tables.shops):
                    yield from self._rows(table, (table.c.id if table is tables.shops else table.c.shop) == shop)
            return
        subject = privacy.Subject.of(orders, customer, email)
        theirs = privacy.orders_of(self.transaction, shop, subject)
        for table in tables.metadata.sorted_tables:
            column = table.c.id if table is _orders else table.c.get("order_id")
            if column is not None and "shop" in table.c and table.name not in SECRET:
                for batch in batches(theirs):
                    yield from self._rows(table, (table.c.shop == shop) & column.in_(batch))
        for table in BY_ADDRESS:
            for batch in batches(privacy.addresses_of(self.transaction, shop, subject, theirs)):
                yield from self._rows(table, (table.c.shop == shop) & table.c.address.in_(batch))

    def _delete(self, table: Table, which: ColumnElement[bool], most: int) -> int:
        chosen = select(table.c.id).where(which).limit(most).scalar_subquery()
        return self.transaction.run(delete(table).where(table.c.id.in_(chosen))).rowcount

    def _rows(self, table: Table, which: ColumnElement[bool]) -> Iterator[tuple[str, Mapping[str, object]]]:
        # Raw deliveries prove nothing of whose they are: one signature serves all shops of a platform.
        shown = [column for column in table.c if column is not _deliveries.c.body]
        for row in self.transaction.run(select(*shown).where(which).order_by(*table.primary_key)):
            yield table.name, _shown(row)


def _shown(row: Row[Any]) -> Mapping[str, object]:
    """Return the row as people may read it: JSON as such, bodies unpacked, moments as text."""
    return {name: _readable(name, value) for name, value in row._mapping.items() if name != "credentials"}  # noqa: SLF001  # SQLAlchemy's public name


def _readable(name: str, value: object) -> object:
    if isinstance(value, bytes):
        return codec.unpack(value).decode("utf-8", "replace")
    if name in DOCUMENTS and isinstance(value, str):
        return json.loads(value)
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
