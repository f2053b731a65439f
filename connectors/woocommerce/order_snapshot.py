"""From an order's JSON, its refunds and its shipments to one snapshot with absolute totals. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from connectors.well_formed import well_formed
from connectors.woocommerce.fields import Json, identity, instant, own_id, part, rows, rows_told, text, units
from connectors.woocommerce.marks import READY, SHIPPED, WAITING, meta_of, parcels_in, tags_in, units_in
from connectors.woocommerce.translate import DRAFTS
from core.codes import ours
from core.errors import PayloadChanged
from core.facts import OrderHold
from core.money import minor
from core.parcels.travelling import door
from core.sentences import sentence
from core.snapshots import Customer, LineSnapshot, OrderSnapshot, Outside, Status

PLACE = "store"
UNPAID = frozenset({"pending", "on-hold"})
PAID_LATER = frozenset({"bacs", "cheque", "cod"})
# Every other status, a plugin's own included, is an order that somebody still works on.
STATUSES: Mapping[str, Status] = {
    "completed": "closed",
    "cancelled": "cancelled",
    "failed": "cancelled",
    "refunded": "cancelled",
    "trash": "cancelled",
    **dict.fromkeys(DRAFTS, "gone"),
}
STUCK = (
    sentence(
        "The order is %(where)s, but %(units)s unit of %(item)s was never put back into stock: it is not counted as "
        "stock."
    ),
    sentence(
        "The order is %(where)s, but %(units)s units of %(item)s were never put back into stock: they are not counted "
        "as stock."
    ),
)
BEYOND = (
    sentence("%(units)s unit of %(item)s was put back into stock beyond what was ordered: look at the store's number."),
    sentence(
        "%(units)s units of %(item)s were put back into stock beyond what was ordered: look at the store's number."
    ),
)
LOST = (
    sentence("%(units)s unit of %(item)s was refunded without restock: it is not counted as stock."),
    sentence("%(units)s units of %(item)s were refunded without restock: they are not counted as stock."),
)
"""What is missing from the store's number, or too much in it: of one unit, and of several."""


def gone(order: str, read_at: datetime) -> OrderSnapshot:
    """Return the snapshot of an order that the store does not know."""
    return OrderSnapshot(
        platform_id=order, name=f"#{order}", placed_at=read_at, version=read_at, read_at=read_at, currency="XXX",
        status="gone",
    )  # fmt: skip


def snapshot(shown: Json, *, refunds: Sequence[Json], shipments: Sequence[Json], read_at: datetime) -> OrderSnapshot:
    """Return what the order's JSON, its refunds and its shipments say together. Pure. Raises PayloadChanged."""
    order, status = own_id(shown), text(shown.get("status"))
    placed, currency = _placed_at(shown), text(shown.get("currency"))
    if placed is None or not status or not currency:
        raise PayloadChanged("no date, status or currency")
    # Left out on the way, what was ordered and what we wrote would count as taken away by a person.
    ordered, meta = rows_told(shown, "line_items"), meta_of({"meta_data": rows_told(shown, "meta_data")})
    state = STATUSES.get(status, "open")
    refunded, shipped, sent_back = _refunded(refunds), _shipped(shipments, meta), _sent_back(shown, refunds)
    lines, problems = [], []
    for row in ordered:
        line, reduced = _line(row, currency, status, refunded=refunded, shipped=shipped, sent_back=sent_back)
        lines.append(line)
        problems += _problems(line, reduced, status)
    sent = [row for row in shipments if row.get("is_fulfilled") is True]
    seen = OrderSnapshot(
        platform_id=order, name=f"#{text(shown.get('number')) or order}", placed_at=placed,
        version=instant(shown, "date_modified_gmt") or placed, read_at=read_at, currency=currency, status=state,
        hold=_hold(shown, status), location=PLACE, lines=tuple(lines), customer=_customer(shown),
        outside=Outside(
            tags=tags_in(meta), held=units_in(meta, WAITING), ready=units_in(meta, READY),
            shipped_parcels=len(sent) + len(parcels_in(meta)),
        ),
        codes=ours(text(row.get("code")) for row in rows(shown, "coupon_lines")), problems=tuple(problems),
    )  # fmt: skip
    return well_formed(seen)


def shipped_units(shipment: Json) -> dict[str, int]:
    """Return units per line id of one fulfilment. WooCommerce checks neither, so both are read with care."""
    items = meta_of(shipment).get("_items")
    found: dict[str, int] = {}
    for row in items if isinstance(items, list) else ():
        if isinstance(row, dict) and (line := identity(row, "item_id")):
            found[line] = found.get(line, 0) + max(0, units(row.get("qty"), "qty"))
    return found


def _hold(shown: Json, status: str) -> OrderHold | None:
    """Return what forbids shipping. In a plugin's own status only the store itself knows whether money is still due."""
    due = status in UNPAID or (status not in {*STATUSES, "processing"} and shown.get("needs_payment") is True)
    return "payment" if due else None


