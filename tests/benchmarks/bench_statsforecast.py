"""Our method against `statsforecast` on public data, in one inventory simulation and by forecast errors.

    uv venv /tmp/bench && uv pip install --python /tmp/bench/bin/python statsforecast numpy
    PYTHONPATH=. /tmp/bench/bin/python tests/benchmarks/bench_statsforecast.py [--items 300] [--slow] [FILE.csv[.gz]:HORIZON]

`statsforecast` is needed by this comparison only. Every model forecasts at every origin from the data before it; what it
expects goes through the same variances, quantiles, ladder and steering as ours, so that only the forecasts differ. `--slow`
adds AutoETS. Without a file: `data/onlineretail_weekly.csv.gz`, a British gift shop's 52 weeks (UCI Online Retail, CC0).
"""

import argparse
import time
from pathlib import Path

import numpy as np
import pandas as pd
from bench_forecast import TARGETS, TRAINED, Ours, Theirs, read, simulate
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
from core.forecast.rolling import Totals
from core.forecast.series import series_of

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


def errors(series, nights):
    """Return RMSSE of the horizon's demand over the last third, and the pinball loss at .95, per unit asked for."""
    start, horizon = int(TRAINED * series.periods), int(series.horizon[0])
    totals, square, pinball, asked, count = Totals(series), 0.0, 0.0, 0.0, 0
    scale = np.diff(series.demand[:start], axis=0).astype(float).var(axis=0) * horizon
    for now in range(start, series.periods - horizon):
        units, _ = totals.ahead(now)
        mean, variance, _ = nights.night(now)
        gap = units - quantiles(mean, variance, [0.95])[0]
        pinball += float(np.maximum(0.95 * gap, -0.05 * gap).sum())
        square = square + np.where(scale > 0, (units - mean) ** 2 / np.maximum(scale, 1e-9), np.nan)
        asked, count = asked + float(units.sum()), count + 1
    return float(np.nanmean(np.sqrt(square / count))), pinball / asked


def compare(name, units, horizon, *, slow):
    series = series_of(units, horizon)
    models = [
        CrostonClassic(), CrostonSBA(), TSB(0.1, 0.1), IMAPA(), ADIDA(), SimpleExponentialSmoothing(0.1), HistoricAverage(),
        Naive(), *([AutoETS(season_length=1)] if slow else []),
    ]  # fmt: skip
    began = time.perf_counter()
    found = {label: Theirs(series, rates, FIRST) for label, rates in theirs(units, horizon, models).items()}
    waited = time.perf_counter() - began
    print(
        f"\n{name}: {units.shape[1]} items, {len(units)} periods, horizon {horizon}; their forecasts took {waited:.0f} s"
    )
    print(f"{'model':18}  RMSSE  pinball" + "".join(f"  fill at {one:.2f}  stock  at equal fill" for one in TARGETS))
    for label, nights in {"ours": Ours(units, horizon), **found}.items():
        rows = zip(*simulate(series, nights), strict=True)
        rmsse, pinball = errors(series, nights)
        print(
            f"{label:18} {rmsse:6.3f} {pinball:8.4f}"
            + "".join(f"  {fill:12.3f} {stock:6.0f} {equal:14.0f}" for fill, stock, equal in rows),
            flush=True,
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
