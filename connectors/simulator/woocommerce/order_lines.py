"""Lines of an order as REST writes them: added, edited, removed, with the stock following."""

from decimal import Decimal
from typing import Any

from connectors.simulator.woocommerce import metadata, rest, stock
from connectors.simulator.woocommerce.rest import RestError
from connectors.simulator.woocommerce.rows import Line, Order, Product, ShippingLine
from connectors.simulator.woocommerce.state import State


def write(state: State, order: Order, posted: list[dict[str, Any]]) -> None:
    """Edit the lines that are named by id and add the others. Raises RestError for a line that cannot be."""
    for at, row in enumerate(posted):
        if row.get("id"):
            _edit(state, order, _known(order, int(row["id"])), row, at)
        else:
            line = _added(state, row, at)
            order.lines.append(line)
            stock.follow_quantity(state, order, line, line.quantity)


def write_shipping(state: State, order: Order, posted: list[dict[str, Any]]) -> None:
    """Add shipping lines."""
    for row in posted:
        order.shipping_lines.append(
            ShippingLine(
                id=state.new_id("line"),
                title=str(row.get("method_title", "")),
                method=str(row.get("method_id", "")),
                total=Decimal(str(row.get("total") or "0")),
            )
        )


def for_product(state: State, product: Product, quantity: int) -> Line:
    """A new line of this many units at the product's price, with a variation's choices as metadata."""
    parent = state.products.get(product.parent_id)
    options = ", ".join(product.attributes.values())
    total = state.rounded(product.price * quantity)
    line = Line(
        id=state.new_id("line"),
        name=f"{parent.name} - {options}" if parent else product.name,
        product_id=product.parent_id or product.id,
        variation_id=product.id if parent else 0,
        quantity=quantity,
        subtotal=total,
        total=total,
    )
    for name, option in product.attributes.items():
        metadata.put(state, line.meta, name.lower(), option)
    return line


def _known(order: Order, line_id: int) -> Line:
    for line in order.lines:
        if line.id == line_id:
            return line
    words = "Order item ID provided is not associated with order."
    raise RestError(400, "woocommerce_rest_invalid_item_id", words)


def _edit(state: State, order: Order, line: Line, row: dict[str, Any], at: int) -> None:
    """A new quantity moves stock and leaves the line's total alone; quantity 0 or no product removes the line."""
    quantity = _quantity(row, at, line.quantity)
    if quantity == 0 or ("product_id" in row and row["product_id"] is None):
        stock.follow_quantity(state, order, line, 0)
        order.lines.remove(line)
        return
    line.quantity = quantity
    _money_and_meta(state, line, row)
    stock.follow_quantity(state, order, line, quantity)


def _added(state: State, row: dict[str, Any], at: int) -> Line:
    """A line for an unknown product id is taken all the same: it sells product 0."""
    quantity = _quantity(row, at, 1)
    if not any(row.get(name) for name in ("product_id", "variation_id", "sku")):
        raise RestError(400, "woocommerce_rest_required_product_reference", "Product ID or SKU is required.")
    product = _wanted(state, row)
    if product is None:
        nothing = Decimal(0)
        line = Line(
            id=state.new_id("line"),
            name=str(row.get("name", "")),
            product_id=0,
            variation_id=0,
            quantity=quantity,
            subtotal=nothing,
            total=nothing,
        )
    else:
        line = for_product(state, product, quantity)
    _money_and_meta(state, line, row)
    return line


def _wanted(state: State, row: dict[str, Any]) -> Product | None:
    if row.get("sku"):
        return next((product for product in state.products.values() if product.sku == row["sku"]), None)
    return state.products.get(int(row.get("variation_id") or row.get("product_id") or 0))


def _quantity(row: dict[str, Any], at: int, default: int) -> int:
    """Whole numbers, also as text."""
    try:
        return int(str(row.get("quantity", default)))
    except ValueError:
        name = f"line_items[{at}][quantity]"
        raise rest.invalid("line_items", f"{name} is not of type integer.", "rest_invalid_type") from None


def _money_and_meta(state: State, line: Line, row: dict[str, Any]) -> None:
    if row.get("name"):
        line.name = str(row["name"])
    if "subtotal" in row:
        line.subtotal = Decimal(str(row["subtotal"]))
    if "total" in row:
        line.total = Decimal(str(row["total"]))
        line.subtotal = max(line.subtotal, line.total)
    metadata.merge(state, line.meta, row.get("meta_data") or [])
