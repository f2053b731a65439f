"""Browsers in which people are signed in. What their cookies hold is kept as a digest only."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from connectors.database import tables
from connectors.database.transaction import Transaction
from core.people import Seat, SignedIn

_sessions = tables.sessions


@dataclass(frozen=True, slots=True)
class SessionTable:
    """Implements `core.ports.people.Sessions`."""

    transaction: Transaction

    def open(self, key: str, seat: Seat, *, browser: str, at: datetime) -> None:
        """Let the browser into the shop; in which it is already, it gets this seat."""
        row = {"key": key, "shop": seat.shop, "person": seat.person, "role": seat.role, "browser": browser, "at": at}
        self.transaction.upsert(_sessions, row)

    def seats(self, key: str, *, since: datetime) -> tuple[Seat, ...]:
        """The seats that were taken in this browser since then, in the order in which they were."""
        mine = select(_sessions).where(_sessions.c.key == key, _sessions.c.at >= since)
        return tuple(_seat(row) for row in self.transaction.run(mine.order_by(_sessions.c.at, _sessions.c.shop)))

    def of_shop(self, shop: str, *, since: datetime) -> tuple[SignedIn, ...]:
        """Who was signed in to the shop since then and still is, newest first."""
        mine = select(_sessions).where(_sessions.c.shop == shop, _sessions.c.at >= since)
        rows = self.transaction.run(mine.order_by(_sessions.c.at.desc(), _sessions.c.key))
        return tuple(SignedIn(key=row.key, seat=_seat(row), browser=row.browser, at=row.at) for row in rows)

    def end(self, key: str, *, shop: str | None = None) -> int:
        """Sign the browser out of one shop, or of all; return of how many."""
        mine = delete(_sessions).where(_sessions.c.key == key)
        return self.transaction.run(mine if shop is None else mine.where(_sessions.c.shop == shop)).rowcount

    def purge(self, before: datetime) -> None:
        """Forget those that ended by themselves before this instant."""
        self.transaction.run(delete(_sessions).where(_sessions.c.at < before))


def _seat(row: object) -> Seat:
    shop, person, role = (getattr(row, name) for name in ("shop", "person", "role"))
    return Seat(shop=shop, person=person, role=role)
