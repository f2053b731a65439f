"""Which share each item must reach, in words and by how it was set, and the levels over lead time and review."""

from math import exp, factorial
from types import SimpleNamespace

import numpy as np
import pytest

from core.forecast.negative_binomial import quantiles
from core.forecast.reach import Ladder, Reach
from core.forecast.records import BuyingTerms, LeadTime
from core.forecast.stock import Target, levels_of, targets_of
from core.policy.shop_policy import Reorder

MODEL = SimpleNamespace(ladder=Ladder())


def aim(policy, *, own=None, named="AX", cost=10.0, price=20.0):
    terms = BuyingTerms(shop="fern", sku="mug", service=own) if own != "no terms" else None
    (found,) = targets_of(policy, [terms], [named], MODEL, np.array([cost]), np.array([price]))
    return found


def reorder(target="fill_rate", service="0.95", **more):
    return Reorder(target=target, service=service, **more)


UNITS, CYCLES, BALANCE = "% of units shipped at once", "% of cycles without a shortage", "% of days covered"
BY_CLASS = {"A": "0.9", "AX": "0.97"}


@pytest.mark.parametrize(
    ("policy", "item", "share", "words"),
    [
        (reorder(), {}, 0.95, "95" + UNITS),
        (reorder(), {"own": "no terms"}, 0.95, "95" + UNITS),
        (reorder(service="0.975"), {}, 0.975, "97.5" + UNITS),
        (reorder(service="0.999"), {"own": "0.5"}, 0.5, "50" + UNITS),
        (reorder(service="0.999"), {}, 0.999, "99.9" + UNITS),
        (reorder("cycle_service"), {}, 0.95, "95" + CYCLES),
        (reorder("cycle_service"), {"own": "0.8"}, 0.8, "80" + UNITS),
        (reorder("cycle_service", service_by_class=BY_CLASS), {}, 0.97, "97" + CYCLES),
        (reorder(service_by_class=BY_CLASS), {"named": "AY"}, 0.9, "90" + UNITS),
        (reorder(service_by_class=BY_CLASS), {"named": "BX"}, 0.95, "95" + UNITS),
        (reorder(service_by_class=BY_CLASS), {"own": "0.6"}, 0.6, "60" + UNITS),
        # 0.10 a day against 182.50 x 20 % / 365 = 0.10 a day.
        (reorder("cost"), {"cost": 182.5}, 0.5, "50" + BALANCE),
        (reorder("cost"), {"cost": 20.28}, 0.9, "90" + BALANCE),
        (reorder("cost"), {"cost": 9999.0}, 0.5, "50" + BALANCE),
        (reorder("cost"), {"cost": 0.0}, 0.999, "99.9" + BALANCE),
        (reorder("cost", wait_cost="0"), {"cost": 0.0}, 0.95, "95" + BALANCE),
        # The same unit in yen, and half a percent of another price; without one, of twice the cost: 73 against 8.
        (reorder("cost"), {"cost": 18250.0, "price": 2000.0}, 0.5, "50" + BALANCE),
        (reorder("cost", wait_cost="0.30"), {"cost": 182.5}, 0.75, "75" + BALANCE),
        (reorder("cost"), {"cost": 14600.0, "price": 0.0}, 0.948, "94.8" + BALANCE),
        (reorder("cost"), {"cost": 0.0, "price": 0.0}, 0.95, "95" + BALANCE),
        (reorder("cost", service_by_class=BY_CLASS), {}, 0.97, "97" + UNITS),
    ],
)
def test_a_share_is_the_items_own_else_its_classs_else_the_shops(policy, item, share, words):
    found = aim(policy, **item)
    assert found.share == pytest.approx(share, abs=1e-3)
    assert found.words.endswith(words)
    # Units shipped at once are what the shop's past says of them; cycles and days covered are the quantile itself.
    expected = Ladder().reach(found.share) if words.endswith(UNITS) else Reach(level=found.share)
    assert found.reach == expected
    assert found.of_days is words.endswith(BALANCE)


def test_items_of_one_share_have_one_target():
    policy = reorder("cost")
    found = targets_of(policy, [None] * 3, ["AX"] * 3, MODEL, np.array([20.0, 20.001, 90.0]), np.full(3, 20.0))
    assert found[0] is found[1]
    assert found[0] is not found[2]
    with pytest.raises(ValueError, match="longer"):
        targets_of(policy, [None], ["AX", "AX"], MODEL, np.array([20.0, 20.0]), np.full(2, 20.0))


def levels(*, rate=7.0, varies=40.0, days=14.0, slack=0.0, cover=21.0, level=0.9, factor=1.0, goal=None, **terms):
    # Two weeks are the horizon, over which demand varies by so much.
    model = SimpleNamespace(rate=np.array([rate]), variance=np.array([varies if rate else 0.0]))
    series = SimpleNamespace(items=1, horizon=np.array([2]))
    target = Target(share=level, reach=Reach(level=level, factor=factor), words="", **goal or {})
    buying = BuyingTerms(shop="fern", sku="mug", **terms) if terms else None
    return levels_of(model, series, [LeadTime(days=days, variance=slack)], np.array([cover]), [target], [buying])


def stock(mean, variance, level=0.9):
    return quantiles(np.array([mean]), np.array([variance]), [level])[0].tolist()


