"""Stock policy: which share each item must reach, and the levels that reach it over lead time and review."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.forecast.negative_binomial import quantiles
from core.forecast.reach import Reach
from core.forecast.records import BuyingTerms, LeadTime
from core.forecast.series import Floats, Series
from core.forecast.shop import ShopForecast
from core.policy.shop_policy import Reorder, ServiceTarget
from core.sentences import sentence

WEEK = 7
A_YEAR = 365
SHARES = ("0.5", "0.8", "0.9", "0.95", "0.99")
LEAST_SHARE, MOST_SHARE = 0.5, 0.998
RARE = 1e-3
"""Units over the whole stretch below which nobody keeps stock, whatever the target."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The share that an item is to reach, how far its stock must reach for that, and both in words."""

    share: float
    reach: Reach
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Levels:
    """Stock levels in units, by item; `mean` and `variance` are of demand over `cover` days."""

    cover: Floats
    mean: Floats
    variance: Floats
    reorder_point: Floats
    order_up_to: Floats
    shares: tuple[str, ...]
    quantiles: Floats
    targets: Sequence[Target]


def targets_of(
    policy: Reorder, terms: Sequence[BuyingTerms | None], classes: Sequence[str], model: ShopForecast, costs: Floats
) -> tuple[Target, ...]:
    """Return each item's target: its own service level first, then its class's, else the shop's kind of target.

    `classes` are letters of value and steadiness, such as AX: what is set for AX goes before what is set for A.

    `costs` are of a unit, in the shop's currency, for the kind `cost`: a unit that is missing for a day costs
    `wait_cost`, one that lies there costs the yearly holding share. The share of days covered balances the two.
    """
    made: dict[tuple[str, float], Target] = {}
    found = []
    for own, named, cost in zip(terms, classes, costs, strict=True):
        kind, share = _aim(policy, own, named, float(cost))
        key = (kind, round(share, 3))
        if key not in made:
            made[key] = _target(kind, share, model)
        found.append(made[key])
    return tuple(found)


def _aim(policy: Reorder, own: BuyingTerms | None, named: str, cost: float) -> tuple[ServiceTarget, float]:
    if own and own.service:
        return "fill_rate", float(own.service)
    told = policy.service_by_class.get(named) or policy.service_by_class.get(named[:1])
    if told:
        # A share that somebody named is of units, also where costs decide about the others.
        return "fill_rate" if policy.target == "cost" else policy.target, float(told)
    return policy.target, _share(policy, cost)


def _share(policy: Reorder, cost: float) -> float:
    if policy.target != "cost":
        return float(policy.service)
    waiting = float(policy.wait_cost)
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
        )
    words = sentence("%(percent)s%% of cycles without a shortage", percent=percent)
    if kind == "cost":
        words = sentence("the cheapest balance of waiting and holding, %(percent)s%% of days covered", percent=percent)
    return Target(share=share, reach=Reach(level=share), words=words)


def levels_of(
    model: ShopForecast, series: Series, lead: Sequence[LeadTime], cover: Floats, targets: Sequence[Target]
) -> Levels:
    """Return the levels; `cover` is days until the order after this one is here.

    The reorder point covers the lead time and the day until the next nightly look.
    """
    days = np.array([one.days for one in lead])
    slack = np.array([one.variance for one in lead])
    mean, variance = _over(model, series, cover, slack)
    until, spread = _over(model, series, days + 1, slack)
    level, point = np.zeros(series.items), np.zeros(series.items)
    for target in set(targets):
        mine = np.array([one is target for one in targets], np.bool_)
        level[mine] = target.reach.stock(mean[mine], variance[mine])
        point[mine] = target.reach.stock(until[mine], spread[mine])
    return Levels(
        cover=cover, mean=mean, variance=variance, order_up_to=level,
        reorder_point=np.minimum(point, np.maximum(level - 1, 0)), targets=targets,
        shares=SHARES, quantiles=quantiles(mean, variance, [float(share) for share in SHARES]),
    )  # fmt: skip


def _over(model: ShopForecast, series: Series, days: Floats, slack: Floats) -> tuple[Floats, Floats]:
    """Return mean and variance of demand over so many days, when the days themselves vary by `slack`."""
    mean = model.rate * days / WEEK
    mean = np.where(mean < RARE, 0.0, mean)
    within = model.variance * days / (WEEK * series.horizon)
    variance: Floats = np.maximum(within + (model.rate / WEEK) ** 2 * slack, mean)
    return mean, variance
