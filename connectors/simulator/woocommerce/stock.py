"""When the store takes units out of stock and when it puts them back.

Stock leaves on entering processing, completed or on-hold and comes back on cancelled or pending only. Each line
remembers what was taken in `_reduced_stock`, so nothing is taken or put back twice.
"""

from connectors.simulator.woocommerce import metadata
from connectors.simulator.woocommerce.rows import Line, Order, Product
from connectors.simulator.woocommerce.state import State

REDUCING = frozenset({"processing", "completed", "on-hold"})
RESTOCKING = frozenset({"cancelled", "pending"})
REDUCED = "_reduced_stock"
RESTOCKED = "_restock_refunded_items"


def product_of(state: State, line: Line) -> Product | None:
    """What the line sells: the variation, where that was deleted for good its product; None where that was, too."""
    return state.products.get(line.variation_id) or state.products.get(line.product_id)


def keeper(state: State, product: Product | None) -> Product | None:
    """Who counts the units of this product: itself, or its parent. None when nobody does."""
    if product is None or product.manage_stock:
        return product
    parent = state.products.get(product.parent_id)
    return parent if parent is not None and parent.manage_stock else None


def settle(product: Product) -> None:
    """Make the stock status follow the number: at 0 and below the product is on back-order where that is allowed."""
    if not product.manage_stock:
        product.stock = None
        product.backorders = "no"
    elif (product.stock or 0) > 0:
        product.stock_status = "instock"
    else:
        product.stock_status = "outofstock" if product.backorders == "no" else "onbackorder"
        product.stock = product.stock or 0


def change(state: State, product: Product, units: int) -> int:
    """Add units (negative: take) to a product that keeps stock, tell the webhooks, return the new number."""
    product.stock = (product.stock or 0) + units
    settle(product)
    product.modified = state.now()
    state.fire("product.updated", product.id)
    return product.stock


def reduce(state: State, order: Order) -> None:
    """Take the order's lines out of stock, each line once."""
    if order.stock_reduced:
        return
    order.stock_reduced = True
    moved = []
    for line in order.lines:
        holder = keeper(state, product_of(state, line))
        if holder is None or metadata.units_of(line.meta, REDUCED):
            continue
        left = change(state, holder, -line.quantity)
        metadata.put(state, line.meta, REDUCED, str(line.quantity))
        moved.append(f"{_formatted(holder)} {left + line.quantity}&rarr;{left}")
    if moved:
        state.note(order, "Stock levels reduced: " + ", ".join(moved))


def put_back(state: State, order: Order) -> None:
    """Put what the order's lines took back into stock."""
    if not order.stock_reduced:
        return
    order.stock_reduced = False
    moved = []
    for line in order.lines:
        holder, taken = keeper(state, product_of(state, line)), metadata.units_of(line.meta, REDUCED)
        if holder is None or not taken:
            continue
        left = change(state, holder, taken)
        metadata.drop(line.meta, REDUCED)
        moved.append(f"{_formatted(holder)} {left - taken}&rarr;{left}")
    if moved:
        state.note(order, "Stock levels increased: " + ", ".join(moved))


def follow_quantity(state: State, order: Order, line: Line, quantity: int) -> None:
    """Move stock after a line's quantity was edited to `quantity` (0: the line goes away)."""
    holder = keeper(state, product_of(state, line))
    if holder is None or order.status not in REDUCING:
        return
    taken, returned = metadata.units_of(line.meta, REDUCED), metadata.units_of(line.meta, RESTOCKED)
    wanted = quantity - returned if quantity else 0
    if wanted == taken:
        return
    left = change(state, holder, taken - wanted)
    metadata.put(state, line.meta, REDUCED, str(quantity - returned))
    order.stock_reduced = order.stock_reduced or quantity > 0
    state.note(order, f"Adjusted stock: {line.name} ({left + wanted - taken}&rarr;{left})")


def restock_refunded(state: State, order: Order, line: Line, units: int) -> None:
    """Put refunded units back. The platform does not compare them with what was ordered or taken."""
    holder, taken = keeper(state, product_of(state, line)), metadata.units_of(line.meta, REDUCED)
    if holder is None or not taken or not units:
        return
    left = change(state, holder, units)
    metadata.put(state, line.meta, REDUCED, str(taken - units))
    metadata.put(state, line.meta, RESTOCKED, str(units + metadata.units_of(line.meta, RESTOCKED)))
    state.note(order, f"Item #{holder.id} stock increased from {left - units} to {left}.")


def _formatted(product: Product) -> str:
    return f"{product.name} ({product.sku or f'#{product.id}'})"
