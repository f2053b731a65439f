"""Who waits because of one order: everybody planned with it and without it, compared."""

from dataclasses import dataclass
from datetime import datetime

from core.planning.preview import Change, compare
from core.planning.reach import reach_of
from core.planning.replanning import state_of
from core.planning.what_if import Scenario
from core.ports.books import Unit
from core.records import OrderRecord, Shop


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One order that fares worse because of the other. `days` later; None where it has a date only without it."""

    record: OrderRecord
    days: int | None
    units: int

    @property
    def loses_date(self) -> bool:
        """Whether the order has a date only without the other one."""
        return self.days is None


def who_waits(unit: Unit, shop: Shop, record: OrderRecord, as_of: datetime) -> tuple[Hit, ...]:
    """Return the orders that wait longer, or can ship fewer units today, because of this one; oldest first."""
    found = reach_of(unit, shop, (), [record.id])
    state = state_of(unit, shop, found.touched, beside=found.beside, touched=found.items)
    scenario = Scenario(declined=frozenset({record.id}))
    changes = compare(state, scenario, as_of=as_of, support={})
    return tuple(_hit(change) for change in changes if change.record.id != record.id and _is_hit(change))


def _is_hit(change: Change) -> bool:
    without, with_it = change.after, change.before
    sooner = without.completes_on is not None and (
        with_it.completes_on is None or without.completes_on < with_it.completes_on
    )
    return sooner or without.release_now > with_it.release_now


def _hit(change: Change) -> Hit:
    days = -change.days if change.days is not None else 0 if change.after.completes_on is None else None
    return Hit(record=change.record, days=days, units=max(0, change.after.release_now - change.before.release_now))
