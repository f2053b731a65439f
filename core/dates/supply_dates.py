"""When incoming supply can leave the shop: the date told, its supplier's lateness, the way to the shelf, the week."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import NamedTuple

from core.dates.arrivals import Arrival
from core.dates.lateness import Lateness, learned, prior
from core.dates.promise_ranges import PromiseRange, last_of, not_before
from core.dates.working_calendar import WorkingCalendar, calendar_of, later
from core.facts import Incoming
from core.names import folded
from core.policy.shop_policy import Promises
from core.records import IncomingRecord, Shop


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyDate:
    """What is believed of one row. `ships` is None where it gives no date: undated, or overdue for `too_long`.

    `late_days`: days since the date told passed, 0 while it has not. `deliveries`: how many the range was learned from.
    """

    ships: PromiseRange | None
    promised: date | None = None
    late_days: int = 0
    too_long: bool = False
    deliveries: int = 0


class _Delivery(NamedTuple):
    """A delivery that came, by its supplier's key: days after the date told first, and after the last one."""

    supplier: str | None
    after_first: int
    after_last: int

    def late(self, *, moved: bool) -> int:
        return self.after_last if moved else self.after_first


UNDATED = SupplyDate(ships=None)
NEWEST = 500
"""So many of the newest deliveries say how late supply comes."""


class SupplyBook:
    """Dates of a shop's incoming supply as of one instant. `arrivals` are its past and present deliveries."""

    def __init__(self, shop: Shop, arrivals: Iterable[Arrival], as_of: datetime) -> None:
        self.promises: Promises = shop.policy.promises
        self.calendar: WorkingCalendar = calendar_of(self.promises, shop.timezone)
        self.today = self.calendar.today(as_of)
        self._engine_today = as_of.astimezone(UTC).date()
        self.ready = self.calendar.leaves_on(as_of)
        """When what lies on the shelf now can leave."""
        arrivals = tuple(arrivals)
        self._known = {arrival.key: arrival for arrival in arrivals}
        # The newest, however many are handed in beside them: dates do not hang on what else is planned.
        self._past = tuple(_deliveries(sorted(arrivals, key=_newest_first)[:NEWEST]))
        self._learned: dict[tuple[str | None, bool], Lateness] = {}

    def arrival_of(self, row: IncomingRecord) -> Arrival | None:
        """Return what was told of a row over time; None before its first night on the books."""
        return self._known.get(row.key)

    def date_of(self, row: IncomingRecord) -> SupplyDate:
        """Return what is believed of one row of incoming supply.

        A row whose date was moved is held to its new date, by how late supply came after the last date told.
        """
        fact = row.incoming
        if fact.eta is None or not fact.remaining:
            return UNDATED
        late = max(0, (self.today - fact.eta).days)
        if late > self.promises.overdue_days:
            return SupplyDate(ships=None, late_days=late, too_long=True)
        known = self.arrival_of(row)
        moved = known is not None and known.noted_on < self.today and (known.first_on or fact.eta) < fact.eta
        lateness = self.lateness(folded(row.supplier), moved=moved)
        arrives = lateness.days((self.today - fact.eta).days + (1 if late else 0))
        ships = PromiseRange(
            earliest=self._on_shelf(later(fact.eta, arrives.earliest)),
            likely=self._on_shelf(later(fact.eta, arrives.likely)),
            latest=self._on_shelf(later(fact.eta, arrives.latest)),
        )
        ships = not_before(self.ready, ships)
        promised = ships.likely if self.promises.promise == "likely" else ships.latest
        if fact.latest is not None and fact.latest > fact.eta:
            cautious = self._on_shelf(fact.latest)
            promised = max(promised, cautious)
            ships = replace(ships, latest=max(ships.latest, cautious))
        return SupplyDate(ships=ships, promised=promised, late_days=late, deliveries=lateness.seen)

    def lateness(self, supplier: str | None, *, moved: bool = False) -> Lateness:
        """Return how late a supplier (by key) is after the date told first, or after the last one told (`moved`)."""
        key = (supplier, moved)
        if key not in self._learned:
            everybody = learned([past.late(moved=moved) for past in self._past], prior())
            own = [past.late(moved=moved) for past in self._past if supplier and past.supplier == supplier]
            self._learned[key] = learned(own, everybody)
        return self._learned[key]

    def for_engine(self, row: IncomingRecord) -> Incoming:
        """Return the row's fact as the engine is to see it: dated by when it can leave; overdue supply is no security.

        What gives no date goes as it is: the engine claims it last and gives no date for it.
        """
        seen = self.date_of(row)
        if seen.promised is None:
            return row.incoming
        # The engine counts days in UTC: what is due today at the shop must not look overdue there.
        on = max(seen.promised, self._engine_today)
        return replace(row.incoming, eta=on, latest=None, confirmed=not seen.late_days)

    def dates(self, supply: Iterable[IncomingRecord]) -> dict[tuple[str, str], SupplyDate]:
        """Return the dates by (id, SKU), as a plan names its supplies; several locations as the last of them."""
        found: dict[tuple[str, str], SupplyDate] = {}
        for row in supply:
            key, seen = (row.incoming.id, row.incoming.sku), self.date_of(row)
            found[key] = _joined(found[key], seen) if key in found else seen
        return found

    def _on_shelf(self, arrives_on: date) -> date:
        return self.calendar.on_shelf(arrives_on, self.promises.dock_to_stock_days)


def _deliveries(arrivals: Iterable[Arrival]) -> Iterator[_Delivery]:
    for one in arrivals:
        if one.received_on and one.first_on and one.last_on:
            after_first, after_last = one.received_on - one.first_on, one.received_on - one.last_on
            yield _Delivery(folded(one.supplier), after_first.days, after_last.days)


def _joined(one: SupplyDate, other: SupplyDate) -> SupplyDate:
    ships = last_of((one.ships, other.ships)) if one.ships and other.ships else None
    return SupplyDate(
        ships=ships, late_days=max(one.late_days, other.late_days), too_long=one.too_long or other.too_long,
        deliveries=min(one.deliveries, other.deliveries),
    )  # fmt: skip


def _newest_first(arrival: Arrival) -> tuple[int, str, str]:
    return -(arrival.received_on or date.min).toordinal(), arrival.supply, arrival.sku
