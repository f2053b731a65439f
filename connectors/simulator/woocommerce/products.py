"""Products and variations over REST. Setting a number is absolute; `inventory_delta` is relative.

Variations are written below their parent only; the product list never contains them, but `?sku=` finds them.
"""

from decimal import Decimal, InvalidOperation
from typing import Any

from connectors.simulator.woocommerce import metadata, payloads, product_payloads, rest, stock
from connectors.simulator.woocommerce.rest import Answer, Call, RestError
from connectors.simulator.woocommerce.rows import Product
from connectors.simulator.woocommerce.state import State

TYPES = ("simple", "grouped", "external", "variable")
BACKORDERS = ("no", "notify", "yes")
STOCK_STATUSES = ("instock", "outofstock", "onbackorder")


def make(state: State, fields: dict[str, Any], *, parent: Product | None = None) -> Product:
    """Add a product (below `parent`: a variation) made from REST fields. Raises RestError for a bad field."""
    _free_sku(state, str(fields.get("sku") or ""), None)
    now, post = state.now(), state.new_id("post")
    kind = "variation" if parent else str(fields.get("type", "simple"))
    row = Product(id=post, type=kind, name="", sku="", price=Decimal(0), created=now, modified=now, manage_stock=False)
    if parent is not None:
        row.parent_id, row.name = parent.id, parent.name
        parent.variations.append(post)
    state.products[post] = row
    write(state, row, {"name": "Product", **fields} if parent is None else fields)
    return row


def write(state: State, row: Product, fields: dict[str, Any]) -> None:
    """Put REST fields into a product: names, price, stock, metadata. Raises RestError for a bad one."""
    if "sku" in fields:
        _free_sku(state, str(fields["sku"]), row)
        row.sku = str(fields["sku"])
    for name in ("name", "status"):
        if name in fields and not (name == "name" and row.parent_id):
            setattr(row, name, str(fields[name]))
    if "regular_price" in fields:
        row.price = _price(fields["regular_price"])
    if "virtual" in fields:
        row.virtual = bool(fields["virtual"])
    if row.parent_id and "attributes" in fields:
        row.attributes = {str(part["name"]): str(part["option"]) for part in fields["attributes"]}
    _write_stock(row, fields)
    metadata.merge(state, row.meta, fields.get("meta_data") or [])
    row.modified = state.now()


def _write_stock(row: Product, fields: dict[str, Any]) -> None:
    if "manage_stock" in fields:
        row.manage_stock = fields["manage_stock"] is True
    if "backorders" in fields:
        rest.one_of("backorders", str(fields["backorders"]), BACKORDERS)
        row.backorders = str(fields["backorders"])
    if "stock_status" in fields:
        rest.one_of("stock_status", str(fields["stock_status"]), STOCK_STATUSES)
        row.stock_status = str(fields["stock_status"])
    if row.manage_stock and fields.get("stock_quantity") is not None:
        row.stock = _units("stock_quantity", fields["stock_quantity"])
    elif row.manage_stock and "inventory_delta" in fields:
        row.stock = (row.stock or 0) + _units("inventory_delta", fields["inventory_delta"])
    stock.settle(row)


def _units(name: str, value: object) -> int:
    try:
        return int(str(value))
    except ValueError:
        raise rest.invalid(name, f"{name} is not of type integer.", "rest_invalid_type") from None


def _price(value: object) -> Decimal:
    try:
        return Decimal(str(value or "0"))
    except InvalidOperation:
        raise rest.invalid("regular_price", "regular_price is not of type string.", "rest_invalid_type") from None


def _free_sku(state: State, sku: str, owner: Product | None) -> None:
    for other in state.products.values():
        if sku and other.sku == sku and other is not owner:
            taken = {"resource_id": other.id, "unique_sku": f"{sku}-1"}
            raise RestError(400, "product_invalid_sku", "Invalid or duplicated SKU.", **taken)


def listed(state: State, call: Call) -> Answer:
    """A page of products without their variations; with `sku` (a comma list) variations are found as well."""
    skus = [part.strip() for part in call.query.get("sku", "").split(",") if part.strip()]
    status = call.query.get("status", "any")
    rows = [
        row
        for row in state.products.values()
        if (row.sku in skus if skus else not row.parent_id)
        and (row.status != "trash" if status == "any" else row.status == status)
        and row.type == call.query.get("type", row.type)
        and row.stock_status == call.query.get("stock_status", row.stock_status)
    ]
    rows = rest.between(state, call, rows, ("modified_after", "modified_before"), "modified")
    rows = rest.between(state, call, rows, ("after", "before"), "created")
    rows = rest.ordered(call, rest.chosen(call, rows))
    return rest.page(state, call, rows, lambda row: product_payloads.product(state, row))


def get(state: State, call: Call, product_id: int) -> Answer:  # noqa: ARG001  # one shape for all routes
    """One product; a variation's id answers in a product's shape."""
    return Answer(product_payloads.product(state, _found(state, product_id)))


def create(state: State, call: Call) -> Answer:
    """Add a product."""
    rest.one_of("type", str(call.body.get("type", "simple")), TYPES)
    row = make(state, call.body)
    state.fire("product.created", row.id)
    where = payloads.rest_url(state, f"products/{row.id}")
    return Answer(product_payloads.product(state, row), 201, {"Location": where})


def update(state: State, call: Call, product_id: int) -> Answer:
    """Change a product; every success fires `product.updated`, whether anything changed or not."""
    row = _found(state, product_id)
    if row.parent_id:
        way = "To manipulate product variations you should use the /products/&lt;product_id&gt;/variations/&lt;id&gt;"
        raise RestError(404, "woocommerce_rest_invalid_product_id", f"{way} endpoint.")
    write(state, row, call.body)
    state.fire("product.updated", row.id)
    return Answer(product_payloads.product(state, row))


def delete(state: State, call: Call, product_id: int) -> Answer:
    """Trash a product, or with `force` delete it for good, of which no webhook tells."""
    row = _found(state, product_id)
    shown = product_payloads.product(state, row)
    if call.flag("force"):
        remove(state, row)
    else:
        trash(state, row)
    return Answer(shown)


def trash(state: State, row: Product) -> None:
    """Trash a product, its variations with it. Webhooks of products and coupons alike hear of any kind of post."""
    if row.status == "trash":
        raise RestError(410, "woocommerce_rest_already_trashed", "The product has already been deleted.")
    for one in (row, *(state.products[child] for child in row.variations)):
        one.before_trash, one.status = one.status, "trash"
    state.fire("product.deleted", row.id)
    state.fire("coupon.deleted", row.id)


def untrash(state: State, row: Product) -> None:
    """Bring a product back from the trash as it was, its variations with it."""
    for one in (row, *(state.products[child] for child in row.variations)):
        one.status = one.before_trash
    state.fire("product.restored", row.id)


def remove(state: State, row: Product) -> None:
    """Delete a product for good, its variations with it. Order lines keep its name and lose its id."""
    for child in row.variations:
        state.products.pop(child, None)
    parent = state.products.get(row.parent_id)
    if parent is not None:
        parent.variations.remove(row.id)
    del state.products[row.id]


def many(state: State, call: Call) -> Answer:
    """`products/batch`."""
    return rest.batch(
        call,
        create=lambda one: create(state, one),
        update=lambda one, row_id: update(state, one, row_id),
        delete=lambda one, row_id: delete(state, one, row_id),
    )


def _found(state: State, product_id: int) -> Product:
    row = state.products.get(product_id)
    if row is None:
        raise RestError(404, "woocommerce_rest_product_invalid_id", "Invalid ID.")
    return row
