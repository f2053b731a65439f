"""`rehearse`: everything on one order of a real shop, and nothing left behind."""

from dataclasses import replace

import pytest

from core.policy.reading import merge


def test_a_rehearsal_tries_everything_on_one_order_and_leaves_nothing(connected, shop):
    (order,) = shop.state.orders
    said = connected.type("rehearse", "north-store", "--order", str(order))
    assert said.exit_code == 0, said.output
    assert [line.split(":")[0].split("  ")[0] for line in said.stdout.splitlines()] == ["ok"] * 14
    row = shop.state.order(order)
    assert (row.tags, row.metafields, row.note or "") == ([], {}, "")
    assert not any(fo.holds for fo in shop.state.of_order(row))


@pytest.mark.parametrize("kind", ["discount_code", "store_credit", "gift_card"])
def test_a_rehearsal_gives_the_smallest_gift_of_the_policy_and_takes_it_back(connected, shop, kind):
    house = connected.app.extensions["furnish"]()
    with house.books.write() as unit:
        stored = unit.shops.find(shop.domain)
        offers = {"offers": {"enabled": True, "kind": kind}}
        unit.shops.save(replace(stored, policy=merge(stored.policy, offers)))
    (order,) = shop.state.orders
    said = connected.type("rehearse", "north-store", "--order", str(order))
    assert said.exit_code == 0, said.output
    assert sum(line.startswith("ok ") for line in said.stdout.splitlines()) == 16
    assert not any(row.active for row in shop.state.discounts.values())
    assert all(row.ended_at for row in shop.state.gift_cards.values())
    assert [sum(row.amount for row in made.entries) for made in shop.state.credit_accounts.values()] in ([], [0])


def test_a_rehearsal_says_what_failed_and_does_not_stop_there(connected, shop):
    (order,) = shop.state.orders
    shop.change_scopes([scope for scope in shop.scopes if "fulfillment_orders" not in scope or "read" in scope])
    said = connected.type("rehearse", "north-store", "--order", str(order))
    assert said.exit_code == 1
    assert "FAILED  hold of one unit: Shopify refused: Access denied" in said.stdout
    assert "ok      expected day taken off" in said.stdout
