"""Browsers in which people are signed in. What their cookies hold is kept as a digest only."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update

from connectors.database import tables
from connectors.database.transaction import Transaction
from core.access.people import Seat, SignedIn

_sessions = tables.sessions


@dataclass(frozen=True, slots=True)
class SessionTable:
    """Implements `core.ports.people.Sessions`."""

    transaction: Transaction

    def open(self, key: str, seat: Seat, *, browser: str, at: datetime) -> None:
        """Let the browser into the shop; in which it is already, it gets this seat. The language chosen last stays."""
        row = {"key": key, "shop": seat.shop, "person": seat.person, "role": seat.role, "browser": browser, "at": at}
        self.transaction.upsert(_sessions, {**row, "language": self._language(seat)})

    def renew(self, key: str, new: str) -> None:
        """Let the browser be known by another digest; by the one before it opens nothing."""
        self.transaction.run(update(_sessions).where(_sessions.c.key == key).values(key=new))

    def speak(self, key: str, language: str) -> None:
        """Remember the language that the browser's person chose."""
        self.transaction.run(update(_sessions).where(_sessions.c.key == key).values(language=language))

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

    def _language(self, seat: Seat) -> str:
        """Return the language that the person chose in this shop, in the browser that they came in by last."""
        theirs = (_sessions.c.shop == seat.shop, _sessions.c.person == seat.person, _sessions.c.language != "")
        chosen = select(_sessions.c.language).where(*theirs).order_by(_sessions.c.at.desc()).limit(1)
        return self.transaction.run(chosen).scalar() or ""


def _seat(row: object) -> Seat:
    shop, person, role, language = (getattr(row, name) for name in ("shop", "person", "role", "language"))
    return Seat(shop=shop, person=person, role=role, language=language)
