"""What became of incoming supply: when it was to come by what we were told first and last, and when it was all here.

Read off the rows of incoming supply themselves at each full plan, whoever wrote them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from core.facts import Incoming
from core.records import IncomingRecord, SupplyKey

EARLY = timedelta(days=7)
"""A platform's row that vanishes was received, or was called off: called off when it vanishes earlier than this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One row of incoming supply as expected and received. `received_on` is None while units are missing.

    `noted_on` is when we first saw it, which stands for the day on which it was ordered. `first_on` is the date told
    first: one corrected on the day it was noted, or moved to an earlier day, counts as told first. `last_on` is the
    date that stood at the end. Both are None while no date was told.
    """

    shop: str
    supply: str
    sku: str
    location: str
    noted_on: date
    first_on: date | None
    last_on: date | None
    supplier: str | None = None
    by_platform: bool = False
    received_on: date | None = None

    @property
    def key(self) -> SupplyKey:
        """The row of incoming supply that this is about, by its own key."""
        return self.supply, self.sku, self.location


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What must be written down and what forgotten."""

    put: tuple[Arrival, ...]
    forget: tuple[Arrival, ...]


def changes(known: Iterable[Arrival], supply: Iterable[IncomingRecord], today: date) -> Changes:
    """Return what the rows on the books today tell that is not `known` yet.

    `known` are the arrivals that are not complete and those whose row is still on the books.
    """
    before = {arrival.key: arrival for arrival in known}
    rows = {row.key: row for row in supply}
    after = {key: _seen(row, before.get(key), today) for key, row in rows.items()}
    after |= {key: _gone(arrival, today) for key, arrival in before.items() if key not in rows}
    return Changes(
        put=tuple(found for key, found in after.items() if found is not None and found != before.get(key)),
        forget=tuple(arrival for key, arrival in before.items() if after.get(key) is None),
    )


def _seen(row: IncomingRecord, known: Arrival | None, today: date) -> Arrival | None:
    fact = row.incoming
    if known is None:
        return _fresh(row, today)
    if not fact.remaining and not fact.received:
        return None  # closed before anything came: nothing to learn from
    told = replace(known, supplier=row.supplier or known.supplier, received_on=_received(fact, known, today))
    if fact.eta is None or told.received_on:
        return told
    corrected = known.first_on is None or known.noted_on == today or fact.eta < known.first_on
    return replace(told, first_on=fact.eta if corrected else known.first_on, last_on=fact.eta)


def _fresh(row: IncomingRecord, today: date) -> Arrival | None:
    fact = row.incoming
    if not fact.remaining:
        return None  # finished before we ever looked: when it was ordered, nobody can say
    return Arrival(
        shop=row.shop, supply=fact.id, sku=fact.sku, location=fact.location, noted_on=today, first_on=fact.eta,
        last_on=fact.eta, supplier=row.supplier, by_platform=row.source == "platform",
    )  # fmt: skip


def _received(fact: Incoming, known: Arrival, today: date) -> date | None:
    return None if fact.remaining else known.received_on or today


def _gone(arrival: Arrival, today: date) -> Arrival | None:
    """Return what a row that is no longer on the books tells: a person deletes, a platform stops listing."""
    if arrival.received_on:
        return arrival
    came = arrival.by_platform and arrival.last_on is not None and today >= arrival.last_on - EARLY
    return replace(arrival, received_on=today) if came else None
