"""Money for the wait: given once whatever becomes of the answer, taken back on a person's word, refused where it is not."""

import pytest

from connectors.simulator.shopify import shown_gifts
from tests.scenarios.platforms import only
from tests.scenarios.test_hands_off import short_order

CALLS = {
    "store_credit": ("storeCreditAccountCredit", "storeCreditAccountDebit"),
    "gift_card": ("giftCardCreate", "giftCardDeactivate"),
}


def in_hand(side):
    """What customers can spend, as the shop itself has it."""
    state = side.shop.state
    credit = sum(shown_gifts.balance(state, row) for row in state.credit_accounts.values())
    return credit + sum(row.left for row in state.gift_cards.values() if row.ended_at is None)


@only("shopify", because="WooCommerce has neither store credit nor gift cards.")
@pytest.mark.parametrize("kind", CALLS)
def test_money_for_the_wait_is_given_once_and_taken_back_on_a_word(side, kind):
    give, take = CALLS[kind]
    side.put_policy({"offers": {"enabled": True, "min_wait_days": 0, "kind": kind, "amount": "7.50"}})
    side.settle()
    side.shop.faults.add("lost", match=give)
    side.shop.faults.add("lost", match=take)
    order = short_order(side)
    assert float(in_hand(side)) == 7.5
    (offer,) = side.order(order)["offers"]
    assert (offer["kind"], offer["amount"], offer["percent"], offer["state"]) == (kind, "7.50", None, "done")
    side.edit(order, "MUG", 9)
    side.settle()
    assert float(in_hand(side)) == 7.5, "one order, one gift"
    assert side.ask(order, "end_codes").status_code == 202
    side.settle()
    assert in_hand(side) == 0
    assert [entry.name for entry in side.writes() if entry.name in CALLS[kind]] == [give, take]


@only("shopify", because="WooCommerce has neither store credit nor gift cards.")
def test_nobody_can_be_given_credit_who_has_no_account(side):
    side.put_policy({"offers": {"min_wait_days": 0, "kind": "store_credit"}})
    order = str(side.shop.checkout([("MUG", 8)]))
    side.settle()
    answer = side.ask(order, "offer")
    assert answer.status_code == 409
    assert "no customer account" in answer.text


@only("woocommerce", because="Shopify has both.")
@pytest.mark.parametrize(("kind", "says"), [("store_credit", "store credit"), ("gift_card", "gift cards")])
def test_money_is_refused_in_one_sentence_where_the_store_has_no_such_thing(side, kind, says):
    answer = side.api("PUT", "policy", {"offers": {"kind": kind}})
    assert answer.status_code == 409
    assert f"WooCommerce has no {says}: choose a discount code or free shipping" in answer.text