@pytest.mark.parametrize(
    ("how", "mean", "variance", "until", "spread"),
    [
        ({}, 21, 60, 15, 40 * 15 / 14),
        ({"slack": 9.0}, 21, 60 + 9, 15, 40 * 15 / 14 + 9),
        ({"rate": 70.0, "slack": 9.0}, 210, 60 + 900, 150, 40 * 15 / 14 + 900),
        ({"rate": 70.0}, 210, 210, 150, 150),  # never steadier than by chance
        ({"cover": 7.0, "days": 0.0}, 7, 20, 1, 40 / 14),
    ],
)
def test_the_order_point_covers_the_lead_time_and_a_day_and_the_level_the_next_order_too(
    how, mean, variance, until, spread
):
    found = levels(**how)
    assert (found.mean.tolist(), found.variance.tolist()) == ([mean], [pytest.approx(variance)])
    assert found.order_up_to.tolist() == stock(mean, variance)
    assert found.reorder_point.tolist() == stock(until, spread)
    assert found.quantiles[:, 0].tolist() == [
        *(stock(mean, variance, float(share))[0] for share in ("0.5", "0.8", "0.9", "0.95", "0.99"))
    ]


def covered(stock, mean):
    """The chance that Poisson demand is met."""
    return sum(exp(-mean) * mean**units / factorial(units) for units in range(int(stock) + 1))


@pytest.mark.parametrize("level", [0.6, 0.9, 0.95])
@pytest.mark.parametrize(
    ("rate", "days", "cover"), [(7, 14, 21), (7, 14, 44), (21, 5, 19), (0.7, 20, 21), (14, 40, 50)]
)
def test_costs_are_of_every_day_until_the_next_order_and_not_of_the_last(rate, days, cover, level):
    found = levels(rate=rate, varies=2.0 * rate, days=days, cover=cover, level=level, goal={"of_days": True})
    means = [rate * day / 7 for day in range(days + 1, cover + 1)]
    cheapest = next(units for units in range(200) if np.mean([covered(units, mean) for mean in means]) >= level)
    assert abs(found.order_up_to[0] - cheapest) <= max(1, 0.04 * cheapest)
    assert found.mean.tolist() == [pytest.approx(rate * cover / 7)]


def test_an_order_is_due_before_the_level_is_reached_again():
    # Covered for a day only: the lead time alone would ask for more than the level.
    found = levels(cover=1.0)
    assert found.reorder_point.tolist() == [found.order_up_to[0] - 1]
    nothing = levels(rate=0.0)
    assert (nothing.order_up_to.tolist(), nothing.reorder_point.tolist()) == ([0], [0])


def test_what_is_asked_for_once_in_many_years_is_not_kept():
    assert levels(rate=0.0003, factor=4.0).order_up_to.tolist() == [0]
    assert levels(rate=0.0003).mean.tolist() == [0]
    assert levels(rate=0.00034).mean.tolist() == [pytest.approx(0.00102)]


def test_nothing_is_kept_of_what_is_made_to_order():
    found = levels(made_to_order=True)
    assert (found.order_up_to.tolist(), found.reorder_point.tolist(), found.mean.tolist()) == ([0], [0], [21])


def test_what_packs_leave_over_is_spare_stock_too():
    plain = levels()
    assert levels(pack=1).order_up_to.tolist() == plain.order_up_to.tolist()
    some, large = levels(pack=12), levels(pack=500)
    # 21 are expected, so many are kept at least; the order point is no higher than the level less one.
    assert 21 == large.order_up_to[0] < some.order_up_to[0] < plain.order_up_to[0]
    assert large.fewer[0] == plain.order_up_to[0] - 21
    assert 15 == large.reorder_point[0] < some.reorder_point[0] < plain.reorder_point[0]
    # Of cycles without a shortage each is as good as the other, however many units an order brings.
    assert levels(pack=500, goal={"lots": False}).order_up_to.tolist() == plain.order_up_to.tolist()
    # Beyond the last quantile the factor stretches the distribution, and less is eaten of it.
    assert levels(pack=12, factor=2.0).order_up_to[0] > some.order_up_to[0]


@pytest.mark.parametrize(
    ("terms", "packs"), [({"minimum": 19}, 12), ({"minimum": 19, "pack": 6}, 12), ({"minimum": 19, "pack": 20}, 20), ({"minimum": 8}, 1)]
)  # fmt: skip
def test_a_least_order_is_like_packs_of_what_it_is_larger_than_a_weeks_demand(terms, packs):
    found, like = levels(**terms), levels(pack=packs)
    assert found.order_up_to.tolist() == like.order_up_to.tolist()
    assert found.reorder_point.tolist() == like.reorder_point.tolist()
    assert found.fewer.tolist() == like.fewer.tolist()


def test_each_item_has_the_level_of_its_own_target():
    model = SimpleNamespace(rate=np.array([7.0, 7.0]), variance=np.array([40.0, 40.0]))
    targets = [Target(share=one, reach=Reach(level=one), words="") for one in (0.5, 0.99)]
    series = SimpleNamespace(items=2, horizon=np.array([2, 2]))
    lead = [LeadTime(days=14, variance=0)] * 2
    found = levels_of(model, series, lead, np.array([21.0, 21.0]), targets, [None, None])
    assert found.order_up_to.tolist() == stock(21, 60, 0.5) + stock(21, 60, 0.99)
