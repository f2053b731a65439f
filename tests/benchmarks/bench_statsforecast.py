"""Our method against `statsforecast` on public data, in one inventory simulation and by forecast errors.

    uv venv /tmp/bench && uv pip install --python /tmp/bench/bin/python statsforecast numpy
    PYTHONPATH=. /tmp/bench/bin/python tests/benchmarks/bench_statsforecast.py [--items 300] [--slow] [FILE.csv[.gz]:HORIZON]

`statsforecast` is needed by this comparison only. Every model forecasts at every origin from the data before it; what it
expects goes through the same variances, quantiles, dial and replay as ours, so that only the forecasts differ. `--slow`
adds AutoETS. Without a file: `data/onlineretail_weekly.csv.gz`, a British gift shop's 52 weeks (UCI Online Retail, CC0).
"""

import argparse
import time
from pathlib import Path

import numpy as np
import pandas as pd
from bench_forecast import RECALIBRATED, TARGETS, TRAINED, _served, read
from statsforecast import StatsForecast
from statsforecast.models import (
    ADIDA,
    IMAPA,
    TSB,
    AutoETS,
    CrostonClassic,
    CrostonSBA,
    HistoricAverage,
    Naive,
    SimpleExponentialSmoothing,
)

from core.forecast.negative_binomial import quantiles
from core.forecast.reach import FACTORS, LEVELS, Ladder, _Replay
from core.forecast.rolling import Totals, first_origin
from core.forecast.series import series_of
from core.forecast.shop import best_alpha
from core.forecast.smoothing import Method
from core.forecast.spread import law_of, shrunk

HERE = Path(__file__).parent
PUBLIC = f"{HERE / 'data' / 'onlineretail_weekly.csv.gz'}:3"
FIRST = 12


def theirs(units, horizon, models):
    """Return by model the rate that it expects after each period, from the data up to it."""
    periods, items = units.shape
    frame = pd.DataFrame({
        "unique_id": np.repeat(np.arange(items), periods), "ds": np.tile(np.arange(periods), items),
        "y": units.T.ravel(),
    })  # fmt: skip
    rates = {repr(model): np.zeros((periods, items)) for model in models}
    for origin in range(FIRST, periods):
        made = StatsForecast(models=models, freq=1, n_jobs=1).forecast(df=frame[frame.ds <= origin], h=horizon)
        for name, found in rates.items():
            found[origin] = np.maximum(0, made.groupby("unique_id")[name].mean().to_numpy())
    return rates


class Replay(_Replay):
    """Our replay with somebody else's rates."""

    def __init__(self, series, rates):
        super().__init__(series, Method(name="average"))
        totals, squares, counts = Totals(series), np.zeros_like(rates), np.zeros_like(rates)
        for period in range(first_origin(series), series.periods - 1):
            units, known = totals.ahead(period)
            squares[period] = known * (units - series.horizon * rates[period]) ** 2
            counts[period] = known
        self.rates, self.squares, self.counts = rates, np.cumsum(squares, axis=0), np.cumsum(counts, axis=0)


