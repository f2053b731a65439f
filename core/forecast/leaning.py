"""How much an item's rate leans on the shop's mean: where items hardly differ, all their pasts tell more than its own.

Rates spread over a shop as a gamma distribution make the best guess of each a mean of its own and the shop's, the
shop's counting as so many periods of its own (empirical Bayes). How many is what would have kept the least stock in the
shop's past; in a shop of bestsellers and slow sellers it is none.
"""

from dataclasses import dataclass, replace

import numpy as np

from core.forecast.choosing import Choice
from core.forecast.pinball import origins_of, pinball
from core.forecast.rolling import Totals, judge
from core.forecast.series import Flags, Floats, Series
from core.forecast.smoothing import Method
from core.forecast.spread import law_of

WITNESSES = (3.0, 8.0, 20.0, 50.0, 150.0)
"""Own periods that the shop's mean may count as much as."""
CLEARLY = 0.985
THIN = 20.0
"""Periods with a sale up to which the middle item's past is thin: what sells more often tells enough of itself."""
MOST = 1500
"""Items that are asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Likes:
    """What items lean on: a rate, and its share (0 to 1) in the item's own."""

    rate: Floats
    share: Floats


def leaned(series: Series, usual: Method) -> Method:
    """Return the usual method as it is, or leaning on the shop's mean where that would have been clearly better.

    Better is less pinball loss on the demand of the horizon: squared errors are those of a few large items.
    """
    sales = (series.demand > 0).sum(axis=0)
    if float(np.median(sales[sales > 0])) > THIN:
        return usual
    shop = tuple(float(one) for one in _means(series, usual))
    sample = series.part(np.arange(series.items)[:: max(1, -(-series.items // MOST))])
    origins = origins_of(sample)
    if len(origins) < 3:
        return usual
    record = judge(sample, Totals(sample), usual)
    law = law_of(sample.horizon * record.rate, record.square)

    def loss(method: Method) -> float:
        return float(pinball(sample, method, law, origins).sum())

    best, least, last = usual, CLEARLY * loss(usual), np.inf
    for witness in WITNESSES:
        tried = replace(usual, shop=shop, witness=witness)
        lost = loss(tried)
        if lost >= last:
            break
        last = lost
        if lost < least:
            best, least = tried, lost
    return best


def _means(series: Series, usual: Method) -> Floats:
    """Return after each period the mean rate of what has sold by then, each item by the periods that it has lived."""
    follower, lived = usual.follower(series.items, series.horizon), np.zeros(series.items)
    sold, means = np.zeros(series.items, np.bool_), np.zeros(series.periods)
    for period in range(series.periods):
        demand, weight = series.demand[period].astype(np.float64), series.weight(period)
        follower.step(demand, weight)
        lived += weight
        sold |= demand > 0
        known = lived * sold
        means[period] = float((known * follower.rate()).sum()) / max(float(known.sum()), 1.0)
    return means


def leaning_of(series: Series, choice: Choice, alone: Flags) -> Likes:
    """Return how much each item's chosen method leans on the shop's mean, which those `alone` do not."""
    lived = np.full(series.items, float(series.periods)) if series.seen is None else series.seen.sum(axis=0)
    sold = (series.demand > 0).any(axis=0) & ~alone
    rate, share = np.zeros(series.items), np.zeros(series.items)
    for number, method in enumerate(choice.methods):
        if method.shop:
            mine = sold & (choice.chosen == number)
            rate[mine] = method.shop[-1] * (method.pace[-1] if method.pace else 1.0)
            share[mine] = method.witness / (method.witness + lived[mine])
    return Likes(rate=rate, share=share)


def joined(first: Likes, second: Likes) -> Likes:
    """Return both as one, where the first leans what the second has made."""
    share = first.share + (1 - first.share) * second.share
    units = first.share * first.rate + (1 - first.share) * second.share * second.rate
    return Likes(rate=np.where(share > 0, units / np.maximum(share, 1e-9), first.rate), share=share)
