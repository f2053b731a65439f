"""What is asked of the merchant covers every document that we send, and the app's own file asks for the same."""

import tomllib
from pathlib import Path

import graphql
import pytest

from connectors.shopify import documents, scopes, subscriptions

ROOT = Path(__file__).parents[3]
# The scopes that each root field needs, from the published schema's access notes; empty where it needs none.
LOGISTICS = "merchant_managed_fulfillment_orders"
NEEDS = {
    "shop": "", "currentAppInstallation": "", "webhookSubscriptions": "", "webhookSubscriptionCreate": "",
    "webhookSubscriptionDelete": "", "locations": "read_locations", "order": "read_orders", "orders": "read_orders",
    "fulfillmentOrder": f"read_{LOGISTICS}", "productVariants": "read_products", "inventoryItem": "read_inventory",
    "inventoryTransfer": "read_inventory_transfers", "inventoryTransfers": "read_inventory_transfers",
    "inventoryShipment": "read_inventory_shipments", "codeDiscountNodeByCode": "read_discounts",
    "discountCodeBasicCreate": "write_discounts", "discountCodeFreeShippingCreate": "write_discounts",
    "discountCodeDeactivate": "write_discounts", "customer": "read_customers",
    "storeCreditAccount": "read_store_credit_accounts",
    "storeCreditAccountCredit": "write_store_credit_account_transactions",
    "storeCreditAccountDebit": "write_store_credit_account_transactions",
    "giftCards": "read_gift_cards", "giftCardCreate": "write_gift_cards", "giftCardDeactivate": "write_gift_cards",
    "tagsAdd": "write_orders", "tagsRemove": "write_orders",
    "orderUpdate": "write_orders", "metafieldsSet": "write_orders", "metafieldsDelete": "write_orders",
    "metafieldDefinitionCreate": "write_orders", "orderCancel": "write_orders", "refundCreate": "write_orders",
    "orderEditBegin": "write_order_edits", "orderEditSetQuantity": "write_order_edits",
    "orderEditAddVariant": "write_order_edits", "orderEditAddLineItemDiscount": "write_order_edits",
    "orderEditCommit": "write_order_edits", "fulfillmentCreate": f"write_{LOGISTICS}",
    "fulfillmentOrderHold": f"write_{LOGISTICS}", "fulfillmentOrderReleaseHold": f"write_{LOGISTICS}",
    "fulfillmentOrderSplit": f"write_{LOGISTICS}", "fulfillmentOrdersSetFulfillmentDeadline": f"write_{LOGISTICS}",
    "productVariantsBulkUpdate": "write_products", "fulfillmentOrders": f"read_{LOGISTICS}",
    # A bulk operation may read what its own query may: that one is a document too.
    "bulkOperationRunQuery": "", "bulkOperation": "", "bulkOperations": "",
}  # fmt: skip
# What a document selects below its root may need more.
BELOW = {
    "customer": "read_customers", "fulfillmentOrders": f"read_{LOGISTICS}", "inventoryLevels": "read_inventory",
    "inventoryItem": "read_inventory", "variant": "read_products", "variants": "read_products",
    "storeCreditAccounts": "read_store_credit_accounts", "transactions": "read_store_credit_account_transactions",
    "shipments": "read_inventory_shipments", "fulfillmentHolds": f"read_{LOGISTICS}",
}  # fmt: skip


@pytest.fixture(scope="module")
def app_file():
    return tomllib.loads((ROOT / "shopify.app.toml").read_text("utf-8"))


def fields(name):
    document = graphql.parse(documents.text(name))
    operation = next(n for n in document.definitions if isinstance(n, graphql.OperationDefinitionNode))
    roots = [node.name.value for node in operation.selection_set.selections]
    selected = []

    class Collector(graphql.Visitor):
        def enter_field(self, node, *_):
            selected.append(node.name.value)

    graphql.visit(document, Collector())
    return roots, selected


@pytest.mark.parametrize("name", documents.names())
def test_every_document_is_within_the_scopes_that_are_asked_for(name):
    roots, selected = fields(name)
    wanted = {NEEDS[root] for root in roots} | {BELOW[field] for field in selected if field in BELOW}
    # A merchant who gives gift cards grants their scopes by hand.
    by_hand = scopes.OPTIONAL if name.startswith("gift_card") else frozenset()
    asked = {*scopes.asked_for(), *by_hand}
    implied = {f"read_{scope.removeprefix('write_')}" for scope in asked if scope.startswith("write_")}
    assert wanted - {""} <= asked | implied


def test_every_topic_that_depends_on_a_scope_can_have_it():
    assert set(subscriptions.WITH_SCOPE.values()) <= set(scopes.asked_for())


def test_the_apps_own_file_asks_for_the_same(app_file):
    assert app_file["access_scopes"]["scopes"] == ",".join(scopes.asked_for())
    assert set(app_file["access_scopes"]["optional_scopes"]) == scopes.OPTIONAL


def test_the_apps_own_file_sends_what_concerns_the_app_itself_to_our_door(app_file):
    told = app_file["webhooks"]["subscriptions"]
    assert {one["uri"] for one in told} == {"/webhooks/shopify"}
    assert [one["topics"] for one in told if "topics" in one] == [["app/uninstalled", "app/scopes_update"]]
    privacy = [one["compliance_topics"] for one in told if "compliance_topics" in one]
    assert privacy == [["customers/data_request", "customers/redact", "shop/redact"]]
    assert not any("topics" in one and "compliance_topics" in one for one in told)


def test_the_apps_own_file_leads_back_to_our_callback_in_our_version(app_file):
    from core.settings import Settings

    assert [url.partition("example.com")[2] for url in app_file["auth"]["redirect_urls"]] == ["/shopify/callback"]
    assert app_file["webhooks"]["api_version"] == Settings().shopify_api_version
    assert app_file["embedded"] is True


def test_every_scope_is_explained_in_the_docs():
    page = (ROOT / "docs" / "shopify.md").read_text("utf-8")
    assert [scope for scope in {**scopes.NEEDED, **scopes.USEFUL} if f"`{scope}`" not in page] == []
