"""Items that have sold at half their pace or less for weeks: what they sold before is no measure any more.

Smoothing that is slow enough for a shop of steady items takes most of a year to learn that one of them sells a tenth of
what it did, and orders for the pace that it had. So the last weeks are held against all before them, and where chance
hardly makes such a difference, they alone count. Falls so clear are rare: on public pasts stock and fill stay within a
hundredth. Only falls: to begin anew at rises too, or at smaller turns, made errors larger there. Of what has been
silent for longer than by chance the silence alone counts: public pasts show up to 1.6 % less stock for the same fill.
"""

from dataclasses import replace

import numpy as np

from core.forecast.series import Floats, Series, Wholes

FEWEST, MOST = 4, 26
"""Periods that a lower pace has held."""
BEFORE = 8.0
"""Seen periods before them that tell the old one."""
SURE = 6.0
"""Standard errors between the two: what is skewed, as demand is, lies further out than a normal distribution says."""
PART = 0.5
"""The new pace is so much of the old one at most, in both halves of its periods and in the last few."""
HELD = 2.0
"""Standard errors that the halves may be apart; and the second is no more than twice the first."""
FEWEST_SALES = 3
AT_ONCE = 5000
"""Items that are looked at together: running sums of a whole large shop would take more memory than its forecast."""


def fallen_since(series: Series) -> Wholes:
    """Return the period in which each item's lower pace began; 0 where it has not fallen."""
    found, those = np.zeros(series.items, np.int64), _that_may_have(series)
    for start in range(0, those.size, AT_ONCE):
        some = those[start : start + AT_ONCE]
        found[some] = _of_some(series.part(some))
    return found


def _that_may_have(series: Series) -> Wholes:
    """Return the items that sold in the last periods, and so much less than before that the rest is worth its time.

    What they sold before is at most all their units in the fewest periods that it can have been; where that is below
    SURE squared in MOST periods, no silence would tell a fall from chance.
    """
    weeks = float(series.periods) if series.seen is None else series.seen.sum(axis=0)
    usual = series.demand.sum(axis=0) / np.maximum(weeks - MOST, BEFORE)
    lately = series.demand[-FEWEST:].sum(axis=0)
    seen = FEWEST if series.seen is None else np.maximum(series.seen[-FEWEST:].sum(axis=0), 1e-9)
    return np.flatnonzero((lately > 0) & (lately <= PART * usual * seen * 1.001) & (usual >= SURE * SURE / MOST))


def _of_some(series: Series) -> Wholes:
    demand = series.demand.astype(np.float64)
    seen = np.ones(demand.shape) if series.seen is None else series.seen.astype(np.float64)
    units, square, weeks = (_running(one) for one in (seen * demand, seen * demand * demand, seen))
    sales = _running((demand > 0).astype(np.float64))
    found, clearest, last = np.zeros(series.items, np.int64), np.full(series.items, SURE), series.periods
    for length in range(FEWEST, min(MOST, last - 1) + 1):
        at, half = last - length, last - length // 2
        usual = units[at] / np.maximum(weeks[at], 1e-9)
        first, second = _pace(units, weeks, at, half), _pace(units, weeks, half, last)
        apart = (usual - _pace(units, weeks, at, last)) / _error(units, square, weeks, 0, at)
        now = _pace(units, weeks, last - FEWEST, last)
        holds = (np.maximum(np.maximum(first, second), now) <= PART * usual) & (weeks[at] >= BEFORE)
        holds &= (np.abs(first - second) <= HELD * _error(units, square, weeks, at, half)) & (PART * second <= first)
        good = holds & (apart >= clearest) & (weeks[last] - weeks[at] >= FEWEST)
        good &= (sales[last] - sales[at] >= FEWEST_SALES) & (sales[last] > sales[last - FEWEST])
        found, clearest = np.where(good, at, found), np.where(good, apart, clearest)
    return found


def since(series: Series, at: Wholes) -> Series:
    """Return the series as if nothing before those periods had been seen."""
    after = np.arange(series.periods)[:, None] >= at
    seen = after if series.seen is None else np.where(after, series.seen, 0)
    return replace(series, demand=np.where(after, series.demand, 0), seen=seen.astype(np.float32))


def _pace(units: Floats, weeks: Floats, first: int, last: int) -> Floats:
    made: Floats = (units[last] - units[first]) / np.maximum(weeks[last] - weeks[first], 1e-9)
    return made


def _error(units: Floats, square: Floats, weeks: Floats, first: int, middle: int) -> Floats:
    """Return the standard error between the paces up to the middle and after it: no steadier than by chance."""
    before, after = weeks[middle] - weeks[first], weeks[-1] - weeks[middle]
    old, new, total = (
        _pace(units, weeks, first, middle),
        _pace(units, weeks, middle, -1),
        np.maximum(before + after, 1e-9),
    )
    within = (square[-1] - square[first] - before * old * old - after * new * new) / total
    spread = np.maximum(np.maximum(within, (units[-1] - units[first]) / total), 1e-12)
    made: Floats = np.sqrt(spread * (1 / np.maximum(before, 1e-9) + 1 / np.maximum(after, 1e-9)))
    return made


def _running(values: Floats) -> Floats:
    made = np.zeros((values.shape[0] + 1, values.shape[1]))
    np.cumsum(values, axis=0, out=made[1:])
    return made
