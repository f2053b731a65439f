"""Ending what will not ship: units taken off an order, an order cancelled, money given back.

Only on a person's word or by a rule that the merchant set. Each looks first and ends alike however often it is asked:
a line's quantity is absolute, an order is cancelled once, a refund bears its key in its reason, where we look for it.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from connectors.woocommerce import marks
from connectors.woocommerce.client import Client
from connectors.woocommerce.fields import Json, amount, identity, money, own_id, rows, units
from connectors.woocommerce.orders import Orders
from connectors.woocommerce.refunding import by_hand, made_under, pay_back, worth
from core.actions import Cancel, Refund, Remove
from core.errors import Rejected, Unsupported
from core.money import exponent
from core.outcomes import Already, Blocked, Done, Outcome
from core.sentences import sentence
from core.snapshots import OrderSnapshot

PUTS_BACK = sentence("WooCommerce itself puts the units of a smaller or cancelled order back into stock.")
NOBODY = Decimal(0)


def remove(client: Client, orders: Orders, wanted: Remove) -> Outcome:
    """Leave at most the wanted unshipped units on each line of an unpaid order, with the line's total made smaller."""
    shown, seen, _ = orders.whole(wanted.order)
    fewer = {
        line.id: waiting - max(0, wanted.left[line.id])
        for line in seen.lines
        if line.id in wanted.left and (waiting := line.open) > wanted.left[line.id]
    }
    if not fewer:
        return Already()
    if seen.status != "open":
        return Blocked(reason=sentence("The order is no longer open at the store."))
    if shown.get("date_paid_gmt"):
        return Blocked(reason=sentence("The order is paid: refund these units instead of taking them off."))
    if not wanted.restock:
        raise Rejected(PUTS_BACK)
    marker = marks.marker_of("remove", wanted.order, marks.units_text(wanted.left) or "")
    marks.note_stands(client, wanted.order, marker, wanted.note, to_customer=wanted.notify_customer)
    places = exponent(seen.currency)
    changed = [smaller(row, fewer[own_id(row)], places) for row in rows(shown, "line_items") if own_id(row) in fewer]
    client.put(f"orders/{wanted.order}", {"line_items": changed})
    return Done()


def cancel(client: Client, orders: Orders, wanted: Cancel) -> Outcome:
    """Cancel an order of which nothing has left. What was paid is refunded whole first: the store then closes it."""
    _no_credit(wanted)
    shown, seen, _ = orders.whole(wanted.order)
    marker = marks.marker_of("cancel", wanted.order)
    given = orders.refunds(shown)
    if seen.status == "cancelled":
        if (made := made_under(given, marker)) is not None:
            by_hand(client, shown, made, marker)
        return Already()
    if seen.status != "open":
        return Blocked(reason=sentence("The order is complete at the store: it cannot be cancelled any more."))
    if any(line.shipped for line in seen.lines):
        return Blocked(reason=sentence("A part of the order has left: refund the rest instead."))
    if not wanted.restock:
        raise Rejected(PUTS_BACK)
    rest = money(shown, "total") - sum((money(row, "amount") for row in given), NOBODY)
    pays_back = bool(wanted.refund and shown.get("date_paid_gmt") and rest > 0)
    # A store writes to the customer about each refund by itself, and about nothing where none is made.
    to_customer = wanted.notify_customer and not pays_back
    marks.note_stands(client, wanted.order, marker, wanted.note, to_customer=to_customer)
    if pays_back:
        left = {line.id: count for line in seen.lines if (count := line.open)}
        body = _body(shown, given, left, seen) | {
            "amount": str(rest),
            "line_items": _everything(shown, given, left, seen),
        }
        made = pay_back(client, shown, body, wanted.note, marker, restock=True)
        by_hand(client, shown, made, marker)
        return Done(reference=own_id(made))
    # The status was read a moment ago, and only an open one is changed: a store has no condition on a change.
    client.put(f"orders/{wanted.order}", {"status": "cancelled"})
    return Done()


