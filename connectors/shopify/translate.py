"""What a Shopify delivery tells us to read. Pure, table-driven: the body names things, it is never believed.

Only the body is signed, with one secret for all shops: a topic and a shop in the headers may be swapped. So nothing is
taken from a body but ids, and where a whole shop is concerned the body's own name of it must be ours.
"""

import json
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from connectors.shopify.ids import bare
from core.errors import Misaddressed, PayloadChanged
from core.planning.hints import (
    CustomerDataRequest,
    FulfilmentHint,
    Hint,
    ItemHint,
    OrderHint,
    ReadyHint,
    RedactCustomer,
    RedactShop,
    ShopHint,
    SupplyHint,
    SyncHint,
    Uninstalled,
)

Json = dict[str, Any]
FULFILMENT_ORDER = "gid://shopify/FulfillmentOrder/"
Reader = Callable[[Json, str], Iterator[Hint]]


def translate(topic: str, body: bytes, *, domain: str) -> tuple[Hint, ...]:
    """Return what to read after this delivery; nothing for topics that do not concern us.

    Raises PayloadChanged on a body that cannot be read, and Misaddressed where it matters that it names another shop.
    """
    reader = TOPICS.get(topic) or TOPICS.get(f"{topic.partition('/')[0]}/*")
    if reader is None:
        return ()
    return tuple(dict.fromkeys(reader(_document(topic, body), domain)))


def _document(topic: str, body: bytes) -> Json:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as problem:
        raise PayloadChanged(f"{topic[:60]}: the body is not JSON ({type(problem).__name__})") from None
    if not isinstance(document, dict):
        raise PayloadChanged(f"{topic[:60]}: the body is no object")
    return document


def _inside(document: Json, *path: str) -> Json:
    """Return the object at the path. Raises PayloadChanged where there is none."""
    for key in path:
        found = document.get(key)
        if not isinstance(found, dict):
            raise PayloadChanged(f"the body has no {'.'.join(path)}")
        document = found
    return document


def _id(document: Json, *keys: str) -> str:
    """Return the id under the first of these keys that is there, else that of the object itself."""
    for key in (*keys, "admin_graphql_api_id"):
        if document.get(key) is not None:
            return bare(document[key])
    raise PayloadChanged(f"the body has no {' or '.join(keys)}")


def _order(document: Json, _: str) -> Iterator[Hint]:
    yield OrderHint(platform_id=_id(document, "id"))


def _part_of_order(document: Json, _: str) -> Iterator[Hint]:
    if document.get("order_id") is None:
        raise PayloadChanged("the body has no order_id")
    yield OrderHint(platform_id=bare(document["order_id"]))


def _edited(document: Json, domain: str) -> Iterator[Hint]:
    yield from _part_of_order(_inside(document, "order_edit"), domain)


def _fulfilment_order(document: Json, _: str) -> Iterator[Hint]:
    """Read the first fulfilment order named anywhere: bodies differ by topic, and none says whose it is.

    All that one body names belong to one order.
    """
    waiting: deque[Any] = deque([document])
    while waiting:
        found = waiting.popleft()
        if isinstance(found, str) and found.startswith(FULFILMENT_ORDER):
            yield FulfilmentHint(platform_id=bare(found))
            return
        waiting += found.values() if isinstance(found, dict) else found if isinstance(found, list) else ()
    raise PayloadChanged("the body names no fulfilment order")


def _item(document: Json, _: str) -> Iterator[Hint]:
    yield ItemHint(platform_id=_id(document, "id"))


def _stock(document: Json, _: str) -> Iterator[Hint]:
    if document.get("inventory_item_id") is None:
        raise PayloadChanged("the body has no inventory_item_id")
    yield ItemHint(platform_id=bare(document["inventory_item_id"]))


def _product(document: Json, _: str) -> Iterator[Hint]:
    variants = document.get("variants")
    if not isinstance(variants, list):
        raise PayloadChanged("the body has no variants")
    for variant in variants:
        if not isinstance(variant, dict):
            raise PayloadChanged("a variant is no object")
        if variant.get("inventory_item_id") is not None:
            yield ItemHint(platform_id=bare(variant["inventory_item_id"]))


def _supply(_document: Json, _: str) -> Iterator[Hint]:
    yield SupplyHint()


def _shop(_document: Json, _: str) -> Iterator[Hint]:
    yield ShopHint()


def _ready(_document: Json, _: str) -> Iterator[Hint]:
    yield ReadyHint()


def _scopes(_document: Json, _: str) -> Iterator[Hint]:
    """Read who we are again, and everything that a new scope may show; topics follow their scopes, too."""
    yield ShopHint()
    yield SyncHint()


def _uninstalled(document: Json, domain: str) -> Iterator[Hint]:
    _same_shop(document, domain, "myshopify_domain")
    yield Uninstalled()


def _redact_shop(document: Json, domain: str) -> Iterator[Hint]:
    _same_shop(document, domain, "shop_domain")
    yield RedactShop()


def _redact_customer(document: Json, domain: str) -> Iterator[Hint]:
    customer, email = _person(document, domain)
    yield RedactCustomer(customer=customer, email=email, orders=_orders(document, "orders_to_redact"))


def _data_request(document: Json, domain: str) -> Iterator[Hint]:
    customer, email = _person(document, domain)
    yield CustomerDataRequest(customer=customer, email=email, orders=_orders(document, "orders_requested"))


def _person(document: Json, domain: str) -> tuple[str | None, str | None]:
    _same_shop(document, domain, "shop_domain")
    who = _inside(document, "customer")
    email = who.get("email")
    # An address that no mail system could carry matches nobody; the id is enough to find the customer.
    known = email if isinstance(email, str) and email.isprintable() else None
    return bare(who["id"]) if who.get("id") is not None else None, known


def _orders(document: Json, key: str) -> tuple[str, ...]:
    orders = document.get(key)
    if orders is None:
        return ()
    if not isinstance(orders, list):
        raise PayloadChanged(f"{key} is no list")
    return tuple(bare(order) for order in orders)


def _same_shop(document: Json, domain: str, key: str) -> None:
    named = document.get(key)
    if not isinstance(named, str):
        raise PayloadChanged(f"the body has no {key}")
    if named.strip().lower() != domain.lower():
        raise Misaddressed(f"the body's {key} is not {domain}: a delivery for another shop")


TOPICS: Mapping[str, Reader] = {
    "orders/*": _order,
    "orders/edited": _edited,
    "refunds/create": _part_of_order,
    "fulfillments/create": _part_of_order,
    "fulfillments/update": _part_of_order,
    "fulfillment_orders/*": _fulfilment_order,
    "fulfillment_holds/*": _fulfilment_order,
    "inventory_levels/*": _stock,
    "inventory_items/*": _item,
    "inventory_transfers/*": _supply,
    "inventory_shipments/*": _supply,
    "products/create": _product,
    "products/update": _product,
    "variants/in_stock": _stock,
    "variants/out_of_stock": _stock,
    "locations/*": _shop,
    "shop/update": _shop,
    "bulk_operations/finish": _ready,
    "app/scopes_update": _scopes,
    "app/uninstalled": _uninstalled,
    "customers/redact": _redact_customer,
    "customers/data_request": _data_request,
    "shop/redact": _redact_shop,
}
