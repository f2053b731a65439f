"""An item's shelf over time: what was there and who waited, what is coming and free, and what the forecast expects."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt

from core.forecast.ordering import out_of_stock_on
from core.forecast.records import DemandRow, ItemForecast, Position, ShelfDay

BACK = timedelta(days=90)
SHORTEST, LONGEST = timedelta(days=28), timedelta(days=180)
DAY = timedelta(days=1)
NINE_IN_TEN = 1.2816
"""Standard deviations from the mean that one case in ten lies beyond, on each side."""

Steps = tuple[tuple[date, int], ...]
"""(day, units): so many from that day on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """Units left as a day begins if nothing more is ordered; below zero, so many would wait."""

    on: date
    low: float
    middle: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """The shelf from `first` to `last`. `coming` is cumulative with what is there, `free` nobody claims.

    `runs_out_on`: the day on which nothing is left for new customers; None within the picture.
    """

    first: date
    today: date
    last: date
    on_hand: Steps
    waiting: Steps
    coming: Steps
    free: Steps
    expected: tuple[Expected, ...] = ()
    reorder_point: int | None = None
    runs_out_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """What one calendar month saw of an item, in units, and the days on which nothing was left for a next order."""

    first: date
    asked: int
    waited: int
    lost: int
    empty_days: int


def shelf_of(
    position: Position, noted: Sequence[ShelfDay], changes: Mapping[date, int], free: Steps,
    forecast: ItemForecast | None, today: date,
) -> Shelf:  # fmt: skip
    """Return the shelf as of today. `noted`: past days, oldest first; `changes`: of the units waiting, day by day."""
    first = today - BACK
    dated = sorted((on, units) for on, units in position.coming if on is not None and on >= today)
    ahead = dated[-1][0] - today + 2 * DAY if dated else SHORTEST
    cover = timedelta(days=forecast.cover_days) if forecast else SHORTEST
    last = today + min(LONGEST, max(SHORTEST, ahead, cover))
    dated = [(on, units) for on, units in dated if on <= last]
    out = out_of_stock_on(forecast.rate, position, today) if forecast else None
    return Shelf(
        first=first, today=today, last=last,
        on_hand=(*_since(first, ((one.on, one.on_hand) for one in noted if one.on < today)), (today, position.on_hand)),
        waiting=_since(first, _summed(changes)),
        coming=_coming(position.on_hand, dated, today), free=tuple(step for step in free if step[0] <= last),
        expected=tuple(_expected(position, dated, forecast, today, last)) if forecast else (),
        reorder_point=forecast.reorder_point if forecast else None, runs_out_on=out if out and out <= last else None,
    )  # fmt: skip


def months(rows: Iterable[DemandRow], noted: Sequence[ShelfDay], today: date, count: int = 12) -> tuple[Month, ...]:
    """Return so many calendar months, this one first."""
    asked: Counter[date] = Counter()
    waited: Counter[date] = Counter()
    lost: Counter[date] = Counter()
    for row in rows:
        month = row.on.replace(day=1)
        asked[month] += row.units
        waited[month] += min(row.units, row.backordered)
        lost[month] += row.lost if row.backordered else 0
    empty = _empty_days(noted, today)
    found, first = [], today.replace(day=1)
    for _ in range(count):
        found.append(
            Month(first=first, asked=asked[first], waited=waited[first], lost=lost[first], empty_days=empty[first])
        )
        first = (first - DAY).replace(day=1)
    return tuple(found)


def _empty_days(noted: Sequence[ShelfDay], today: date) -> Counter[date]:
    """Return by month on how many days no more was on hand than was owed, from days noted when they changed."""
    found: Counter[date] = Counter()
    for place, one in enumerate(noted):
        until = noted[place + 1].on if place + 1 < len(noted) else today + DAY
        if one.on_hand <= one.owed:
            for number in range((until - one.on).days):
                found[(one.on + number * DAY).replace(day=1)] += 1
    return found


def _since(first: date, steps: Iterable[tuple[date, int]]) -> Steps:
    """Return the steps from a day on, the last one before it moved there."""
    found: list[tuple[date, int]] = []
    for on, units in steps:
        if found and found[-1][0] == max(on, first):
            found.pop()
        found.append((max(on, first), units))
    return tuple(found)


def _summed(changes: Mapping[date, int]) -> Iterable[tuple[date, int]]:
    units = 0
    for on in sorted(changes):
        units += changes[on]
        yield on, units


def _coming(on_hand: int, dated: Sequence[tuple[date, int]], today: date) -> Steps:
    units, found = on_hand, {today: on_hand}
    for on, more in dated:
        units += more
        found[on] = units
    return tuple(found.items())


def _expected(
    position: Position, dated: Sequence[tuple[date, int]], forecast: ItemForecast, today: date, last: date
) -> Iterable[Expected]:
    a_day = forecast.rate / 7
    spread = forecast.variance / forecast.cover_days if forecast.cover_days else 0.0
    for number in range((last - today).days + 1):
        on = today + number * DAY
        middle = position.on_hand - position.owed + sum(units for day, units in dated if day <= on) - a_day * number
        band = NINE_IN_TEN * sqrt(spread * number)
        yield Expected(on=on, low=middle - band, middle=middle, high=middle + band)
