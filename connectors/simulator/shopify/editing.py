"""Order edits: what is changed in one happens whole when it is committed, or not at all."""

from decimal import ROUND_HALF_UP, Decimal

from connectors.simulator.shopify import orders
from connectors.simulator.shopify.graphql_errors import Refused
from connectors.simulator.shopify.queries import number
from connectors.simulator.shopify.rows import Line, Order
from connectors.simulator.shopify.shown_orders import money
from connectors.simulator.shopify.state import Edit, Json, State, gid

CENT = Decimal("0.01")


def begin(state: State, args: Json) -> Json:
    """Begin an edit: what is changed in it happens when it is committed."""
    order = state.orders.get(number(args["id"], "Order") or 0)
    if order is None:
        raise Refused("The order does not exist.", field=("id",))
    if order.cancelled_at is not None:
        raise Refused("The order cannot be edited.", field=("id",))
    made = Edit(id=state.new_id("CalculatedOrder"), order=order.id)
    state.edits[made.id] = made
    return {"calculatedOrder": _calculated(state, made)}


def set_quantity(state: State, args: Json) -> Json:
    """Note a line's new quantity in an edit. Raises Refused below what has shipped."""
    edit = _edit(state, args["id"])
    line = _line(state, edit, args["lineItemId"])
    if args["quantity"] < line.fulfilled - line.returned:
        raise Refused("Cannot remove more items than are unfulfilled.", field=("quantity",))
    edit.quantities[line.id] = (args["quantity"], bool(args.get("restock")))
    return _changed(state, edit, line)


def add_variant(state: State, args: Json) -> Json:
    """Note units of a variant, at its price, as a line of their own. Raises Refused for one that is not sold."""
    edit, variant = _edit(state, args["id"]), state.variants.get(number(args["variantId"], "ProductVariant") or 0)
    if variant is None or variant.deleted:
        raise Refused("The variant does not exist.", field=("variantId",))
    if args["quantity"] < 1:
        raise Refused("Quantity must be greater than 0.", field=("quantity",))
    line = Line(
        id=state.new_id("LineItem"), variant=variant.id, product=variant.product, item=variant.item, sku=variant.sku,
        title=variant.title, quantity=args["quantity"], price=variant.price, ships=variant.ships,
        variant_title=variant.own_title, gift_card=variant.gift_card,
    )  # fmt: skip
    edit.added.append(line)
    return _changed(state, edit, line)


def add_discount(state: State, args: Json) -> Json:
    """Take a percentage off a line that the edit added, rounded to the cent of the whole line."""
    edit = _edit(state, args["id"])
    line, percent = _line(state, edit, args["lineItemId"]), args["discount"].get("percentValue")
    if line not in edit.added or percent is None or not 0 < percent <= 100:
        raise Refused("The discount cannot be applied.", field=("discount",))
    whole = line.price * line.quantity
    off = (whole * Decimal(str(percent)) / 100).quantize(CENT, ROUND_HALF_UP)
    line.price = (whole - off) / line.quantity
    return _changed(state, edit, line)


def commit(state: State, args: Json) -> Json:
    """Let an edit happen, once."""
    edit = _edit(state, args["id"])
    order = state.orders[edit.order]
    for line, (quantity, restock) in edit.quantities.items():
        orders.edit_quantity(state, order, line, quantity, restock=restock)
    for added in edit.added:
        orders.add_line(state, order, added)
    del state.edits[edit.id]
    return {"order": {"__typename": "Order", "id": gid("Order", order.id)}}


def _edit(state: State, global_id: str) -> Edit:
    found = state.edits.get(number(global_id, "CalculatedOrder") or 0)
    if found is None:
        raise Refused("The calculated order does not exist.", field=("id",))
    return found


def _line(state: State, edit: Edit, global_id: str) -> Line:
    wanted = number(global_id, "CalculatedLineItem") or 0
    found = next((row for row in _lines(state.orders[edit.order], edit) if row.id == wanted), None)
    if found is None:
        raise Refused("The line item does not exist.", field=("lineItemId",))
    return found


def _lines(order: Order, edit: Edit) -> list[Line]:
    return [*order.lines, *edit.added]


def _changed(state: State, edit: Edit, line: Line) -> Json:
    return {"calculatedLineItem": _calculated_line(edit, line), "calculatedOrder": _calculated(state, edit)}


def _calculated(state: State, edit: Edit) -> Json:
    order = state.orders[edit.order]
    rows = _lines(order, edit)
    total = sum((row.price * _quantity(edit, row) for row in rows), Decimal(0))
    lines = [_calculated_line(edit, row) for row in rows]
    shown = {"id": gid("CalculatedOrder", edit.id), "totalPriceSet": money(total, order.currency)}
    return {**shown, "lineItems": lambda _: {"nodes": lines}}


def _quantity(edit: Edit, line: Line) -> int:
    return edit.quantities.get(line.id, (line.current, False))[0]


def _calculated_line(edit: Edit, line: Line) -> Json:
    quantity = _quantity(edit, line)
    return {"id": gid("CalculatedLineItem", line.id), "quantity": quantity, "editableQuantity": quantity}
