"""What customers chose on their pages. Unique by (shop, nonce)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update

from connectors.database import codec, tables
from connectors.database.transaction import Transaction
from core.correspondence import ChoiceRecord, ChoiceState

_choices = tables.customer_choices


@dataclass(frozen=True, slots=True)
class ChoiceTable:
    """Implements `core.correspondence.ChoiceBook`."""

    transaction: Transaction

    def add(
        self,
        *,
        shop: str,
        order: str,
        kind: str,
        lines: Mapping[str, int],
        nonce: str,
        at: datetime,
        settles_at: datetime,
    ) -> bool:
        """Store a choice; False when this nonce was used already: the same form sent twice is one choice."""
        row = {"shop": shop, "order_id": order, "kind": kind, "lines": codec.write(dict(lines)), "nonce": nonce}
        return self.transaction.insert_new(_choices, {**row, "made_at": at, "settles_at": settles_at, "state": "made"})

    def of_order(self, shop: str, order: str) -> tuple[ChoiceRecord, ...]:
        """The choices of one order, oldest first."""
        mine = select(_choices).where(_choices.c.shop == shop, _choices.c.order_id == order)
        return tuple(_choice(row) for row in self.transaction.run(mine.order_by(_choices.c.id)))

    def due(self, now: datetime) -> tuple[ChoiceRecord, ...]:
        """Choices that can no longer be undone and are not carried out yet, of all shops."""
        made = select(_choices).where(_choices.c.state == "made", _choices.c.settles_at <= now)
        return tuple(_choice(row) for row in self.transaction.run(made.order_by(_choices.c.id)))

    def settle(self, choice: ChoiceRecord, state: ChoiceState, *, outcome: str, now: datetime) -> bool:
        """End a choice that is still `made`; False when another ended it first."""
        mine = update(_choices).where(_choices.c.id == choice.id, _choices.c.shop == choice.shop)
        ended = mine.where(_choices.c.state == "made").values(state=state, outcome=outcome, ended_at=now)
        return self.transaction.run(ended).rowcount == 1


def _choice(row: Row[Any]) -> ChoiceRecord:
    return ChoiceRecord(
        id=row.id,
        shop=row.shop,
        order=row.order_id,
        kind=row.kind,
        lines=codec.read_detail(row.lines),
        nonce=row.nonce,
        made_at=row.made_at,
        settles_at=row.settles_at,
        state=row.state,
        outcome=row.outcome,
        ended_at=row.ended_at,
    )
