"""Swapping units of a line for another item: one change of the order's lines, and the difference given back.

The substitute's line carries our key, by which a change whose answer was lost is found again. On a paid order it costs
what the units cost that it replaces, so that the order's sum stays what was paid; what it costs less in the store is
refunded on it. The store itself moves the stock of both.
"""

from decimal import Decimal

from connectors.woocommerce import marks
from connectors.woocommerce.client import Client
from connectors.woocommerce.closing import smaller
from connectors.woocommerce.fields import Json, amount, money, own_id, rows, text, units
from connectors.woocommerce.orders import PLAIN_ID, Orders
from connectors.woocommerce.refunding import by_hand, made_under, pay_back, worth
from core.actions import Substitute
from core.errors import NotFound, Rejected
from core.money import exponent
from core.outcomes import Already, Blocked, Done, Outcome
from core.sentences import sentence
from core.snapshots import OrderSnapshot

KEY = "_backorder_swap"
NO_LINES = frozenset({"variable", "grouped", "external"})
REASON = "Instead of what was ordered: the difference."


def substitute(client: Client, orders: Orders, wanted: Substitute) -> Outcome:
    """Let units of the line be units of the other item, at no higher price, and give the difference back once."""
    shown, seen, _ = orders.whole(wanted.order)
    product = _product(client, wanted.item)
    added = _added(shown, wanted.key)
    if added is None:
        why = _why_not(shown, seen, wanted, product)
        if why or product is None:
            return Blocked(reason=why or sentence("The substitute is not in the store any more."))
        marker = marks.marker_of("swap", wanted.key)
        marks.note_stands(client, wanted.order, marker, wanted.note, to_customer=wanted.notify_customer)
        lines = _lines(shown, wanted, product, exponent(seen.currency))
        changed = client.put(f"orders/{wanted.order}", {"line_items": lines})
        line = _added(changed, wanted.key)
    else:
        changed, line = shown, added
    paid_back = bool(
        line and product and _difference(client, changed, line, product, wanted.key, orders.refunds(shown))
    )
    return Already() if added and not paid_back else Done()


def _product(client: Client, item: str) -> Json | None:
    """Return the product, or the variation, which is read like one; None where it cannot be a line."""
    try:
        found = client.get_object(f"products/{item}") if PLAIN_ID.fullmatch(item) else None
    except NotFound:
        return None
    return None if found is None or text(found.get("type")) in NO_LINES else found


def _added(shown: Json, key: str) -> Json | None:
    return next((row for row in rows(shown, "line_items") if marks.meta_of(row).get(KEY) == key), None)


def _why_not(shown: Json, seen: OrderSnapshot, wanted: Substitute, product: Json | None) -> str:
    """Return why it cannot be done now, empty where it can. Raises Rejected where too few units wait."""
    if seen.status != "open":
        return sentence("The order is no longer open at the store.")
    line = next((line for line in seen.lines if line.id == wanted.line), None)
    if line is None or line.open < wanted.units:
        raise Rejected(sentence("Not so many of these units still wait: look at the order and decide again."))
    if product is not None and text(product.get("tax_class")) != text(_row(shown, wanted.line).get("tax_class")):
        return sentence("The substitute is taxed at another rate: swap it in the store by hand.")
    return ""


def _row(shown: Json, line: str) -> Json:
    return next(row for row in rows(shown, "line_items") if own_id(row) == line)


def _lines(shown: Json, wanted: Substitute, product: Json, places: int) -> list[Json]:
    """Return the line with fewer units and the substitute's; what the former loses is what the latter costs.

    Of an order that is not paid yet, a cheaper substitute costs what it costs.
    """
    row = _row(shown, wanted.line)
    less = smaller(row, wanted.units, places)
    kept = Decimal(less.get("total", 0))
    cost = money(row, "total") - kept
    if not shown.get("date_paid_gmt"):
        cost = min(cost, _price(shown, row, product, wanted.units))
    meta = [{"key": KEY, "value": wanted.key}]
    line = {"product_id": int(wanted.item), "quantity": wanted.units, "subtotal": amount(cost, places)}
    return [less, {**line, "total": amount(cost, places), "meta_data": meta}]


def _price(shown: Json, row: Json, product: Json, count: int) -> Decimal:
    """Return what the units cost in the store without tax, at the rate of a line with the same class of tax."""
    net, tax = money(row, "total"), sum((money(one, "total") for one in rows(row, "taxes")), Decimal(0))
    share = net / (net + tax) if shown.get("prices_include_tax") is True and net else Decimal(1)
    return money(product, "price") * count * share


def _difference(client: Client, shown: Json, line: Json, product: Json, key: str, given: list[Json]) -> bool:
    """Give back what the substitute costs less than what it replaces; return whether that was written now."""
    if (made := made_under(given, key)) is not None:
        by_hand(client, shown, made, key)
        return False
    net, places = money(line, "total"), exponent(text(shown.get("currency")))
    due = net - _price(shown, line, product, units(line.get("quantity"), "quantity"))
    if not shown.get("date_paid_gmt") or due < Decimal(1).scaleb(-places) or not net:
        return False
    part: Json = {"id": int(own_id(line)), "quantity": 0, "refund_total": amount(due, places)}
    taxes = [
        {"id": tax.get("id"), "refund_total": amount(money(tax, "total") * due / net, places)}
        for tax in rows(line, "taxes")
    ]
    part |= {"refund_tax": taxes} if taxes else {}
    body = {"amount": amount(worth(part), places), "line_items": [part]}
    made = pay_back(client, shown, body, REASON, key, restock=False)
    by_hand(client, shown, made, key)
    return True
