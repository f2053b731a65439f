"""From demand rows to arrays: weeks that end yesterday, what was out of the ordinary cut down, kits in parts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from core.forecast.promotions import held_down
from core.forecast.records import DemandRow, SoldOut
from core.forecast.series import Numbers, Wholes, lives_from
from core.forecast.telling import in_parts

WEEK = 7
MOST_WEEKS = 156
FEW_ORDERS = 10
MOST_WEEKS_LARGE = 3
"""Weeks with large lines up to which they are one-off."""
LARGE = 10.0
"""An order line is one-off large when it asks for over so many times the item's middle line, and over 10 units.

Of an item with one or two lines the shop's middle line counts.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """A shop's past by week and SKU; the last week ended the day before `today`.

    `cut`: units cut off large orders; `promoted`: those that a low price asked for, in so many `promotions` (weeks).
    """

    today: date
    skus: tuple[str, ...]
    demand: Numbers
    backordered: Wholes
    lost: Wholes
    cut: Wholes
    cut_orders: Wholes
    promoted: Wholes
    promotions: Wholes
    first: Wholes
    recent: Wholes
    short: Mapping[int, tuple[bool | None, ...]]
    """By item (its number) of which units had to wait lately: the last weeks, newest first, True where some had to.

    None is a week without a sale. Pre-orders are backordered on purpose and count as served.
    """

    @property
    def weeks(self) -> int:
        """How many weeks there are."""
        return int(self.demand.shape[0])


def past_of(
    rows: Iterable[DemandRow],
    sku_of: Mapping[str, str],
    kits: Mapping[str, Mapping[str, int]],
    skus: Sequence[str],
    today: date,
) -> Past:
    """Return the past of these SKUs. Rows of unknown items, of today and later, and of long ago are left out."""
    number = {sku: place for place, sku in enumerate(skus)}
    table = _table(rows, sku_of, kits, number, today)
    weeks = int(table[:, 1].max()) + 1 if len(table) else 1
    item, ago = table[:, 0].astype(np.int64), table[:, 1].astype(np.int64)
    usual, cut = _capped(item, table[:, 1], table[:, 2])
    kept, held = held_down(item, ago, usual, table[:, 5])
    demand = np.zeros((weeks, len(skus)))
    np.add.at(demand, (weeks - 1 - ago, item), kept)
    promotions = np.unique(np.c_[item, ago][held], axis=0)[:, 0]
    recent = table[:, 1] < RECENT
    return Past(
        today=today, skus=tuple(skus), demand=demand.astype(np.float32), first=_first(demand),
        backordered=_sum(table[:, 0], table[:, 3] * recent, len(skus)),
        lost=_sum(table[:, 0], table[:, 4] * recent, len(skus)),
        recent=_sum(table[:, 0], table[:, 2] * recent, len(skus)),
        cut=_sum(table[:, 0], cut, len(skus)), cut_orders=_sum(table[:, 0], cut > 0, len(skus)),
        promoted=_sum(table[:, 0], usual - kept, len(skus)),
        promotions=np.bincount(promotions, minlength=len(skus)),
        short=_short(table),
    )  # fmt: skip


RECENT = 13
"""Weeks over which backorders are looked at."""


def seen_of(past: Past, born: Mapping[str, date], sold_out: Iterable[SoldOut]) -> Numbers:
    """Return the share of each week in which each item could be bought.

    An item's life begins when we first saw it; where it had sold by then, as its sales tell. Days on which it was sold
    out and could not be ordered are taken out: what nobody could ask for is no lack of demand.
    """
    rows = np.arange(past.weeks)[:, None]
    seen_from = [_week(past, born[sku]) if sku in born else past.weeks for sku in past.skus]
    known = np.asarray(seen_from, np.int64)
    first = np.where(known <= past.first, known, lives_from(past.demand))
    share = (rows >= first).astype(np.float32)
    number = {sku: place for place, sku in enumerate(past.skus)}
    for day in sold_out:
        week = _week(past, day.on)
        if day.closed and day.sku in number and 0 <= week < past.weeks:
            share[week, number[day.sku]] -= np.float32(1 / WEEK)
    made: Numbers = np.maximum(share, 0)
    return made


def _week(past: Past, on: date) -> int:
    return past.weeks - 1 - (past.today - timedelta(days=1) - on).days // WEEK


def _table(
    rows: Iterable[DemandRow],
    sku_of: Mapping[str, str],
    kits: Mapping[str, Mapping[str, int]],
    number: Mapping[str, int],
    today: date,
) -> NDArray[np.float64]:
    """Return a row for each order line and part: item, weeks ago, units, backordered, lost, price (NaN if unknown)."""
    yesterday, found = today.toordinal() - 1, []
    parts = {sku: in_parts({sku: 1}, kits) for sku in kits}
    for row in rows:
        sku = sku_of.get(row.item)
        weeks_ago = (yesterday - row.on.toordinal()) // WEEK
        if sku is None or not row.units or not 0 <= weeks_ago < MOST_WEEKS:
            continue
        # A kit's price says nothing of its parts'.
        price = np.nan if row.price is None or sku in parts else row.price
        for part, each in parts.get(sku, {sku: 1}).items():
            if part in number:
                short = 0 if row.preorder else each * row.backordered
                found.append((number[part], weeks_ago, each * row.units, short, each * row.lost, price))
    return np.asarray(found, np.float64).reshape(-1, 6)


def _capped(
    item: Wholes, weeks_ago: NDArray[np.float64], units: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the units kept of each order line, and those cut off one-off large ones.

    What comes large in one week after the other, or every month, is no exception: it is left as it is.
    """
    if not item.size:
        return units, units
    order = np.lexsort((units, item))
    starts = np.flatnonzero(np.r_[True, np.diff(item[order]) > 0])
    counts = np.diff(np.r_[starts, item.size])
    middle = units[order[starts + (counts - 1) // 2]]
    upper = units[order[starts + (9 * (counts - 1)) // 10]]
    limit = np.where(counts < FEW_ORDERS, LARGE * middle, np.maximum(LARGE / 2 * middle, 2 * upper))
    # One or two lines of an item do not tell what is usual of it: what the shop's customers usually take does.
    limit = np.maximum(np.where(counts < 3, LARGE * float(np.median(units)), limit), LARGE)
    most = np.empty(item.size)
    most[order] = np.repeat(limit, counts)
    large = units > most
    pairs = np.unique(np.c_[item[large], weeks_ago[large]], axis=0)
    often = np.bincount(pairs[:, 0].astype(np.int64), minlength=int(item.max()) + 1) > MOST_WEEKS_LARGE
    kept = np.where(often[item], units, np.minimum(units, most))
    return kept, units - kept


def _first(demand: NDArray[np.float64]) -> Wholes:
    sold = demand > 0
    first: Wholes = np.where(sold.any(axis=0), np.argmax(sold, axis=0), demand.shape[0]).astype(np.int64)
    return first


def _sum(item: NDArray[np.float64], units: NDArray[np.generic], items: int) -> Wholes:
    total = np.bincount(item.astype(np.int64), weights=units.astype(np.float64), minlength=items)
    made: Wholes = np.rint(total).astype(np.int64)
    return made


def _short(table: NDArray[np.float64]) -> dict[int, tuple[bool | None, ...]]:
    recent = table[table[:, 1] < RECENT]
    ever = np.unique(recent[recent[:, 3] > 0, 0])
    found: dict[int, list[bool | None]] = {int(item): [None] * RECENT for item in ever}
    for item, week, short in recent[np.isin(recent[:, 0], ever)][:, [0, 1, 3]].tolist():
        weeks, place = found[int(item)], int(week)
        weeks[place] = bool(weeks[place]) or short > 0
    return {item: tuple(weeks) for item, weeks in found.items()}
