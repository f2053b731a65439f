"""From the inbox to the plan: one batch of a shop's deliveries becomes hints, reads, facts, a plan and actions."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from core import replanning
from core.errors import BackorderError, CredentialsRevoked, PayloadChanged, Unavailable
from core.hints import Hint, ItemHint, OrderHint, ShopHint, SupplyHint, SyncHint
from core.house import House
from core.ports import LeaseLost, ShopConnector, Unit
from core.records import Delivery, Shop
from worker import privacy
from worker.reading import Reading, read_hinted
from worker.reconcile import mend_webhooks, reconcile, refresh_profile, refresh_supply
from worker.storing import READ_ORDER, read_again, store

LEASE = timedelta(seconds=120)
BATCH = 50
ATTEMPTS = 8
SOON = timedelta(seconds=1)
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Deliveries of one shop under one lease."""

    shop: Shop
    deliveries: tuple[Delivery, ...]
    fence: int


def take_in_next(house: House, machine_now: datetime) -> bool:
    """Take in the next batch of deliveries; False when none is due."""
    with house.books.write() as unit:
        deliveries, fence = unit.inbox.claim(now=machine_now, lease=LEASE, limit=BATCH)
        shop = unit.shops.get(deliveries[0].shop) if deliveries else None
        if deliveries and (shop is None or shop.state == "uninstalled"):
            unit.inbox.finish(deliveries, fence)
            return True
    if not deliveries or shop is None:
        return False
    try:
        _take_in(house, Batch(shop=shop, deliveries=deliveries, fence=fence), machine_now)
    except LeaseLost:
        log.warning("lease lost", shop=shop.id)
    return True


def _take_in(house: House, batch: Batch, now: datetime) -> None:
    try:
        connector = house.open_shop(batch.shop)
        good, hints = _translated(house, batch, connector, now)
        reading = _read(house, batch.shop, connector, hints)
    except CredentialsRevoked as problem:
        _needs_reconnect(house, batch, str(problem), now)
    except (Unavailable, BackorderError) as problem:
        _later(house, batch, problem, now)
    else:
        _commit(house, replace(batch, deliveries=good), connector, hints, reading, now)


def _translated(
    house: House, batch: Batch, connector: ShopConnector, now: datetime
) -> tuple[tuple[Delivery, ...], tuple[Hint, ...]]:
    """Translate each delivery by itself: one that cannot be read is buried alone, with its reason."""
    good: list[Delivery] = []
    hints: list[Hint] = []
    for delivery in batch.deliveries:
        try:
            hints += _hints(connector, delivery)
            good.append(delivery)
        except PayloadChanged as problem:
            log.warning("delivery not understood", shop=batch.shop.id, topic=delivery.topic, delivery=delivery.id)
            with house.books.write() as unit:
                unit.inbox.retry([delivery], batch.fence, at=now, error=str(problem)[:500], dead=True)
    return tuple(good), tuple(dict.fromkeys(hints))


def _hints(connector: ShopConnector, delivery: Delivery) -> Sequence[Hint]:
    if not delivery.topic.startswith("backorder/"):
        return connector.translate(delivery.topic, delivery.body)
    return tuple(_own(delivery))


def _own(delivery: Delivery) -> Iterator[Hint]:
    document = json.loads(delivery.body)
    if delivery.topic == READ_ORDER:
        yield OrderHint(platform_id=document["id"])
        for item in document.get("items", ()):
            yield ItemHint(platform_id=item)
    elif delivery.topic == "backorder/sync":
        yield SyncHint()


def _read(house: House, shop: Shop, connector: ShopConnector, hints: Sequence[Hint]) -> Reading:
    if any(isinstance(hint, ShopHint) for hint in hints):
        refresh_profile(house, shop, connector)
    if any(isinstance(hint, SupplyHint) for hint in hints):
        refresh_supply(house, shop, connector)
    if any(isinstance(hint, SyncHint) for hint in hints):
        mend_webhooks(house, shop, connector)
        reconcile(house, shop, connector)
    return read_hinted(house.books, shop, connector, hints)


def _commit(
    house: House,
    batch: Batch,
    connector: ShopConnector,
    hints: Sequence[Hint],
    reading: Reading,
    now: datetime,
) -> None:
    with house.books.write() as unit:
        unit.shops.lock(batch.shop.id)
        shop = unit.shops.get(batch.shop.id)
        if shop is None:
            return
        if privacy.carry_out(unit, shop, hints, house.now()):
            return
        if reading.listed_until and shop.sync_cursor and reading.listed_until > shop.sync_cursor:
            shop = replace(shop, sync_cursor=reading.listed_until)
            unit.shops.save(shop)
        stored = store(unit, shop, reading)
        for order in stored.again:
            read_again(unit, shop.id, order, now=now, due=now + SOON)
        everything = any(d.topic == "backorder/replan" and not _named(d) for d in batch.deliveries)
        everything = everything or any(isinstance(hint, SupplyHint | SyncHint | ShopHint) for hint in hints)
        named = {order for d in batch.deliveries for order in _named(d)}
        desk = desk_of(house, connector, now)
        items = None if everything else stored.items
        replanning.replan(unit, shop, desk, items=items, orders=stored.orders | named)
        unit.inbox.finish(batch.deliveries, batch.fence)


def desk_of(house: House, connector: ShopConnector, now: datetime) -> replanning.Desk:
    """Return what replanning needs besides the books."""
    secret = house.settings.secret_key
    return replanning.Desk(support=connector.support, secret_key=secret, as_of=house.now(), now=now)


def _named(delivery: Delivery) -> tuple[str, ...]:
    if delivery.topic != "backorder/replan":
        return ()
    return tuple(json.loads(delivery.body or b"{}").get("orders", ()))


def _later(house: House, batch: Batch, problem: BackorderError, now: datetime) -> None:
    """Give the batch back: sooner when the platform named a time, later with every attempt."""
    attempts = max(delivery.attempts for delivery in batch.deliveries)
    pause = min(300.0, 2.0**attempts)
    if isinstance(problem, Unavailable) and problem.retry_after is not None:
        pause = max(pause, problem.retry_after)
    dead = not isinstance(problem, Unavailable) and attempts + 1 >= ATTEMPTS
    log.warning("delivery put back", shop=batch.shop.id, problem=str(problem)[:200], attempts=attempts)
    with house.books.write() as unit:
        at = now + timedelta(seconds=pause)
        unit.inbox.retry(batch.deliveries, batch.fence, at=at, error=str(problem)[:500], dead=dead)


def _needs_reconnect(house: House, batch: Batch, problem: str, now: datetime) -> None:
    with house.books.write() as unit:
        _mark_reconnect(unit, batch.shop.id, problem)
        at = now + timedelta(minutes=10)
        unit.inbox.retry(batch.deliveries, batch.fence, at=at, error=problem[:500], dead=False)


def _mark_reconnect(unit: Unit, shop_id: str, problem: str) -> None:
    shop = unit.shops.get(shop_id)
    if shop and shop.state == "connected":
        unit.shops.save(replace(shop, state="reconnect", problem=problem[:300]))
