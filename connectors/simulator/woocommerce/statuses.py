"""What entering a status does to an order: stock, dates, sales, coupon use, the full refund."""

from decimal import Decimal

from connectors.simulator.woocommerce import coupons, payloads, stock
from connectors.simulator.woocommerce.rows import Order, Refund
from connectors.simulator.woocommerce.state import State

NAMES = {"pending": "Pending payment", "on-hold": "On hold", "checkout-draft": "Draft"}
SELLING = frozenset({"processing", "completed", "on-hold"})
DRAFTS = frozenset({"checkout-draft", "auto-draft"})


def enter(state: State, order: Order, status: str) -> None:
    """Move the order to a status with all that follows. Entering the status it has does nothing."""
    if status == order.status:
        return
    before, order.status = order.status, status
    if status in stock.REDUCING:
        stock.reduce(state, order)
    elif status in stock.RESTOCKING:
        stock.put_back(state, order)
    coupons.count_use(state, order)
    _date(state, order)
    if status in SELLING:
        _count_sales(state, order)
    if status == "refunded":
        _refund_the_rest(state, order)
    if before not in DRAFTS:
        state.note(order, f"Order status changed from {name_of(before)} to {name_of(status)}.")
    order.modified = state.now()


def pay(state: State, order: Order, transaction: str = "") -> None:
    """Take the payment as complete. Cash on delivery goes straight to completed."""
    order.transaction_id = transaction or order.transaction_id
    order.paid = order.paid or state.now()
    enter(state, order, _paid_status(state, order))


def name_of(status: str) -> str:
    """A status in words."""
    return NAMES.get(status, status.capitalize())


def trash(state: State, order: Order) -> None:
    """Trash the order. Its stock stays taken. Legacy storage tells every kind of post's webhooks."""
    order.before_trash, order.status = order.status, "trash"
    order.modified = state.now()
    state.fire("order.deleted", order.id)
    if state.legacy:
        state.fire("product.deleted", order.id)
        state.fire("coupon.deleted", order.id)


def _paid_status(state: State, order: Order) -> str:
    cash = order.payment_method == "cod"
    return "processing" if payloads.needs_processing(state, order) and not cash else "completed"


def _date(state: State, order: Order) -> None:
    """Set the dates that the platform sets by itself: paid on the status that payment leads to."""
    if order.status == "completed":
        order.completed = order.completed or state.now()
    if order.status in {"completed", _paid_status(state, order)}:
        order.paid = order.paid or state.now()


def _count_sales(state: State, order: Order) -> None:
    if order.sales_counted:
        return
    order.sales_counted = True
    for line in order.lines:
        product = state.products.get(line.product_id)
        if product is not None:
            product.total_sales += line.quantity
    if order.customer_id in state.customers:
        state.customers[order.customer_id].modified = state.now()
        state.fire("customer.updated", order.customer_id)


def _refund_the_rest(state: State, order: Order) -> None:
    """Refund the remaining money without lines: no units come back."""
    rest = order.total - order.refunded
    if rest > Decimal(0):
        order.refunds.append(
            Refund(
                id=state.new_id("post"),
                amount=rest,
                reason="Order fully refunded.",
                created=state.now(),
                by=1,
                paid_back=False,
                partial=False,
                lines=[],
            )
        )
