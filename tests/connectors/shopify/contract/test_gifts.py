"""Money given for a wait: once, however the answer is lost, and what is left of it taken back, once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from connectors.shopify import store_credit
from connectors.simulator.shopify import giving, shown_gifts
from core.actions import Code, EndCode
from core.errors import Rejected, Unavailable
from core.outcomes import Already, Blocked, Done

NOW = datetime.now(UTC)
NAMES = {"store_credit": "sorry-abcdefghijklm", "gift_card": "sorryabcdefghijklm"}
CREATES = {"store_credit": "storeCreditAccountCredit", "gift_card": "giftCardCreate"}
ENDS = {"store_credit": "storeCreditAccountDebit", "gift_card": "giftCardDeactivate"}


def gift(beside, offer, **more):
    plain = Code(
        order=beside.order, code=NAMES[offer], offer=offer, percent=10, starts_at=NOW, ends_at=NOW + timedelta(days=60),
        title="For the wait", customer=str(beside.row.customer), email=None, worth=1250, amount="12.50", currency="EUR",
    )  # fmt: skip
    return replace(plain, **more)


def end(beside, offer):
    return EndCode(order=beside.order, code=NAMES[offer], offer=offer, customer=str(beside.row.customer))


def tried(beside, action, times=3):
    """Carry it out as often as the outbox would, whatever becomes of the answers; return the last outcome."""
    outcome = None
    for _ in range(times):
        try:
            outcome = beside.connector.carry_out(action)
        except Unavailable:
            continue
    return outcome


def account(beside):
    return giving.account_of(beside.shop.state, beside.row.customer)


def in_hand(beside, offer):
    """What the customer can spend."""
    if offer == "store_credit":
        return shown_gifts.balance(beside.shop.state, account(beside))
    return sum(row.left for row in beside.shop.state.gift_cards.values() if row.ended_at is None)


@pytest.mark.parametrize("fault", [None, "lost", "truncated", "error", "throttle"])
@pytest.mark.parametrize("offer", NAMES)
def test_money_is_given_once_and_taken_back_once(beside, offer, fault):
    if fault:
        beside.shop.faults.add(fault, match=CREATES[offer])
        beside.shop.faults.add(fault, match=ENDS[offer])
    assert isinstance(tried(beside, gift(beside, offer)), Already)
    assert in_hand(beside, offer) == Decimal("12.50")
    assert isinstance(tried(beside, end(beside, offer)), Already)
    assert in_hand(beside, offer) == 0
    assert isinstance(tried(beside, gift(beside, offer)), Already), "what was taken back is not given again"
    asked = sum(CREATES[offer] in entry.name for entry in beside.shop.journal.writes())
    assert fault or asked == 1, "who looks first need not ask"


@pytest.mark.parametrize("offer", NAMES)
def test_a_rule_that_changed_between_two_tries_gives_no_second_gift(beside, offer):
    beside.shop.faults.add("lost", match=CREATES[offer])
    tried(beside, gift(beside, offer), times=1)
    tried(beside, gift(beside, offer, amount="20", ends_at=NOW + timedelta(days=90)))
    assert in_hand(beside, offer) == Decimal("12.50")


def test_only_what_is_left_of_credit_is_taken_back(beside):
    beside.connector.carry_out(gift(beside, "store_credit"))
    giving.take(beside.shop.state, account(beside), Decimal(10), event="ORDER_PAYMENT")
    beside.connector.carry_out(end(beside, "store_credit"))
    assert [row.amount for row in account(beside).entries] == [Decimal("12.50"), -10, Decimal("-2.50")]
    beside.connector.carry_out(end(beside, "store_credit"))
    assert len(account(beside).entries) == 3


def test_credit_that_has_ended_keeps_its_sum_and_is_not_taken_back(beside):
    beside.connector.carry_out(gift(beside, "store_credit"))
    asked = (beside.connector._client, end(beside, "store_credit"))
    assert store_credit.end(*asked, lambda: NOW + timedelta(days=62)) == Already()
    assert len(account(beside).entries) == 1


def test_other_credit_of_the_customer_is_never_touched(beside):
    soon, later = (NOW + timedelta(days=days) for days in (5, 300))
    giving.give(beside.shop.state, account(beside), Decimal(7), event="ADJUSTMENT", ends=later)
    giving.give(beside.shop.state, account(beside), Decimal(9), event="ORDER_REFUND")
    assert isinstance(beside.connector.carry_out(gift(beside, "store_credit")), Done)
    beside.connector.carry_out(end(beside, "store_credit"))
    assert in_hand(beside, "store_credit") == 16
    giving.give(beside.shop.state, account(beside), Decimal(3), event="ADJUSTMENT", ends=soon)
    beside.connector.carry_out(gift(beside, "store_credit", code="sorry-second"))
    outcome = beside.connector.carry_out(replace(end(beside, "store_credit"), code="sorry-second"))
    assert isinstance(outcome, Blocked)
    assert in_hand(beside, "store_credit") == Decimal("31.50"), "a debit would have taken the other one"


def test_an_earlier_credit_is_found_behind_many_others(beside):
    beside.connector.carry_out(gift(beside, "store_credit"))
    for _ in range(130):
        giving.give(beside.shop.state, account(beside), Decimal(1), event="ADJUSTMENT", ends=NOW + timedelta(days=300))
    assert isinstance(beside.connector.carry_out(gift(beside, "store_credit")), Already)


def test_credit_never_ends_before_the_day_that_was_told():
    for number in range(200):
        ends = store_credit.expiry(NOW, f"sorry-{number}")
        assert NOW.date() < ends.date() <= NOW.date() + timedelta(days=1)


def test_credit_needs_a_customer(beside):
    with pytest.raises(Rejected, match="no customer account"):
        beside.connector.carry_out(gift(beside, "store_credit", customer=None))


@pytest.mark.parametrize("offer", NAMES)
def test_a_gift_that_was_never_made_needs_no_end(beside, offer):
    assert beside.connector.carry_out(end(beside, offer)) == Already()


@pytest.mark.parametrize(
    ("offer", "scope"), [("store_credit", "write_store_credit_account_transactions"), ("gift_card", "write_gift_cards")]
)
def test_a_scope_that_is_missing_is_named_and_nothing_is_given(beside, offer, scope):
    beside.shop.change_scopes([one for one in beside.shop.scopes if one != scope] + [scope.replace("write", "read")])
    with pytest.raises(Rejected, match=scope):
        beside.connector.carry_out(gift(beside, offer))
    assert in_hand(beside, offer) == 0
