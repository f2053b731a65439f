"""How items are bought: dearer classes, price breaks, and suppliers who close."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.dates.closures import Closures, periods_of
from core.forecast.lot_sizes import bargain, price_at
from core.forecast.ordering import suggest
from core.forecast.records import BuyingTerms
from core.policy.reading import PolicyProblem, merge
from core.policy.shop_policy import ShopPolicy

STEADY = [10, 11, 9, 10, 12, 8, 10, 10] * 6 + [10, 9, 11, 10]
START = date(2026, 12, 21)


# --- price breaks ----------------------------------------------------------------------------------------------------


def terms(*breaks, cost=500, **more):
    return BuyingTerms(shop="fern", sku="mug", cost=cost, breaks=breaks, **more)


@pytest.mark.parametrize(
    ("units", "price"), [(1, 500), (99, 500), (100, 420), (499, 420), (500, 400)]
)  # fmt: skip
def test_a_unit_costs_what_the_order_reaches(units, price):
    assert price_at(terms((500, 400), (100, 420)), units) == price


@pytest.mark.parametrize(
    ("known", "units", "weekly", "wanted"),
    [
        (terms((100, 420)), 80, 10, (100, 8000, 161)),
        (terms((100, 420)), 80, 0.5, None),
        (terms((100, 499)), 10, 5, None),
        (terms((350, 475)), 17, 7, None),
        (terms((100, 420), (200, 415)), 80, 10, (200, 17000, 1910)),
        (terms((90, 420), pack=12), 80, 10, (96, 7680, 124)),
        (terms((100, 420)), 120, 10, None),
        (terms((100, 420), cost=None), 80, 10, None),
        (terms((100, 600)), 80, 10, None),
    ],
    ids=["pays", "more than a year sells", "costs more to keep", "costs more to keep for a year", "the better of two", "in packs", "reached anyway", "cost not known", "dearer"],
)  # fmt: skip
def test_more_is_ordered_where_that_saves_more_than_keeping_it_costs(known, units, weekly, wanted):
    found = bargain(units, known, weekly=weekly, holding_percent=20)
    assert wanted == (found and (found.units, found.saves, found.costs))


@given(st.integers(1, 500), st.floats(0.01, 200), st.integers(0, 200), st.integers(2, 900), st.integers(0, 900))
def test_a_bargain_is_larger_cheaper_and_never_loses(units, weekly, holding, least, price):
    found = bargain(units, terms((least, price)), weekly=weekly, holding_percent=holding)
    if found:
        assert found.units > units
        assert found.price < 500
        assert found.saves > found.costs
        assert found.units <= weekly * 53


@pytest.mark.parametrize(("units", "larger"), [(17, 204), (70, 350), (175, 350)])
def test_what_keeping_costs_is_what_lies_on_the_shelf_longer(units, larger):
    def kept(ordered):
        # One is sold a day, all orders are the same: unit-days until the larger one is used up.
        return sum(ordered - day_of % ordered for day_of in range(larger))

    found = bargain(units, terms((larger, 100)), weekly=7, holding_percent=20)
    assert found.costs == pytest.approx((kept(larger) - kept(units)) * 100 * 0.2 / 365, rel=0.15)


def test_the_suggestion_says_so(make):
    known = make.mug(STEADY, terms=[make.terms(cost=500, breaks=((1000, 1), (60, 400)))])
    position = make.position(on_hand=0)
    plain = suggest(known, position, None, today=make.today, holding_percent=20)
    made = suggest(known, position, terms((60, 400)), today=make.today, holding_percent=20)
    assert plain.units < 60
    assert (made.units, made.cost, made.unit_cost) == (60, 24000, 400)
    assert f"60 ordered where {plain.units} would do" in made.reasons[-1]


# --- suppliers who close ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "days", "closed"),
    [
        ("2026-12-24/2027-01-02", 2, 0),
        ("2026-12-24/2027-01-02", 3, 10),
        ("2026-12-24/2027-01-02, 2027-01-04", 4, 11),
        ("2026-12-24", 10, 1),
        ("2026-12-01/2026-12-21", 10, 0),
        ("2026-12-24", 0, 0),
        ("9999-12-01/9999-12-31", 3, 0),
    ],
)
def test_closed_days_are_passed_over(text, days, closed):
    assert Closures({"Paper mill": text}).within(" PAPER MILL", START, days) == closed
    assert Closures({"Paper mill": text}).within("another", START, days) == 0
    assert Closures({"Paper mill": text}).within(None, START, days) == 0


@pytest.mark.parametrize(
    "text", ["", ",", "2026-13-01", "2026-12-24/2026-12-20", "2026-01-01/2026-12-31", "24.12.2026", "2026-12-24 to 2026-12-26"]
)  # fmt: skip
def test_what_is_no_period_is_refused(text):
    with pytest.raises(ValueError, match=".*"):
        periods_of(text)
    with pytest.raises(PolicyProblem, match="closed_by_supplier.Mill: must be days or periods"):
        merge(ShopPolicy(), {"reorder": {"closed_by_supplier": {"Mill": text}}})


def test_stock_lasts_until_a_closed_supplier_is_back(make):
    supplier = [make.terms(supplier="Mill")]
    open_ = make.mug(STEADY, terms=supplier)
    closed = make.mug(STEADY, terms=supplier, settings={"closed_by_supplier": {"mill": "2026-12-01/2026-12-20"}})
    assert (closed.lead.days - open_.lead.days, closed.lead.closed, closed.lead.later) == (20, 20, 0)
    assert closed.order_up_to > open_.order_up_to + 20
    assert closed.reorder_point > open_.reorder_point + 20
    assert "20 of these days the supplier is closed." in closed.why


def test_a_supplier_who_closes_before_the_next_order_is_here_is_ordered_for_today(make):
    supplier = [make.terms(supplier="Mill")]
    open_ = make.mug(STEADY, terms=supplier)
    closed = make.mug(STEADY, terms=supplier, settings={"closed_by_supplier": {"Mill": "2026-12-10/2026-12-24"}})
    assert (closed.lead.closed, closed.lead.later) == (0, 15)
    assert closed.reorder_point <= open_.reorder_point + 2, "an order of today is not held up"
    assert closed.order_up_to > open_.order_up_to + 10


# --- classes ---------------------------------------------------------------------------------------------------------


def test_a_class_has_a_share_of_its_own_and_the_narrower_one_goes_first(make):
    usual = make.mug(STEADY)
    named = usual.value_class + usual.steadiness

    def level(**by_class):
        return make.mug(STEADY, settings={"service_by_class": by_class}).order_up_to

    assert level(**{named: "0.99"}) > usual.order_up_to
    assert level(**{named[0]: "0.8", named: "0.99"}) == level(**{named: "0.99"})
    assert level(**{named[0]: "0.8"}) < usual.order_up_to
    other = "C" if named[0] == "A" else "A"
    assert level(**{other: "0.99"}) == usual.order_up_to


def test_an_items_own_share_goes_before_its_class(make):
    settings = {"service_by_class": dict.fromkeys("ABC", "0.8")}
    made = make.mug(STEADY, terms=[make.terms(service="0.99")], settings=settings)
    assert made.target.startswith("99%")


@pytest.mark.parametrize("given_", [{"D": "0.9"}, {"AX": "0.3"}, {"A": "1"}, {"AXY": "0.9"}, {"A": 0.9}, []])
def test_a_class_that_is_none_is_refused(given_):
    with pytest.raises(PolicyProblem, match="reorder.service_by_class"):
        merge(ShopPolicy(), {"reorder": {"service_by_class": given_}})
