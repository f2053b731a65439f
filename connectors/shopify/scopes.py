"""What the app asks the merchant to allow, and what each scope is for. `shopify.app.toml` lists the same."""

from collections.abc import Collection, Mapping

from core.sentences import sentence

NEEDED: Mapping[str, str] = {
    "read_orders": sentence("orders are read"),
    "write_orders": sentence("tags and notes are written"),
    "read_products": sentence("items and their prices are read"),
    "read_inventory": sentence("stock is read"),
    "read_locations": sentence("stock is known by location"),
    "read_fulfillments": sentence("parcels are heard of"),
    "read_merchant_managed_fulfillment_orders": sentence("what may ship is read"),
    "write_merchant_managed_fulfillment_orders": sentence("units are held, released and shipped"),
    "read_customers": sentence("codes are locked to their customer"),
    "read_discounts": sentence("codes are looked up"),
    "write_discounts": sentence("codes are made"),
}
"""Without one of these a main part of the service stands still."""

USEFUL: Mapping[str, str] = {
    "read_all_orders": sentence("orders and demand of more than 60 days are read (the platform approves this one)"),
    "read_inventory_transfers": sentence("stock on its way is read"),
    "read_inventory_shipments": sentence("its expected day is read"),
    "read_inventory_shipments_received_items": sentence("its arrival is heard of"),
    "read_third_party_fulfillment_orders": sentence("what a logistics partner ships is read"),
    "write_third_party_fulfillment_orders": sentence("units at a logistics partner are held and released"),
    "write_order_edits": sentence("units that will never come are taken off an order"),
    "read_store_credit_accounts": sentence("store credit is looked up"),
    "write_store_credit_account_transactions": sentence("store credit is given for a wait, and taken back"),
    "read_gift_cards": sentence("gift cards are looked up"),
    "write_gift_cards": sentence("gift cards are given for a wait, and ended"),
    "write_products": sentence("an item is sold beyond its stock as the wait allows, and its pages tell a day"),
}
"""Without one of these a single feature is missing, and the connection page says so."""

WHOLE_PAST, SHOWN_PAST = 1095, 60
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
    return tuple(
        sentence("Grant the scope %(scope)s: with it %(words)s.", scope=scope, words=words)
        for scope, words in wanted.items()
        if scope not in has
    )
