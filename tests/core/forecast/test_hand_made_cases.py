"""Cases that a merchant would judge with the naked eye: sensible numbers, and a sentence that says why."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from core.forecast.ordering import suggest

STEADY = [10, 11, 9, 10, 12, 8, 10, 10] * 6 + [10, 9, 11, 10]
CASES = {
    # weeks, options, rate from, rate to, order-up-to from, to, pattern, words
    "no history": ((), {"born": {}}, 0.5, 8, 1, 60, "new", "No history yet"),
    "never sold in a year": ((), {}, 0, 0.05, 0, 0, "none", "No sale in 52 weeks"),
    "one sale ever": ([0] * 20 + [1] + [0] * 31, {}, 0, 0.1, 0, 1, "intermittent", "Sold in a single week"),
    "dead item": ([10, 8, 12, 9] * 6 + [0] * 28, {}, 0, 1.5, 0, 12, "dying", "No sale in the last 28 weeks"),
    "steady": (STEADY, {}, 9, 11, 31, 70, "smooth", "Sells steadily: sold in 52 of 52 weeks"),
    "the same every week": ([70] * 52, {}, 69.9, 70.1, 210, 300, "smooth", "70 a week expected"),
    "one spike": (
        [5, 4, 6, 5] * 6 + [500] + [5, 4, 6, 5] * 6 + [5, 5, 5],
        {},
        4,
        7,
        15,
        60,
        "smooth",
        "One very large order",
    ),
    "now and then": (
        [0, 0, 0, 3, 0, 0, 2, 0] * 6 + [0, 0, 0, 3],
        {},
        0.3,
        1.2,
        3,
        15,
        "intermittent",
        "Sells now and then",
    ),
}

SEASON = [*[0] * 39, 4, 6, 9, 12, 14, 15, 14, 12, 10, 8, 6, 5, 3]


@pytest.mark.parametrize(
    ("weeks", "pattern", "least", "most", "told"),
    [
        # 4 + 6 + 9 are to come until the next order is here.
        ([*SEASON, *SEASON, *SEASON[:39]], "intermittent", 19, 40, True),
        ([*SEASON, *SEASON[:39]], "intermittent", 19, 40, True),
        ([*SEASON, *SEASON, *SEASON[:20]], "intermittent", 0, 0, False),
        ([*SEASON, *SEASON, *[0] * 44], "dying", 0, 0, False),
        ([*[4, 6, 8] * 20, *[0] * 39], "dying", 0, 0, False),
    ],
    ids=["as the third season begins", "as the second begins", "far from it", "it did not come", "never had one"],
)
def test_what_sells_in_its_season_has_not_stopped_selling_before_it(weeks, pattern, least, most, told, make):
    found = make.mug(weeks, with_others=len(weeks), born={"mug": make.today - len(weeks) * 7 * make.day})
    assert found.pattern == pattern
    assert least <= found.order_up_to <= most
    assert ("as before it last came back" in " ".join(found.why)) is told


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_numbers_are_sensible_and_a_sentence_says_why(case, make):
    weeks, options, least, most, low, high, pattern, words = CASES[case]
    found = make.mug(weeks, **options)
    assert least <= found.rate <= most
    assert low <= found.order_up_to <= high
    assert 0 <= found.reorder_point <= found.order_up_to
    assert found.pattern == pattern
    assert words in " ".join(found.why)
    assert all(sentence.endswith(".") and not sentence[0].islower() for sentence in found.why)
    assert list(found.quantiles.values()) == sorted(found.quantiles.values())


def test_an_empty_shop_has_nothing_to_forecast(make):
    from core.forecast.nightly import Known, run

    known = Known(shop=make.shop(), today=make.today, items=(), rows=(), terms={}, born={})
    assert run(known).forecasts == ()


def test_a_shop_with_one_sale_today_is_not_frightened(make):
    rows = [make.row(shop="fern", order="1", line="1", item="p-mug", on=make.today - make.day, ordered=2)]
    found = make.mug(rows=rows, with_others=0, born={"mug": make.today})
    assert found.pattern == "new"
    assert 0 < found.rate <= 2
    assert found.order_up_to <= 30


def test_days_sold_out_without_backorders_are_no_lack_of_demand(make):
    weeks = [*STEADY[:40], 0, 0, 0, 0, 0, 0, *STEADY[:6]]
    closed = [make.today - timedelta(days=1 + 7 * week + day) for week in range(6, 12) for day in range(7)]
    blind = make.mug(weeks)
    wise = make.mug(weeks, sold_out=[make.sold_out(on) for on in closed])
    assert wise.rate > blind.rate
    assert 9 <= wise.rate <= 11
    assert "42 days sold out without backorders" in " ".join(wise.why)


def test_a_day_sold_out_with_backorders_is_ordinary_demand(make):
    closed = [make.sold_out(make.today - timedelta(days=1 + day), closed=False) for day in range(7)]
    assert make.mug(STEADY, sold_out=closed).rate == make.mug(STEADY).rate


def test_a_supplier_that_slips_costs_stock_and_is_named(make):
    punctual = make.mug(STEADY, arrivals=[make.arrival(n, 14) for n in range(6)])
    slipping = make.mug(
        STEADY, arrivals=[make.arrival(n, days, late=days - 14) for n, days in enumerate((14, 30, 21, 45, 16, 38))]
    )
    assert slipping.lead.days > punctual.lead.days
    assert slipping.safety_stock > punctual.safety_stock
    assert "later than first said" in " ".join(slipping.why)
    assert "later" not in " ".join(punctual.why)


def test_a_delivery_that_names_nobody_came_from_who_sells_the_item(make):
    nameless = [make.arrival(n, 30, supplier=None) for n in range(6)]
    found = make.mug(STEADY, arrivals=nameless, terms=[make.terms(supplier="Mill")])
    assert (found.lead.own, round(found.lead.days)) == (6, 28)


def test_nothing_is_kept_of_what_the_shop_does_not_count(make):
    wrap = make.item("wrap")
    wrap = replace(wrap, snapshot=replace(wrap.snapshot, tracked=False))
    night = make.night(rows=make.weekly("wrap", STEADY), extra=[wrap])
    assert "wrap" not in {one.sku for one in night.forecasts}


def test_a_lead_time_of_nothing_still_covers_the_review(make):
    found = make.mug(STEADY, terms=[make.terms(lead_days=0)])
    assert found.lead.days == 0
    assert found.cover_days == 7
    assert 10 <= found.order_up_to <= 30


def test_negative_stock_is_ordered_for_and_named(make):
    made = suggest(make.mug(STEADY), make.position(on_hand=-5, owed=4), None, today=make.today, holding_percent=20)
    assert made.urgency == "now"
    assert made.units == make.mug(STEADY).order_up_to + 9
    assert made.runs_out_on == make.today
    assert "below zero (-5)" in made.reasons[0]


def test_one_very_large_order_counts_as_far_as_usual(make):
    rows = make.weekly("mug", STEADY, lines=2)
    big = make.row(shop="fern", order="big", line="1", item="p-mug", on=make.today - 30 * make.day, ordered=900)
    found = make.mug(rows=[*rows, big])
    assert found.rate < 14
    assert "One very large order counted only as far as usual" in " ".join(found.why)


def test_a_week_that_many_customers_made_large_is_cut_down_once(make):
    rows = [*make.weekly("mug", STEADY), *make.weekly("mug", [600], lines=100)]
    found = make.mug(rows=rows)
    assert found.rate < 14
    assert "many times larger than any other" in " ".join(found.why)


def test_a_dear_item_gets_less_stock_when_cost_decides(make):
    cheap = make.mug(STEADY, settings={"target": "cost"}, terms=[make.terms(cost=10)])
    dear = make.mug(STEADY, settings={"target": "cost"}, terms=[make.terms(cost=100_000)])
    assert dear.order_up_to < cheap.order_up_to
    assert "cheapest balance" in " ".join(dear.why)


def test_an_item_may_have_a_service_of_its_own(make):
    assert (
        make.mug(STEADY, terms=[make.terms(service="0.99")]).order_up_to
        > make.mug(STEADY, terms=[make.terms(service="0.6")]).order_up_to
    )


YEAR = [4] * 20 + [40] * 8 + [4] * 24


def test_a_season_that_came_twice_is_expected_again(make):
    before = make.mug([*YEAR, *YEAR, *YEAR[:19]], with_others=123, born={})
    assert "season" in before.method
    assert 20 < before.rate < 50
    within_quiet = make.mug([*YEAR, *YEAR, *YEAR[:40]], with_others=144, born={})
    assert within_quiet.rate < 8


def test_one_season_alone_is_no_promise_of_another(make):
    before = make.mug([*YEAR, *YEAR[:19]], with_others=71, born={})
    assert before.rate < 12


def test_kits_are_broken_into_what_they_are_made_of(make):
    from core.forecast.records import BuyingTerms

    kit = BuyingTerms(shop="fern", sku="set", parts={"mug": 2, "other-1": 1})
    rows = [*make.weekly("mug", [3] * 30), *make.weekly("set", [5] * 30)]
    found = {one.sku: one for one in make.night(rows=rows, terms=[kit], extra=[make.item("set")]).forecasts}
    assert "set" not in found
    assert 12 <= found["mug"].rate <= 14


def days_ago(make, ago, units, order="1", **fields):
    given = {"ordered": units, "price": 2000, **fields}
    return make.row(shop="fern", order=order, line="1", item="p-mug", on=make.today - ago * make.day, **given)


def said(make, found, position, terms=None):
    made = suggest(found, make.position(**position), terms, today=make.today, holding_percent=20)
    return made, "; ".join((*made.reasons, *found.why))


def test_a_shop_whose_only_item_was_born_today_keeps_nothing_and_says_that_it_knows_nothing(make):
    made, words = said(make, make.mug(rows=[], with_others=0, born={"mug": make.today}), {"on_hand": 0})
    assert (made.urgency, made.units, "No history yet" in words) == ("never", 0, True)


def test_what_was_sold_only_today_is_ordered_for_those_who_wait(make):
    found = make.mug(rows=[days_ago(make, 0, 5)], with_others=0, born={"mug": make.today})
    made, words = said(make, found, {"on_hand": 0, "owed": 5})
    assert (made.urgency, made.units, "5 units sold and not shipped yet" in words) == ("now", 5, True)


def test_one_sale_ever_is_told_as_one_without_a_pattern(make):
    made, words = said(make, make.mug(rows=[days_ago(make, 100, 1)]), {"on_hand": 0})
    assert (made.urgency, "Sold in a single week of 52 weeks." in words) == ("never", True)


def test_orders_of_the_future_and_what_was_cancelled_on_its_day_count_for_nothing(make):
    plain = make.mug(rows=make.weekly("mug", STEADY))
    odd = [days_ago(make, -30, 500, "f"), days_ago(make, 10, 500, "c", early=500)]
    assert make.mug(rows=[*make.weekly("mug", STEADY), *odd]) == plain


def test_returns_beyond_what_was_sold_take_no_demand_away(make):
    rows = [days_ago(make, 7 * week + 3, 5, str(week), lost=10) for week in range(52)]
    assert 4 < make.mug(rows=rows).rate < 6


def test_wholesale_orders_that_come_every_month_count_whole(make):
    wholesale = [days_ago(make, 28 * month + 5, 100, f"w{month}") for month in range(12)]
    found = make.mug(rows=[*make.weekly("mug", [5] * 52, lines=5), *wholesale])
    assert found.rate > 20
    assert "very large" not in " ".join(found.why)


def test_a_supplier_closed_all_the_time_and_one_late_by_months_cost_stock_and_are_named(make):
    closed = "2026-11-01/2027-01-31, 2027-02-01/2027-05-01, 2027-05-02/2027-08-01"
    found = make.mug(STEADY, terms=[make.terms(supplier="Mill")], settings={"closed_by_supplier": {"Mill": closed}})
    assert (found.lead.closed > 240, found.order_up_to > 500) == (True, True)
    assert "of these days the supplier is closed" in " ".join(found.why)
    late = make.mug(STEADY, arrivals=[make.arrival(n, 14 + late, late=late) for n, late in enumerate((90, 76, 61))])
    assert (late.lead.slip > 30, late.lead.days > 40) == (True, True)
    assert "days later than first said" in " ".join(late.why)


@pytest.mark.parametrize("terms", [{"pack": 0}, {"cost": 0}, {"lead_days": 0, "review_days": 1}, {"lead_days": 700}])
def test_terms_at_their_edges_give_finite_whole_orders(make, terms):
    own = make.terms(**terms)
    made, _ = said(make, make.mug(STEADY, terms=[own], settings={"target": "cost"}), {"on_hand": 1}, own)
    assert made.units >= 0
    assert (made.cost == 0) is ("cost" in terms)


def test_a_minimum_that_lasts_for_years_is_ordered_when_it_must_be_and_called_so(make):
    own = make.terms(minimum=5000, cost=100)
    found = make.mug([1, 0, 1, 0] * 13, terms=[own])
    made, words = said(make, found, {"on_hand": 0}, own)
    assert (made.units, made.cost, "last over a year" in words) == (5000, 500_000, True)
    made, words = said(make, found, {"on_hand": found.reorder_point + 1}, own)
    assert (made.urgency, made.units) == ("enough", 0)


def test_a_million_a_day_and_a_leap_day_are_only_numbers(make):
    assert 6_000_000 < make.mug([7_000_000] * 52).rate < 8_000_000
    leap = [make.row(shop="fern", order=str(year), line="1", item="p-mug", on=day, ordered=7)
            for year, day in ((1, date(2024, 2, 29)), (2, date(2025, 2, 28)))]  # fmt: skip
    assert "sold in 2 of 143 weeks" in " ".join(make.mug(rows=leap, born={"mug": date(2024, 1, 1)}).why)


def test_what_only_late_supply_covers_is_not_ordered_twice_but_the_supplier_is_to_be_asked(make):
    late = ((make.today - 20 * make.day, 50), (None, 30))
    made, words = said(make, make.mug(STEADY), {"on_hand": 0, "owed": 10, "coming": late})
    assert (made.units, made.would_wait >= 25) == (0, True)
    assert "50 units of it should be here by now: ask the supplier for a new day" in words
