"""How far into the distribution of demand stock must reach so that the shop fills what it promises.

A merchant means the share of units that ship at once; a quantile of demand is something else. So the shop's past is
replayed with a ladder of stock levels, and the step that fills the target is taken for all items alike (equal quantiles
fill a given share of units with the least stock). A shop that drifts would be filled by yesterday's step for ever: so
the step is steered as it would have been, week by week. Each week that filled less than promised raises the goal of the
next ones, each that filled more lowers it, whatever the distribution (adaptive conformal inference, Gibbs and Candes
2021, on the logarithm of what is missing), and no further than the worst of the last weeks needed.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from core.forecast.negative_binomial import quantiles
from core.forecast.series import Floats
from core.forecast.spread import LEAST

LEVELS = (0.01, 0.1, 0.3, 0.5, 0.7, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97, 0.98, 0.99)
"""Where much is sold steadily even what is only just expected fills nearly all: lower shares take less than that."""
FACTORS = (1.15, 1.4, 1.8, 2.5, 4.0)
"""Beyond the last level, where a fitted distribution knows nothing, its stock is multiplied instead."""
STEPS = len(LEVELS) + len(FACTORS)
LEFT = 1 - np.asarray(LEVELS)
HALF_LIVES = (2.0, 4.0, 8.0, 16.0, 64.0)
"""Periods after which what was filled counts half: a calm shop learns most from a long memory, one that drifts from a
short one, and the shop's own past tells which it is."""
JUDGED = (LEVELS.index(0.9), LEVELS.index(0.95))
GAIN, KEPT = 0.2, 0.85
"""A period that missed twice what the target allows moves the goal by the gain, on the logarithm. Each period keeps so
much of what earlier ones moved it: after a peak or a fall the goal comes home by itself."""
CHANCE = 20.0
"""What a period of so many sales of one size filled is half chance: it moves the goal by half of the gain, and a period
in which a few large orders decided moves it less."""
RECENT = 13
NEEDED = 6
"""No order reaches further than the worst of so many last periods would have needed: a leap of demand that the shop has
lived through is learnt by the forecast, and the replay need not be afraid of it for a year."""
WARM = 5
"""Periods that are looked at before anything is steered."""
WITNESS = 100.0
"""So many sales (periods of an item with demand) that were replayed count as much as the cautious guess."""


