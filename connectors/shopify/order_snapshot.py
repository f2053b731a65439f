"""From the platform's order, fulfilment orders and parcels to one snapshot. Pure: no calls.

How the totals come about. The platform tells, per line: `quantity` (everything ever ordered, removed units included),
`currentQuantity` (without removed and refunded units, shipped before or not) and `unfulfilledQuantity` (still to ship).
With r units removed before shipping, s shipped and b of those refunded afterwards:

    unfulfilledQuantity = quantity - r - s        currentQuantity = quantity - r - b,   b <= s

The platform's own number of units to ship is the authority; r and s share what is not open. Parcels give s; where they
are not all visible, s >= quantity - open - (quantity - currentQuantity), because r is at most what was removed in all.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from connectors.shopify.answers import Json
from connectors.shopify.fulfilment_orders import FulfilmentOrder, total
from connectors.shopify.ids import bare
from connectors.shopify.marks import markers
from connectors.well_formed import well_formed
from core.codes import ours
from core.desired_state.our_tags import is_ours
from core.errors import PayloadChanged
from core.facts import OrderHold
from core.money import minor
from core.parcels.travelling import door
from core.sentences import sentence
from core.snapshots import Customer, LineSnapshot, OrderSnapshot, Outside, Status

UNPAID = frozenset({"PENDING", "EXPIRED", "VOIDED"})
LOST_PARCEL = frozenset({"CANCELLED", "ERROR", "FAILURE"})
# Reasons that concern the whole order, wherever in it the hold stands.
ORDER_HOLDS: Mapping[str, OrderHold] = {
    "HIGH_RISK_OF_FRAUD": "fraud",
    "AWAITING_PAYMENT": "payment",
    "INCORRECT_ADDRESS": "customer",
}
BLIND = sentence("Fulfilment orders of this order cannot be seen: grant the app the fulfilment order scopes")


@dataclass(frozen=True, slots=True, kw_only=True)
class RawOrder:
    """One order as answered, all pages read. `sees_logistics` is False where a scope is missing."""

    head: Json
    lines: tuple[Json, ...]
    fulfilment_orders: tuple[FulfilmentOrder, ...] = ()
    parcels: tuple[Json, ...] = ()
    sees_logistics: bool = True
    read_at: datetime

    def shipped(self) -> dict[str, int]:
        """Return the units in parcels that were not cancelled, per line."""
        found: dict[str, int] = {}
        for parcel in self.valid_parcels():
            for node in parcel["fulfillmentLineItems"]["nodes"]:
                line = bare(node["lineItem"]["id"])
                found[line] = found.get(line, 0) + int(node["quantity"] or 0)
        return found

    def valid_parcels(self) -> tuple[Json, ...]:
        """Return the parcels that were not cancelled."""
        return tuple(parcel for parcel in self.parcels if parcel.get("status") not in LOST_PARCEL)


def snapshot(raw: RawOrder) -> OrderSnapshot:
    """Return the order in the house's words."""
    head = raw.head
    lines = _lines(raw)
    alive = [order for order in raw.fulfilment_orders if order.alive]
    places = [order.location for order in (*alive, *raw.fulfilment_orders) if order.location]
    seen = OrderSnapshot(
        platform_id=bare(head["id"]),
        name=str(head["name"]),
        placed_at=instant(head.get("processedAt") or head["createdAt"]),
        version=instant(head["updatedAt"]),
        read_at=raw.read_at,
        currency=str(head["currencyCode"]),
        status=_status(head, lines),
        hold=_hold(head, alive),
        location=places[0] if places else None,
        lines=lines,
        customer=_customer(head),
        merchant_tags=frozenset(tag for tag in head["tags"] if not is_ours(tag)),
        outside=_outside(raw),
        codes=ours(head.get("discountCodes") or ()),
        problems=() if raw.sees_logistics else (BLIND,),
    )
    return well_formed(seen)


def gone(platform_id: str, read_at: datetime) -> OrderSnapshot:
    """Return the snapshot of an order that the platform does not know."""
    return OrderSnapshot(
        platform_id=platform_id, name=f"#{platform_id}", placed_at=read_at, version=read_at, read_at=read_at,
        currency="", status="gone",
    )  # fmt: skip


def instant(text: object) -> datetime:
    """Return an aware UTC instant. Raises PayloadChanged."""
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        raise PayloadChanged(f"not an instant: {str(text)[:40]!r}") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


