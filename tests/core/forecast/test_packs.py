"""Packs in the reckoning: a simulated shelf says that as much is filled with less kept spare."""

import numpy as np
import pytest

from core.forecast.packs import spared
from core.forecast.reach import Reach

WEEKS = 4000


def filled(level, pack, weekly, least=1):
    """Return the share of units shipped at once from a shelf that is looked at every week and filled after two more."""
    position = on_hand = level
    coming, served = [0, 0], 0
    for asked in weekly:
        on_hand += coming.pop(0)
        served += min(max(on_hand, 0), asked)
        on_hand, position = on_hand - asked, position - asked
        wanted = max(0, level - position)
        ordered = -(-max(wanted, least) // pack) * pack if wanted else 0
        position += ordered
        coming.append(ordered)
    return served / sum(weekly)


@pytest.mark.parametrize("rate", [0.4, 2.0, 20.0])
@pytest.mark.parametrize("level", [0.9, 0.97])
def test_as_much_is_filled_in_packs_with_less_kept_spare(rate, level):
    weekly = np.random.default_rng(5).poisson(rate, WEEKS).tolist()
    mean, reach = np.array([3 * rate]), Reach(level=level)
    plain = int(reach.stock(mean, mean)[0])
    for pack in (6, 60):
        made = int(spared(mean, mean, reach, np.array([float(pack)]))[0])
        assert np.ceil(mean[0]) <= made < plain
        assert filled(made, pack, weekly) >= filled(plain, 1, weekly) - 0.015


@pytest.mark.parametrize(("rate", "least"), [(0.4, 6), (2.0, 24), (20.0, 60)])
def test_as_much_is_filled_where_a_least_order_counts_as_packs_of_what_it_is_larger_than_a_weeks_demand(rate, least):
    weekly = np.random.default_rng(5).negative_binomial(rate / 2, 1 / 3, WEEKS).tolist()
    mean, reach = np.array([3 * rate]), Reach(level=0.9)
    plain = int(reach.stock(mean, 3 * mean)[0])
    made = int(spared(mean, 3 * mean, reach, np.array([least - rate]))[0])
    assert np.ceil(mean[0]) <= made < plain
    assert filled(plain, 1, weekly) <= filled(made, 1, weekly, least) < filled(plain, 1, weekly, least)


def test_single_units_and_items_that_nobody_asks_for_are_as_they_were():
    mean, packs = np.array([6.0, 0.0, 6.0]), np.array([1.0, 12.0, 0.0])
    reach = Reach(level=0.95)
    assert spared(mean, mean, reach, packs).tolist() == reach.stock(mean, mean).tolist()


def test_each_of_many_items_is_reckoned_by_itself():
    mean, packs, reach = np.array([2.0, 6.0, 60.0]), np.array([3.0, 8.0, 30.0]), Reach(level=0.95)
    alone = [spared(mean[[one]], mean[[one]], reach, packs[[one]]).item() for one in range(3)]
    assert spared(mean, mean, reach, packs).tolist() == alone
    assert alone != reach.stock(mean, mean).tolist()
