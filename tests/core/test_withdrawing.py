"""Withdrawing from the contract, and swapping what waits: what the customer may do on the order's page."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.errors import NotAllowed
from core.items.item_rules import ItemRules
from core.orders import swapping, withdrawing
from core.snapshots import Customer
from tests.core.shop_builders import NOW, SUPPORT, TODAY, in_days, item, kept, line, order

POLICY = {
    "notices": {"enabled": True, "wording_seen": True},
    "choices": {"withdraw": True, "withdraw_days": 14, "swap": True},
}
PERSON = Customer(id="c1", email="customer12@example.com", country="DE")


def mugs(customer=PERSON, **more):
    return replace(order("1001", line("mug", 5, **more)), customer=customer)


def allowed(made, now=NOW, mail_ready=True, **changes):
    record = replace(made.order("1001"), **changes)
    with made.books.read() as unit:
        return withdrawing.withdrawable(record, unit.shops.get("fern"), now, mail_ready=mail_ready)


def withdrawn(made, units):
    with made.books.write() as unit:
        shop = unit.shops.get("fern")
        return withdrawing.withdraw(unit, shop, "1001", units, mail_ready=True, as_of=NOW, now=NOW)


@pytest.mark.parametrize(
    ("seen", "policy", "mail_ready", "units"),
    [
        (mugs(), POLICY, True, {"a": 5}),
        (mugs(shipped=5), POLICY, True, {"a": 5}),
        (mugs(returned=5), POLICY, True, {}),
        (mugs(ships=False), POLICY, True, {}),
        (mugs(), POLICY, False, {}),
        (mugs(), POLICY | {"choices": {"withdraw": False}}, True, {}),
        (mugs(replace(PERSON, email=None)), POLICY, True, {}),
        (mugs(replace(PERSON, country="US")), POLICY, True, {}),
        (replace(mugs(), status="closed"), POLICY, True, {}),
    ],
)
def test_a_consumer_may_withdraw_from_what_they_keep(seen, policy, mail_ready, units):
    with kept(item("mug", 2), seen, **policy) as made:
        assert allowed(made, mail_ready=mail_ready) == units


@pytest.mark.parametrize(("day", "units"), [(13, {"a": 5}), (14, {})])
def test_the_right_ends_days_after_the_last_goods_came(day, units):
    with kept(item("mug", 2), mugs(), **(POLICY | {"law_clock": {"transit_days": 0}})) as made:
        closed = replace(made.order("1001").snapshot, status="closed")
        served = replace(made.order("1001").served, complete_on=in_days(-1))
        assert allowed(made, NOW + timedelta(days=day), snapshot=closed, served=served) == units


def test_what_has_not_left_ends_and_the_rest_is_the_merchants_to_refund():
    with kept(item("mug", 2), mugs(shipped=2), **POLICY) as made:
        after = withdrawn(made, {"a": 4})
        assert after.withdrawals[0].keep == {"a": 1}
        assert after.withdrawals[0].sent == {"a": 1}
        assert after.ending.units == {"a": 3}
        with pytest.raises(NotAllowed, match="nothing of this to withdraw from"):
            withdrawn(made, {"a": 4})


@pytest.mark.parametrize("status", ["open", "closed"])
def test_of_what_has_left_nothing_is_ended(status):
    with kept(item("mug", 2), mugs(shipped=5), **POLICY) as made:
        with made.books.write() as unit:
            known = unit.orders.get("fern", "1001")
            seen, served = replace(known.snapshot, status=status), replace(known.served, complete_on=TODAY)
            unit.orders.put(replace(known, snapshot=seen, served=served))
        after = withdrawn(made, {"a": 4})
        assert (after.ending, after.withdrawals[0].sent) == (None, {"a": 4})


def test_while_the_shop_is_only_watched_no_receipt_leaves_and_nothing_is_withdrawn():
    with kept(item("mug", 2), mugs(), **(POLICY | {"mode": "observe"})) as made:
        assert allowed(made) == {}


def swapped(made, units, wanted="item-cup"):
    with made.books.write() as unit:
        shop = unit.shops.get("fern")
        return swapping.swap(unit, shop, "1001", "a", item=wanted, units=units, support=SUPPORT, as_of=NOW, now=NOW)


@pytest.mark.parametrize(
    ("cup", "policy", "support", "units"),
    [
        (item("cup", 9), POLICY, SUPPORT, [3]),
        (item("cup", 2), POLICY, SUPPORT, [2]),
        (item("cup", 0), POLICY, SUPPORT, []),
        (item("cup", 9, tracked=False), POLICY, SUPPORT, []),
        (item("cup", 9, aliases=frozenset({"item-blue"})), POLICY, SUPPORT, []),
        (item("cup", 9), POLICY, {}, []),
        (item("cup", 9), POLICY | {"mode": "observe"}, SUPPORT, []),
    ],
)
def test_what_waits_may_be_swapped_for_what_is_free(cup, policy, support, units):
    with kept(item("mug", 2), cup, mugs(), **policy) as made, made.books.write() as unit:
        unit.items.put_rules("fern", "mug", ItemRules(substitutes=("jug", "cup")))
        found = swapping.swappable(unit, unit.shops.get("fern"), unit.orders.get("fern", "1001"), support)
        assert [one.units for one in found] == units


def test_a_swap_takes_the_place_of_what_waits():
    with kept(item("mug", 2), item("cup", 9, unit_price=1200), mugs(), **POLICY) as made:
        with made.books.write() as unit:
            unit.items.put_rules("fern", "mug", ItemRules(substitutes=("cup",)))
        with pytest.raises(NotAllowed, match="cannot be swapped here"):
            swapped(made, 4)
        after = swapped(made, 3)
        assert (after.ending.units, after.ending.swap.price) == ({"a": 3}, 3600)
        with pytest.raises(NotAllowed):
            swapped(made, 1)
