"""Refunds. Only money is checked: the platform takes back more units than were ordered, and stock follows."""

from decimal import Decimal, InvalidOperation
from typing import Any

from connectors.simulator.woocommerce import metadata, payloads, rest, statuses, stock
from connectors.simulator.woocommerce.rest import Answer, Call, RestError
from connectors.simulator.woocommerce.rows import Line, Order, Refund
from connectors.simulator.woocommerce.state import State

WITHOUT_REFUNDS = frozenset({"", "bacs", "cheque", "cod"})
"""Payment methods that cannot send money back by themselves."""


def listed(state: State, call: Call, order: Order) -> Answer:
    """A page of an order's refunds, newest first."""
    rows = sorted(order.refunds, key=lambda given: given.id, reverse=True)
    return rest.page(state, call, rows, lambda given: payloads.refund(state, order, given))


def get(state: State, call: Call, order: Order, refund_id: int) -> Answer:  # noqa: ARG001  # one shape for all routes
    """One refund."""
    return Answer(payloads.refund(state, order, _found(order, refund_id)))


def create(state: State, call: Call, order: Order) -> Answer:
    """Refund money and units. `api_refund` is on unless switched off, and fails where the gateway cannot."""
    body = call.body
    pay_back = body.get("api_refund", True) is not False
    given = give(
        state,
        order,
        body.get("line_items") or [],
        amount=body.get("amount"),
        reason=str(body.get("reason") or ""),
        restock=body.get("api_restock", True) is not False,
        pay_back=pay_back,
        by=call.user.user_id,
    )
    # The platform forgets to fill the order's id into this address.
    where = payloads.rest_url(state, rf"orders/(?P<order_id>[\d]+)/refunds/{given.id}")
    return Answer(payloads.refund(state, order, given), 201, {"Location": where})


def delete(state: State, call: Call, order: Order, refund_id: int) -> Answer:
    """Delete a refund: no webhook, and no stock moves."""
    given = _found(order, refund_id)
    if not call.flag("force"):
        raise RestError(501, "woocommerce_rest_trash_not_supported", "The shop_order_refund does not support trashing.")
    shown = payloads.refund(state, order, given)
    order.refunds.remove(given)
    return Answer(shown)


def give(
    state: State,
    order: Order,
    rows: list[dict[str, Any]],
    *,
    amount: object = None,
    reason: str = "",
    restock: bool = True,
    pay_back: bool = False,
    by: int = 1,
) -> Refund:
    """Refund these rows (`id`, `quantity`, `refund_total`) of an order. Raises RestError 500 when it cannot be."""
    remaining = order.total - order.refunded
    money = _amount(rows, amount)
    if not Decimal(0) <= money <= remaining:
        raise _impossible("Invalid refund amount.")
    if pay_back and order.payment_method in WITHOUT_REFUNDS:
        raise _impossible("The payment gateway for this order does not support automatic refunds.")
    lines = _lines(state, order, rows)
    given = Refund(
        id=state.new_id("post"),
        amount=money,
        reason=reason,
        created=state.now(),
        by=by,
        paid_back=pay_back,
        partial=money < remaining,
        lines=lines,
    )
    metadata.put(state, given.meta, "_refund_type", "partial" if given.partial else "full")
    order.refunds.append(given)
    if restock:
        for original, negative in zip(_originals(order, lines), lines, strict=True):
            stock.restock_refunded(state, order, original, -negative.quantity)
    _close(state, order, given)
    return given


def _close(state: State, order: Order, given: Refund) -> None:
    order.modified = state.now()
    if not given.partial:
        statuses.enter(state, order, "refunded")
    state.fire("order.updated", order.id)


def _amount(rows: list[dict[str, Any]], amount: object) -> Decimal:
    try:
        if amount is not None:
            return Decimal(str(amount))
        return sum((Decimal(str(row.get("refund_total") or "0")) for row in rows), Decimal(0))
    except InvalidOperation:
        raise _impossible("Invalid refund amount.") from None


def _lines(state: State, order: Order, rows: list[dict[str, Any]]) -> list[Line]:
    known = {line.id: line for line in order.lines}
    wanted = [(known[int(row["id"])], row) for row in rows if int(row.get("id", 0)) in known]
    made = []
    for line, row in wanted:
        total = -Decimal(str(row.get("refund_total") or "0"))
        negative = Line(
            id=state.new_id("line"),
            name=line.name,
            product_id=line.product_id,
            variation_id=line.variation_id,
            quantity=-int(row.get("quantity") or 0),
            subtotal=total,
            total=total,
        )
        metadata.put(state, negative.meta, "_refunded_item_id", str(line.id))
        made.append(negative)
    return made


def _originals(order: Order, negatives: list[Line]) -> list[Line]:
    known = {line.id: line for line in order.lines}
    return [known[metadata.units_of(negative.meta, "_refunded_item_id")] for negative in negatives]


def _found(order: Order, refund_id: int) -> Refund:
    for given in order.refunds:
        if given.id == refund_id:
            return given
    raise RestError(404, "woocommerce_rest_invalid_order_refund_id", "Invalid order refund ID.")


def _impossible(message: str) -> RestError:
    return RestError(500, "woocommerce_rest_cannot_create_order_refund", message, bare=True)
