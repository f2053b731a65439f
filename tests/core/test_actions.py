"""What an action says of itself, before anybody carries it out."""

import pytest

from core.actions import Code, EndCode, must_end
from core.item_actions import Announce, SellOn
from core.records import ActionRecord
from tests.core.shop_builders import NOW, in_days


def code(**more):
    given = {"order": "1001", "code": "sorry-1", "offer": "discount_code", "percent": 10, "starts_at": NOW, "ends_at": NOW,
             "title": "For the wait", "customer": "c1", "email": None}  # fmt: skip
    return Code(**(given | more))


@pytest.mark.parametrize(
    ("made", "money", "amount", "minimum"),
    [
        (code(), False, False, False),
        (code(amount="5"), False, True, False),
        (code(offer="free_shipping", amount="5", minimum="20"), False, False, True),
        (code(offer="store_credit", amount="5"), True, False, False),
        (code(offer="gift_card", amount="5"), True, False, False),
    ],
)
def test_a_code_says_whether_it_gives_money_takes_a_sum_off_or_asks_for_goods(made, money, amount, minimum):
    assert (made.is_money, made.is_amount, made.has_minimum, must_end(made)) == (money, amount, minimum, money)


def test_only_the_end_of_store_credit_must_not_be_sent_twice_at_once():
    repeats = {
        offer: EndCode(order="1001", code="sorry-1", offer=offer).harmless_to_repeat
        for offer in ("discount_code", "free_shipping", "gift_card", "store_credit")
    }
    assert [offer for offer, harmless in repeats.items() if not harmless] == ["store_credit"]


def test_what_is_told_of_one_item_waits_in_the_lane_of_that_item():
    lanes = {
        action.order
        for action in (SellOn(item="7", beyond=False, setting="deny"), Announce(item="7", expected_on=in_days(3)))
    }
    assert len(lanes) == 1
    assert lanes != {Announce(item="8", expected_on=None).order}


def test_a_row_of_the_outbox_is_of_the_kind_of_its_action():
    row = ActionRecord(id=1, shop="fern", order="1001", action=code(), key="code", reason="why", state="pending",
                       created_at=NOW, next_at=NOW)  # fmt: skip
    assert row.kind == "code"
