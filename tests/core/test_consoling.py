"""Who is consoled for a wait, with what, and what keeps it within the shop's caps."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.actions import Code, EndCode
from core.codes import customer_key, is_held_out
from core.consolation import consoling, offers
from core.consolation.consoling import Consoler, Onlooker
from core.consolation.offers import month_of
from core.errors import NotAllowed
from core.forecast.records import BuyingTerms
from core.planning import replanning
from core.reasons import Reason
from core.snapshots import Customer
from tests.core.shop_builders import NOW, SUPPORT, item, kept, line, order, supply
from tests.draws import examples

RUNG = {"after": "ahead", "days": 14, "percent": 10, "weigh": False}


def waiting(*orders, days=30, **offers):
    """A shop that has no mugs before `days` have passed, with these orders (else one of three mugs)."""
    rows = orders or (order(1, line("mug", 3)),)
    return kept(item("mug", 0), supply("PO-1", "mug", 500, days), *rows, offers={"enabled": True, **offers})


def codes(shop, key=1):
    return [action for action in shop.actions(key) if isinstance(action, Code)]


def rows_of(shop, key=1):
    with shop.books.read() as unit:
        return unit.consolations.of_order("fern", str(key))


def hand_over(shop, *keys):
    """The shop has every code that was promised to these orders."""
    with shop.books.write() as unit:
        for key in map(str, keys):
            record = unit.orders.get("fern", key)
            for row in unit.consolations.of_order("fern", key):
                if row.state == "promised":
                    consoling.made(unit, "fern", row.code)
                    record = replace(record, offers=(*record.offers, row.code))
            unit.orders.put(record)


def verdict(shop, key=1):
    with shop.books.read() as unit:
        known = unit.shops.get("fern")
        record, rows = unit.orders.get("fern", str(key)), unit.consolations.of_order("fern", str(key))
        decided, seen = (
            kind(unit, known, support=SUPPORT, code_key="a key for tests only", as_of=NOW).verdict(record, rows)
            for kind in (Consoler, Onlooker)
        )
        assert decided == seen, "who only looks sees what is decided"
        return decided


@pytest.mark.parametrize(("ladder", "expected"), [
    ([], (10, "0", 300)),
    ([RUNG], (10, "0", 300)),
    ([RUNG, RUNG | {"days": 28, "percent": 20}], (20, "0", 600)),
    ([RUNG, RUNG | {"days": 31, "percent": 20}], (10, "0", 300)),
    ([RUNG | {"days": 28, "amount": "5.00"}], (10, "5.00", 500)),
    ([RUNG | {"days": 31}], None),
    ([RUNG | {"min_value": "30.01"}], None),
    ([RUNG | {"min_value": "30.00"}], (10, "0", 300)),
    ([RUNG | {"tier": -1}], None),
    ([RUNG | {"tier": 0}], (10, "0", 300)),
    ([RUNG | {"told": "untold"}], None),
    ([RUNG | {"told": "told"}], (10, "0", 300)),
    ([RUNG | {"after": "waited", "days": 0}], (10, "0", 300)),
    ([RUNG | {"after": "waited", "days": 1}], None),
    ([RUNG | {"after": "late", "days": 1}], None),
])  # fmt: skip
def test_the_highest_rung_that_is_reached_says_what_is_given(ladder, expected):
    with waiting(ladder=ladder) as shop:
        made = codes(shop)
        assert [(code.percent, code.amount, code.worth) for code in made] == ([expected] if expected else [])


def test_a_rung_after_days_of_waiting_or_of_slipping_is_reached_in_its_time():
    late = RUNG | {"after": "late", "days": 5, "percent": 15}
    with waiting(ladder=[RUNG | {"after": "waited", "days": 7, "percent": 5}, late], per_order=3) as shop:
        assert codes(shop) == []
        shop.replan(7)
        assert [code.percent for code in codes(shop)] == [5]
        hand_over(shop, 1)
        shop.store(supply("PO-1", "mug", 500, 36))
        shop.replan(8)
        assert [row.rung for row in rows_of(shop)] == [1, 2]
        # The second of one order is never used together with another.
        assert [row.combines for row in rows_of(shop)] == [False, False]


def test_free_shipping_costs_what_a_second_parcel_does():
    with kept(item("mug", 0), supply("PO-1", "mug", 5, 30), order(1, line("mug", 3)), ship_part={"parcel_cost": "4.90"},
              offers={"enabled": True, "kind": "free_shipping", "monthly_budget": "4.89"}) as shop:  # fmt: skip
        assert codes(shop) == []
        shop.set_policy(offers={"monthly_budget": "4.90"})
        shop.replan()
        assert [code.worth for code in codes(shop)] == [490]


def test_store_credit_says_its_sum_and_needs_a_customer_with_an_account():
    known, nobody = order(1, line("mug", 3)), replace(order(2, line("mug", 3)), customer=Customer())
    with waiting(known, nobody, kind="store_credit") as shop:
        assert [code.amount for code in codes(shop, 1)] == ["3.00"]
        assert codes(shop, 2) == []
        assert verdict(shop, 2).reason == Reason.OFFER_NO_ACCOUNT


@pytest.mark.parametrize(("days", "reason"), [(15, Reason.OFFER_COSTS_MORE), (30, Reason.OFFER_WORTH_ITS_COST)])
def test_a_weighed_rung_is_given_where_waiting_loses_more_than_it_costs(days, reason):
    """3 mugs at 10.00: 10 % cost 3.00; 1 of 200 orders a day cancels, so 15 days lose 2.17 and 30 days 4.18."""
    ladder = [RUNG | {"weigh": True}]
    with waiting(days=days, ladder=ladder, enabled=False) as shop:
        shop.set_policy(offers={"enabled": True})
        said = verdict(shop)
        assert (said.reason, said.weighed.cost, said.weighed.loss) == (reason, 300, 217 if days == 15 else 418)
        assert said.weighed.is_worth_it is (days == 30)
        shop.replan()
        assert len(codes(shop)) == (days == 30)


@pytest.mark.parametrize(
    ("cost", "least", "given"), [(600, "0.3", 1), (601, "0.3", 0), (None, "0.3", 1), (900, "0", 1)]
)
def test_enough_must_be_left_of_what_waits_where_its_cost_is_known(cost, least, given):
    with waiting(enabled=False) as shop:
        with shop.books.write() as unit:
            unit.planning.put_terms(BuyingTerms(shop="fern", sku="mug", cost=cost))
        shop.set_policy(offers={"enabled": True, "min_margin": least})
        shop.replan()
        assert len(codes(shop)) == given


def test_a_customer_has_so_many_offers_a_month_and_an_order_its_own_number():
    same = Customer(id="c", email="customer12@example.com")
    orders = [replace(order(key, line("mug", 3)), customer=same) for key in range(1, 6)]
    with waiting(*orders, per_customer=2) as shop:
        assert sum(len(codes(shop, key)) for key in range(1, 6)) == 2
        assert verdict(shop, 5).reason == Reason.OFFER_CUSTOMER_CAP
        shop.replan(9)
        assert sum(len(codes(shop, key)) for key in range(1, 6)) == 4, "December is another month"


@given(
    budget=st.integers(0, 3000), per_order=st.integers(0, 3), per_customer=st.integers(0, 3),
    units=st.lists(st.integers(1, 9), min_size=1, max_size=6), steps=st.lists(st.integers(0, 20), max_size=4),
)  # fmt: skip
@examples(15)
def test_the_budget_is_never_passed_the_caps_hold_and_no_rung_is_given_twice(
    budget, per_order, per_customer, units, steps
):
    orders = [order(key, line("mug", count)) for key, count in enumerate(units)]
    orders = [replace(one, customer=Customer(id=f"c{number % 2}")) for number, one in enumerate(orders)]
    ladder = [RUNG, RUNG | {"after": "waited", "days": 5}, RUNG | {"after": "waited", "days": 15, "amount": "2.50"}]
    limits = {"per_order": per_order, "per_customer": per_customer, "monthly_budget": f"{budget / 100:.2f}"}
    with waiting(*orders, days=60, ladder=ladder, **limits) as shop:
        for days in sorted(steps):
            shop.replan(days)
            hand_over(shop, *range(len(units)))
            shop.replan(days)
        given = [row for key in range(len(units)) for row in rows_of(shop, key)]
        assert {row.code for row in given} == {code.code for key in range(len(units)) for code in codes(shop, key)}
        for month in {month_of(row.on) for row in given}:
            mine = [row for row in given if month.has(row.on)]
            assert sum(row.worth for row in mine) <= budget
            most = max((sum(row.customer == one.customer for row in mine) for one in mine), default=0)
            assert not per_customer or most <= per_customer
        for key in range(len(units)):
            rungs = [row.rung for row in rows_of(shop, key)]
            assert len(rungs) <= per_order
            assert rungs == sorted(set(rungs))


def test_who_only_looks_sees_that_the_budget_is_spent():
    with waiting(order(1, line("mug", 3)), order(2, line("mug", 3)), monthly_budget="3.00") as shop:
        shop.replan()
        given = [key for key in (1, 2) if rows_of(shop, key)]
        (other,) = {1, 2} - set(given)
        assert verdict(shop, other).reason == Reason.OFFER_BUDGET_SPENT


def test_a_person_gives_within_the_same_caps_and_the_same_budget():
    with waiting(order(1, line("mug", 3)), order(2, line("mug", 3)), enabled=False, monthly_budget="3.00") as shop:
        shop.choose(1, "offer")
        assert [row.arm for row in rows_of(shop)] == ["by_hand"]
        with pytest.raises(NotAllowed, match="has had its 1 offer"):
            shop.choose(1, "offer")
        with pytest.raises(NotAllowed, match="budget"):
            shop.choose(2, "offer")


def test_what_is_paid_back_is_never_consoled():
    with waiting(order(1, line("mug", 3), line("mug", 2, id="b")), enabled=False) as shop:
        shop.choose(1, "cancel_waiting")
        shop.set_policy(offers={"enabled": True})
        shop.replan()
        assert codes(shop) == []
        with pytest.raises(NotAllowed):
            shop.choose(1, "offer")


def test_a_promise_ends_with_the_wait_and_comes_back_under_its_own_code():
    with waiting() as shop:
        promised = rows_of(shop)[0]
        shop.store(item("mug", 9, read_at=NOW + timedelta(minutes=1))).replan()
        assert [row.state for row in rows_of(shop)] == ["void"]
        shop.store(item("mug", 0, read_at=NOW + timedelta(minutes=2))).replan(1)
        assert [(row.state, row.code) for row in rows_of(shop)] == [("promised", promised.code)]


def test_a_cancelled_order_ends_what_was_made_and_not_what_was_used():
    ladder = [RUNG, RUNG | {"after": "waited", "days": 3}]
    with waiting(ladder=ladder, per_order=2) as shop:
        hand_over(shop, 1)
        shop.replan(4)
        hand_over(shop, 1)
        first, second = (row.code for row in rows_of(shop))
        with shop.books.write() as unit:
            consoling.used(unit, "fern", {first: "7"})
            record = unit.orders.get("fern", "1")
            unit.orders.put(replace(record, snapshot=replace(record.snapshot, status="cancelled")))
            replanning.replan(unit, unit.shops.get("fern"), shop.means(5), items=(), orders=["1"])
        assert [action.code for action in shop.actions(1) if isinstance(action, EndCode)] == [second]
        with shop.books.write() as unit:
            consoling.ended(unit, "fern", second)
        assert [(row.state, row.used_by) for row in rows_of(shop)] == [("used", "7"), ("void", None)]


def try_all(shop):
    """Carry out everything that waits, but codes: nobody knows whether the shop made those."""
    with shop.books.write() as unit:
        while action := unit.outbox.claim(now=NOW, lease=timedelta(seconds=9), per_shop=99):
            if isinstance(action.action, Code):
                unit.outbox.retry(action, at=NOW + timedelta(days=1), error="no answer")
            else:
                unit.outbox.done(action, now=NOW, reference="")


@pytest.mark.parametrize(("tried", "state"), [(False, "void"), (True, "promised")])
def test_a_cancelled_order_loses_a_promise_and_what_the_shop_may_have_of_it_is_ended_there(tried, state):
    with waiting() as shop:
        (promised,) = rows_of(shop)
        if tried:
            try_all(shop)
        with shop.books.write() as unit:
            record = unit.orders.get("fern", "1")
            unit.orders.put(replace(record, snapshot=replace(record.snapshot, status="cancelled")))
            replanning.replan(unit, unit.shops.get("fern"), shop.means(), items=(), orders=["1"])
        ends = [action.code for action in shop.actions(1) if isinstance(action, EndCode)]
        assert ends == [promised.code] * tried
        assert [row.state for row in rows_of(shop)] == [state]


def test_codes_that_are_not_ours_or_are_used_already_change_nothing():
    with waiting() as shop:
        hand_over(shop, 1)
        (row,) = rows_of(shop)
        with shop.books.write() as unit:
            consoling.used(unit, "fern", {"summer-sale": "6", row.code: "7"})
            for code in (row.code, "summer-sale"):
                consoling.made(unit, "fern", code)
                consoling.ended(unit, "fern", code)
            consoling.used(unit, "fern", {row.code: None})
        assert rows_of(shop) == (replace(row, state="used", used_by="7"),)


STANDING = [
    # arm and state of each decision, the number of the one that stands
    ([], None),
    ([("offered", "made")], 1),
    ([("held_out", "none")], 1),
    ([("offered", "used"), ("offered", "promised")], 2),
    ([("offered", "made"), ("offered", "void"), ("by_hand", "made")], 1),
    ([("by_hand", "made"), ("planned", "void")], None),
]  # fmt: skip


@pytest.mark.parametrize(("decided", "number"), STANDING)
def test_the_rules_latest_decision_stands_until_it_is_void(decided, number):
    with waiting() as shop:
        (row,) = rows_of(shop)
    rows = [replace(row, number=n, arm=arm, state=state) for n, (arm, state) in enumerate(decided, 1)]
    found = consoling.standing(rows)
    assert (found and found.number) == number


@pytest.mark.parametrize(
    ("arm", "loss", "cost", "why"),
    [
        ("held_out", 418, 300, Reason.OFFER_HELD_OUT),
        ("offered", 418, 300, Reason.OFFER_WORTH_ITS_COST),
        ("offered", 217, 300, Reason.OFFER_FOR_WAIT),
        ("offered", 418, 0, Reason.OFFER_FOR_WAIT),
        ("by_hand", 418, 300, Reason.OFFER_FOR_WAIT),
        ("offered", None, None, Reason.OFFER_FOR_WAIT),
    ],
)
def test_a_decision_says_why_it_was_made(arm, loss, cost, why):
    with waiting() as shop:
        (row,) = rows_of(shop)
    weighed = None if loss is None else replace(row.weighed, loss=loss, cost=cost)
    assert offers.why(replace(row, arm=arm, weighed=weighed)) is why


def test_of_an_order_without_a_plan_nothing_is_decided():
    with waiting() as shop, shop.books.read() as unit:
        record = replace(unit.orders.get("fern", "1"), plan=None)
        consoler = Consoler(unit, unit.shops.get("fern"), support=SUPPORT, code_key="k", as_of=NOW)
        assert consoler.verdict(record, ()) is None
        assert not consoler.concerns(record)


def test_while_the_shop_is_observed_gifts_are_only_planned_and_nothing_is_learned_from_them():
    orders = [order(key, line("mug", 1)) for key in range(12)]
    with kept(item("mug", 0), supply("PO-1", "mug", 500, 30), *orders, mode="observe",
              offers={"enabled": True, "hold_out": "0.5"}) as shop:  # fmt: skip
        rows = [row for key in range(12) for row in rows_of(shop, key)]
        assert 0 < len(rows) < 12
        assert {row.arm for row in rows} == {"planned"}
        shop.set_policy(mode="act")
        shop.replan()
        arms = [row.arm for key in range(12) for row in rows_of(shop, key)]
        assert (arms.count("offered"), len(arms)) == (len(rows), 12)


def test_who_is_held_out_is_treated_like_all_others_and_gets_nothing():
    orders = [order(key, line("mug", 1)) for key in range(20)]
    with waiting(*orders, hold_out="0.5") as shop:
        rows = [row for key in range(20) for row in rows_of(shop, key)]
        assert len(rows) == 20
        held = {row.order for row in rows if row.arm == "held_out"}
        assert 0 < len(held) < 20
        assert {key for key in map(str, range(20)) if not codes(shop, key)} == held
        assert verdict(shop, next(iter(held))) is None, "decided once"
        shop.replan(9)
        assert [row for key in range(20) for row in rows_of(shop, key)] == rows


@given(st.text(min_size=1, max_size=20), st.integers(0, 100), st.integers(0, 100))
@examples(30)
def test_the_comparison_group_stays_the_same_and_grows_with_its_share(customer, one, other):
    less, more = sorted((Decimal(one) / 100, Decimal(other) / 100))
    key = customer_key("k", shop="fern", customer=customer)
    drawn = [is_held_out("k", shop="fern", customer=key, share=share) for share in (less, more, more)]
    assert drawn[1] == drawn[2]
    assert drawn[1] or not drawn[0]
    assert not is_held_out("k", shop="fern", customer=key, share=Decimal(0))
    assert is_held_out("k", shop="fern", customer=key, share=Decimal(1))


def test_the_comparison_group_is_as_large_as_its_share_and_not_the_same_in_every_shop():
    names = [customer_key("k", shop="fern", customer=str(number)) for number in range(4000)]
    fern = [is_held_out("k", shop="fern", customer=name, share=Decimal("0.2")) for name in names]
    moss = [is_held_out("k", shop="moss", customer=name, share=Decimal("0.2")) for name in names]
    assert abs(sum(fern) - 800) < 4 * (4000 * 0.2 * 0.8) ** 0.5
    assert sum(map(bool.__and__, fern, moss)) < 240
