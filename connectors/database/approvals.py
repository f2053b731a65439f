"""Approvals under way. The keys in them are locked like a shop's."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update

from connectors.database import tables
from connectors.database.transaction import Transaction
from core.access.approvals import Approval

_approvals = tables.approvals


@dataclass(frozen=True, slots=True)
class ApprovalTable:
    """Implements `core.access.approvals.Approvals`."""

    transaction: Transaction

    def begin(self, approval: Approval, *, now: datetime, most: int) -> bool:
        """Store a new one; False while `most` of them are under way. Old ones are forgotten, keys and all."""
        self.transaction.run(delete(_approvals).where(_approvals.c.expires_at <= now))
        under_way = self.transaction.run(select(func.count()).select_from(_approvals)).scalar() or 0
        if under_way >= most:
            return False
        row = {
            "state": approval.state,
            "browser": approval.browser,
            "platform": approval.platform,
            "address": approval.address,
            "expires_at": approval.expires_at,
            "answered": False,
        }
        self.transaction.run(insert(_approvals), [row])
        return True

    def answer(self, state: str, *, now: datetime) -> Approval | None:
        """Return the one that waits for its keys and mark it as answered; None for any other, or a second time."""
        # One statement: of two posts that come at once only one finds it unanswered.
        waiting = update(_approvals).where(
            _approvals.c.state == state, _approvals.c.expires_at > now, _approvals.c.answered.is_(False)
        )
        row = self.transaction.run(waiting.values(answered=True).returning(*_approvals.c)).first()
        return None if row is None else self._read(row)

    def keep(self, state: str, credentials: Mapping[str, str]) -> None:
        """Lock the proven keys away with it."""
        locked = self.transaction.vault.lock(state, credentials)
        self.transaction.run(update(_approvals).where(_approvals.c.state == state).values(credentials=locked))

    def refuse(self, state: str, problem: str) -> None:
        """Remember why the keys were not taken."""
        self.transaction.run(update(_approvals).where(_approvals.c.state == state).values(problem=problem))

    def problem_of(self, browser: str, *, now: datetime) -> str | None:
        """Return why the latest approval that this browser began came to nothing."""
        mine = select(_approvals.c.problem).where(_approvals.c.browser == browser, _approvals.c.expires_at > now)
        latest = mine.order_by(_approvals.c.expires_at.desc(), _approvals.c.state).limit(1)
        problem: str | None = self.transaction.run(latest).scalar()
        return problem

    def take(self, state: str, *, now: datetime) -> Approval | None:
        """Return it and forget it; None when unknown or too old."""
        taken = delete(_approvals).where(_approvals.c.state == state).returning(*_approvals.c)
        row = self.transaction.run(taken).first()
        return None if row is None or row.expires_at <= now else self._read(row)

    def _read(self, row: Row[Any]) -> Approval:
        locked = row.credentials
        return Approval(
            state=row.state, browser=row.browser, platform=row.platform, address=row.address,
            expires_at=row.expires_at, answered=row.answered, problem=row.problem,
            credentials={} if locked is None else self.transaction.vault.open(row.state, locked),
        )  # fmt: skip
