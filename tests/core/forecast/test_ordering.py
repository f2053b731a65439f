"""What to order now, number by number."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from core.forecast.lot_sizes import quantity
from core.forecast.ordering import for_those_who_wait, not_bought, out_of_stock_on, suggest, would_wait
from core.forecast.records import BuyingTerms, ItemForecast, LeadTime, Position

TODAY = date(2026, 11, 23)
FORECAST = ItemForecast(
    shop="fern", sku="mug", made_on=TODAY, pattern="smooth", method="", weeks=(), rate=7.0, lead=LeadTime(days=10, variance=0),
    review_days=7, cover_days=17, mean=17.0, variance=1.0, error=0.0, quantiles={}, level=0.95, factor=1.0, target="",
    reorder_point=12, order_up_to=20, safety_stock=2, value_class="A", steadiness="X", price=1000,
)  # fmt: skip
UNKNOWN = {"order_up_to": 0, "rate": 0.0, "reorder_point": 0, "mean": 0.0}


def day(after):
    return TODAY + timedelta(days=after)


def made(position, terms=None, **changes):
    return suggest(replace(FORECAST, **changes), position, terms, today=TODAY, holding_percent=25)


@pytest.mark.parametrize(
    ("position", "changes", "urgency", "units"),
    [
        (Position(on_hand=25), {}, "enough", 0),
        (Position(on_hand=15), {}, "soon", 5),
        (Position(on_hand=12), {}, "now", 8),
        (Position(on_hand=1, owed=3), UNKNOWN, "now", 2),
        (Position(on_hand=0), UNKNOWN, "never", 0),
    ],
)
def test_how_urgent_an_order_is(position, changes, urgency, units):
    found = made(position, **changes)
    assert (found.urgency, found.units) == (urgency, units)


@pytest.mark.parametrize(
    ("position", "pack", "urgency", "units", "waits"),
    [
        (Position(on_hand=0), 1, "never", 0, 0),
        (Position(on_hand=0, owed=3), 1, "now", 3, 3),
        (Position(on_hand=0, owed=3), 5, "now", 5, 3),
        (Position(on_hand=0, owed=3, coming=((TODAY, 3),)), 1, "never", 0, 0),
        (Position(on_hand=2), 1, "never", 0, 0),
    ],
)
def test_of_what_is_made_to_order_only_what_is_owed_is_bought(position, pack, urgency, units, waits):
    terms = BuyingTerms(shop="fern", sku="mug", made_to_order=True, pack=pack)
    found = made(position, terms)
    assert (found.urgency, found.units, found.would_wait) == (urgency, units, waits)
    assert "made to order: nothing is kept in stock, only what customers have ordered is bought" in found.reasons


@pytest.mark.parametrize(
    ("position", "changes", "words"),
    [
        (
            Position(on_hand=-2),
            {},
            "the shop's stock is below zero (-2): count it, the suggestion starts from that number",
        ),
        (Position(on_hand=2, owed=1), {}, "1 unit sold and not shipped yet"),
        (Position(on_hand=2), {}, "nothing is on its way"),
        (Position(on_hand=2, coming=((day(2), 3),)), {}, "3 units on the way"),
        (Position(on_hand=2, coming=((day(2), 3), (None, 4))), {}, "7 units on the way, 4 without a date"),
        (
            Position(on_hand=2, coming=((day(-2), 3), (None, 4))),
            {},
            "3 units of it should be here by now: ask the supplier for a new day",
        ),
        (
            Position(on_hand=2, coming=((day(5), 90),)),
            {},
            "ask the supplier to send the delivery of 2026-11-28 sooner: the stock is gone before it",
        ),
        (Position(on_hand=25), {}, "25 cover what is needed: 20"),
        (Position(on_hand=0), UNKNOWN, "no demand to keep stock for: order when somebody orders"),
        (Position(on_hand=5), {}, "5 against a reorder point of 12, a level of 20"),
    ],
)
def test_a_suggestion_says_why(position, changes, words):
    assert words in made(position, **changes).reasons


def test_a_minimum_and_packs_are_told_and_paid():
    found = made(Position(on_hand=14), BuyingTerms(shop="fern", sku="mug", minimum=10, pack=4, cost=300))
    assert (found.urgency, found.units, found.cost) == ("soon", 12, 3600)
    assert "6 wanted, 12 ordered: minimum 10, packs of 4" in found.reasons
    assert made(Position(on_hand=15)).cost is None
    assert quantity(0, None) == 0


@pytest.mark.parametrize(
    ("weekly", "position", "on"),
    [
        (7, Position(on_hand=5), day(5)),
        (7, Position(on_hand=5, coming=((day(3), 4),)), day(9)),
        (7, Position(on_hand=5, coming=((day(6), 4),)), day(5)),
        (7, Position(on_hand=5, coming=((None, 4), (day(-1), 4))), day(5)),
        (7, Position(on_hand=0), TODAY),
        (0, Position(on_hand=0), TODAY),
        (0, Position(on_hand=1), None),
        (0, Position(on_hand=0, owed=1), TODAY),
        (7, Position(on_hand=400), None),
        (0.0001, Position(on_hand=400), None),
    ],
)
def test_stock_lasts_until_a_day(weekly, position, on):
    assert out_of_stock_on(weekly, position, TODAY) == on


def test_those_who_ask_before_an_order_is_here_would_wait():
    found = made(Position(on_hand=4, owed=6, coming=((day(8), 1), (day(30), 9))))
    assert (found.runs_out_on, found.arrives_on, found.would_wait, found.value) == (TODAY, day(10), 11, 11000)


@pytest.mark.parametrize(
    ("weekly", "position", "units"),
    [
        (7, Position(on_hand=10), 0),
        (7, Position(on_hand=4), 6),
        (7, Position(on_hand=4, coming=((day(6), 90),)), 2),
        (7, Position(on_hand=4, coming=((day(6), 3),)), 5),
        (7, Position(on_hand=4, coming=((day(-1), 90), (None, 90))), 6),
        (7, Position(on_hand=4, owed=9, coming=((day(2), 5),)), 10),
        (0, Position(on_hand=0, owed=3), 3),
        (7, Position(on_hand=-5), 10),
    ],
)
def test_what_comes_meanwhile_ends_the_wait(weekly, position, units):
    assert would_wait(weekly, position, TODAY, day(10)) == units
    assert would_wait(weekly, position, TODAY, TODAY) == max(0, position.owed - max(0, position.on_hand))


@pytest.mark.parametrize(
    ("kit", "words"),
    [
        ({"mug": 2, "lid": 1}, "a kit is not ordered itself: its parts are, 2 x mug, 1 x lid"),
        ({}, "the shop does not count its stock, so it never runs out there"),
    ],
)
def test_what_nobody_orders_says_why(kit, words):
    found = not_bought("set", Position(on_hand=0, owed=4), kit, today=TODAY)
    assert (found.urgency, found.units, found.would_wait, found.reasons) == ("never", 0, 0, (words,))


@pytest.mark.parametrize(
    ("coming", "units", "urgency"), [((), 5, "now"), (((None, 2),), 3, "now"), (((None, 9),), 0, "enough")]
)
def test_without_a_forecast_those_who_wait_are_ordered_for(coming, units, urgency):
    found = waiting(Position(on_hand=0, coming=coming))
    assert (found.units, found.urgency, found.value) == (units, urgency, units * 1000)
    assert (found.arrives_on, found.cost) == (day(14), None)
    assert waiting(Position(on_hand=0), price=None).value is None


def waiting(position, terms=None, price=1000):
    return for_those_who_wait("mug", position, 5, terms, today=TODAY, usual_days=14, price=price)


def test_without_a_forecast_packs_days_and_costs_are_the_items_own():
    found = waiting(Position(on_hand=0), BuyingTerms(shop="fern", sku="mug", pack=12, cost=300, lead_days=3))
    assert (found.units, found.would_wait, found.value, found.cost, found.arrives_on) == (12, 5, 5000, 3600, day(3))
    assert found.reasons[1] == "5 wanted, 12 ordered: minimum 1, packs of 12"


@pytest.mark.parametrize(("pack", "urgency", "units"), [(12, "soon", 12), (56, "soon", 56), (60, "enough", 0)])
def test_what_is_not_needed_now_waits_until_half_of_a_least_order_that_lasts_is_wanted(pack, urgency, units):
    found = made(Position(on_hand=15), BuyingTerms(shop="fern", sku="mug", pack=pack))
    assert (found.urgency, found.units) == (urgency, units)
    waits = f"15 are above the reorder point of 12: the least order of {pack} waits until half of it is wanted"
    assert (waits in found.reasons) is (urgency == "enough")


def test_weekly_orders_by_what_is_suggested_fill_as_much_in_packs_as_in_single_units():
    def filled(pack):
        terms, on_hand, coming, served = BuyingTerms(shop="fern", sku="mug", pack=pack), 25, [], 0
        asked = np.random.default_rng(2).poisson(1.0, 1400).tolist()
        for day_of, units in enumerate(asked):
            if day_of % 7 == 0:
                # Seven a week, ten days to deliver: ordered today for seventeen.
                wanted = made(Position(on_hand=on_hand, coming=tuple((None, late) for _, late in coming)), terms)
                coming.append((day_of + 10, wanted.units))
            on_hand += sum(late for due, late in coming if due == day_of)
            coming = [one for one in coming if one[0] > day_of]
            served += min(max(on_hand, 0), units)
            on_hand -= units
        return served / sum(asked)

    assert filled(24) >= filled(1)


@pytest.mark.parametrize(("pack", "long"), [(360, False), (370, True)])
def test_a_least_order_that_lasts_over_a_year_is_told(pack, long):
    found = made(Position(on_hand=5), BuyingTerms(shop="fern", sku="mug", pack=pack))
    assert (found.urgency, found.units) == ("now", pack)
    assert any("last over a year" in reason for reason in found.reasons) is long