def _lines(raw: RawOrder) -> tuple[LineSnapshot, ...]:
    shipped = raw.shipped()
    committed = total(tuple(order for order in raw.fulfilment_orders if order.status == "IN_PROGRESS"))
    items = {part.line: part.item for order in raw.fulfilment_orders for part in order.parts if part.item}
    cancelled = bool(raw.head.get("cancelledAt"))
    return tuple(_line(node, raw, shipped, committed, items, cancelled=cancelled) for node in raw.lines)


def _line(
    node: Json,
    raw: RawOrder,
    shipped: Mapping[str, int],
    committed: Mapping[str, int],
    items: Mapping[str, str | None],
    *,
    cancelled: bool,
) -> LineSnapshot:
    line = bare(node["id"])
    left, sent, removed = totals(node, shipped.get(line, 0))
    money = (node.get("discountedUnitPriceAfterAllDiscountsSet") or {}).get("shopMoney") or {}
    item = ((node.get("variant") or {}).get("inventoryItem") or {}).get("id")
    return LineSnapshot(
        id=line,
        item=bare(item) if item else items.get(line),
        sku=node.get("sku") or None,
        title=str(node.get("name") or node.get("title") or line),
        ordered=int(node["quantity"]),
        cancelled=removed if cancelled else 0,
        refunded=0 if cancelled else removed,
        shipped=sent,
        returned=0 if cancelled else max(0, int(node["quantity"]) - removed - int(node["currentQuantity"])),
        committed=min(left, committed.get(line, 0)),
        unit_price=minor(money["amount"], str(raw.head["currencyCode"])) if money.get("amount") is not None else None,
        ships=bool(node["requiresShipping"]) and not node.get("isGiftCard"),
    )


def totals(node: Json, in_parcels: int) -> tuple[int, int, int]:
    """Return a line's units (still to ship, shipped, removed before shipping); see the module's words."""
    quantity, current = int(node["quantity"]), int(node["currentQuantity"])
    # Never more than is left of the line at all: b <= s makes this bound harmless.
    left = max(0, min(int(node["unfulfilledQuantity"]), current, quantity))
    settled = quantity - left
    sent = min(settled, max(in_parcels, settled - max(0, quantity - current)))
    return left, sent, settled - sent


def _status(head: Json, lines: Iterable[LineSnapshot]) -> Status:
    if head.get("cancelledAt"):
        return "cancelled"
    left = any(line.open for line in lines if line.ships)
    return "closed" if head.get("closedAt") or not left else "open"


def _hold(head: Json, alive: list[FulfilmentOrder]) -> OrderHold | None:
    """Return why the order may not ship: unpaid (cash on delivery too), or kept back by somebody else.

    A hold for a reason of its own on a part of the order blocks that part only; on all of it, the order.
    """
    if head.get("displayFinancialStatus") in UNPAID:
        return "payment"
    foreign = [hold.reason for order in alive for hold in order.holds if not hold.ours]
    for reason, meaning in ORDER_HOLDS.items():
        if reason in foreign:
            return meaning
    return "customer" if alive and all(order.held_by_others for order in alive) else None


def _outside(raw: RawOrder) -> Outside:
    alive = [order for order in raw.fulfilment_orders if order.alive]
    return Outside(
        tags=frozenset(tag for tag in raw.head["tags"] if is_ours(tag)),
        held=total(tuple(order for order in alive if order.held)),
        blocked=frozenset(line for order in alive if order.held_by_others for line in order.units()),
        notes=markers(raw.head.get("note")),
        shipped_parcels=len(raw.valid_parcels()),
    )


def _customer(head: Json) -> Customer:
    """Return who ordered. Every field may be null: the platform withholds personal data without an approval."""
    who = head.get("customer") or {}
    mail = head.get("email") or (who.get("defaultEmailAddress") or {}).get("emailAddress")
    name = " ".join(part for part in (who.get("firstName"), who.get("lastName")) if part)
    home = head.get("shippingAddress") or {}
    return Customer(
        address=door(*(home.get(key) for key in ("address1", "address2", "zip", "city", "countryCodeV2"))),
        id=bare(who["id"]) if who.get("id") else None,
        email=mail or None,
        name=name or None,
        locale=head.get("customerLocale") or None,
        country=home.get("countryCodeV2") or None,
        agreed=head.get("customerAcceptsMarketing"),
    )
