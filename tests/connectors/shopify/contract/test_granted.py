"""Every call stays within what shopify.app.toml asks for, and a scope that is taken away costs its own feature only."""

import tomllib
from pathlib import Path

import pytest

from connectors.shopify import scopes
from connectors.simulator.shopify.scopes import NEEDED
from core.actions import Tag
from core.errors import Rejected
from core.outcomes import Already, Done
from tests.connectors.shopify.contract.test_ends import ENDS, hold, prepare

TOML = tomllib.loads((Path(__file__).parents[4] / "shopify.app.toml").read_text())["access_scopes"]["scopes"].split(",")


@pytest.mark.parametrize("kind", ENDS)
def test_every_action_needs_only_what_is_asked_for(beside, kind):
    beside.shop.change_scopes(TOML)
    prepare(beside, kind)
    assert isinstance(beside.connector.carry_out(ENDS[kind](beside)), Done | Already)


def test_every_read_needs_only_what_is_asked_for(beside):
    beside.shop.change_scopes(TOML)
    assert beside.connector.profile().lacks == ()
    assert beside.connector.read_order(beside.order).problems == ()
    assert list(beside.connector.all_items())
    assert list(beside.connector.orders_changed(None))
    assert beside.connector.incoming() is not None
    beside.connector.subscribe("https://backorder.example.com/webhooks/shopify", "")


def test_nothing_is_asked_for_that_no_call_needs():
    needed = {scope for needs in NEEDED.values() for scope in needs[:1]}
    heard = {"read_fulfillments", "read_inventory_shipments_received_items"}
    written = {f"read_{scope.removeprefix('write_')}" for scope in TOML if scope.startswith("write_")}
    assert set(TOML) - needed - heard - written == {"read_inventory"} - needed


@pytest.mark.parametrize(
    ("taken", "does"),
    [
        ("write_order_edits", "remove"), ("write_discounts", "code"), ("write_orders", "tag"),
        ("write_merchant_managed_fulfillment_orders", "hold"),
    ],
)  # fmt: skip
def test_a_scope_that_was_taken_away_is_a_refusal_and_no_write(beside, taken, does):
    beside.shop.change_scopes([scope for scope in TOML if scope != taken])
    with pytest.raises(Rejected, match="Access denied"):
        beside.connector.carry_out(ENDS[does](beside))
    assert beside.row.tags == []
    assert beside.row.note is None
    assert beside.shop.state.discounts == {}
    assert beside.open()[beside.mug] == 5


def test_an_order_without_the_customers_scope_is_read_without_its_customer(beside):
    beside.shop.change_scopes([scope for scope in TOML if scope != "read_customers"])
    seen = beside.connector.read_order(beside.order)
    assert (seen.status, seen.customer.id) == ("open", None)
    assert isinstance(beside.connector.carry_out(hold(beside, {beside.mug: 3})), Done)
    assert isinstance(beside.connector.carry_out(Tag(order=beside.order, tags=("backorder-waiting",))), Done)


def test_an_order_whose_fulfilment_orders_are_hidden_is_not_taken_for_a_deleted_one(beside):
    hidden = {"read_merchant_managed_fulfillment_orders", "write_merchant_managed_fulfillment_orders"}
    beside.shop.change_scopes([scope for scope in TOML if scope not in hidden])
    seen = beside.connector.read_order(beside.order)
    assert seen.status == "open"
    assert seen.problems
    assert [one.platform_id for one in beside.connector.orders_changed(None)] == [beside.order]


def test_the_toml_asks_for_what_the_connector_names():
    assert sorted(TOML) == list(scopes.asked_for())