def steps_of(mean: Floats, variance: Floats) -> Floats:
    """Return the stock of each step of the ladder, a row a step."""
    found = quantiles(mean, variance, LEVELS)
    return np.vstack([found, *(np.ceil(found[-1:] * factor) for factor in FACTORS)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """A quantile of demand, times a factor where even the last quantile would be too little."""

    level: float
    factor: float = 1.0

    @property
    def step(self) -> float:
        """Return where on the ladder it is: `reach_at` turned round."""
        if self.factor > 1:
            return len(LEVELS) - 1 + float(np.interp(self.factor, (1.0, *FACTORS), np.arange(len(FACTORS) + 1)))
        return float(np.interp(-np.log(1 - self.level), -np.log(LEFT), np.arange(len(LEVELS))))

    def stock(self, mean: Floats, variance: Floats) -> Floats:
        """Return the whole units that reach so far."""
        made: Floats = np.ceil(quantiles(mean, variance, [self.level])[0] * self.factor - 1e-9)
        return made


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ladder:
    """What each step would have filled: a row a period, a column a step, as a share of the units `asked` for.

    `known` are the shares expected after each period from those before it; an order takes `lag` periods to be here.
    `sales` is how many periods of an item with demand it rests on, `alike` how many of one size tell as much as those
    of each period did.
    """

    shares: Floats = field(default_factory=lambda: np.zeros((0, STEPS)))
    asked: Floats = field(default_factory=lambda: np.zeros(0))
    known: Floats = field(default_factory=lambda: np.zeros((0, STEPS)))
    alike: Floats = field(default_factory=lambda: np.zeros(0))
    lag: int = 1
    sales: float = 0.0

    @property
    def fills(self) -> tuple[float, ...]:
        """What each step is expected to fill now; empty where there was too little to replay."""
        return tuple(float(share) for share in self.known[-1]) if len(self.known) else ()

    def reach(self, target: float) -> Reach:
        """Return the reach that fills the target: as replayed, leaned on a cautious guess where little was."""
        guess = Reach(level=min(LEVELS[-1], target + (1 - target) / 2))
        if not len(self.known):
            return guess
        return reach_at((self.sales * self._step(target) + WITNESS * guess.step) / (self.sales + WITNESS))

    def _step(self, target: float) -> float:
        """Return the step for the next period's orders, after all that earlier ones filled."""
        raised, ordered, needed = 0.0, [0.0] * (WARM - 1), self._needed(target)
        for period in range(WARM - 1, len(self.known)):
            before = period - self.lag
            raised *= KEPT
            if before >= WARM - 1 and self.asked[period] > 0:
                filled = float(np.interp(ordered[before], np.arange(STEPS), self.shares[period]))
                usual = float(self.asked[max(0, period + 1 - RECENT) : period + 1].mean())
                gain = GAIN * float(self.alike[period] / (self.alike[period] + CHANCE) * self.asked[period]) / usual
                raised += gain * (target - filled) / (1 - target)
            goal = 1 - (1 - target) * float(np.exp(-raised))
            step = float(np.interp(goal, self.known[period], np.arange(STEPS)))
            ordered.append(min(step, max(needed[max(0, period + 1 - NEEDED) : period + 1])))
        return ordered[-1]

    def _needed(self, target: float) -> list[float]:
        """Return the step with which each period would have filled the target; the last where none would."""
        filled = np.maximum.accumulate(self.shares, axis=1)
        return [float(np.interp(target, shares, np.arange(STEPS))) for shares in filled]


def reach_at(step: float) -> Reach:
    """Return the reach between two steps of the ladder."""
    if step <= len(LEVELS) - 1:
        # Levels are far apart near 1: what is left to 1 is interpolated on its logarithm.
        return Reach(level=float(1 - np.exp(np.interp(step, np.arange(len(LEVELS)), np.log(LEFT)))))
    factors = (1.0, *FACTORS)
    return Reach(level=LEVELS[-1], factor=float(np.interp(step - (len(LEVELS) - 1), np.arange(len(factors)), factors)))


def ladder(filled: Floats, asked: Floats, lag: int, demand: Floats) -> Ladder:
    """Return the ladder of these periods: units filled by each step and asked for, and the `demand` of every item."""
    if len(asked) < WARM or not asked.any():
        return Ladder()
    shares = filled / np.maximum(asked, LEAST)[:, None]
    known = min(_remembered(filled, asked, shares, lag), key=lambda one: one[0])[1]
    alike = demand.sum(axis=1) ** 2 / np.maximum((demand * demand).sum(axis=1), LEAST)
    return Ladder(shares=shares, asked=asked, known=known, alike=alike, lag=lag, sales=float((demand > 0).sum()))


def _remembered(filled: Floats, asked: Floats, shares: Floats, lag: int) -> Iterator[tuple[float, Floats]]:
    """Return the shares expected with each memory, and how wrong they were about the periods to come."""
    for half_life in HALF_LIVES:
        keep = 0.5 ** (1 / half_life)
        known, units, total = np.zeros_like(filled), np.zeros(filled.shape[1]), 0.0
        for period in range(len(asked)):
            units, total = keep * units + filled[period], keep * total + asked[period]
            known[period] = np.maximum.accumulate(units / max(total, LEAST))
        error = known[WARM - 1 : -lag, JUDGED] - shares[WARM - 1 + lag :, JUDGED]
        yield float((asked[WARM - 1 + lag :, None] * error**2).sum()), known