def simulated(replay, horizon):
    """Return realised fill and mean stock for each target, dialled on the past alone, and stock at equal fill."""
    series, periods = replay.series, replay.series.periods
    start, steps = int(TRAINED * periods), len(LEVELS) + len(FACTORS)
    levels = np.zeros((periods, steps, series.items))
    for now in range(max(FIRST, int(0.4 * start)), periods - horizon):
        levels[now] = replay._stock(now, renew=now % 6 == 0)
    every, chosen, dial = (
        max(1, (periods - start) // RECALIBRATED),
        np.zeros((periods, len(TARGETS), series.items)),
        None,
    )
    for now in range(start, periods - horizon):
        if dial is None or (now - start) % every == 0:
            filled, asked, _ = _served(
                replay, levels, max(int(0.6 * now), horizon + 1, FIRST), now - horizon, fading=True
            )
            dial = np.interp(
                TARGETS, np.maximum.accumulate(Ladder(fills=tuple(filled / max(asked, 1))).fills), np.arange(steps)
            )
        low = dial.astype(int)
        high = np.minimum(low + 1, steps - 1)
        chosen[now] = np.ceil(levels[now][low] + (dial - low)[:, None] * (levels[now][high] - levels[now][low]))
    filled, asked, stock = _served(replay, chosen, start, periods - horizon)
    ladder, all_asked, stocks = _served(replay, levels, start, periods - horizon)
    return filled / asked, stock, np.interp(TARGETS, np.maximum.accumulate(ladder / all_asked), stocks)


def errors(replay, horizon):
    """Return RMSSE of the horizon's demand over the last third, and the pinball loss at .95, per unit asked for."""
    series, start = replay.series, int(TRAINED * replay.series.periods)
    totals, square, pinball, asked, count = Totals(series), 0.0, 0.0, 0.0, 0
    scale = np.diff(series.demand[:start], axis=0).astype(float).var(axis=0) * horizon
    for now in range(start, series.periods - horizon):
        units, _ = totals.ahead(now)
        mean = horizon * replay.rates[now]
        past = max(now - horizon, 0)
        seen = replay.counts[past]
        own = replay.squares[past] / np.maximum(seen, 1)
        reached = quantiles(mean, shrunk(mean, own, seen / horizon, law_of(mean, own)), [0.95])[0]
        gap = units - reached
        pinball += float(np.maximum(0.95 * gap, -0.05 * gap).sum())
        square = square + np.where(scale > 0, (units - mean) ** 2 / np.maximum(scale, 1e-9), np.nan)
        asked, count = asked + float(units.sum()), count + 1
    return float(np.nanmean(np.sqrt(square / count))), pinball / asked


def compare(name, units, horizon, *, slow):
    start = int(TRAINED * len(units))
    series = series_of(units, horizon)
    alpha = best_alpha(series_of(units[:start], horizon))
    models = [
        CrostonClassic(),
        CrostonSBA(),
        TSB(0.1, 0.1),
        IMAPA(),
        ADIDA(),
        SimpleExponentialSmoothing(0.1),
        HistoricAverage(),
        Naive(),
    ]
    models += [AutoETS(season_length=1)] if slow else []
    began = time.perf_counter()
    found = {"ours": _Replay(series, Method(name="smoothing", alpha=alpha))}
    ours, began = time.perf_counter() - began, time.perf_counter()
    found |= {label: Replay(series, rates) for label, rates in theirs(units, horizon, models).items()}
    print(
        f"\n{name}: {units.shape[1]} items, {len(units)} periods, horizon {horizon}; ours {ours:.1f} s, theirs {time.perf_counter() - began:.0f} s"
    )
    print(f"{'model':18}  RMSSE  pinball" + "".join(f"  fill at {one:.2f}  stock  at equal fill" for one in TARGETS))
    for label, replay in found.items():
        rmsse, pinball = errors(replay, horizon)
        rows = zip(*simulated(replay, horizon), strict=True)
        print(
            f"{label:18} {rmsse:6.3f} {pinball:8.4f}"
            + "".join(f"  {fill:12.3f} {stock:6.0f} {equal:14.0f}" for fill, stock, equal in rows)
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", nargs="?", default=PUBLIC, metavar="FILE:HORIZON")
    parser.add_argument("--items", type=int, default=300)
    parser.add_argument("--slow", action="store_true")
    given = parser.parse_args()
    file, _, stretch = given.file.rpartition(":")
    whole = np.nan_to_num(read(Path(file)))
    largest_first = np.argsort(-whole.sum(axis=0), kind="stable")
    sample = np.sort(largest_first[:: max(1, -(-whole.shape[1] // given.items))])
    compare(Path(file).name, whole[:, sample], int(stretch), slow=given.slow)
