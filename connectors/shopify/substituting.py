"""Swapping units of a line for another item: one edit of the order, and the difference given back.

An edit happens whole or not at all, so how many units of the other item the order has tells whether it did. The
platform's own totals decide the price: an edit that would cost the customer more is never committed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from connectors.shopify.answers import Json
from connectors.shopify.client import Client
from connectors.shopify.closing import LONGEST_NOTE, give_back, returned_by
from connectors.shopify.ids import bare, gid
from connectors.shopify.marks import markers
from connectors.shopify.order_snapshot import RawOrder, totals
from connectors.shopify.orders import Orders
from core.actions import Substitute
from core.errors import Rejected
from core.money import exponent, minor
from core.outcomes import Already, Blocked, Done, Outcome
from core.sentences import sentence

STEP = Decimal("0.0001")
"""A discount is a percentage: what is rounded off it must not make the substitute dearer."""
REASON = "Instead of what was ordered"


def substitute(client: Client, orders: Orders, wanted: Substitute) -> Outcome:
    """Let units of the line be units of the other item, at no higher price, and give back what that leaves overpaid."""
    raw = orders.raw(wanted.order)
    swapped = _units_of(raw, wanted.item) >= wanted.before + wanted.units
    if not swapped:
        variant = _variant(client, wanted.item)
        if variant is None:
            return Blocked(reason=sentence("The substitute is not in the shop any more."))
        _edit(client, wanted, variant, _quantity(raw, wanted))
    paid_back = _settle(client, wanted)
    return Already() if swapped and not paid_back else Done()


def _units_of(raw: RawOrder, item: str) -> int:
    """Return how many units of the item the order has, shipped ones included, as a snapshot counts them."""
    shipped, found = raw.shipped(), 0
    for node in raw.lines:
        own = ((node.get("variant") or {}).get("inventoryItem") or {}).get("id")
        if own and bare(own) == item:
            found += int(node["quantity"]) - totals(node, shipped.get(bare(node["id"]), 0))[2]
    return found


def _variant(client: Client, item: str) -> str | None:
    found = client.read("selling", "inventoryItem", {"id": gid("InventoryItem", item)})
    nodes: list[Json] = found["variants"]["nodes"] if found else []
    return str(nodes[0]["id"]) if nodes else None


def _quantity(raw: RawOrder, wanted: Substitute) -> int:
    """Return the line's new quantity, as the edit counts: shipped units too. Raises Rejected where too few wait."""
    node = next((node for node in raw.lines if bare(node["id"]) == wanted.line), None)
    waiting = totals(node, raw.shipped().get(wanted.line, 0))[0] if node else 0
    if node is None or raw.head.get("cancelledAt") or waiting < wanted.units:
        raise Rejected(sentence("not so many of these units still wait: look at the order and decide again"))
    return int(node["currentQuantity"]) - wanted.units


@dataclass(frozen=True, slots=True, kw_only=True)
class _Edit:
    """An edit under way. Nothing of it has happened until it is committed; else it is forgotten."""

    client: Client
    id: str

    def do(self, document: str, root: str, **change: object) -> tuple[str, Decimal]:
        """Make a change of it; return the id of the line that it made, or changed, and the order's new total."""
        made = self.client.write(document, root, {"id": self.id, **change})
        return str(made["calculatedLineItem"]["id"]), _total(made["calculatedOrder"])


def _edit(client: Client, wanted: Substitute, variant: str, quantity: int) -> None:
    begun = client.write("edit_begin", "orderEditBegin", {"id": gid("Order", wanted.order)})["calculatedOrder"]
    edit, before = _Edit(client=client, id=begun["id"]), _total(begun)
    drawn = {bare(node["id"]): node["id"] for node in begun["lineItems"]["nodes"]}
    row = drawn.get(wanted.line, gid("CalculatedLineItem", wanted.line))
    _, less = edit.do("edit_quantity", "orderEditSetQuantity", line=row, quantity=quantity, restock=True)
    added, total = edit.do("edit_add", "orderEditAddVariant", variant=variant, quantity=wanted.units)
    if total > before:
        off = (100 * (total - before) / (total - less)).quantize(STEP, ROUND_CEILING)
        discount = {"percentValue": float(off), "description": REASON}
        _, total = edit.do("edit_discount", "orderEditAddLineItemDiscount", line=added, discount=discount)
    if total > before:
        raise Rejected(sentence("the swap would cost the customer more: look at the order and edit it in the shop"))
    said = {"id": begun["id"], "notify": wanted.notify_customer, "note": wanted.note[:LONGEST_NOTE]}
    client.write("edit_commit", "orderEditCommit", said)


def _total(calculated: Json) -> Decimal:
    return Decimal(calculated["totalPriceSet"]["shopMoney"]["amount"])


def _settle(client: Client, wanted: Substitute) -> bool:
    """Give back what the order is overpaid by, at most what the units cost; return whether that was written now."""
    order = gid("Order", wanted.order)
    found = client.order("overpaid", wanted.order)
    due = _overpaid(found, wanted.worth)
    if due <= 0 or any(wanted.key in markers(node.get("note")) for node in found["refunds"]):
        return False
    rows = list(_share(order, found["suggestedRefund"]["suggestedTransactions"], due))
    if not rows:
        return False
    note = f"{REASON}: the difference.\n[backorder:{wanted.key}]"
    asked = {"orderId": order, "currency": found["netPaymentSet"]["presentmentMoney"]["currencyCode"], "note": note}
    told = {"notify": wanted.notify_customer, "refundLineItems": []}
    give_back(client, wanted, asked | told | {"transactions": rows})
    return True


def _overpaid(found: Json, worth: int) -> Decimal:
    """Return what was paid beyond the order's total, in the customer's currency; `worth` bounds it in the shop's."""
    shop, theirs = (
        Decimal(found["netPaymentSet"][name]["amount"]) - Decimal(found["currentTotalPriceSet"][name]["amount"])
        for name in ("shopMoney", "presentmentMoney")
    )
    most = minor(str(shop), found["netPaymentSet"]["shopMoney"]["currencyCode"]) if shop > 0 else 0
    if not most or not worth:
        return Decimal(0)
    places = exponent(found["netPaymentSet"]["presentmentMoney"]["currencyCode"])
    return (theirs * min(most, worth) / most).quantize(Decimal(1).scaleb(-places))


def _share(order: str, paid: list[Json], due: Decimal) -> Iterator[Json]:
    """Yield what goes back on each payment until all of it has."""
    for node in paid:
        part = min(due, Decimal(node["amountSet"]["presentmentMoney"]["amount"]))
        if part > 0:
            due -= part
            yield returned_by(order, node) | {"amount": str(part)}
