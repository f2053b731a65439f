"""How much there is of what, of all shops at once, one statement each."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, Table, func, select

from connectors.database import tables
from connectors.database.inbox import DEAD, NEW
from connectors.database.lanes import PENDING
from connectors.database.letterbox import Letterbox
from connectors.database.mails import PENDING as QUEUED
from connectors.database.transaction import Transaction
from core.ports.census import ByState

_deliveries, _actions, _mails, _orders = tables.deliveries, tables.actions, tables.mails, tables.orders


@dataclass(frozen=True, slots=True)
class CensusTables:
    """Implements `core.ports.census.Census`."""

    transaction: Transaction
    letterbox: Letterbox | None

    def deliveries(self) -> ByState:
        """Deliveries that wait (`new`) and that could not be taken in (`dead`)."""
        number = select(_deliveries.c.shop, func.count()).group_by(_deliveries.c.shop)
        new = Counter(self._counted(number.where(NEW)))
        new.update(self.letterbox.waiting() if self.letterbox else {})
        dead = self._counted(number.where(DEAD))
        return {**{(shop, "new"): n for shop, n in new.items()}, **{(shop, "dead"): n for shop, n in dead.items()}}

    def actions(self) -> ByState:
        """Actions by state."""
        return self._by_state(_actions, _actions.c.state)

    def orders(self) -> ByState:
        """Open orders by column of the board."""
        return self._by_state(_orders, _orders.c.board)

    def actions_put_back(self) -> Mapping[str, int]:
        """Actions that were tried, did not come through, and wait to be tried again."""
        return self._put_back(_actions, PENDING)

    def mails_put_back(self) -> Mapping[str, int]:
        """Mails that the server did not take yet and are to be tried again."""
        return self._put_back(_mails, QUEUED)

    def _by_state(self, table: Table, state: Column[Any]) -> ByState:
        known = select(table.c.shop, state, func.count()).where(state.is_not(None)).group_by(table.c.shop, state)
        return {(row[0], row[1]): row[2] for row in self.transaction.run(known)}

    def _put_back(self, line: Table, waits: ColumnElement[bool]) -> dict[str, int]:
        tried = (waits, line.c.attempts > 0, line.c.leased_until.is_(None))
        return self._counted(select(line.c.shop, func.count()).where(*tried).group_by(line.c.shop))

    def _counted(self, by_shop: Select[Any]) -> dict[str, int]:
        return {row[0]: row[1] for row in self.transaction.run(by_shop)}
