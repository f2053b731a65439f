"""The pace of the shop as a whole: what all items together tell of the coming weeks, and one alone cannot.

An item's own weeks are too few to tell a rise from chance, so items are smoothed slowly. A rise that all of them share
shows in their sum at once, and so does a season of which only one year is known. Both turn every item's rate alike, but
only in a shop where that would have forecast its own past better.
"""

from dataclasses import replace

import numpy as np

from core.forecast.rolling import Totals, judge, lead_time_loss
from core.forecast.series import Floats, Series
from core.forecast.smoothing import YEAR, Method

QUICK = 0.4
"""The smoothing constant of the sum."""
BEHIND = 4
"""Periods of a year ago that stand for `now` there, about as many as the quick constant remembers."""
WITNESS = 2.0
"""Usual periods that both stretches of a year ago are joined with."""
MOST_TURN = 3.0
CLEARLY = 0.99


def paced(series: Series, usual: Method) -> Method:
    """Return the usual method as it is, or at the shop's pace where its errors would have been clearly less."""
    totals = Totals(series)

    def loss(method: Method) -> float:
        return lead_time_loss(series, judge(series, totals, method))

    pace, turn = _pace(series, usual), _turn_of_year(series)
    tried = [replace(usual, pace=tuple(pace))] + (
        [replace(usual, pace=tuple(pace * turn))] if (turn != 1).any() else []
    )
    losses = [loss(method) for method in tried]
    best = int(np.argmin(losses))
    return tried[best] if losses[best] < CLEARLY * loss(usual) else usual


def _pace(series: Series, usual: Method) -> Floats:
    """Return after each period by how much the sum of demand runs above the sum of what the items tell.

    Where an item could not be asked for, what was expected of it stands in for its demand.
    """
    follower, quick = usual.follower(series.items, series.horizon), 0.0
    pace = np.ones(series.periods)
    for period in range(series.periods):
        demand, weight = series.demand[period].astype(np.float64), series.weight(period)
        follower.step(demand, weight)
        rate = follower.rate()
        quick += max(QUICK, 1 / (period + 1)) * (float((weight * demand + (1 - weight) * rate).sum()) - quick)
        pace[period] = quick / max(float(rate.sum()), 1e-9)
    made: Floats = np.clip(pace, 1 / MOST_TURN, MOST_TURN)
    return made


def _turn_of_year(series: Series) -> Floats:
    """Return after each period what the shop's demand did at this time a year ago, 1 before a year is known."""
    demand = series.demand.sum(axis=1, dtype=np.float64)
    ahead = int(np.median(series.horizon)) if series.items else 1
    turn = np.ones(series.periods)
    for period in range(YEAR + BEHIND - 1, series.periods):
        ago, usual = period - YEAR, float(demand[period + 1 - YEAR : period + 1].mean())
        coming, gone = demand[ago + 1 : ago + 1 + ahead], demand[ago + 1 - BEHIND : ago + 1]
        here = (gone.sum() + WITNESS * usual) / (BEHIND + WITNESS)
        there = (coming.sum() + WITNESS * usual) / (len(coming) + WITNESS)
        turn[period] = there / max(float(here), 1e-9)
    made: Floats = np.clip(turn, 1 / MOST_TURN, MOST_TURN)
    return made
