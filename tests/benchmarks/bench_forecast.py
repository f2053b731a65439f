"""Measured in one run: an inventory simulation of our method and the usual ones, and time and memory by size.

    PYTHONPATH=. .venv/bin/python tests/benchmarks/bench_forecast.py [--sizes 10000,100000] [FILE.csv[.gz]:HORIZON ...]

A file has a head and a row for each item: a name, then units by period. Without files, seeded families of made-up
items are used. The last 35 % of each history are simulated: order up to the level every period, lead time HORIZON - 1
periods, what is missing waits. Ours is the nightly forecast itself, made anew at the end of every period; the others'
rates go through the same variances, ladder and steering. All know the past alone. Each one's stock is also compared at
the fill that really came out.
"""

import argparse
import csv
import gzip
import resource
import time
from pathlib import Path

import numpy as np

from core.forecast.negative_binomial import quantiles
from core.forecast.reach import ladder, steps_of
from core.forecast.replay import Replay, traced
from core.forecast.rolling import first_origin
from core.forecast.series import lives_from, series_of
from core.forecast.shop import forecast
from core.forecast.smoothing import Method

TRAINED = 0.65
TARGETS = (0.9, 0.95)


def families(seed=1, items=400, periods=104):
    """Smooth, erratic, intermittent, lumpy and fading items, as a shop has them."""
    random = np.random.default_rng(seed)
    rate = np.exp(random.normal(0.3, 1.2, items))
    sold = random.random((periods, items)) < np.clip(rate / 2, 0.05, 1)
    size = random.negative_binomial(2, 2 / (2 + np.maximum(rate, 1.0)), (periods, items))
    fading = np.where(random.random(items) < 0.15, np.linspace(1.5, 0.2, periods)[:, None], 1.0)
    return np.rint(sold * (1 + size) * fading)


def read(path):
    with (gzip.open if path.suffix == ".gz" else open)(path, "rt") as file:
        rows = list(csv.reader(file))[1:]
    return np.array([[float(cell) if cell not in {"", "NA"} else np.nan for cell in row[1:]] for row in rows]).T


class Theirs:
    """Somebody's rates with our variances, ladder and steering: only the forecasts differ."""

    def __init__(self, series, rates, begin):
        self.replay, self.begin = Replay(series, rates), begin
        self.nights = {now: self.replay.spread(now, renew=True) for now in range(begin, series.periods)}
        levels = {now: steps_of(*night) for now, night in self.nights.items()}
        self.filled, self.asked, _ = self.replay.served(levels)

    def night(self, now):
        """Return mean, variance and ladder as they are known at the end of a period."""
        first, lag = self.begin + int(self.replay.series.horizon[0]), int(self.replay.series.horizon[0])
        known = slice(first, now + 1)
        return *self.nights[now], ladder(self.filled[known], self.asked[known], lag, self.replay.series.demand[known])


class Ours:
    """The nightly forecast itself, made at the end of every period from what was known by then.

    As after the first reading of a shop's past, an item's sales tell where its life began; before the first it is not there.
    """

    def __init__(self, units, horizon):
        self.units, self.horizon, self.made = units, horizon, {}

    def night(self, now):
        """Return mean, variance and ladder as the night made them."""
        units = self.units[: now + 1]
        if now not in self.made:
            lived = np.arange(now + 1)[:, None] >= lives_from(units)
            self.made[now] = forecast(series_of(units, self.horizon, lived))
        found, sold = self.made[now], units.any(axis=0)
        return found.mean * sold, found.variance * sold, found.ladder


def simulate(series, nights):
    """Return realised fill and mean stock for each target, and stock at equal fill, over the last part."""
    served = Replay(series, np.zeros(series.demand.shape)).served
    start, lag = int(TRAINED * series.periods), int(series.horizon[0])
    chosen, steps = {}, {}
    for now in range(start, series.periods - lag):
        mean, variance, rungs = nights.night(now)
        chosen[now] = np.vstack([rungs.reach(target).stock(mean, variance) for target in TARGETS])
        steps[now] = steps_of(mean, variance)
    filled, asked, stock = served(chosen)
    ladder_filled, _, stocks = served(steps)
    stock, stocks = stock.sum(axis=0) / len(chosen), stocks.sum(axis=0) / len(chosen)
    reached = np.maximum.accumulate(ladder_filled.sum(axis=0) / asked.sum())
    return filled.sum(axis=0) / asked.sum(), stock, np.interp(TARGETS, reached, stocks)


def compare(name, units, horizon):
    series = series_of(units, horizon)
    begin = max(first_origin(series) + 1, int(0.25 * TRAINED * series.periods))
    methods = {one: Method(name=one) for one in ("croston", "sba", "tsb", "average")}
    methods |= {"SES (0.1)": Method(name="smoothing", alpha=0.1), "naive": Method(name="smoothing", alpha=1.0)}
    found = {"ours": Ours(np.asarray(units), horizon)}
    found |= {label: Theirs(series, traced(series, method), begin) for label, method in methods.items()}
    print(f"\n{name}: {units.shape[1]} items, {units.shape[0]} periods, horizon {horizon}")
    print("method    " + "".join(f"  fill at {t:.2f}   stock  stock at equal fill" for t in TARGETS))
    for label, nights in found.items():
        rows = zip(*simulate(series, nights), strict=True)
        print(
            f"{label:10}" + "".join(f"  {fill:12.3f} {own:7.0f} {same:20.0f}" for fill, own, same in rows), flush=True
        )


def measure(items):
    units = np.tile(families(items=400), (1, -(-items // 400)))[:, :items]
    series = series_of(units, 3)
    started = time.perf_counter()
    made = forecast(series)
    model = time.perf_counter() - started
    quantiles(made.mean, made.variance, [0.95])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{items:>8} items x {series.periods} weeks: {model:.2f} s, with quantiles {time.perf_counter() - started:.2f} s, peak {peak} MB"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", metavar="FILE:HORIZON")
    parser.add_argument("--sizes", default="10000,100000")
    given = parser.parse_args()
    for size in filter(None, given.sizes.split(",")):
        measure(int(size))
    for entry in given.files:
        file, _, stretch = entry.rpartition(":")
        compare(Path(file).name, read(Path(file)), int(stretch))
    if not given.files:
        compare("made-up families", families(), 3)
