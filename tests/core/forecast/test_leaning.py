"""Leaning on the shop's mean: where items hardly differ it is worth more than their own pasts, and only there."""

from dataclasses import replace

import numpy as np
import pytest

from core.forecast import leaning
from core.forecast.choosing import Choice
from core.forecast.leaning import Likes, joined, leaned, leaning_of
from core.forecast.rolling import Totals, judge
from core.forecast.series import series_of
from core.forecast.shop import forecast, usual_method
from core.forecast.smoothing import Method

PLAIN = Method(name="average")


def asked(rates, weeks=104, seed=3):
    return np.random.default_rng(seed).poisson(rates, (weeks, len(rates))).astype(float)


@pytest.mark.parametrize(
    ("rates", "leans"),
    [
        (np.full(120, 0.05), True),
        (np.geomspace(0.05, 20, 120), False),
    ],
    ids=["all alike", "bestsellers beside slow sellers"],
)
def test_items_lean_on_the_shop_only_where_they_hardly_differ(rates, leans):
    made = leaned(series_of(asked(rates), 3), PLAIN)
    assert (made.witness > 0) is leans
    assert bool(made.shop) is leans


@pytest.mark.parametrize("seed", range(3))
def test_no_more_of_the_shop_is_tried_once_it_tells_less(seed, monkeypatch):
    rates = np.repeat([0.03, 0.25], 60)
    tried, usual = [], leaning.pinball
    monkeypatch.setattr(
        leaning, "pinball", lambda of, method, *rest: tried.append(method.witness) or usual(of, method, *rest)
    )
    made = leaned(series_of(asked(rates, seed=seed), 3), PLAIN)
    assert made.witness < tried[-1] < max(leaning.WITNESSES)


def test_a_past_too_short_to_judge_leans_on_nothing():
    assert leaned(series_of(asked(np.full(20, 0.5), weeks=4), 3), PLAIN) is PLAIN


def test_leaning_brings_the_rates_together_and_leaves_their_mean():
    units = asked(np.full(40, 0.1))
    units[:, 0] = 0
    series = series_of(units, 3)
    method = Method(name="average", shop=(0.1,) * 104, witness=104.0)
    plain, leant = PLAIN.follower(40, series.horizon), method.follower(40, series.horizon)
    for period in range(104):
        plain.step(units[period], series.weight(period))
        leant.step(units[period], series.weight(period))
    # As many weeks of the shop's as of its own: half way. What never sold stays where it is.
    assert leant.rate()[1:] == pytest.approx((plain.rate()[1:] + 0.1) / 2)
    assert leant.rate()[0] == 0


def test_what_has_stopped_selling_is_not_kept_in_stock_for_the_others_sake():
    units = asked(np.full(120, 0.05))
    # A sale in every seventh week, and then none for so long as chance may still have it.
    units[:, 0], units[:60:7, 0] = 0, 3
    made = forecast(series_of(units, 3))
    assert made.pattern.are("dying").tolist() == [True] + [False] * 119
    assert made.leaning[0] == 0
    assert made.leaning[1:].max() > 0.1
    series = series_of(units, 3)
    part, method = series.part(np.array([0])), replace(usual_method(series), shop=())
    assert made.rate[0] == pytest.approx(judge(part, Totals(part), method).rate[0])


def test_only_methods_that_lean_are_told_to_and_at_the_shops_pace():
    methods = (Method(name="average", shop=(0.2, 0.4), witness=6.0, pace=(1.0, 1.5)), Method(name="tsb"))
    choice = Choice(methods=methods, chosen=np.array([0, 1, 0, 0], np.int8), relative=np.ones(4), origins=3)
    series = series_of(np.array([[1, 1, 0, 1], [0, 1, 0, 1]]), 1)
    found = leaning_of(series, choice, np.array([False, False, False, True]))
    assert found.rate.tolist() == pytest.approx([0.6, 0, 0, 0])
    assert found.share.tolist() == pytest.approx([6 / 8, 0, 0, 0])


def test_a_newcomer_leans_on_its_likes_with_what_leans_on_the_shop():
    both = joined(
        Likes(rate=np.array([2.0, 2.0, 2.0]), share=np.array([0.5, 0.5, 0.0])),
        Likes(rate=np.array([1.0, 1.0, 1.0]), share=np.array([0.5, 0.0, 0.0])),
    )
    # 0.5 x 2 + 0.5 x (0.5 x 1 + 0.5 x own): three quarters are of others, who sell 1.25 / 0.75.
    assert both.share.tolist() == [0.75, 0.5, 0.0]
    assert both.rate.tolist() == pytest.approx([1.25 / 0.75, 2.0, 2.0])
