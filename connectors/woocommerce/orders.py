"""Reading orders: one order with its refunds and shipments becomes one snapshot with absolute totals."""

import heapq
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from connectors.woocommerce.client import PER_PAGE, Client
from connectors.woocommerce.fields import Json, identity, instant, own_id, part, rows, text, units
from connectors.woocommerce.marks import SHIPPED, WAITING, meta_of, parcels_in, tags_in, units_in
from connectors.woocommerce.refusals import NoRoute
from connectors.woocommerce.translate import DRAFTS
from core.errors import NotFound, PayloadChanged, Rejected
from core.facts import OrderHold
from core.money import minor
from core.snapshots import Customer, LineSnapshot, OrderSnapshot, Outside, Status
from core.travelling import door

PLACE = "store"
FULFILMENTS = "fulfillments"
UNPAID = frozenset({"pending", "on-hold"})
OPEN = ("pending", "processing", "on-hold")
# Every other status, a plugin's own included, is an order that somebody still works on.
STATUSES: Mapping[str, Status] = {
    "completed": "closed",
    "cancelled": "cancelled",
    "failed": "cancelled",
    "refunded": "cancelled",
    "trash": "cancelled",
    **dict.fromkeys(DRAFTS, "gone"),
}
PLAIN_ID = re.compile(r"[0-9]{1,19}")
SLUG = re.compile(r"[a-z0-9_-]{1,40}")
STEP = timedelta(seconds=1)


class Orders:
    """Reads a store's orders. `now` dates the reads: the moment before a request is sent."""

    def __init__(self, client: Client, now: Callable[[], datetime], features: frozenset[str]) -> None:
        self._client = client
        self._now = now
        self._features = features

    def read(self, order: str) -> OrderSnapshot:
        """Return one order, with status `gone` when the store does not know it."""
        read_at = self._now()
        try:
            return self.whole(order)[1]
        except NotFound:
            return gone(order, read_at)

    def whole(self, order: str) -> tuple[Json, OrderSnapshot, list[Json]]:
        """Return one order as the store shows it, as we see it, and its fulfilments. Raises NotFound."""
        if not PLAIN_ID.fullmatch(order):
            raise NotFound("A store's order ids are numbers.")
        read_at = self._now()
        shown = self._client.get_object(f"orders/{order}")
        shipments = self._shipments(shown)
        return shown, snapshot(shown, refunds=self._refunds(shown), shipments=shipments, read_at=read_at), shipments

    def changed(self, since: datetime | None) -> Iterator[OrderSnapshot]:
        """Yield orders changed at or after `since`, the trash included, oldest change first; None: all open ones."""
        if since is None:
            listed = self._complete(self._open_statuses(), None)
            return (seen for seen in listed if seen.status == "open")
        streams = (self._complete(status, since) for status in ("any", "trash"))
        return heapq.merge(*streams, key=lambda seen: seen.version)

    def _complete(self, statuses: str, since: datetime | None) -> Iterator[OrderSnapshot]:
        for shown, read_at in self._listed(statuses, since):
            if STATUSES.get(str(shown.get("status"))) == "gone":
                continue
            try:
                refunds, shipments = self._refunds(shown), self._shipments(shown)
            except NotFound:
                continue  # deleted since the list was read; whoever knows it reads it alone
            yield snapshot(shown, refunds=refunds, shipments=shipments, read_at=read_at)

    def _listed(self, statuses: str, since: datetime | None) -> Iterator[tuple[Json, datetime]]:
        """Yield orders by their last change.

        An order that changes while we read moves to the end of the list, and the first one of the next page would
        slip onto the page before. So the list is begun anew after the last change seen; page numbers serve only
        where a hundred orders changed in the same second.
        """
        after, page = None if since is None else since.astimezone(UTC) - STEP, 1
        seen: set[tuple[str, object]] = set()
        while True:
            read_at = self._now()
            batch = self._client.get_list(
                "orders",
                status=statuses,
                orderby="modified",
                order="asc",
                per_page=PER_PAGE,
                page=page,
                **_after(after),
            )
            for shown in batch:
                key = (own_id(shown), shown.get("date_modified_gmt"))
                if key not in seen:
                    seen.add(key)
                    yield shown, read_at
            if len(batch) < PER_PAGE:
                return
            last = instant(batch[-1], "date_modified_gmt")
            if last is not None and (after is None or last - STEP > after):
                after, page = last - STEP, 1
            else:
                page += 1

    def _open_statuses(self) -> str:
        """Return the statuses of open orders, a plugin's own included; `any` where the store does not list them."""
        for path in ("reports/orders/totals", "orders/statuses"):
            try:
                slugs = [str(row.get("slug")) for row in self._client.get_list(path)]
            except (NoRoute, Rejected, PayloadChanged):
                continue  # the reports have a permission of their own, and older stores only one of the two
            custom = [slug for slug in slugs if SLUG.fullmatch(slug) and slug not in STATUSES and slug not in OPEN]
            return ",".join((*OPEN, *sorted(set(custom))))
        return "any"

    def _refunds(self, shown: Json) -> list[Json]:
        if not rows(shown, "refunds"):
            return []
        return [refund for page in self._client.pages(f"orders/{own_id(shown)}/refunds") for refund in page]

    def _shipments(self, shown: Json) -> list[Json]:
        if FULFILMENTS not in self._features or str(shown.get("status")) in STATUSES:
            return []
        try:
            return self._client.get_list(f"orders/{own_id(shown)}/{FULFILMENTS}")
        except NoRoute:
            return []  # the feature was turned off since the profile was read


