"""What the app asks the merchant to allow, and what each scope is for. `shopify.app.toml` lists the same."""

from collections.abc import Collection, Mapping

NEEDED: Mapping[str, str] = {
    "read_orders": "orders are read",
    "write_orders": "tags and notes are written",
    "read_products": "items and their prices are read",
    "read_inventory": "stock is read",
    "read_locations": "stock is known by location",
    "read_fulfillments": "parcels are heard of",
    "read_merchant_managed_fulfillment_orders": "what may ship is read",
    "write_merchant_managed_fulfillment_orders": "units are held, released and shipped",
    "read_customers": "codes are locked to their customer",
    "read_discounts": "codes are looked up",
    "write_discounts": "codes are made",
}
"""Without one of these a main part of the service stands still."""

USEFUL: Mapping[str, str] = {
    "read_all_orders": "orders and demand of more than 60 days are read (the platform approves this one)",
    "read_inventory_transfers": "stock on its way is read",
    "read_inventory_shipments": "its expected day is read",
    "read_inventory_shipments_received_items": "its arrival is heard of",
    "read_third_party_fulfillment_orders": "what a logistics partner ships is read",
    "write_third_party_fulfillment_orders": "units at a logistics partner are held and released",
    "write_order_edits": "units that will never come are taken off an order",
    "read_store_credit_accounts": "store credit is looked up",
    "write_store_credit_account_transactions": "store credit is given for a wait, and taken back",
    "read_gift_cards": "gift cards are looked up",
    "write_gift_cards": "gift cards are given for a wait, and ended",
    "write_products": "an item is sold beyond its stock as the wait allows, and its pages tell a day",
}
"""Without one of these a single feature is missing, and the connection page says so."""

WHOLE_PAST, SHOWN_PAST = 730, 60
"""Days of past orders that are read, and that the platform shows without `read_all_orders`."""

OPTIONAL = frozenset({
    "read_all_orders", "read_third_party_fulfillment_orders", "write_third_party_fulfillment_orders", "read_gift_cards",
    "write_gift_cards",
})  # fmt: skip
"""Not asked for when installing: the first needs an approval, the others concern few shops."""


def asked_for() -> tuple[str, ...]:
    """Return the scopes that an installation asks for, in alphabetical order."""
    return tuple(sorted((NEEDED.keys() | USEFUL.keys()) - OPTIONAL))


def lacking(granted: Collection[str]) -> tuple[str, ...]:
    """Return a sentence for every scope that is asked for and was not granted; a write scope includes its read one."""
    has = {*granted, *(f"read_{scope.removeprefix('write_')}" for scope in granted if scope.startswith("write_"))}
    wanted = {scope: words for scope, words in {**NEEDED, **USEFUL}.items() if scope in asked_for()}
    return tuple(f"Grant the scope {scope}: with it {words}." for scope, words in wanted.items() if scope not in has)
