"""Recursions that follow the rate of demand, for all items at once: one step a period, units a period out.

Simple exponential smoothing; Croston (1972) and its correction by Syntetos and Boylan (2005); Teunter, Syntetos and
Babai (2011), which lets dying items fade; smoothing with the season of a year ago; weighted means of several. A period
that was observed in part (sold out without backorders) counts by its share, and the first periods by their number, so
no starting value has to be guessed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Name = Literal["smoothing", "average", "croston", "sba", "tsb", "season", "blend"]
YEAR = 52
"""Periods of a year: weeks."""
LIGHTEST = 0.05
"""Weight of a part that is worth its time."""
SEASON_WITNESS = 5.0
"""So many units of a year ago count as much as the belief that there is no season."""
MOST_TURN = 6.0
"""A season changes demand by this factor at most: beyond it, a year ago tells of an accident."""


class Follower(Protocol):
    """One method at work on every item."""

    def step(self, demand: Floats, weight: Floats) -> None:
        """Take one period in: units asked for, and the share of the period that was seen (0 leaves all as it is)."""

    def rate(self) -> Floats:
        """Return the units expected in each coming period."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """A method with its smoothing constants. `pace`: factors of the rate after each period, 1 where there are none.

    `parts` of a blend: methods with their weights, which add up to 1, the heaviest first. `shop`: the mean rate that
    items lean on after each period, which counts as much as `witness` periods of their own; none where it is empty.
    """

    name: Name
    alpha: float = 0.1
    beta: float = 0.1
    pace: tuple[float, ...] = ()
    parts: tuple[tuple[float, "Method"], ...] = ()
    shop: tuple[float, ...] = ()
    witness: float = 0.0

    def follower(self, items: int, horizon: NDArray[np.int64]) -> Follower:
        """Return the method ready for its first period; `horizon`: the periods that its rate is to hold for."""
        if self.pace:
            return _Paced(replace(self, pace=()).follower(items, horizon), self.pace)
        if self.shop:
            return _Leaned(replace(self, shop=()).follower(items, horizon), items, self)
        if self.name == "blend":
            return _Blend([(weight, part.follower(items, horizon)) for weight, part in self.parts])
        return self._alone(items, horizon)

    def _alone(self, items: int, horizon: NDArray[np.int64]) -> Follower:
        if self.name in {"smoothing", "average"}:
            return _Level(items, 0.0 if self.name == "average" else self.alpha)
        if self.name == "season":
            return _Season(items, self.alpha, horizon)
        if self.name == "tsb":
            return _Chance(items, self.alpha, self.beta)
        return _Interval(items, self.alpha, corrected=self.name == "sba")


def blended(weights: Sequence[float], methods: Sequence[Method]) -> Method:
    """Return the mean of the methods by weight; parts lighter than LIGHTEST are left out, a single one stands alone."""
    total = sum(weights)
    kept = [(weight, one) for weight, one in zip(weights, methods, strict=True) if weight >= LIGHTEST * total]
    kept.sort(key=lambda part: -part[0])
    left = sum(weight for weight, _ in kept)
    heaviest = kept[0][1]
    if len(kept) == 1:
        return heaviest
    return Method(name="blend", alpha=heaviest.alpha, parts=tuple((weight / left, one) for weight, one in kept))


class _Blend:
    def __init__(self, followed: Sequence[tuple[float, Follower]]) -> None:
        self.followed = followed

    def step(self, demand: Floats, weight: Floats) -> None:
        for _, one in self.followed:
            one.step(demand, weight)

    def rate(self) -> Floats:
        made: Floats = np.sum([share * one.rate() for share, one in self.followed], axis=0)
        return made


class _Paced:
    def __init__(self, followed: Follower, pace: tuple[float, ...]) -> None:
        self.followed = followed
        self.pace = pace
        self.periods = 0

    def step(self, demand: Floats, weight: Floats) -> None:
        self.followed.step(demand, weight)
        self.periods += 1

    def rate(self) -> Floats:
        made: Floats = self.followed.rate() * self.pace[self.periods - 1]
        return made


class _Leaned:
    def __init__(self, followed: Follower, items: int, method: Method) -> None:
        self.followed = followed
        self.shop = method.shop
        self.witness = method.witness
        self.lived = np.zeros(items)
        self.sold = np.zeros(items, np.bool_)
        self.periods = 0

    def step(self, demand: Floats, weight: Floats) -> None:
        self.followed.step(demand, weight)
        self.lived += weight
        self.sold |= demand > 0
        self.periods += 1

    def rate(self) -> Floats:
        own = self.followed.rate()
        # What never sold tells by that that it is not like the others.
        share = np.where(self.sold, self.witness / (self.witness + self.lived), 0.0)
        made: Floats = own + share * (self.shop[self.periods - 1] - own)
        return made


class _Level:
    def __init__(self, items: int, alpha: float) -> None:
        self.alpha = alpha
        self.level = np.zeros(items)
        self.seen = np.zeros(items)

    def step(self, demand: Floats, weight: Floats) -> None:
        self.seen += weight
        gain = np.maximum(self.alpha, 1 / np.maximum(self.seen, 1.0)) * weight
        self.level += gain * (demand - self.level)

    def rate(self) -> Floats:
        return self.level


class _Season:
    """Smoothing, turned by what demand did at this time a year ago: the coming stretch against the one behind it.

    Each is measured against the item's mean and leaned towards it by SEASON_WITNESS units: what sold twice a year ago
    tells nothing of a season. What is as silent as it was then has no pace to be turned: it is expected to ask for what
    it asked for then.
    """

    def __init__(self, items: int, alpha: float, horizon: NDArray[np.int64]) -> None:
        self.smooth = _Level(items, alpha)
        self.horizon = horizon
        self.behind = max(1, round(1 / max(alpha, 1 / YEAR)))
        self.here = np.arange(items)
        self.totals = [np.zeros(items)]

    def step(self, demand: Floats, weight: Floats) -> None:
        self.smooth.step(demand, weight)
        self.totals.append(self.totals[-1] + demand)

    def rate(self) -> Floats:
        now = len(self.totals) - 1
        ago = now - YEAR
        if ago < self.behind:
            return self.smooth.rate()
        totals = np.asarray(self.totals[ago - self.behind :])
        mean = (self.totals[now] - self.totals[ago]) / YEAR
        first = np.full(self.here.size, self.behind)
        last = np.minimum(self.behind + self.horizon, totals.shape[0] - 1)
        coming, gone = totals[last, self.here] - totals[first, self.here], totals[self.behind] - totals[0]
        turn = _against(coming, (last - first) * mean) / _against(gone, self.behind * mean)
        turned = self.smooth.rate() * np.clip(turn, 1 / MOST_TURN, MOST_TURN)
        silent = (gone == 0) & (self.totals[now] == self.totals[now - self.behind])
        made: Floats = np.where(silent, np.minimum(coming / (last - first), MOST_TURN * mean), turned)
        return made


def _against(units: Floats, usual: Floats) -> Floats:
    made: Floats = (units + SEASON_WITNESS) / (usual + SEASON_WITNESS)
    return made


class _Interval:
    def __init__(self, items: int, alpha: float, *, corrected: bool) -> None:
        self.alpha = alpha
        self.factor = 1 - alpha / 2 if corrected else 1.0
        self.size = np.zeros(items)
        self.interval = np.ones(items)
        self.since = np.zeros(items)
        self.sales = np.zeros(items)

    def step(self, demand: Floats, weight: Floats) -> None:
        self.since += weight
        sold = (demand > 0) & (weight > 0)
        self.sales += sold
        gain = np.where(sold, np.maximum(self.alpha, 1 / np.maximum(self.sales, 1.0)), 0.0)
        self.size += gain * (demand - self.size)
        self.interval += gain * (self.since - self.interval)
        self.since[sold] = 0.0

    def rate(self) -> Floats:
        made: Floats = self.factor * self.size / np.maximum(self.interval, 1e-9)
        return made


class _Chance:
    def __init__(self, items: int, alpha: float, beta: float) -> None:
        self.alpha = alpha
        self.beta = beta
        self.size = np.zeros(items)
        self.chance = np.zeros(items)
        self.sales = np.zeros(items)
        self.seen = np.zeros(items)

    def step(self, demand: Floats, weight: Floats) -> None:
        sold = (demand > 0) & (weight > 0)
        self.seen += weight
        self.sales += sold
        chance = np.maximum(self.beta, 1 / np.maximum(self.seen, 1.0)) * weight
        self.chance += chance * (sold - self.chance)
        gain = np.where(sold, np.maximum(self.alpha, 1 / np.maximum(self.sales, 1.0)), 0.0)
        self.size += gain * (demand - self.size)

    def rate(self) -> Floats:
        made: Floats = self.chance * self.size
        return made
