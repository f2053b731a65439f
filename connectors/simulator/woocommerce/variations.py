"""Variations over REST, below their parent. Writing one fires `product.updated` for it, never for the parent."""

from connectors.simulator.woocommerce import payloads, product_payloads, products, rest
from connectors.simulator.woocommerce.rest import Answer, Call, RestError
from connectors.simulator.woocommerce.rows import Product
from connectors.simulator.woocommerce.state import State


def every(state: State, call: Call) -> Answer:
    """A page of all variations of all products."""
    return _page(state, call, [row for row in state.products.values() if row.parent_id])


def listed(state: State, call: Call, product_id: int) -> Answer:
    """A page of one product's variations."""
    parent = _parent(state, product_id)
    return _page(state, call, [row for child in parent.variations if (row := state.products[child]).status != "trash"])


def get(state: State, call: Call, product_id: int, variation_id: int) -> Answer:  # noqa: ARG001  # shape of routes
    """One variation."""
    return Answer(product_payloads.variation(state, _found(state, product_id, variation_id)))


def create(state: State, call: Call, product_id: int) -> Answer:
    """Add a variation."""
    row = products.make(state, call.body, parent=_parent(state, product_id))
    state.fire("product.created", row.id)
    where = payloads.rest_url(state, f"products/{product_id}/variations/{row.id}")
    return Answer(product_payloads.variation(state, row), 201, {"Location": where})


def update(state: State, call: Call, product_id: int, variation_id: int) -> Answer:
    """Change a variation."""
    row = _found(state, product_id, variation_id)
    products.write(state, row, call.body)
    state.fire("product.updated", row.id)
    return Answer(product_payloads.variation(state, row))


def delete(state: State, call: Call, product_id: int, variation_id: int) -> Answer:
    """Delete a variation for good; no webhook tells of it."""
    row = _found(state, product_id, variation_id)
    if not call.flag("force"):
        raise RestError(501, "woocommerce_rest_trash_not_supported", "The product_variation does not support trashing.")
    shown = product_payloads.variation(state, row)
    products.remove(state, row)
    return Answer(shown)


def many(state: State, call: Call, product_id: int) -> Answer:
    """`products/{id}/variations/batch`."""
    return rest.batch(
        call,
        create=lambda one: create(state, one, product_id),
        update=lambda one, row_id: update(state, one, product_id, row_id),
        delete=lambda one, row_id: delete(state, one, product_id, row_id),
    )


def _page(state: State, call: Call, rows: list[Product]) -> Answer:
    rows = rest.between(state, call, rows, ("modified_after", "modified_before"), "modified")
    skus = [part.strip() for part in call.query.get("sku", "").split(",") if part.strip()]
    found = [row for row in rows if not skus or row.sku in skus]
    found = rest.ordered(call, rest.chosen(call, found))
    return rest.page(state, call, found, lambda row: product_payloads.variation(state, row))


def _parent(state: State, product_id: int) -> Product:
    parent = state.products.get(product_id)
    if parent is None or parent.parent_id:
        raise RestError(404, "woocommerce_rest_product_invalid_id", "Invalid product ID.")
    return parent


def _found(state: State, product_id: int, variation_id: int) -> Product:
    row = state.products.get(variation_id)
    if row is None or row.parent_id != product_id:
        raise RestError(404, "woocommerce_rest_product_variation_invalid_id", "Invalid ID.")
    return row
