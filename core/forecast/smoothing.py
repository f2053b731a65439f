"""Recursions that follow the rate of demand, for all items at once: one step a period, units a period out.

Simple exponential smoothing; Croston (1972) and its correction by Syntetos and Boylan (2005); Teunter, Syntetos and
Babai (2011), which lets dying items fade. A period that was observed in part (sold out without backorders) counts by
its share, and the first periods by their number, so no starting value has to be guessed.
"""

from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Name = Literal["smoothing", "average", "croston", "sba", "tsb"]


class Follower(Protocol):
    """One method at work on every item."""

    def step(self, demand: Floats, weight: Floats) -> None:
        """Take one period in: units asked for, and the share of the period that was seen (0 leaves all as it is)."""

    def rate(self) -> Floats:
        """Return the units expected in each coming period."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """A method with its smoothing constants."""

    name: Name
    alpha: float = 0.1
    beta: float = 0.1

    def follower(self, items: int) -> Follower:
        """Return the method ready for its first period."""
        if self.name in {"smoothing", "average"}:
            return _Level(items, 0.0 if self.name == "average" else self.alpha)
        if self.name == "tsb":
            return _Chance(items, self.alpha, self.beta)
        return _Interval(items, self.alpha, corrected=self.name == "sba")


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