def refund(client: Client, orders: Orders, wanted: Refund) -> Outcome:
    """Give the money of unshipped units back, once: by the gateway where it can, else on record for a person."""
    _no_credit(wanted)
    shown, seen, _ = orders.whole(wanted.order)
    given = orders.refunds(shown)
    made = made_under(given, wanted.key)
    if made is not None:
        by_hand(client, shown, made, wanted.key)
        return Already(reference=own_id(made))
    if seen.status != "open":
        return Blocked(reason=sentence("The order is no longer open at the store."))
    lines = {line.id: line for line in seen.lines}
    if any(line not in lines or count > lines[line].open for line, count in wanted.units.items()):
        raise Rejected(sentence("Not so many of these units still wait: look at the order and decide again."))
    body = _body(shown, given, wanted.units, seen)
    made = pay_back(client, shown, body, wanted.note, wanted.key, restock=wanted.restock)
    by_hand(client, shown, made, wanted.key)
    return Done(reference=own_id(made))


def _no_credit(wanted: Cancel | Refund) -> None:
    if wanted.to_credit:
        raise Unsupported(sentence("WooCommerce keeps no store credit: give the money back the way it came."))


def smaller(row: Json, fewer: int, places: int) -> Json:
    """Return a line with fewer units. The store follows with stock and taxes, and never with the line's own total."""
    before = units(row.get("quantity"), "quantity")
    left = before - fewer
    line: Json = {"id": int(own_id(row)), "quantity": left}
    if left:
        line |= {name: amount(money(row, name) * left / before, places) for name in ("subtotal", "total")}
    return line


def _body(shown: Json, given: Sequence[Json], wanted: Mapping[str, int], seen: OrderSnapshot) -> Json:
    places = exponent(seen.currency)
    lines = [
        _part(row, wanted[own_id(row)], _earlier(given, own_id(row)), places)
        for row in rows(shown, "line_items")
        if wanted.get(own_id(row))
    ]
    return {"amount": amount(sum((worth(line) for line in lines), NOBODY), places), "line_items": lines}


def _everything(shown: Json, given: Sequence[Json], left: Mapping[str, int], seen: OrderSnapshot) -> list[Json]:
    """Return the goods that are left, and shipping and fees where nothing was refunded before."""
    goods: list[Json] = _body(shown, given, left, seen)["line_items"]
    if given:
        return goods
    others = [*rows(shown, "shipping_lines"), *rows(shown, "fee_lines")]
    return goods + [_part(row, 0, (), exponent(seen.currency)) for row in others]


def _part(row: Json, count: int, earlier: Sequence[Json], places: int) -> Json:
    """Return one line of a refund. The last units get what is left, so that no cent stays behind."""
    bought = max(1, units(row.get("quantity", 1), "quantity"))
    gone = sum(abs(units(one.get("quantity"), "quantity")) for one in earlier)
    last = count == 0 or count >= bought - gone
    share = Decimal(count) / bought

    def due(whole: Decimal, before: Decimal) -> str:
        return amount(whole - before if last else whole * share, places)

    line: Json = {"id": int(own_id(row)), "quantity": count}
    line["refund_total"] = due(money(row, "total"), -sum((money(one, "total") for one in earlier), NOBODY))
    taxes = [
        {"id": tax.get("id"), "refund_total": due(money(tax, "total"), -_taxed(earlier, tax.get("id")))}
        for tax in rows(row, "taxes")
    ]
    return line | ({"refund_tax": taxes} if taxes else {})


def _earlier(given: Iterable[Json], line: str) -> list[Json]:
    """Return what earlier refunds gave back of this line; their numbers are negative."""
    parts = (part for row in given for part in rows(row, "line_items"))
    return [part for part in parts if identity(marks.meta_of(part), "_refunded_item_id") == line]


def _taxed(earlier: Iterable[Json], tax: object) -> Decimal:
    parts = (one for part in earlier for one in rows(part, "taxes") if one.get("id") == tax)
    return sum((money(one, "total") for one in parts), NOBODY)
