"""The same share of units in every rhythm of ordering: simulated shelves say what a reach of whole weeks becomes."""

from types import SimpleNamespace

import numpy as np
import pytest

from core.forecast.cycles import Cycles, fitted
from core.forecast.reach import Reach, reach_at
from core.forecast.records import LeadTime
from core.forecast.stock import Target

RATES = np.geomspace(0.3, 30, 30)
"""Units a week, sold by chance."""
DAYS = 400


def shop(rates=RATES, weeks=3):
    horizon = np.full(rates.size, weeks)
    return Cycles(SimpleNamespace(rate=rates, variance=rates * horizon), SimpleNamespace(horizon=horizon))


def filled(reach, lead, review, seed=3):
    """Return the share of units shipped at once from shelves ordered full every `review` days, `lead` days ahead."""
    mean = RATES / 7 * (lead + review)
    level = reach.stock(mean, mean)
    net, position, coming, served, asked = level.copy(), level.copy(), {}, 0.0, 0.0
    for day, demand in enumerate(np.random.default_rng(seed).poisson(RATES / 7, (DAYS, RATES.size))):
        if day % review == 0:
            coming[day + lead] = level - position
            position = level.copy()
        net = net + coming.pop(day, 0)
        served, asked = served + np.minimum(np.maximum(net, 0), demand).sum(), asked + demand.sum()
        net, position = net - demand, position - demand
    return served / asked


@pytest.mark.parametrize(
    ("lead", "review", "level"), [(0, 1, 0.8), (2, 1, 0.95), (21, 1, 0.8), (3, 7, 0.9), (10, 30, 0.95), (30, 30, 0.9)]
)
def test_what_a_reach_fills_in_whole_weeks_it_fills_in_any_rhythm(lead, review, level):
    weeks = max(1, round((lead + review) / 7))
    told = Reach(level=level)
    wanted = filled(told, 7 * (weeks - 1), 7)
    assert filled(shop().reach(told, lead, review), lead, review) == pytest.approx(wanted, abs=0.015)


def test_ordered_daily_a_reach_of_whole_weeks_would_be_short():
    assert filled(Reach(level=0.8), 0, 1) < filled(Reach(level=0.8), 0, 7) - 0.1


@pytest.mark.parametrize("told", [Reach(level=0.9), Reach(level=0.99, factor=1.8)])
def test_whole_weeks_and_shops_that_sell_nothing_are_left_as_they_are(told):
    assert shop().reach(told, 14, 7) is told
    assert shop(np.zeros(3)).reach(told, 0, 1) is told
    again = reach_at(told.step)
    assert (again.level, again.factor) == (pytest.approx(told.level), pytest.approx(told.factor))


def test_each_item_gets_the_reach_of_its_own_rhythm_and_quantiles_stay():
    units = Target(share=0.9, reach=Reach(level=0.8), words="", of_units=True)
    cycles = Target(share=0.9, reach=Reach(level=0.9), words="")
    lead = [LeadTime(days=days, variance=0) for days in (14, 14.2, 0, 0)]
    here = shop()
    found = fitted([units, units, units, cycles], here, lead, np.array([21.0, 15.2, 1.0, 1.0]))
    assert found[0] == units
    assert found[1].reach.level > 0.8 < found[2].reach.level
    assert found[3] is cycles
    # What is known of a rhythm serves every share.
    assert here.reach(Reach(level=0.8), 0, 1) == found[2].reach != here.reach(Reach(level=0.9), 0, 1)
