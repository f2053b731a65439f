"""Measured in one run: an inventory simulation of our method and the usual ones, and time and memory by size.

    PYTHONPATH=. .venv/bin/python tests/benchmarks/bench_forecast.py [--sizes 10000,100000] [FILE.csv[.gz]:HORIZON ...]

A file has a head and a row for each item: a name, then units by period. Without files, seeded families of made-up
items are used. The last 35 % of each history are simulated: order up to the level every period, lead time HORIZON - 1
periods, what is missing waits. Each method's level is dialled on the past alone, then its stock is also compared at
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
from core.forecast.reach import FACTORS, LEVELS, Ladder, _Replay, faded
from core.forecast.series import series_of
from core.forecast.shop import best_alpha, forecast
from core.forecast.smoothing import Method

TRAINED = 0.65
RECALIBRATED = 12
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


def simulate(units, horizon, method):
    """Return realised fill and mean stock on hand for each target, and the whole ladder's fills and stocks."""
    series = series_of(units, horizon)
    replay, periods = _Replay(series, method), series.periods
    start, steps = int(TRAINED * periods), len(LEVELS) + len(FACTORS)
    levels = np.zeros((periods, steps, series.items))
    for now in range(int(0.4 * start), periods - horizon):
        levels[now] = replay._stock(now, renew=now % 6 == 0)
    every = max(1, (periods - start) // RECALIBRATED)
    dials = {}
    for now in range(start, periods - horizon):
        if (now - start) % every == 0:
            begin = max(int(0.6 * now), horizon + 1)
            filled, asked, _ = _served(replay, levels, begin, now - horizon, fading=True)
            ladder = Ladder(fills=tuple(filled / max(asked, 1)))
            dials[now] = np.interp(TARGETS, np.maximum.accumulate(ladder.fills), np.arange(steps))
        else:
            dials[now] = dials[now - 1]
    chosen = np.zeros((periods, len(TARGETS), series.items))
    for now, dial in dials.items():
        low = dial.astype(int)
        high = np.minimum(low + 1, steps - 1)
        chosen[now] = np.ceil(levels[now][low] + (dial - low)[:, None] * (levels[now][high] - levels[now][low]))
    filled, asked, stock = _served(replay, chosen, start, periods - horizon)
    ladder, all_asked, stocks = _served(replay, levels, start, periods - horizon)
    return filled / asked, stock, ladder / all_asked, stocks


def _served(replay, levels, begin, end, *, fading=False):
    totals, series = replay.totals, replay.series
    filled, stock, asked, position = np.zeros(levels.shape[1]), np.zeros(levels.shape[1]), 0.0, None
    for now in range(begin, end):
        position = levels[now] if position is None else np.maximum(position - series.demand[now], levels[now])
        arrives = now + int(series.horizon[0])
        before = position - (totals.units[arrives] - totals.units[now + 1])
        demand = np.asarray(series.demand[arrives], np.float64)
        counts = replay.sold[now]
        weight = faded(end - 1 - now) if fading else 1.0
        filled += weight * np.minimum(np.maximum(before, 0), demand)[:, counts].sum(axis=1)
        asked += weight * demand[counts].sum()
        stock += np.maximum(before - demand, 0).sum(axis=1)
    return filled, asked, stock / max(end - begin, 1)


def compare(name, units, horizon):
    alpha = best_alpha(series_of(units[: int(TRAINED * len(units))], horizon))
    methods = {
        "ours": Method(name="smoothing", alpha=alpha), "croston": Method(name="croston"), "sba": Method(name="sba"),
        "tsb": Method(name="tsb"), "average": Method(name="average"), "last": Method(name="smoothing", alpha=1.0),
    }  # fmt: skip
    print(f"\n{name}: {units.shape[1]} items, {units.shape[0]} periods, horizon {horizon}, alpha {alpha}")
    print("method    " + "".join(f"  fill at {t:.2f}   stock  stock at equal fill" for t in TARGETS))
    for label, method in methods.items():
        fills, stock, ladder, stocks = simulate(units, horizon, method)
        equal = np.interp(TARGETS, np.maximum.accumulate(ladder), stocks)
        print(
            f"{label:10}"
            + "".join(
                f"  {fill:12.3f} {own:7.0f} {same:20.0f}" for fill, own, same in zip(fills, stock, equal, strict=True)
            )
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
