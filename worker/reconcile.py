"""Comparing with the shop: finds what no webhook told. Without differences nothing is written."""

import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from core.errors import PayloadChanged
from core.house import House, SyncReport
from core.planning import wake_ups
from core.planning.merge import merged_item, without_time
from core.ports.books import Unit
from core.ports.connector import ShopConnector
from core.records import ItemRecord, OrderRecord, Shop
from core.snapshots import ItemSnapshot, OrderSnapshot, ShopProfile
from core.zones import zone_of
from worker import progress, rotation
from worker.reading import Reading, moved_by
from worker.storing import differs, on_items, store
from worker.unread import Unread

OVERLAP = timedelta(minutes=5)
A_DAY = timedelta(days=1)
AT_ONCE = 100
"""Rows in one transaction of a first comparison: on SQLite every delivery waits for it."""
MOST = 500_000
"""Open orders, or products, that one comparison holds in memory, some 3 KB each. A shop that lists more, as a broken
one does that makes them up for ever, must not take the memory, and the worker's time, of all others."""
PAUSE = 0.005
"""Seconds in which others may write: who writes again at once would win the line each time."""
Listed = TypeVar("Listed", OrderSnapshot, ItemSnapshot)


def reconcile(house: House, shop: Shop, connector: ShopConnector, *, alone: bool = False) -> SyncReport:
    """Read everything that changed since the cursor, all open orders, all items and supply; store what differs.

    A plan of the whole shop is asked for where anything differs. `alone`: nobody else plans this shop meanwhile. What a
    first comparison reads is then stored in portions, and the plan is asked for as well when an hour has begun in the
    shop since the comparison before: by the hour its shipping days end. The cursor moves only after the list was read
    whole, so a sync that is cut off is done again.
    """
    began = house.now()
    unread = Unread()
    seen, ours = _orders(house, shop, connector, unread)
    news = _news(house, shop, seen, ours)
    # Before the items: units that arrive between both reads are then counted twice for a moment, never lost.
    supply = connector.incoming()
    items = {item.platform_id: item for item in _bounded(connector.all_items(unread=unread.items))}
    with house.books.read() as unit:
        known = {record.snapshot.platform_id: record for record in unit.items.all(shop.id)}
    # To write each item again that stands as it was read takes a second.
    changed = {name: item for name, item in items.items() if not _item_stands(known.get(name), item)}
    reading = Reading(orders=news, items=changed, supply=supply)
    missing = moved_by(house.books, shop, news.values()) - set(items) | _vanished(known.values(), items.values())
    # A large shop's items are as old as the file that holds them: what an order moved since then is read again.
    oldest = min((item.read_at for item in items.values()), default=began)
    missing |= moved_by(house.books, shop, [order for order in news.values() if order.version >= oldest])
    reading.items |= unread.read_items(connector, missing)
    *ahead, last = _portions(reading) if alone and shop.synced_at is None else [reading]
    report = SyncReport()
    for portion in ahead:
        with house.books.write() as unit:
            unit.shops.lock(shop.id)
            if unit.shops.get(shop.id) is None:
                return SyncReport()
            report = _taken(house, unit, shop, portion, report)
        time.sleep(PAUSE)
    with house.books.write() as unit:
        unit.shops.lock(shop.id)
        current = unit.shops.get(shop.id)
        if current is None:
            return SyncReport()
        report = _taken(house, unit, current, last, report)
        versions = [order.version for order in seen.values() if order.status != "gone"]
        if report.news or (alone and (shop.synced_at is None or _hour_began(shop, shop.synced_at, house.now()))):
            wake_ups.replan(unit, shop.id, at=datetime.now(UTC))
        # A shop without orders has a cursor as well, or its first ones would never be looked for.
        cursor = max([current.sync_cursor or began - A_DAY, *versions])
        unit.shops.save(replace(current, sync_cursor=cursor, synced_at=house.now()))
        unread.ask(unit, shop.id)
    return report


def _bounded(listed: Iterable[Listed]) -> Iterator[Listed]:
    """Yield what a shop lists. Raises PayloadChanged where it does not come to an end."""
    for number, one in enumerate(listed):
        if number >= MOST:
            raise PayloadChanged(f"the shop lists more than {MOST:,} of them, or does not come to an end")
        yield one


def _portions(reading: Reading) -> list[Reading]:
    """Part what a first comparison read: items before the orders that want them, each small enough for others to write.

    Cut off between two of them, all of it is read again: the cursor moves with the last.
    """
    items, orders = list(reading.items.items()), list(reading.orders.items())
    return [
        *(Reading(items=dict(items[at : at + AT_ONCE])) for at in range(0, len(items), AT_ONCE)),
        Reading(supply=reading.supply),
        *(Reading(orders=dict(orders[at : at + AT_ONCE])) for at in range(0, len(orders), AT_ONCE)),
    ]


def _taken(house: House, unit: Unit, shop: Shop, portion: Reading, before: SyncReport) -> SyncReport:
    """Store a portion; return what differed in it and before."""
    before_it = unit.orders.many(shop.id, portion.orders)
    now = on_items(unit, shop, before_it, portion.orders.values())
    different = {order.platform_id for order in now if differs(before_it.get(order.platform_id), order)}
    stored = store(unit, shop, portion, at=house.now(), now=datetime.now(UTC))
    _plan_ended(unit, shop, stored.orders)
    return SyncReport(
        news=before.news or bool(stored.orders or stored.items),
        orders=tuple(sorted(different | set(before.orders))), items=tuple(sorted(stored.items | set(before.items))),
    )  # fmt: skip