def gone(order: str, read_at: datetime) -> OrderSnapshot:
    """Return the snapshot of an order that the store does not know."""
    return OrderSnapshot(
        platform_id=order, name=f"#{order}", placed_at=read_at, version=read_at, read_at=read_at, currency="XXX",
        status="gone",
    )  # fmt: skip


def snapshot(shown: Json, *, refunds: Sequence[Json], shipments: Sequence[Json], read_at: datetime) -> OrderSnapshot:
    """Return what the order's JSON, its refunds and its shipments say together. Pure. Raises PayloadChanged."""
    order, status = own_id(shown), text(shown.get("status"))
    created, currency = instant(shown, "date_created_gmt"), text(shown.get("currency"))
    placed = instant(shown, "date_paid_gmt") or created
    if placed is None or not status or not currency:
        raise PayloadChanged(f"order {order}: no date, status or currency")
    meta = meta_of(shown)
    state = STATUSES.get(status, "open")
    refunded, shipped = _refunded(refunds), _shipped(shipments, meta)
    lines, problems = [], []
    for row in rows(shown, "line_items"):
        line, reduced = _line(row, currency, status, refunded=refunded, shipped=shipped)
        lines.append(line)
        problems += _problems(line, reduced, status)
    sent = [row for row in shipments if row.get("is_fulfilled") is True]
    return OrderSnapshot(
        platform_id=order, name=f"#{text(shown.get('number')) or order}", placed_at=placed,
        version=instant(shown, "date_modified_gmt") or placed, read_at=read_at, currency=currency, status=state,
        hold=_hold(status), location=PLACE, lines=tuple(lines), customer=_customer(shown),
        outside=Outside(
            tags=tags_in(meta), held=units_in(meta, WAITING), shipped_parcels=len(sent) + len(parcels_in(meta)),
        ),
        problems=tuple(problems),
    )  # fmt: skip


def shipped_units(shipment: Json) -> dict[str, int]:
    """Return units per line id of one fulfilment. WooCommerce checks neither, so both are read with care."""
    items = meta_of(shipment).get("_items")
    found: dict[str, int] = {}
    for row in items if isinstance(items, list) else ():
        if isinstance(row, dict) and (line := identity(row, "item_id")):
            found[line] = found.get(line, 0) + max(0, units(row.get("qty"), "qty"))
    return found


def _after(after: datetime | None) -> dict[str, str]:
    """Return the filter. Without `dates_are_gmt` the store takes the text for its own local time, silently."""
    return {} if after is None else {"modified_after": f"{after:%Y-%m-%dT%H:%M:%S}", "dates_are_gmt": "true"}


