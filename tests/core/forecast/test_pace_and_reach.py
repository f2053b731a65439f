"""What all items tell together, and how far stock reaches when the shop fills less than it promises."""

import numpy as np
import pytest

from core.forecast.pace import paced
from core.forecast.reach import FACTORS, LEVELS, STEPS, Ladder, ladder, reach_at
from core.forecast.replay import Replay
from core.forecast.sentences import method_words
from core.forecast.series import series_of
from core.forecast.shop import forecast
from core.forecast.smoothing import Method

USUAL = Method(name="smoothing", alpha=0.08)
RISING = np.linspace(0.3, 0.99, STEPS)


def shop(turn, weeks=104, items=150):
    random = np.random.default_rng(5)
    rates = np.exp(random.normal(1.0, 0.8, items))
    return series_of(random.poisson(rates * np.asarray([turn(week) for week in range(weeks)])[:, None]), 3)


def filled(*weeks, sales=100_000, largest=1.0):
    """A ladder of weeks, each of which fills its own share of what RISING says, of so many sales in all."""
    shares, demand = np.clip(np.outer(weeks, RISING), 0, 1), np.ones((len(weeks), sales // max(1, len(weeks))))
    demand[:, :1] = largest
    asked = np.full(len(weeks), 100.0)
    return ladder(shares * asked[:, None], asked, lag=2, demand=demand)


def test_a_rise_that_all_items_share_is_followed_at_once():
    series = shop(lambda week: 1.0 if week < 60 else 3.0, weeks=66)
    method = paced(series, USUAL)
    slow, quick = (one.follower(series.items, series.horizon) for one in (USUAL, method))
    for week in range(series.periods):
        for follower in (slow, quick):
            follower.step(series.demand[week].astype(float), series.weight(week))
    asked = series.demand[-4:].sum() / 4
    assert slow.rate().sum() < 0.7 * asked
    assert 0.9 * asked < quick.rate().sum() < 1.1 * asked
    assert method_words(method) == "exponential smoothing (0.08) at the pace of the whole shop"


def test_where_much_is_sold_steadily_a_low_share_takes_less_than_what_is_expected():
    ladder = forecast(series_of(np.random.default_rng(4).poisson(400, (40, 30)), 3)).ladder
    assert ladder.fills[LEVELS.index(0.5)] > 0.95
    assert ladder.reach(0.9).level < 0.45 < ladder.reach(0.99).level


def test_a_shop_that_stands_still_keeps_to_what_each_item_tells():
    assert paced(shop(lambda _: 1.0), USUAL) == USUAL
    assert method_words(USUAL) == "exponential smoothing (0.08)"


def test_a_season_of_one_year_is_expected_again_where_all_items_have_it():
    series = shop(lambda week: 4.0 if week % 52 in range(20, 30) else 1.0, weeks=52 + 52 + 20)
    pace = paced(series, USUAL).pace
    calm, before = pace[52 + 8], pace[-1]
    assert before > 1.5 * calm


def test_weeks_without_stock_are_no_fall_of_the_shops_pace():
    whole = shop(lambda week: 1.0 if week < 40 else 2.0)
    seen = np.ones(whole.demand.shape)
    seen[80:, :75] = 0
    missing = series_of(np.where(seen == 1, whole.demand, 0), 3, seen)
    assert paced(missing, USUAL).pace[-1] == pytest.approx(paced(whole, USUAL).pace[-1], rel=0.15)


@pytest.mark.parametrize(("spread", "least", "most"), [(0.05, 0.5, 1.0), (1.5, 0.0, 0.15)], ids=["alike", "different"])
def test_a_newcomer_leans_on_the_others_the_more_the_less_they_differ(spread, least, most):
    random = np.random.default_rng(7)
    rates = np.exp(random.normal(0.0, spread, 80))
    seen = np.ones((60, 80))
    seen[:54, 0] = 0
    found = forecast(series_of(random.poisson(rates, (60, 80)) * seen, 3, seen))
    assert least < found.leaning[0] <= most
    assert found.leaning[1] < found.leaning[0]


def test_where_weeks_are_alike_the_step_that_fills_the_target_is_taken():
    found = filled(*[1.0] * 30)
    for target in (0.6, 0.9, 0.95):
        reach, wanted = found.reach(target), reach_at(np.interp(target, RISING, np.arange(STEPS)))
        assert (reach.level, reach.factor) == (
            pytest.approx(wanted.level, rel=1e-3),
            pytest.approx(wanted.factor, rel=1e-2),
        )
    assert found.fills == pytest.approx(tuple(RISING))


def test_weeks_that_fill_less_and_less_make_stock_reach_further_than_their_mean_asks_for():
    falling = np.linspace(1.0, 0.8, 30)
    found = filled(*falling)
    steered, read_off = found.reach(0.6), reach_at(np.interp(0.6, found.fills, np.arange(STEPS)))
    assert (steered.level, steered.factor) > (read_off.level, read_off.factor)
    rising = filled(*falling[::-1])
    assert rising.reach(0.6).level < reach_at(np.interp(0.6, rising.fills, np.arange(STEPS))).level


def test_a_bad_month_is_forgotten_after_a_season():
    def level(*weeks):
        return filled(*weeks).reach(0.6).level

    calm, hit = [1.0] * 60, [1.0] * 20 + [0.3] * 4 + [1.0] * 36
    assert level(*hit[:26]) > level(*calm[:26]) + 0.02
    assert level(*hit) == pytest.approx(level(*calm), abs=0.02)


def test_a_month_in_which_one_large_order_decided_moves_the_goal_less():
    bad = [1.0] * 20 + [0.9] * 4
    usual, by_one = filled(*bad), filled(*bad, largest=1e5)
    assert by_one.fills == usual.fills
    assert by_one.reach(0.6).level < usual.reach(0.6).level - 0.003


def test_few_sales_lean_on_the_cautious_guess():
    measured, guess = filled(*[1.0] * 30).reach(0.6).level, Ladder().reach(0.6).level
    leaned = [filled(*[1.0] * 30, sales=sales).reach(0.6).level for sales in (0, 90, 9000)]
    assert leaned[0] == pytest.approx(guess)
    assert leaned == sorted(leaned)
    assert guess < leaned[1] < leaned[2] < measured


def test_nothing_replayed_is_a_cautious_guess_and_the_last_step_the_furthest():
    assert Ladder().fills == () == filled().fills
    assert Ladder().reach(0.9).level == pytest.approx(0.95)
    assert reach_at(STEPS - 1) == reach_at(STEPS + 5)
    assert (reach_at(STEPS - 1).level, reach_at(STEPS - 1).factor) == (LEVELS[-1], FACTORS[-1])


def test_the_replay_serves_each_period_from_what_was_ordered_a_lead_time_before():
    # One item, lead time of one period and a review of one; 5 are ordered up to at the end of every period.
    series = series_of(np.array([[2], [2], [4], [3], [1]]), 2)
    replay = Replay(series, np.zeros((5, 1)))
    got, asked, left = replay.served({now: np.array([[5.0]]) for now in range(5)})
    # 5 at the end of period 0: 2 go in period 1, so 3 are there for the 4 of period 2, and so on.
    assert asked.tolist() == [0, 0, 4, 3, 1]
    assert got[:, 0].tolist() == [0, 0, 3, 1, 1]
    assert left[:, 0].tolist() == [0, 0, 0, 0, 1]


def test_no_order_reaches_further_than_the_worst_of_the_last_weeks_needed():
    found = filled(*[1.1, 0.9] * 12, *[0.3] * 4, *[1.15] * 6)
    enough = reach_at(np.interp(0.6, 1.15 * RISING, np.arange(STEPS)))
    # Of so many sales the cautious guess still counts a little.
    assert found.reach(0.6).level == pytest.approx(enough.level, abs=1e-3)
    assert enough.level < reach_at(np.interp(0.6, found.fills, np.arange(STEPS))).level - 0.01