def _hour_began(shop: Shop, since: datetime, now: datetime) -> bool:
    """Whether an hour of the shop's clock began: by the hour its shipping days end, and by the day much else does."""
    there = zone_of(shop.timezone)
    before, after = (at.astimezone(there).replace(minute=0, second=0, microsecond=0) for at in (since, now))
    return before != after


def _plan_ended(unit: Unit, shop: Shop, orders: Collection[str]) -> None:
    """Have orders planned that have ended: a plan of all open ones leaves them out, and our marks still stand there."""
    for order, record in sorted(unit.orders.many(shop.id, orders).items()):
        if record.snapshot.status != "open" and record.plan is not None:
            wake_ups.replan_order(unit, shop.id, order, at=datetime.now(UTC))


def _news(
    house: House, shop: Shop, seen: Mapping[str, OrderSnapshot], ours: Mapping[str, OrderRecord]
) -> dict[str, OrderSnapshot]:
    """Leave out the orders that stand in the books as they were read: in a large shop nearly all."""
    with house.books.read() as unit:
        placed = {order.platform_id: order for order in on_items(unit, shop, ours, seen.values())}
    return {name: order for name, order in seen.items() if not _stands(ours.get(name), placed[name])}


def _stands(stored: OrderRecord | None, seen: OrderSnapshot) -> bool:
    """Whether the books say the same, by a read that was later than our last write to the order."""
    if stored is None or (stored.acted_at is not None and stored.snapshot.read_at <= stored.acted_at):
        return False
    return without_time(stored.snapshot) == without_time(seen)


def _item_stands(stored: ItemRecord | None, seen: ItemSnapshot) -> bool:
    """Whether the books say the same, under the SKU that the shop gives it, and nothing of ours was written to it."""
    if stored is None or stored.gate is not None or seen.sku not in {None, stored.sku}:
        return False
    return replace(merged_item(stored.snapshot, seen), read_at=stored.snapshot.read_at) == stored.snapshot


def mend_webhooks(house: House, shop: Shop, connector: ShopConnector) -> tuple[str, ...]:
    """Make the shop's webhooks be ours, all and active; return what had to be mended, as sentences.

    One platform switches a webhook off after some failures in a row and tells nobody.
    """
    url = webhook_url(house, shop)
    rotation.settle(house, shop, connector, url=url)
    with house.books.read() as unit:
        secret = unit.shops.credentials(shop.id).get("webhook_secret", "")
    mended = connector.subscribe(url, secret)
    with house.books.write() as unit:
        for sentence in mended:
            unit.audit.write(shop=shop.id, at=house.now(), actor="backorder", what="webhook mended", outcome=sentence)
    return mended


def webhook_url(house: House, shop: Shop) -> str:
    """Return the address to which the shop delivers."""
    door = "shopify" if shop.platform == "shopify" else f"woocommerce/{shop.id}"
    return f"{house.settings.external}/webhooks/{door}"


def up_to_date(house: House, shop: Shop, connector: ShopConnector) -> ShopConnector:
    """Store what the shop now says of itself; return the connector that goes by the features it has now."""
    seen = connector.profile()
    with house.books.write() as unit:
        unit.shops.lock(shop.id)
        current = unit.shops.get(shop.id)
        if current is not None:
            told = with_profile(current, seen)
            if told.state == "reconnect":
                # The key is taken again: it was refused for a while, or others renewed it.
                told = replace(told, state="connected", problem=None)
                let_in_again(unit, told, now=datetime.now(UTC), settle=house.settings.settle)
            unit.shops.save(told)
            if told != current:
                wake_ups.replan(unit, shop.id, at=datetime.now(UTC))
    return connector if seen.features == shop.features else house.open_shop(replace(shop, features=seen.features))


def let_in_again(unit: Unit, shop: Shop, *, now: datetime, settle: float) -> None:
    """Let what was put back while the shop's key was refused go on now that it is taken.

    Of what is in doubt among it nothing was sent later than now: by then all of it has settled, and is looked up.
    """
    unit.inbox.hasten(shop.id, now=now)
    unit.outbox.hasten(shop.id, until=now + timedelta(seconds=settle))


def with_profile(shop: Shop, seen: ShopProfile) -> Shop:
    """Return the shop with what it says of itself."""
    named = replace(shop, name=seen.name, currency=seen.currency, timezone=seen.timezone, email=seen.email)
    return replace(
        named, places=seen.locations, features=seen.features, lacks=seen.lacks, past_days=seen.past_days
    )  # fmt: skip


def _vanished(known: Iterable[ItemRecord], listed: Iterable[ItemSnapshot]) -> set[str]:
    """Return the items that the shop's list no longer shows: no webhook tells of one that was deleted for good."""
    shown = {name for item in listed for name in (item.platform_id, *item.aliases)}
    ours = (record.snapshot for record in known)
    return {item.platform_id for item in ours if not item.gone and item.platform_id not in shown}


def _orders(
    house: House, shop: Shop, connector: ShopConnector, unread: Unread
) -> tuple[dict[str, OrderSnapshot], dict[str, OrderRecord]]:
    """Changed orders, open ones, and our open ones that the platform's lists no longer show, each read alone.

    Our open ones come second, as they stand in the books.
    """
    seen: dict[str, OrderSnapshot] = {}
    with progress.told(house, shop) as count:
        if shop.sync_cursor is not None:
            changed = connector.orders_changed(shop.sync_cursor - OVERLAP, unread=unread.orders)
            seen |= {order.platform_id: order for order in count(_bounded(changed))}
        still_open = connector.orders_changed(None, unread=unread.orders)
        seen |= {order.platform_id: order for order in count(_bounded(still_open))}
    with house.books.read() as unit:
        ours = {record.id: record for record in unit.orders.open_all(shop.id)}
    for order in ours:
        if order not in seen and order not in unread.orders:
            seen |= unread.read_order(connector, order)
    return seen, ours