def _hold(status: str) -> OrderHold | None:
    return "payment" if status in UNPAID else None


def _refunded(refunds: Sequence[Json]) -> dict[str, int]:
    """Return refunded units per line id. Refund lines have negative quantities, and nobody checks their sum."""
    found: dict[str, int] = {}
    for refund in refunds:
        for row in rows(refund, "line_items"):
            line = identity(meta_of(row), "_refunded_item_id")
            found[line] = found.get(line, 0) + abs(units(row.get("quantity"), "quantity"))
    return found


def _shipped(shipments: Sequence[Json], meta: Mapping[str, object]) -> dict[str, int]:
    """Return shipped units per line id: fulfilments, and parcels that we wrote down while that feature was off."""
    found = units_in(meta, SHIPPED)
    for shipment in shipments:
        if shipment.get("is_fulfilled") is True:
            for line, count in shipped_units(shipment).items():
                found[line] = found.get(line, 0) + count
    return found


def _line(
    row: Json, currency: str, status: str, *, refunded: Mapping[str, int], shipped: Mapping[str, int]
) -> tuple[LineSnapshot, int]:
    """Return the line and the units that the store's stock number has taken out for it.

    The metadata `Backordered` is not read: its key is translated, and orders made by REST never have it.
    """
    line, ordered = own_id(row), max(0, units(row.get("quantity"), "quantity"))
    left = min(ordered, shipped.get(line, 0))
    back = min(ordered - left, refunded.get(line, 0))
    if STATUSES.get(status) == "closed":
        left = ordered - back
    reduced = _reduced(row)
    price = row.get("price")
    return LineSnapshot(
        id=line, item=identity(row, "variation_id") or identity(row, "product_id") or None,
        sku=text(row.get("sku")) or None, title=text(row.get("name")), ordered=ordered, refunded=back, shipped=left,
        reserved=0 if status in STATUSES else min(reduced, ordered - back - left),
        unit_price=minor(price, currency) if isinstance(price, int | float | str) and price != "" else None,
    ), reduced  # fmt: skip


def _reduced(row: Json) -> int:
    value = meta_of(row).get("_reduced_stock")
    return max(0, units(value, "_reduced_stock")) if value not in (None, "") else 0


def _problems(line: LineSnapshot, reduced: int, status: str) -> list[str]:
    """Say where units are missing from the store's stock number although nobody waits for them: it is left as it is."""
    state, one = STATUSES.get(status, "open"), line.title or f"line {line.id}"
    stuck = max(0, reduced - line.shipped)
    if state == "cancelled" and stuck:
        where = "in the trash" if status == "trash" else status
        said = f"The order is {where}, but {_many(stuck)} of {one} {_were(stuck)} never put back into stock"
        return [f"{said}: {_not_counted(stuck)}."]
    lost = max(0, reduced - (line.ordered - line.refunded))
    if state == "open" and lost:
        return [f"{_many(lost)} of {one} {_were(lost)} refunded without restock: {_not_counted(lost)}."]
    return []


def _many(count: int) -> str:
    return f"{count} unit{'' if count == 1 else 's'}"


def _were(count: int) -> str:
    return "was" if count == 1 else "were"


def _not_counted(count: int) -> str:
    return f"{'it is' if count == 1 else 'they are'} not counted as stock"


def _customer(shown: Json) -> Customer:
    billing, shipping = part(shown, "billing"), part(shown, "shipping")
    name = " ".join(filter(None, (text(billing.get("first_name")), text(billing.get("last_name")))))
    home = shipping if text(shipping.get("address_1")) else billing
    return Customer(
        address=door(*(text(home.get(key)) for key in ("address_1", "address_2", "postcode", "city", "country"))),
        id=identity(shown, "customer_id") or None, email=text(billing.get("email")) or None, name=name or None,
        country=text(shipping.get("country")) or text(billing.get("country")) or None,
    )  # fmt: skip
