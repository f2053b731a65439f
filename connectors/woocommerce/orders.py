"""Reading orders over the wire: one alone, all open ones, and those that changed."""

import heapq
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial

from connectors.left_out import named, read_or_left_out
from connectors.woocommerce.client import AT_ONCE, PER_PAGE, Client
from connectors.woocommerce.fields import Json, instant, own_id, rows, rows_told
from connectors.woocommerce.marks import meta_of
from connectors.woocommerce.order_snapshot import STATUSES, gone, snapshot
from connectors.woocommerce.refusals import NoRoute
from core.errors import NotFound, PayloadChanged, Rejected
from core.snapshots import OrderSnapshot

FULFILMENTS = "fulfillments"
PROGRESS, NONE_YET = "_fulfillment_status", "no_fulfillments"
OPEN = ("pending", "processing", "on-hold")
PLAIN_ID = re.compile(r"[0-9]{1,19}")
SLUG = re.compile(r"[a-z0-9_-]{1,40}")
STEP = timedelta(seconds=1)
MOST_IN_VAIN = 4
"""Pages in a row without a new order: one is usual where the list is begun anew, more than two are not."""


class Orders:
    """Reads a store's orders. `now` dates the reads: the moment before a request is sent."""

    def __init__(self, client: Client, now: Callable[[], datetime], features: frozenset[str]) -> None:
        self._client = client
        self._now = now
        self._has_fulfilments = True if FULFILMENTS in features else None  # None: only what orders say of themselves

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
        with named(f"order {order}"):
            shown = self._client.get_object(f"orders/{order}")
            shipments = self._shipments(shown)
            return shown, snapshot(shown, refunds=self.refunds(shown), shipments=shipments, read_at=read_at), shipments

    def changed(self, since: datetime | None, unread: set[str] | None = None) -> Iterator[OrderSnapshot]:
        """Yield orders changed at or after `since`, the trash included, oldest change first; None: all open ones.

        `unread` takes the ids of those that cannot be understood.
        """
        if since is None:
            listed = self._complete(self._open_statuses(), None, unread)
            return (seen for seen in listed if seen.status == "open")
        streams = (self._complete(status, since, unread) for status in ("any", "trash"))
        return heapq.merge(*streams, key=lambda seen: seen.version)

    def _complete(self, statuses: str, since: datetime | None, unread: set[str] | None) -> Iterator[OrderSnapshot]:
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="woocommerce") as hands:
            for page, read_at in self._listed(statuses, since):
                filled = partial(self._filled, read_at=read_at, unread=unread)
                # One after the other where nothing more is to be read: most orders are whole in the list.
                together = hands.map if any(self._is_partial(shown) for shown in page) else map
                yield from (seen for seen in together(filled, page) if seen is not None)

    def _is_partial(self, shown: Json) -> bool:
        try:
            return bool(rows(shown, "refunds")) or self._may_have_shipments(shown)
        except PayloadChanged:
            return False  # which is said where it is filled

    def _filled(self, shown: Json, *, read_at: datetime, unread: set[str] | None) -> OrderSnapshot | None:
        if STATUSES.get(str(shown.get("status"))) == "gone":
            return None
        try:
            whole = partial(self._with_more, shown, read_at=read_at)
            return read_or_left_out(whole, unread, partial(own_id, shown))
        except NotFound:
            return None  # deleted since the list was read; whoever knows it reads it alone

    def _with_more(self, shown: Json, *, read_at: datetime) -> OrderSnapshot:
        with named(f"order {own_id(shown)}"):
            refunds = self.refunds(shown)
            shipments = self._shipments(shown) if self._may_have_shipments(shown) else []
            return snapshot(shown, refunds=refunds, shipments=shipments, read_at=read_at)

    def _may_have_shipments(self, shown: Json) -> bool:
        """Whether the store noted fulfilments on the order: a list of thousands must not ask for each of them."""
        return str(meta_of(shown).get(PROGRESS, NONE_YET)) != NONE_YET

    def _listed(self, statuses: str, since: datetime | None) -> Iterator[tuple[list[Json], datetime]]:
        """Yield orders by their last change, a page at a time.

        An order that changes while we read moves to the end of the list, and the first one of the next page would
        slip onto the page before. So the list is begun anew after the last change seen; page numbers serve only
        where a hundred orders changed in the same second.
        """
        after, page = None if since is None else since.astimezone(UTC) - STEP, 1
        seen: set[tuple[str, object]] = set()
        in_vain = 0
        while True:
            read_at = self._now()
            batch = self._page(statuses, after, page)
            named = {(own_id(shown), shown.get("date_modified_gmt")): shown for shown in batch}
            in_vain = 0 if named.keys() - seen else in_vain + 1
            if in_vain == MOST_IN_VAIN:
                raise PayloadChanged("the store shows the same orders again and again: look at its caches")
            yield [shown for key, shown in named.items() if key not in seen], read_at
            seen |= named.keys()
            if len(batch) < PER_PAGE:
                return
            last = _changed_at(batch[-1])
            if last is not None and (after is None or last - STEP > after):
                after, page = last - STEP, 1
            else:
                page += 1

    def _page(self, statuses: str, after: datetime | None, page: int) -> list[Json]:
        sizes: dict[str, str | int] = {
            "status": statuses,
            "orderby": "modified",
            "order": "asc",
            "per_page": PER_PAGE,
            "page": page,
        }
        return self._client.get_list("orders", **sizes, **_after(after))

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

    def refunds(self, shown: Json) -> list[Json]:
        """Return the refunds of an order as the store shows them."""
        if not rows_told(shown, "refunds"):
            return []
        return [refund for page in self._client.pages(f"orders/{own_id(shown)}/refunds") for refund in page]

    def _shipments(self, shown: Json) -> list[Json]:
        # The feature may have been turned on since the profile was read: an order that has fulfilments says so itself.
        asked = self._may_have_shipments(shown) if self._has_fulfilments is None else self._has_fulfilments
        if str(shown.get("status")) in STATUSES or not asked:
            return []
        try:
            found = self._client.get(f"orders/{own_id(shown)}/{FULFILMENTS}")
        except NoRoute:
            self._has_fulfilments = False  # turned off; what was said on orders before stays there
            return []
        # WooCommerce 10.2 answers with an object that holds the list, 10.5 with the list alone.
        return rows_told(found if isinstance(found, dict) else {FULFILMENTS: found}, FULFILMENTS)


def _changed_at(shown: Json) -> datetime | None:
    """Return when the order changed; None where that is told by nothing that can be understood."""
    try:
        return instant(shown, "date_modified_gmt")
    except PayloadChanged:
        return None


def _after(after: datetime | None) -> dict[str, str]:
    """Return the filter. Without `dates_are_gmt` the store takes the text for its own local time, silently."""
    return {} if after is None else {"modified_after": f"{after:%Y-%m-%dT%H:%M:%S}", "dates_are_gmt": "true"}
