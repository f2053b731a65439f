"""Ship a part or hold it: the hard rules, the law above them, and both sides of the sum."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.parcels.hazard import Exposure
from core.parcels.part_weighing import Waiting, weighed
from core.parcels.ship_or_hold import judged
from core.parcels.ship_rules import part_value, refusal, waiting_value
from core.parcels.travelling import companion, door
from core.plan import LinePlan, OrderPlan
from core.policy.reading import merge
from core.policy.shop_policy import ShopPolicy
from core.reasons import Reason
from core.records import OrderRecord
from core.snapshots import Outside
from tests.core.shop_builders import NOW, in_days, item, kept, line, order, supply
from tests.draws import examples


def case(
    ready=5, ordered=8, price=1000, currency="EUR", parcels=0, country=None, first=None, days=1, tags=(), **manual
):
    seen = order(1, line("mug", ordered, unit_price=price), days=days, merchant_tags=frozenset(tags))
    seen = replace(seen, currency=currency, outside=Outside(shipped_parcels=parcels),
                   customer=replace(seen.customer, country=country))  # fmt: skip
    made = LinePlan(id="a", sku="mug", open=ordered, ahead=0, on_hand=ready, backordered=ordered - ready, release_now=ready,
                    completes_on=in_days(12))  # fmt: skip
    plan = OrderPlan(id="1", decision="ship_part", reasons=(Reason.SHORT_ON_HAND,), release_now=True, completes_on=in_days(12),
                     lines=(made,))  # fmt: skip
    return plan, OrderRecord(shop="fern", snapshot=seen, manual=manual, first_promise_on=first)


def waiting(days=12, lost=0, order_days=0, joins=None, ordered=20):
    until, known = None if days is None else in_days(days), Exposure(lost=lost, order_days=order_days)
    return Waiting(today=NOW.date(), ordered_on=in_days(-ordered), until=until, exposure=known, joins=joins)


def judge(given_case, *, wait=None, laws=(), **rules):
    policy = merge(ShopPolicy(), {"ship_part": rules, "laws": list(laws)})
    return judged(*given_case, policy, wait or waiting())


@pytest.mark.parametrize(
    ("made", "rules", "ships", "reason"),
    [
        (case(), {}, True, None),
        (case(), {"min_part_value": "50.00"}, True, None),
        (case(), {"min_part_value": "50.01"}, False, Reason.PART_TOO_SMALL),
        (case(), {"min_fill_share": "0.625"}, True, None),
        (case(), {"min_fill_share": "0.63"}, False, Reason.PART_BELOW_SHARE),
        (case(price=None), {"min_fill_share": "0.63"}, False, Reason.PART_BELOW_SHARE),
        (case(price=None), {"min_part_value": "0.01"}, False, Reason.PART_TOO_SMALL),
        (case(parcels=1), {"max_parcels": 3}, True, None),
        (case(parcels=2), {"max_parcels": 3}, False, Reason.PARCEL_CAP_REACHED),
        (case(parcels=2, ship="as_ready"), {"max_parcels": 3}, True, Reason.PART_CHOSEN),
        (case(), {"parcel_cost": "1.00"}, True, Reason.PART_WORTH_PARCEL),
        (case(), {"parcel_cost": "6.90"}, False, Reason.PARCEL_COSTS_MORE),
        (case(ship="as_ready"), {"parcel_cost": "6.90"}, True, Reason.PART_CHOSEN),
        (case(), {"parcel_cost": "6.90", "day_price": "0.50"}, True, Reason.PART_WORTH_PARCEL),
        (case(tags=["vip"]), {"parcel_cost": "6.90", "day_price_by_tag": {"vip": "0.50"}}, True, Reason.PART_WORTH_PARCEL),
        (case(tags=["new"]), {"parcel_cost": "6.90", "day_price_by_tag": {"vip": "0.50"}}, False, Reason.PARCEL_COSTS_MORE),
    ],
)  # fmt: skip
def test_a_part_ships_or_waits_and_says_why(made, rules, ships, reason):
    result = judge(made, **rules)
    assert result.plan.release_now is ships
    assert result.plan.decision == ("ship_part" if ships else "wait")
    assert result.plan.reasons == (Reason.SHORT_ON_HAND, *([reason] if reason else []))
    assert (result.part is None) is ("parcel_cost" not in rules)
    if result.part:
        assert (result.part.verdict, result.part.decided_by) == ("ship" if ships else "hold", reason)


def test_a_line_that_the_order_no_longer_has_is_worth_nothing():
    plan, record = case()
    gone = replace(plan.lines[0], id="gone")
    wider = replace(plan, lines=(*plan.lines, gone))
    assert (part_value(wider, record), waiting_value(wider, record)) == (5000, 3000)
    assert refusal(wider, record, merge(ShopPolicy(), {"ship_part": {"min_fill_share": "0.625"}}).ship_part) is None


@pytest.mark.parametrize(
    ("made", "wait", "ships"),
    [
        (case(country="US", days=20), waiting(10), False),
        (case(country="US", days=20), waiting(11), True),
        (case(country="US", days=20), waiting(None), True),
        (case(country="US", days=20), waiting(11, ordered=19), False),
        (case(country="CH", days=20), waiting(11), False),
        (case(country="US", days=20, tags=["no-delay-law"]), waiting(11), False),
        (case(country="US", days=20, first=in_days(15)), waiting(11), False),
        (case(country="US", days=20, first=in_days(3)), waiting(4), True),
    ],
)
def test_the_last_day_of_the_law_passes_over_what_is_only_money(made, wait, ships):
    for rules in (
        {"parcel_cost": "90.00"},
        {"min_part_value": "999"},
        {"parcel_cost": "90.00", "min_part_value": "999"},
    ):
        result = judge(made, wait=wait, laws=["us_ftc_435"], **rules)
        assert result.plan.release_now is ships
        assert (Reason.LAW_LIMIT in result.plan.reasons) is ships


@pytest.mark.parametrize(("rules", "reasons"), [({}, ()), ({"parcel_cost": "0.10"}, (Reason.PART_WORTH_PARCEL,))])
def test_a_part_that_ships_anyway_needs_no_law(rules, reasons):
    result = judge(case(country="US", days=20), wait=waiting(11), laws=["us_ftc_435"], **rules)
    assert result.plan.reasons == (Reason.SHORT_ON_HAND, *reasons)


@pytest.mark.parametrize(
    ("choice", "reasons", "added"),
    [
        ("together", (Reason.WAITS_TOGETHER,), (Reason.ONE_PARCEL_CHOSEN,)),
        ("together", (), ()),
        ("as_ready", (Reason.WAITS_TOGETHER,), ()),
        (None, (Reason.WAITS_TOGETHER,), ()),
        ("together", (Reason.WAITS_TOGETHER, Reason.ONE_PARCEL_CHOSEN), ()),
    ],
)
def test_that_somebody_chose_one_parcel_is_said_where_the_order_waits_for_it(choice, reasons, added):
    plan, record = case(ship=choice)
    waits = replace(plan, decision="wait", reasons=reasons)
    assert judge((waits, record)).plan == replace(waits, reasons=(*reasons, *added))


@pytest.mark.parametrize(
    ("picked", "leaves"),
    [((0, 0), (0, 0)), ((2, 0), (2, 0)), ((2, 9), (2, 3)), ((0, 1), (0, 1))],
)
def test_what_is_in_picking_leaves_whatever_the_rules_say(picked, leaves):
    plan, record = case()
    lines = tuple(replace(plan.lines[0], id=key, release_now=ready) for key, ready in (("a", 5), ("b", 3)))
    seen = tuple(
        replace(record.snapshot.lines[0], id=key, committed=units) for key, units in zip("ab", picked, strict=True)
    )
    case_ = replace(plan, lines=lines), replace(record, snapshot=replace(record.snapshot, lines=seen))
    found = judge(case_, min_part_value="999").plan
    assert tuple(line.release_now for line in found.lines) == leaves
    assert (found.release_now, found.decision) == ((True, "ship_part") if any(leaves) else (False, "wait"))
    assert found.reasons == (Reason.SHORT_ON_HAND, Reason.PART_TOO_SMALL)


@pytest.mark.parametrize(
    ("wait", "days", "verdict", "rules"),
    [
        (waiting(12), 12, "ship", {"parcel_cost": "1.16"}),  # as dear as waiting: 20.00 x 5.8 %
        (waiting(12), 12, "hold", {"parcel_cost": "1.17"}),
        (waiting(None), 30, "ship", {"parcel_cost": "2.79"}),
        (waiting(None), 30, "hold", {"parcel_cost": "2.80"}),
        (waiting(0), 0, "hold", {"parcel_cost": "0.01"}),
        (waiting(-3), 0, "hold", {"parcel_cost": "0.01", "day_price": "1"}),
    ],
)
def test_a_parcel_ships_where_it_costs_no_more_than_the_wait(wait, days, verdict, rules):
    plan, record = case()
    found = weighed(plan, record, merge(ShopPolicy(), {"ship_part": rules}).ship_part, wait)
    assert (found.days, found.verdict) == (days, verdict)


@pytest.mark.parametrize(
    ("price", "tags", "sides"),
    [
        (1, (), (3, 12)),  # half a minor unit counts as a whole one
        (1000, ("new", "vip"), (2500, 1000 * 12)),
        (1000, ("new",), (2500, 900 * 12)),
        (1000, ("other",), (2500, 1 * 12)),
    ],
)
def test_the_dearest_of_an_orders_tags_prices_its_days(price, tags, sides):
    prices = {"vip": "10.00", "new": "9.00"}
    rules = {"parcel_cost": "1", "margin": "0.5", "day_price": "0.01", "day_price_by_tag": prices}
    part = judge(case(price=price, tags=tags), **rules).part
    assert (part.margin, part.delay_cost) == sides


@pytest.mark.parametrize(
    ("currency", "price", "rules", "sides"),
    [
        ("EUR", 1000, {"parcel_cost": "6.90"}, (690, 2000, 116)),
        ("JPY", 1000, {"parcel_cost": "690"}, (690, 2000, 116)),
        ("KWD", 1000, {"parcel_cost": "0.690"}, (690, 2000, 116)),
        ("EUR", 1000, {"parcel_cost": "6.90", "day_price": "0.25", "margin": "0"}, (690, 0, 300)),
        ("KWD", 1000, {"parcel_cost": "0.690", "day_price": "0.025", "margin": "0"}, (690, 0, 300)),
        ("JPY", 1000, {"parcel_cost": "690", "day_price": "25", "margin": "0"}, (690, 0, 300)),
    ],
)
def test_both_sides_are_minor_units_of_the_orders_currency(currency, price, rules, sides):
    part = judge(case(currency=currency, price=price), **rules).part
    assert (part.parcel_cost, part.margin, part.waiting_cost) == sides
    assert part.currency == currency


@given(st.integers(0, 400), st.integers(0, 400), st.integers(0, 50), st.integers(0, 5000), st.integers(0, 10_000))
@examples(100)
def test_a_longer_wait_never_costs_less(days, more, lost, order_days, price):
    plan, record = case(price=price)
    rules = merge(ShopPolicy(), {"ship_part": {"parcel_cost": "5", "day_price": "0.1"}}).ship_part
    short = weighed(plan, record, rules, waiting(days, lost, order_days))
    long = weighed(plan, record, rules, waiting(days + more, lost, order_days))
    assert short.waiting_cost <= long.waiting_cost
    assert (short.verdict == "ship") <= (long.verdict == "ship")


def test_the_rest_that_travels_with_a_newer_order_needs_no_parcel():
    result = judge(case(), wait=waiting(joins="#1004"), parcel_cost="6.90")
    assert result.plan.release_now
    assert (result.part.parcel_cost, result.part.joins) == (0, "#1004")
    assert Reason.REST_JOINS_NEWER in result.plan.reasons


@pytest.mark.parametrize(
    ("other", "joins"),
    [
        ({}, True),
        ({"address": door("Other Road 1", "12345")}, False),
        ({"hours": -48}, False),
        ({"on": 11}, False),
        ({"on": 20}, False),
        ({"status": "closed"}, False),
        ({"hold": "payment"}, False),
    ],
)
def test_a_newer_order_to_the_same_door_takes_the_rest_along_when_it_leaves_soon_after(other, joins):
    plan, record = case()
    home = door("Example Street 5", "12345", "DE")

    def to(known, address, **fields):
        seen = replace(known.snapshot, customer=replace(known.snapshot.customer, address=address), **fields)
        return replace(known, snapshot=seen)

    newer = to(
        replace(record, plan=replace(plan, completes_on=in_days(other.get("on", 14)))), other.get("address", home),
        platform_id="2", name="#2", placed_at=record.snapshot.placed_at + timedelta(hours=other.get("hours", 5)),
        status=other.get("status", "open"), hold=other.get("hold"),
    )  # fmt: skip
    assert companion(to(record, home), [newer], in_days(12)) == ("#2" if joins else None)


def test_two_spellings_of_an_address_are_one_door_and_none_is_no_door():
    assert door("Example  Street 5", "12345") == door("example street 5 ", "12345")
    assert door(None, "12345") is door("  ", "12345") is None


def test_the_sum_is_kept_with_the_order_and_the_part_is_held():
    rows = (order(1, line("mug", 8)), item("mug", 5), supply("PO-1", "mug", 10, 12))
    with kept(*rows, ship_part={"parcel_cost": "6.90"}) as books:
        record = books.order(1)
        assert record.plan.decision == "wait"
        assert (record.expected.part.verdict, record.expected.part.days) == ("hold", 12)
        assert set(record.expected.lines) == {"a"}
        books.set_policy(ship_part={"parcel_cost": "0.50"})
        books.replan()
        assert books.order(1).plan.decision == "ship_part"


def test_a_line_below_its_smallest_shipment_waits():
    rows = (order(1, line("mug", 8)), item("mug", 5), supply("PO-1", "mug", 10, 12))
    with kept(*rows, ship_part={"min_units": 6}) as books:
        assert Reason.BELOW_MIN_SHIP in books.order(1).plan.reasons


def lending(age, overdue=False, days=10):
    """An order in one parcel, `days` old, whose mugs a younger order could borrow until its pens come."""
    together = order(1, line("mug", 3), line("pen", 2, id="b"), days=days, merchant_tags=frozenset({"ship-together"}))
    rows = (together, order(2, line("mug", 2), days=1), item("mug", 3), item("pen", 0))
    dated = (supply("PEN", "pen", 5, 9), supply("MUG", "mug", 5, -2 if overdue else 5))
    with kept(*rows, *dated, lending_age_days=age) as books:
        return Reason.LENT in books.order(2).plan.reasons


@pytest.mark.parametrize(
    ("age", "overdue", "lends"),
    [(30, False, True), (10, False, True), (9, False, False), (0, False, True), (30, True, False)],
)
def test_units_are_lent_by_young_orders_and_only_against_confirmed_supply(age, overdue, lends):
    assert lending(age, overdue) is lends
