"""What was given up is bounded by the decision: neither more nor twice, whatever happens to the order meanwhile."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.capabilities import Capability, Support
from core.orders import ending_choices, giving_up
from core.policy.shop_policy import Cancelling, ShopPolicy
from core.records import OrderRecord, Shop
from core.records.endings import Giver
from core.snapshots import Customer, LineSnapshot, OrderSnapshot

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
@settings(max_examples=60)
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


@given(by=st.sampled_from(get_args(Giver)), law=st.booleans(), shipped=st.integers(0, 7))
@settings(max_examples=30)
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
