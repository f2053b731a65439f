"""What was given up is bounded by the decision: neither more nor twice, whatever happens to the order meanwhile."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.actions import Cancel, Refund, Remove, Substitute
from core.capabilities import Capability, Support
from core.orders import ending_choices, giving_up
from core.policy.shop_policy import Cancelling, ShopPolicy
from core.records import OrderRecord, Shop
from core.records.endings import Giver
from core.records.proposals import Swap
from core.snapshots import Customer, LineSnapshot, OrderSnapshot
from tests.draws import examples

NOW = datetime(2026, 11, 1, tzinfo=UTC)


def shop_of(policy):
    return Shop(
        id="fern", platform="shopify", domain="fern.example.com", origin="https://fern.example.com", name="Fern",
        currency="EUR", timezone="UTC", connected_at=NOW, policy=policy,
    )  # fmt: skip


def record(**line):
    lines = (LineSnapshot(id="a", item="1", sku="A", title="A", **line),)
    seen = OrderSnapshot(
        platform_id="1", name="#1", placed_at=NOW, version=NOW, read_at=NOW, currency="EUR", lines=lines
    )
    return OrderRecord(shop="fern", snapshot=seen)


def with_line(kept, **changes):
    (line,) = kept.snapshot.lines
    return replace(kept, snapshot=replace(kept.snapshot, lines=(replace(line, **changes),)))


UNITS = st.integers(0, 12)


@given(ordered=st.integers(1, 12), units=st.integers(1, 12), added=UNITS, shipped=UNITS, refunded=UNITS)
@examples(60)
def test_what_is_left_of_a_decision_is_never_more_than_was_decided_nor_than_waits(
    ordered, units, added, shipped, refunded
):
    units = min(units, ordered)
    decided = giving_up.ended(record(ordered=ordered), {"a": units}, by="person", at=NOW)
    total = ordered + added
    shipped = min(shipped, total)
    later = with_line(decided, ordered=total, shipped=shipped, refunded=min(refunded, total - shipped))
    left = giving_up.given_up(later).get("a", 0)
    assert 0 <= left <= min(units, later.snapshot.lines[0].open)
    # Every unit that left, or that somebody refunded, beyond what the customer keeps is not given up once more.
    gone = later.snapshot.lines[0].shipped + later.snapshot.lines[0].refunded
    assert left <= max(0, total - gone)
    if not added and refunded >= units:
        assert left == 0


def test_a_decision_of_which_nothing_is_left_is_done_and_touches_nothing_more():
    decided = giving_up.ended(record(ordered=8), {"a": 3}, by="person", at=NOW)
    gone = giving_up.followed(with_line(decided, refunded=3))
    assert gone.ending.done
    assert giving_up.given_up(with_line(gone, ordered=12)) == {}


def test_one_decision_has_one_key_and_another_has_another():
    first = giving_up.ended(record(ordered=8), {"a": 3}, by="person", at=NOW)
    again = giving_up.ended(record(ordered=8), {"a": 3}, by="person", at=NOW)
    other = giving_up.ended(record(ordered=8), {"a": 3}, by="person", at=NOW.replace(hour=1))
    assert first.ending.key == again.ending.key != other.ending.key


def test_only_what_nobody_would_get_ends_the_whole_order():
    assert giving_up.ended(record(ordered=8), {"a": 8}, by="person", at=NOW).ending.whole
    assert not giving_up.ended(record(ordered=8), {"a": 7}, by="person", at=NOW).ending.whole


# Five of eight units are given up, of which three have left before; what became of the order since, units off and left.
OUTCOMES = [
    ({"refunded": 5}, (5, 0)),
    ({"cancelled": 2, "refunded": 3}, (5, 0)),
    ({"shipped": 8}, (0, 5)),
    ({"shipped": 5, "refunded": 3}, (3, 2)),
    ({"shipped": 12, "ordered": 12}, (0, 5)),
]


@pytest.mark.parametrize(("became", "expected"), OUTCOMES)
def test_units_that_had_left_before_a_decision_was_carried_out_are_told_from_those_that_came_off(became, expected):
    decided = giving_up.ended(record(ordered=8, shipped=3), {"a": 5}, by="customer", at=NOW)
    assert giving_up.outcome(decided) is None
    assert giving_up.outcome(replace(decided, ending=None)) is None
    after = giving_up.followed(with_line(decided, **{"shipped": 3} | became))
    assert after.ending.done
    found = giving_up.outcome(after)
    assert (found.off, found.left) == expected


def test_a_line_that_somebody_took_off_the_order_came_off_whole():
    decided = giving_up.ended(record(ordered=8, shipped=3), {"a": 5}, by="customer", at=NOW)
    gone = giving_up.followed(replace(decided, snapshot=replace(decided.snapshot, lines=())))
    assert giving_up.outcome(gone) == giving_up.Outcome(off=5, left=0)


def two_lines(*, second=None, **first):
    """Eight units of a line and two of another."""
    made = record(**({"ordered": 8} | first))
    other = LineSnapshot(id="b", item="2", sku="B", title="B", **({"ordered": 2} | (second or {})))
    return replace(made, snapshot=replace(made.snapshot, lines=(*made.snapshot.lines, other)))


ALL_OF_IT = {"a": 8, "b": 2}
# What became of an order of which everything was given up (or not) before the shop was told: what it is asked then.
MEANWHILE = {
    "nothing": (ALL_OF_IT, two_lines(), Cancel, None),
    "a part left": (ALL_OF_IT, two_lines(second={"shipped": 1}), Refund, {"a": 8, "b": 1}),
    "it grew": (ALL_OF_IT, two_lines(ordered=9), Refund, {"a": 8, "b": 2}),
    "the rest of it was taken off": ({"a": 8}, two_lines(second={"cancelled": 2}), Refund, {"a": 8}),
}  # fmt: skip


@pytest.mark.parametrize(("units", "after", "kind", "back"), MEANWHILE.values(), ids=MEANWHILE)
def test_only_an_order_of_which_all_was_given_up_and_nothing_left_is_cancelled(units, after, kind, back):
    decided = giving_up.ended(two_lines(), units, by="person", at=NOW)
    action = giving_up.closing(replace(after, ending=decided.ending), shop_of(ShopPolicy(mode="act")), {})
    assert type(action) is kind
    assert back is None or action.units == back
    assert (action.restock, action.notify_customer) == (True, True)


def test_of_an_unpaid_order_only_the_lines_that_were_given_up_shrink():
    made = giving_up.ended(two_lines(), {"b": 1}, by="person", at=NOW)
    made = replace(made, snapshot=replace(made.snapshot, hold="payment"))
    action = giving_up.closing(made, shop_of(ShopPolicy(mode="act")), {})
    assert (action.left, action.restock, action.notify_customer) == ({"b": 1}, True, True)


def test_a_decision_is_done_when_nothing_is_left_of_any_of_its_lines():
    decided = giving_up.ended(two_lines(), ALL_OF_IT, by="person", at=NOW)
    half = giving_up.followed(replace(two_lines(cancelled=8), ending=decided.ending))
    assert not half.ending.done
    assert giving_up.decided(half) == {"b": 2}
    assert giving_up.followed(
        replace(two_lines(cancelled=8, second={"refunded": 2}), ending=decided.ending)
    ).ending.done
    assert giving_up.followed(two_lines()) == two_lines()


@pytest.mark.parametrize(("hold", "stays"), [("1", False), (giving_up.ENDED_BY_LAW, True)])
def test_what_a_person_held_is_held_no_longer_once_it_is_given_up_but_what_a_law_ended_is(hold, stays):
    made = replace(record(ordered=8), manual={"hold": hold, "ship": "together"})
    after = giving_up.ended(made, {"a": 3}, by="person", at=NOW)
    assert after.manual == {"ship": "together"} | ({"hold": hold} if stays else {})


def test_a_decision_about_the_same_units_is_the_same_in_whichever_order_they_are_named():
    there, back = {"a": 8, "b": 2}, {"b": 2, "a": 8}
    keys = {giving_up.ended(two_lines(), units, by="person", at=NOW).ending.key for units in (there, back)}
    assert len(keys) == 1


@pytest.mark.parametrize(
    ("status", "done", "opened"), [("open", False, True), ("closed", False, False), ("open", True, False)]
)
def test_a_decision_is_open_until_the_shop_knows_of_it_or_the_order_has_ended(status, done, opened):
    made = giving_up.ended(record(ordered=8), {"a": 3}, by="person", at=NOW)
    made = replace(made, ending=replace(made.ending, done=done), snapshot=replace(made.snapshot, status=status))
    assert giving_up.is_open(made) is opened


@pytest.mark.parametrize(
    ("refund_to", "level", "credit"),
    [
        ("store_credit", "full", True),
        ("payment", "full", False),
        ("store_credit", "said", False),
        ("store_credit", None, False),
    ],
)
def test_money_becomes_store_credit_where_the_shop_wants_it_and_its_platform_does_it_itself(refund_to, level, credit):
    shop = shop_of(ShopPolicy(cancelling=Cancelling(refund_to=refund_to)))
    support = {Capability.REFUND_TO_CREDIT: Support(level=level, how="somehow")} if level else {}
    assert giving_up.becomes_credit(record(ordered=8), shop, support) is credit


GIVEN_BACK = {
    # line, hold, units given up, the action, and what it asks
    "all of it": ({}, None, 8, Cancel, {"refund": True}),
    "all of it, unpaid": ({}, "payment", 8, Cancel, {"refund": False}),
    "all of it, held for a fraud check": ({}, "fraud", 8, Cancel, {"refund": True}),
    "a part": ({}, None, 3, Refund, {"units": {"a": 3}}),
    "a part, unpaid": ({}, "payment", 3, Remove, {"left": {"a": 5}}),
    "the rest": ({"shipped": 3}, None, 5, Refund, {"units": {"a": 5}}),
    "the rest, unpaid": ({"shipped": 3}, "payment", 5, Remove, {"left": {"a": 0}}),
}


@pytest.mark.parametrize(("line", "hold", "units", "kind", "asks"), GIVEN_BACK.values(), ids=GIVEN_BACK)
def test_paid_goods_are_refunded_unpaid_ones_taken_off_and_a_whole_order_is_cancelled(line, hold, units, kind, asks):
    made = record(ordered=8, **line)
    made = replace(made, snapshot=replace(made.snapshot, hold=hold))
    decided = giving_up.ended(made, {"a": units}, by="person", at=NOW)
    action = giving_up.closing(decided, shop_of(ShopPolicy(mode="act")), {})
    assert type(action) is kind
    assert {name: getattr(action, name) for name in asks} == asks
    assert action.note == giving_up.WORDS["person"]


def test_the_shop_is_told_nothing_before_a_decision_stands_nor_once_nothing_is_left_of_it():
    shop = shop_of(ShopPolicy(mode="act"))
    made = giving_up.ended(record(ordered=8), {"a": 3}, by="customer", at=NOW, until=NOW + timedelta(minutes=30))
    assert giving_up.undecided(made) == {"a": 3}
    assert giving_up.closing(made, shop, {}) is None
    final = replace(made, ending=replace(made.ending, until=None))
    assert giving_up.undecided(final) == {}
    assert giving_up.closing(final, shop, {}).units == {"a": 3}
    assert giving_up.closing(with_line(final, refunded=3), shop, {}) is None, "somebody was quicker"
    assert giving_up.closing(giving_up.followed(with_line(final, refunded=3)), shop, {}) is None
    assert giving_up.closing(replace(final, ending=None), shop, {}) is None


SWAP = Swap(line="a", sku="CUP", title="Cup", units=3, price=2400, item="2")


def test_a_swap_asks_for_the_other_item_beside_what_the_order_has_of_it_and_for_the_difference():
    made = record(ordered=8, unit_price=1000)
    cups = LineSnapshot(id="b", item="2", sku="CUP", title="Cup", ordered=5, cancelled=1, refunded=1)
    made = replace(made, snapshot=replace(made.snapshot, lines=(*made.snapshot.lines, cups)))
    decided = giving_up.ended(made, {"a": 3}, by="customer", at=NOW, swap=SWAP)
    action = giving_up.closing(decided, shop_of(ShopPolicy(mode="act")), {})
    assert (action.line, action.units, action.item, action.before, action.worth) == ("a", 3, "2", 3, 3000)
    assert (action.key, action.notify_customer) == (decided.ending.key, True)
    assert action.note == "Swapped by the customer for Cup, which is in stock."
    assert not decided.ending.whole


def test_swapping_all_of_an_order_does_not_end_it():
    decided = giving_up.ended(record(ordered=3), {"a": 3}, by="customer", at=NOW, swap=SWAP)
    assert type(giving_up.closing(decided, shop_of(ShopPolicy(mode="act")), {})) is Substitute


@pytest.mark.parametrize(
    ("by_law", "mode", "picked", "ends"),
    [
        (True, "act", 0, True),
        (False, "act", 0, False),
        (True, "observe", 0, False),
        (True, "act", 2, False),
    ],
)
def test_what_a_law_ended_is_ended_in_the_shop_only_where_the_policy_says_so(by_law, mode, picked, ends):
    policy = ShopPolicy(mode=mode, cancelling=Cancelling(by_law=by_law, refund_to="store_credit"))
    held = giving_up.held_by_law(record(ordered=8, committed=picked))
    found = ending_choices.by_law(shop_of(policy), held, as_of=NOW)
    assert giving_up.is_open(found) is ends
    assert giving_up.counts_as_cancelled(found)
    assert not ends or (found.ending.by, found.ending.at, found.ending.units) == ("law", NOW, {"a": 8})


@given(by=st.sampled_from(get_args(Giver)), law=st.booleans(), shipped=st.integers(0, 7))
@examples(30)
def test_what_a_law_ended_is_paid_back_in_money_whoever_carries_it_out(by, law, shipped):
    policy = ShopPolicy(mode="act", cancelling=Cancelling(refund_to="store_credit"))
    seen = record(ordered=8, shipped=shipped)
    seen = giving_up.held_by_law(seen) if law else seen
    found = giving_up.ended(seen, giving_up.everything(seen), by=by, at=NOW)
    support = {Capability.REFUND_TO_CREDIT: Support(level="full", how="by its own means")}
    assert giving_up.closing(found, shop_of(policy), support).to_credit is not (law or by == "withdrawal")


@pytest.mark.parametrize(
    ("laws", "country", "tag", "credit"),
    [
        ((), "US", "", True),
        (("us_ftc_435",), "US", "", False),
        (("us_ftc_435",), "DE", "", True),
        (("us_ftc_435",), None, "", False),
        (("us_ftc_435",), "US", "no-delay-law", True),
        (("eu_2011_83",), "DE", "", False),
    ],
)
def test_a_refund_becomes_store_credit_only_where_no_chosen_law_governs_the_order(laws, country, tag, credit):
    shop = shop_of(ShopPolicy(laws=laws, cancelling=Cancelling(refund_to="store_credit")))
    made = record(ordered=8)
    seen = replace(made.snapshot, customer=Customer(country=country), merchant_tags=frozenset({tag} - {""}))
    support = {Capability.REFUND_TO_CREDIT: Support(level="full", how="by its own means")}
    assert giving_up.becomes_credit(replace(made, snapshot=seen), shop, support) is credit
