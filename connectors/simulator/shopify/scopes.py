"""Which fields need which granted scope. Without it a field is null, with an error beside whatever data there is."""

from collections.abc import Collection, Mapping

from graphql import GraphQLError

# Any one of a field's scopes will do; a write scope includes its read one.
_FULFILMENT = ("merchant_managed_fulfillment_orders", "third_party_fulfillment_orders", "assigned_fulfillment_orders")
READS_FULFILMENT = tuple(f"read_{name}" for name in _FULFILMENT)
WRITES_FULFILMENT = tuple(f"write_{name}" for name in _FULFILMENT)
NEEDED: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("QueryRoot", "order"): ("read_orders",),
    ("QueryRoot", "orders"): ("read_orders",),
    ("QueryRoot", "fulfillmentOrder"): READS_FULFILMENT,
    ("QueryRoot", "fulfillmentOrders"): READS_FULFILMENT,
    ("QueryRoot", "productVariants"): ("read_products",),
    ("QueryRoot", "inventoryItem"): ("read_inventory", "read_products"),
    ("QueryRoot", "locations"): ("read_locations",),
    ("QueryRoot", "inventoryTransfer"): ("read_inventory_transfers",),
    ("QueryRoot", "inventoryTransfers"): ("read_inventory_transfers",),
    ("QueryRoot", "inventoryShipment"): ("read_inventory_shipments",),
    ("QueryRoot", "codeDiscountNodeByCode"): ("read_discounts",),
    ("QueryRoot", "customer"): ("read_customers",),
    ("QueryRoot", "storeCreditAccount"): ("read_store_credit_accounts",),
    ("QueryRoot", "giftCards"): ("read_gift_cards",),
    ("Customer", "storeCreditAccounts"): ("read_store_credit_accounts",),
    ("StoreCreditAccount", "transactions"): ("read_store_credit_account_transactions",),
    ("Order", "customer"): ("read_customers",),
    ("Order", "fulfillmentOrders"): READS_FULFILMENT,
    ("Mutation", "fulfillmentOrderHold"): WRITES_FULFILMENT,
    ("Mutation", "fulfillmentOrderReleaseHold"): WRITES_FULFILMENT,
    ("Mutation", "fulfillmentOrderSplit"): WRITES_FULFILMENT,
    ("Mutation", "fulfillmentOrdersSetFulfillmentDeadline"): WRITES_FULFILMENT,
    ("Mutation", "fulfillmentCreate"): WRITES_FULFILMENT,
    ("Mutation", "tagsAdd"): ("write_orders",),
    ("Mutation", "tagsRemove"): ("write_orders",),
    ("Mutation", "orderUpdate"): ("write_orders",),
    ("Mutation", "orderCancel"): ("write_orders",),
    ("Mutation", "refundCreate"): ("write_orders",),
    ("Mutation", "orderEditBegin"): ("write_order_edits",),
    ("Mutation", "orderEditSetQuantity"): ("write_order_edits",),
    ("Mutation", "orderEditAddVariant"): ("write_order_edits",),
    ("Mutation", "orderEditAddLineItemDiscount"): ("write_order_edits",),
    ("Mutation", "orderEditCommit"): ("write_order_edits",),
    ("Mutation", "metafieldsSet"): ("write_orders",),
    ("Mutation", "metafieldsDelete"): ("write_orders",),
    ("Mutation", "discountCodeBasicCreate"): ("write_discounts",),
    ("Mutation", "discountCodeFreeShippingCreate"): ("write_discounts",),
    ("Mutation", "discountCodeDeactivate"): ("write_discounts",),
    ("Mutation", "storeCreditAccountCredit"): ("write_store_credit_account_transactions",),
    ("Mutation", "storeCreditAccountDebit"): ("write_store_credit_account_transactions",),
    ("Mutation", "giftCardCreate"): ("write_gift_cards",),
    ("Mutation", "giftCardDeactivate"): ("write_gift_cards",),
    ("Mutation", "productVariantsBulkUpdate"): ("write_products",),
}


def check(parent: str, field: str, granted: Collection[str]) -> None:
    """Raise GraphQLError where the field needs a scope that was not granted."""
    needed = NEEDED.get((parent, field))
    has = {*granted, *(f"read_{scope.removeprefix('write_')}" for scope in granted if scope.startswith("write_"))}
    if needed and not has.intersection(needed):
        wanted = f"`{needed[0]}` access scope."
        raise GraphQLError(
            f"Access denied for {field} field. Required access: {wanted}",
            extensions={"code": "ACCESS_DENIED", "requiredAccess": wanted},
        )
