"""One shop's forecast: every item's demand over its horizon, as a mean and a variance, and how far stock must reach."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.forecast.choosing import Choice, choose
from core.forecast.classes import Patterns, patterns_of
from core.forecast.falls import fallen_since, since
from core.forecast.leaning import Likes, joined, leaned, leaning_of
from core.forecast.pace import paced
from core.forecast.reach import Ladder
from core.forecast.replay import ladder_of
from core.forecast.rolling import Judged, Totals, judge, lead_time_loss
from core.forecast.series import Flags, Floats, Series, Wholes, silent_since, without_spikes
from core.forecast.smoothing import YEAR, Method, blended
from core.forecast.spread import FEWEST_ITEMS, LEAST, Law, law_of, shrunk

ALPHAS = (0.01, 0.02, 0.05, 0.08, 0.12, 0.18, 0.25, 0.4)
USUAL = (
    *(Method(name="smoothing", alpha=one) for one in ALPHAS),
    Method(name="average"),
    Method(name="croston", alpha=0.1),
    Method(name="tsb", alpha=0.1, beta=0.1),
)
"""The methods whose mean is the shop's usual one: no record is long enough to tell the best of them from the next."""
SHARPNESS = 20.0
"""A method with an error 10 % above the least weighs 1.1 ** -20 = 15 % of the best one."""
USUAL_ALPHA = 0.08
FEWEST = 4
"""Periods below which nothing is chosen."""
SAMPLE = 4000
"""Items on which the shop's smoothing constant is chosen."""
YOUNG = 12.0
"""Periods of an own life below which an item leans on its likes, and is no measure for others."""
LEANING = 4.0
"""So many own periods count as much as the likes' where too few grown items tell how much they differ."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopForecast:
    """What is expected, by item. `rate` is units a period, `mean` and `variance` are units over the horizon.

    `error` is the root of the mean squared error over the horizon; `leaning` is how much of `rate` comes from that of
    others (0 to 1), `likes` what those sell. `fallen`: the period from which alone an item is judged, else 0.
    """

    alpha: float
    law: Law
    ladder: Ladder
    choice: Choice
    pattern: Patterns
    spiked: Flags
    rate: Floats
    mean: Floats
    variance: Floats
    error: Floats
    leaning: Floats
    likes: Floats
    fallen: Wholes


def forecast(series: Series, *, kin: NDArray[np.int64] | None = None) -> ShopForecast:
    """Return the shop's forecast. `kin` groups items that are alike (price bands): young ones lean on their group."""
    raw, (series, spiked) = series, without_spikes(series)
    totals = Totals(series)
    method = usual_method(series)
    usual = judge(series, totals, method)
    law = law_of(series.horizon * usual.rate, usual.square)
    choice = choose(series, method, law)
    pattern = patterns_of(series)
    gone = pattern.are("dying")
    judged = _gone_alone(series, method, _as_chosen(series, usual, choice), gone & (choice.chosen == 0))
    fallen = np.where(gone | (choice.chosen != 0), 0, fallen_since(series))
    fallen = np.where(pattern.stopped, silent_since(series), fallen)
    judged = _judged_by(replace(method, shop=(), pace=()), since(series, fallen), judged, fallen > 0)
    young = _likes(series, judged.rate, kin)
    rate = young.share * young.rate + (1 - young.share) * judged.rate
    mean = series.horizon * rate
    likes = joined(young, leaning_of(series, choice, gone | (fallen > 0)))
    return ShopForecast(
        alpha=method.alpha, law=law, ladder=ladder_of(raw, method), choice=choice, pattern=pattern,
        spiked=spiked, rate=rate, mean=mean,
        variance=shrunk(mean, judged.square, judged.windows / series.horizon, law),
        error=np.sqrt(judged.square), leaning=likes.share, likes=likes.rate, fallen=fallen,
    )  # fmt: skip


def usual_method(series: Series) -> Method:
    """Return the mean of the usual methods by how well each forecasts the shop's horizon, at the shop's pace."""
    sold = np.flatnonzero(series.demand.sum(axis=0) > 0)
    sample = series.part(sold[:: max(1, -(-sold.size // SAMPLE))])
    if not sample.items or sample.periods < FEWEST:
        return Method(name="smoothing", alpha=USUAL_ALPHA)
    totals = Totals(sample)
    losses = np.array([lead_time_loss(sample, judge(sample, totals, method)) for method in USUAL])
    weights = (np.maximum(losses, LEAST) / max(float(losses.min()), LEAST)) ** -SHARPNESS
    return paced(sample, leaned(sample, blended([float(one) for one in weights], USUAL)))


def _as_chosen(series: Series, usual: Judged, choice: Choice) -> Judged:
    """Return the record of each item under its own method."""
    judged = usual
    for number, method in enumerate(choice.methods[1:], start=1):
        judged = _judged_by(method, series, judged, choice.chosen == number)
    return judged


def _gone_alone(series: Series, usual: Method, judged: Judged, gone: Flags) -> Judged:
    """Return the record with what has stopped selling by itself: the mean of the others would keep it in stock."""
    return _judged_by(replace(usual, shop=()), series, judged, gone) if usual.shop else judged


def _judged_by(method: Method, series: Series, judged: Judged, those: Flags) -> Judged:
    mine = np.flatnonzero(those)
    if not mine.size:
        return judged
    part = series.part(mine)
    record = judge(part, Totals(part), method)
    rate, square, windows = judged.rate.copy(), judged.square.copy(), judged.windows.copy()
    rate[mine], square[mine], windows[mine] = record.rate, record.square, record.windows
    return Judged(rate=rate, square=square, windows=windows)


def _likes(series: Series, rate: Floats, kin: NDArray[np.int64] | None) -> Likes:
    """Return the typical rate of grown items of each item's group, and how much it leans on that while it is young."""
    lived = np.full(series.items, float(series.periods)) if series.seen is None else series.seen.sum(axis=0)
    groups = np.zeros(series.items, np.int64) if kin is None else kin
    grown = lived >= YOUNG
    if not grown.any():
        return Likes(rate=np.zeros(series.items), share=np.zeros(series.items))
    likes = np.zeros(series.items)
    for group in np.unique(groups):
        mine = groups == group
        elders = rate[mine & grown] if (mine & grown).any() else rate[grown]
        # The median: one bestseller is no measure for a newcomer.
        likes[mine] = float(np.median(elders))
    witness = _witness(rate[grown], lived[grown])
    # What has lived long tells enough itself: leaning on bestsellers would keep the dead in stock.
    return Likes(rate=likes, share=np.where(grown, 0.0, witness / (witness + lived)))


def _witness(rate: Floats, lived: Floats) -> float:
    """Return how many own periods count as much as the likes': the fewer, the more the shop's items differ.

    Rates spread over a shop as a gamma distribution tell so much of an item as mean / variance periods of its own
    (empirical Bayes), up to a year; of the spread that is seen, mean / periods is the chance within each item.
    """
    if rate.size < FEWEST_ITEMS:
        return LEANING
    mean = float(rate.mean())
    apart = float(rate.var()) - mean / float(lived.mean())
    return min(max(mean / max(apart, LEAST), LEAST), YEAR)
