"""One shop's forecast: every item's demand over its horizon, as a mean and a variance, and how far stock must reach."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.forecast.choosing import Choice, choose
from core.forecast.classes import patterns_of
from core.forecast.pace import paced
from core.forecast.reach import Ladder
from core.forecast.replay import ladder_of
from core.forecast.rolling import Judged, Totals, judge, lead_time_loss
from core.forecast.series import Flags, Floats, Series, without_spikes
from core.forecast.smoothing import Method
from core.forecast.spread import Law, law_of, shrunk

ALPHAS = (0.01, 0.02, 0.05, 0.08, 0.12, 0.18, 0.25)
"""The first is next to the plain average, which nothing beats where demand stands still."""
USUAL_ALPHA = 0.08
FEWEST = 4
"""Periods below which nothing is chosen."""
SAMPLE = 4000
"""Items on which the shop's smoothing constant is chosen."""
YOUNG = 12.0
"""Periods of an own life below which an item leans on its likes."""
LEANING = 4.0
"""So many own periods count as much as the likes'."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopForecast:
    """What is expected, by item. `rate` is units a period, `mean` and `variance` are units over the horizon.

    `error` is the root of the mean squared error over the horizon, `likes` the rate that young items lean on.
    """

    alpha: float
    law: Law
    ladder: Ladder
    choice: Choice
    pattern: NDArray[np.int8]
    spiked: Flags
    rate: Floats
    mean: Floats
    variance: Floats
    error: Floats
    leaning: Floats
    likes: Floats


def forecast(series: Series, *, kin: NDArray[np.int64] | None = None) -> ShopForecast:
    """Return the shop's forecast. `kin` groups items that are alike (price bands): young ones lean on their group."""
    raw, (series, spiked) = series, without_spikes(series)
    totals = Totals(series)
    method = usual_method(series)
    usual = judge(series, totals, method)
    law = law_of(series.horizon * usual.rate, usual.square)
    choice = choose(series, method, law)
    judged = _as_chosen(series, usual, choice)
    likes, leaning = _likes(series, judged.rate, kin)
    rate = leaning * likes + (1 - leaning) * judged.rate
    mean = series.horizon * rate
    return ShopForecast(
        alpha=method.alpha, law=law, ladder=ladder_of(raw, method), choice=choice, pattern=patterns_of(series),
        spiked=spiked, rate=rate, mean=mean,
        variance=shrunk(mean, judged.square, judged.windows / series.horizon, law),
        error=np.sqrt(judged.square), leaning=leaning, likes=likes,
    )  # fmt: skip


def usual_method(series: Series) -> Method:
    """Return smoothing as it forecasts the shop with the least error over the horizon: its constant, and its pace."""
    sold = np.flatnonzero(series.demand.sum(axis=0) > 0)
    sample = series.part(sold[:: max(1, -(-sold.size // SAMPLE))])
    if not sample.items or sample.periods < FEWEST:
        return Method(name="smoothing", alpha=USUAL_ALPHA)
    totals, tried = Totals(sample), [Method(name="smoothing", alpha=one) for one in ALPHAS]
    losses = [lead_time_loss(sample, judge(sample, totals, method)) for method in tried]
    return paced(sample, tried[int(np.argmin(losses))])


def _as_chosen(series: Series, usual: Judged, choice: Choice) -> Judged:
    """Return the record of each item under its own method."""
    rate, square, windows = usual.rate.copy(), usual.square.copy(), usual.windows.copy()
    for number, method in enumerate(choice.methods):
        mine = np.flatnonzero(choice.chosen == number)
        if number and mine.size:
            part = series.part(mine)
            record = judge(part, Totals(part), method)
            rate[mine], square[mine], windows[mine] = record.rate, record.square, record.windows
    return Judged(rate=rate, square=square, windows=windows)


def _likes(series: Series, rate: Floats, kin: NDArray[np.int64] | None) -> tuple[Floats, Floats]:
    """Return the typical rate of grown items of each item's group, and how much the item leans on it (0 to 1)."""
    lived = np.full(series.items, float(series.periods)) if series.seen is None else series.seen.sum(axis=0)
    groups = np.zeros(series.items, np.int64) if kin is None else kin
    grown = lived >= YOUNG
    likes = np.zeros(series.items)
    for group in np.unique(groups):
        mine = groups == group
        elders = rate[mine & grown] if (mine & grown).any() else rate[grown]
        # The median: one bestseller is no measure for a newcomer.
        likes[mine] = float(np.median(elders)) if elders.size else 0.0
    leaning = np.where(lived < YOUNG, LEANING / (LEANING + lived), 0.0)
    return likes, leaning if grown.any() else np.zeros(series.items)
