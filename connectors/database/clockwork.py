"""Heartbeats and elections between processes."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, or_, select

from connectors.database import tables
from connectors.database.transaction import Transaction
from connectors.database.turning_back import turn_back
from core.ports.clockwork import APART

_offices = tables.offices
_beats = tables.beats


@dataclass(frozen=True, slots=True)
class ClockworkTables:
    """Implements `core.ports.clockwork.Clockwork`."""

    transaction: Transaction

    def set_back(self, name: str, *, now: datetime, ttl: timedelta) -> timedelta:
        """Return by how much the clock was set back since a worker was last heard, or the office taken for `ttl`.

        And make that good. Nothing where it was not: nobody beats, or takes the office, later than now. Who ended
        while the clock was ahead left the office, but not its beat.
        """
        until = self.transaction.run(select(_offices.c.until).where(_offices.c.name == name)).scalar()
        heard = [instant for instant in (until and until - ttl, self.last_beat()) if instant]
        by = max(heard, default=now) - now
        if by <= APART:
            return timedelta(0)
        turn_back(self.transaction, by, now=now)
        self.transaction.run(delete(_offices).where(_offices.c.name == name))
        return by

    def elect(self, name: str, owner: str, *, now: datetime, ttl: timedelta) -> bool:
        """Take or renew the named office for `ttl`; False while another owner holds it."""
        insert = self.transaction.insert(_offices)
        free = or_(_offices.c.owner == insert.excluded.owner, _offices.c.until <= now)
        taken = insert.on_conflict_do_update(
            index_elements=["name"], set_={"owner": insert.excluded.owner, "until": insert.excluded.until}, where=free
        )
        row = {"name": name, "owner": owner, "until": now + ttl}
        return self.transaction.run(taken.returning(_offices.c.owner), row).first() is not None

    def resign(self, name: str, owner: str) -> None:
        """Give the office up."""
        self.transaction.run(delete(_offices).where(_offices.c.name == name, _offices.c.owner == owner))

    def beat(self, worker: str, *, now: datetime) -> datetime | None:
        """Say that this worker is alive; return when it said so before. Those silent for a day are forgotten."""
        before: datetime | None = self.transaction.run(select(_beats.c.at).where(_beats.c.worker == worker)).scalar()
        self.transaction.upsert(_beats, {"worker": worker, "at": now})
        self.transaction.run(delete(_beats).where(_beats.c.at < now - timedelta(days=1)))
        return before

    def last_beat(self) -> datetime | None:
        """When any worker was last alive."""
        return self.transaction.run(select(func.max(_beats.c.at))).scalar()