def _placed_at(shown: Json) -> datetime | None:
    """Return when the order took its place in the queue.

    Whoever pays at the checkout ordered when the money came: the order itself may be a cart that was left for a week.
    Whoever may pay later (transfer, cheque, cash) ordered when the order was made, and keeps that place when paying.
    """
    created, paid = instant(shown, "date_created_gmt"), instant(shown, "date_paid_gmt")
    return created if created and text(shown.get("payment_method")) in PAID_LATER else paid or created


def _refunded(refunds: Sequence[Json]) -> dict[str, int]:
    """Return refunded units per line id. Refund lines have negative quantities, and nobody checks their sum."""
    found: dict[str, int] = {}
    for refund in refunds:
        for row in rows(refund, "line_items"):
            line = identity(meta_of(row), "_refunded_item_id")
            found[line] = found.get(line, 0) + abs(units(row.get("quantity"), "quantity"))
    return found


def _sent_back(shown: Json, refunds: Sequence[Json]) -> dict[str, int]:
    """Return the units per line id that were refunded after the order was completed: what was sent came back."""
    completed = instant(shown, "date_completed_gmt")
    dated = ((instant(refund, "date_created_gmt"), refund) for refund in refunds)
    return _refunded([refund for at, refund in dated if completed and at and at > completed])


def _shipped(shipments: Sequence[Json], meta: Mapping[str, object]) -> dict[str, int]:
    """Return shipped units per line id: fulfilments, and parcels that we wrote down while that feature was off."""
    found = units_in(meta, SHIPPED)
    for shipment in shipments:
        if shipment.get("is_fulfilled") is True:
            for line, count in shipped_units(shipment).items():
                found[line] = found.get(line, 0) + count
    return found


def _line(
    row: Json,
    currency: str,
    status: str,
    *,
    refunded: Mapping[str, int],
    shipped: Mapping[str, int],
    sent_back: Mapping[str, int],
) -> tuple[LineSnapshot, int]:
    """Return the line and the units that the store's stock number has taken out for it.

    The metadata `Backordered` is not read: its key is translated, and orders made by REST never have it.
    """
    line, ordered = own_id(row), max(0, units(row.get("quantity"), "quantity"))
    returned = sent_back.get(line, 0)
    left = min(ordered, max(shipped.get(line, 0), returned))
    back = min(ordered - left, refunded.get(line, 0) - returned)
    if STATUSES.get(status) == "closed":
        left = ordered - back
    reduced = _reduced(row)
    price = row.get("price")
    return LineSnapshot(
        id=line, item=identity(row, "variation_id") or identity(row, "product_id") or None,
        sku=text(row.get("sku")) or None, title=text(row.get("name")), ordered=ordered, refunded=back, shipped=left,
        returned=min(left, max(0, refunded.get(line, 0) - back)),
        reserved=0 if status in STATUSES else min(max(0, reduced), ordered - back - left),
        unit_price=minor(price, currency) if isinstance(price, int | float | str) and price != "" else None,
    ), reduced  # fmt: skip


def _reduced(row: Json) -> int:
    value = meta_of(row).get("_reduced_stock")
    return units(value, "_reduced_stock") if value not in (None, "") else 0


def _problems(line: LineSnapshot, reduced: int, status: str) -> list[str]:
    """Say where units are missing from the store's stock number although nobody waits for them: it is left as it is."""
    state, one = STATUSES.get(status, "open"), line.title or f"line {line.id}"
    stuck = max(0, reduced - line.shipped)
    if state == "cancelled" and stuck:
        where = sentence("in the trash") if status == "trash" else status
        return [_counted(STUCK, stuck, one, where=where)]
    if reduced < 0:
        # Nobody compares a refund's units with those ordered: the store then counts units that never were.
        return [_counted(BEYOND, -reduced, one)]
    lost = max(0, reduced - (line.ordered - line.refunded))
    if state == "open" and lost:
        return [_counted(LOST, lost, one)]
    return []


def _counted(words: tuple[str, str], units: int, item: str, **named: str) -> str:
    """Return the sentence for one unit, or for several."""
    return sentence(words[units != 1], units=units, item=item, **named)


def _customer(shown: Json) -> Customer:
    billing, shipping = part(shown, "billing"), part(shown, "shipping")
    name = " ".join(filter(None, (text(billing.get("first_name")), text(billing.get("last_name")))))
    home = shipping if text(shipping.get("address_1")) else billing
    return Customer(
        address=door(*(text(home.get(key)) for key in ("address_1", "address_2", "postcode", "city", "country"))),
        id=identity(shown, "customer_id") or None, email=text(billing.get("email")) or None, name=name or None,
        country=text(shipping.get("country")) or text(billing.get("country")) or None,
    )  # fmt: skip
