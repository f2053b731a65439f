"""Stock policy: which share each item must reach, and the levels that reach it over lead time and review."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.forecast.negative_binomial import quantiles
from core.forecast.packs import spared
from core.forecast.reach import Reach
from core.forecast.records import BuyingTerms, LeadTime
from core.forecast.series import Floats, Series
from core.forecast.shop import ShopForecast
from core.policy.shop_policy import Reorder, ServiceTarget
from core.sentences import sentence

WEEK = 7
A_YEAR = 365
SHARES = ("0.5", "0.8", "0.9", "0.95", "0.99")
LEAST_SHARE, MOST_SHARE = 0.5, 0.999
WAIT_SHARE = 0.005
"""What a unit that waits for a day costs of its price where nobody has set an amount: 0.10 of a unit sold at 20.00, in
any currency."""
RARE = 1e-3
"""Units over the whole stretch below which nobody keeps stock, whatever the target."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The share that an item is to reach, how far its stock must reach for that, and both in words.

    `lots`: what they leave over counts. Cycles without a shortage are those of orders, however many units one holds.
    `of_units`: the share is of units, which hangs on how often orders are made. `of_days`: of all days from one order's
    coming to the next one's, of which the last alone needs the whole cover.
    """

    share: float
    reach: Reach
    words: str
    lots: bool = True
    of_units: bool = False
    of_days: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Levels:
    """Stock levels in units, by item; `mean` and `variance` are of demand over `cover` days.

    `fewer` are kept than without what packs and least orders leave over.
    """

    cover: Floats
    mean: Floats
    variance: Floats
    reorder_point: Floats
    order_up_to: Floats
    shares: tuple[str, ...]
    quantiles: Floats
    fewer: Floats
    targets: Sequence[Target]


def targets_of(
    policy: Reorder,
    terms: Sequence[BuyingTerms | None],
    classes: Sequence[str],
    model: ShopForecast,
    costs: Floats,
    prices: Floats,
) -> tuple[Target, ...]:
    """Return each item's target: its own service level first, then its class's, else the shop's kind of target.

    `classes` are letters of value and steadiness, such as AX: what is set for AX goes before what is set for A.

    `costs` and `prices` are of a unit, in the shop's currency, for the kind `cost`: a unit that is missing for a day
    costs `a_day_of_waiting`, one that lies there the yearly holding share. The share of days covered balances the two.
    """
    made: dict[tuple[str, float], Target] = {}
    found = []
    for own, named, cost, price in zip(terms, classes, costs, prices, strict=True):
        kind, share = _aim(policy, own, named, (float(cost), float(price)))
        key = (kind, round(share, 3))
        if key not in made:
            made[key] = _target(kind, share, model)
        found.append(made[key])
    return tuple(found)


def _aim(
    policy: Reorder, own: BuyingTerms | None, named: str, costs: tuple[float, float]
) -> tuple[ServiceTarget, float]:
    if own and own.service:
        return "fill_rate", float(own.service)
    told = policy.service_by_class.get(named) or policy.service_by_class.get(named[:1])
    if told:
        # A share that somebody named is of units, also where costs decide about the others.
        return "fill_rate" if policy.target == "cost" else policy.target, float(told)
    return policy.target, _share(policy, *costs)


def a_day_of_waiting(policy: Reorder, cost: float, price: float) -> float:
    """Return what a unit that waits for a day costs: as set, else a share of its price, or of twice its cost."""
    return WAIT_SHARE * (price or 2 * cost) if policy.wait_cost is None else float(policy.wait_cost)


def _share(policy: Reorder, cost: float, price: float) -> float:
    if policy.target != "cost":
        return float(policy.service)
    waiting = a_day_of_waiting(policy, cost, price)
    holding = cost * policy.holding_percent / 100 / A_YEAR
    return waiting / (waiting + holding) if waiting + holding > 0 else float(policy.service)


def _target(kind: str, share: float, model: ShopForecast) -> Target:
    share = min(max(share, LEAST_SHARE), MOST_SHARE)
    percent = f"{100 * share:.1f}".removesuffix(".0")
    if kind == "fill_rate":
        return Target(
            share=share,
            reach=model.ladder.reach(share),
            words=sentence("%(percent)s%% of units shipped at once", percent=percent),
            of_units=True,
        )
    if kind == "cost":
        words = sentence("the cheapest balance of waiting and holding, %(percent)s%% of days covered", percent=percent)
        return Target(share=share, reach=Reach(level=share), words=words, of_days=True)
    words = sentence("%(percent)s%% of cycles without a shortage", percent=percent)
    return Target(share=share, reach=Reach(level=share), words=words, lots=False)


def levels_of(
    model: ShopForecast,
    series: Series,
    lead: Sequence[LeadTime],
    cover: Floats,
    targets: Sequence[Target],
    terms: Sequence[BuyingTerms | None],
) -> Levels:
    """Return the levels; `cover` is days until the order after this one is here.

    The reorder point covers the lead time and the day until the next nightly look. Nothing is kept of what is made to
    order, and less of what comes in packs or in large least orders.
    """
    days = np.array([one.days for one in lead])
    slack = np.array([one.variance for one in lead])
    mean, variance = _over(model, series, cover, slack)
    until, spread = _over(model, series, days + 1, slack)
    goal, around = _over(model, series, *_stretch(targets, cover, days, slack))
    level, point, fewer = np.zeros(series.items), np.zeros(series.items), np.zeros(series.items)
    lots = _lots(terms, model.rate * (cover - days) / WEEK)
    numbers = {target: number for number, target in enumerate(dict.fromkeys(targets))}
    aims = np.array([numbers[target] for target in targets])
    for target, number in numbers.items():
        mine = aims == number
        left_over = lots[mine] if target.lots else np.ones(int(mine.sum()))
        level[mine] = spared(goal[mine], around[mine], target.reach, left_over)
        point[mine] = spared(until[mine], spread[mine], target.reach, left_over)
        fewer[mine] = target.reach.stock(goal[mine], around[mine]) - level[mine]
    level[[one is not None and one.made_to_order for one in terms]] = 0
    return Levels(
        cover=cover, mean=mean, variance=variance, order_up_to=level,
        reorder_point=np.minimum(point, np.maximum(level - 1, 0)), targets=targets, fewer=fewer,
        shares=SHARES, quantiles=quantiles(mean, variance, [float(share) for share in SHARES]),
    )  # fmt: skip


def _stretch(targets: Sequence[Target], cover: Floats, days: Floats, slack: Floats) -> tuple[Floats, Floats]:
    """Return the days whose demand the level is to cover, on the mean, and their variance.

    What waiting and holding cost is spent on each day between two orders: the level is the quantile of demand up to any
    of those, each as likely (review every so many days, costs by unit and time: Hadley and Whitin 1963, chapter 5).
    """
    between = np.maximum(cover - days, 1.0)
    any_day, spread = days + (between + 1) / 2, slack + (between**2 - 1) / 12
    of_days = np.array([target.of_days for target in targets], np.bool_)
    return np.where(of_days, any_day, cover), np.where(of_days, spread, slack)


def _lots(terms: Sequence[BuyingTerms | None], usual: Floats) -> Floats:
    """Return the units in which orders come: packs, or the least order less what is usually wanted at once."""
    packs = np.array([float(one.pack) if one else 1.0 for one in terms])
    least = np.array([float(one.minimum) if one else 1.0 for one in terms])
    lots: Floats = np.maximum(packs, np.floor(least - usual))
    return lots


def _over(model: ShopForecast, series: Series, days: Floats, slack: Floats) -> tuple[Floats, Floats]:
    """Return mean and variance of demand over so many days, when the days themselves vary by `slack`."""
    mean = model.rate * days / WEEK
    mean = np.where(mean < RARE, 0.0, mean)
    within = model.variance * days / (WEEK * series.horizon)
    variance: Floats = np.maximum(within + (model.rate / WEEK) ** 2 * slack, mean)
    return mean, variance
