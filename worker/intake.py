"""From the inbox to the plan: one batch of a shop's deliveries becomes hints, reads, facts, a plan and actions."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import structlog
from structlog.contextvars import bound_contextvars

from core.errors import BackorderError, CredentialsRevoked, Misaddressed, PayloadChanged, Unavailable
from core.house import House
from core.planning import replanning, wake_ups
from core.planning.experience import note_deliveries
from core.planning.hints import FulfilmentHint, Hint, ItemHint, OrderHint, ReadyHint, ShopHint, SyncHint, WebhooksHint
from core.planning.settling import Means
from core.ports.clockwork import LeaseLost
from core.ports.connector import ShopConnector
from core.records import Delivery, Shop
from worker import leases, privacy, spans
from worker.claiming import Found, nobody_waits, turn_to_claim
from worker.reading import Reading, read_hinted
from worker.reconcile import mend_webhooks, reconcile, up_to_date
from worker.storing import store

BATCH = 50
ATTEMPTS = 8
SOON = timedelta(seconds=1)
RECONNECTED = timedelta(minutes=10)
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Deliveries of one shop under one lease; `told` is what each said, by its id."""

    shop: Shop
    deliveries: tuple[Delivery, ...]
    fence: int
    told: Mapping[int, tuple[Hint, ...]]

    @property
    def hints(self) -> tuple[Hint, ...]:
        """What all deliveries said, each hint once."""
        return tuple(dict.fromkeys(hint for delivery in self.deliveries for hint in self.told.get(delivery.id, ())))

    def only(self, deliveries: Sequence[Delivery]) -> "Batch":
        """Return the batch with these deliveries."""
        return replace(self, deliveries=tuple(deliveries))


def take_in_next(house: House, now: datetime, found: Found = nobody_waits) -> bool:
    """Take in the next batch of deliveries; False when none is due."""
    house.books.empty_letterbox()
    with turn_to_claim(house, now) as (unit, began, at):
        deliveries, fence = unit.inbox.claim(now=at, lease=house.settings.lease, limit=BATCH)
        shop = unit.shops.get(deliveries[0].shop) if deliveries else None
    if not deliveries or shop is None:
        return False
    found()
    batch = Batch(shop=shop, deliveries=deliveries, fence=fence, told={})
    named = bound_contextvars(shop=shop.id, deliveries=[delivery.id for delivery in deliveries])
    try:
        with named, leases.kept(house, lambda unit, until: unit.inbox.renew(shop.id, fence, until=until), began):
            for part in _parts(batch):
                with spans.taking_in(shop.id, part.deliveries):
                    _take_in(house, part)
    except LeaseLost:
        log.warning("lease lost", shop=shop.id)
    return True


def _parts(batch: Batch) -> Iterator[Batch]:
    """Yield comparisons by themselves, and last: one may wait long for what the platform puts together."""
    news = [delivery for delivery in batch.deliveries if delivery.topic != wake_ups.COMPARE]
    compare = [delivery for delivery in batch.deliveries if delivery.topic == wake_ups.COMPARE]
    yield from (batch.only(part) for part in (news, compare) if part)


def _take_in(house: House, batch: Batch) -> None:
    """Take the batch in whole; where that fails for good, one by one, so that a bad delivery harms no other."""
    try:
        connector = house.open_shop(batch.shop)
        batch = _obeyed(house, _understood(house, batch, connector))
        # With every comparison too: what was granted, switched on or taken away may have been told to nobody.
        if any(isinstance(hint, ShopHint | SyncHint) for hint in batch.hints):
            connector = up_to_date(house, batch.shop, connector)
        if batch.deliveries:
            _commit(house, batch, connector, _read(house, batch, connector))
    except LeaseLost:
        raise
    except CredentialsRevoked as problem:
        _needs_reconnect(house, batch, str(problem))
    except Unavailable as problem:
        _later(house, batch, problem)
    except Exception as problem:
        if not isinstance(problem, BackorderError):
            log.exception("not taken in")
        if len(batch.deliveries) == 1:
            _later(house, batch, problem)
        else:
            for delivery in batch.deliveries:
                _take_in(house, batch.only([delivery]))


def _understood(house: House, batch: Batch, connector: ShopConnector) -> Batch:
    """Translate each delivery by itself: one that cannot be read is buried alone, another shop's is forgotten."""
    told: dict[int, tuple[Hint, ...]] = {}
    for delivery in batch.deliveries:
        try:
            told[delivery.id] = tuple(_hints(connector, delivery))
        except Misaddressed:
            log.warning("delivery for another shop", topic=delivery.topic, delivery=delivery.id)
            with house.books.write() as unit:
                unit.inbox.finish([delivery], batch.fence)
        except PayloadChanged as problem:
            log.warning("delivery not understood", topic=delivery.topic, delivery=delivery.id)
            with house.books.write() as unit:
                unit.inbox.retry([delivery], batch.fence, at=datetime.now(UTC), error=str(problem)[:500], dead=True)
    good = [delivery for delivery in batch.deliveries if delivery.id in told]
    return replace(batch.only(good), told=told)


def _hints(connector: ShopConnector, delivery: Delivery) -> Sequence[Hint]:
    if not delivery.topic.startswith(wake_ups.OWN):
        return connector.translate(delivery.topic, delivery.body)
    return tuple(_own(delivery))


def _own(delivery: Delivery) -> Iterator[Hint]:
    document = json.loads(delivery.body)
    if delivery.topic == wake_ups.READ_ORDER:
        yield OrderHint(platform_id=document["id"])
        for item in document.get("items", ()):
            yield ItemHint(platform_id=item)
    elif delivery.topic == wake_ups.READ_ITEM:
        yield ItemHint(platform_id=document["id"])
    elif delivery.topic == wake_ups.COMPARE:
        yield SyncHint()
    elif delivery.topic == wake_ups.WEBHOOKS:
        yield WebhooksHint()


def _obeyed(house: House, batch: Batch) -> Batch:
    """Carry out what must be forgotten before anything is read, and return what is left to take in.

    A shop that removed us refuses every read: its farewell must not wait behind one.
    """
    demands = [d for d in batch.deliveries if any(isinstance(hint, privacy.DEMANDS) for hint in batch.told[d.id])]
    if not demands and batch.shop.state != "uninstalled":
        return batch
    with house.books.write() as unit:
        unit.shops.lock(batch.shop.id)
        shop = unit.shops.get(batch.shop.id)
        gone = shop is None or privacy.carry_out(unit, shop, batch.only(demands).hints, house.now())
        settled = batch.deliveries if gone else tuple(demands)
        unit.inbox.finish(settled, batch.fence)
    return batch.only([delivery for delivery in batch.deliveries if delivery not in settled])


def _read(house: House, batch: Batch, connector: ShopConnector) -> Reading:
    shop, hints = batch.shop, batch.hints
    if any(isinstance(hint, SyncHint) for hint in hints):
        mend_webhooks(house, shop, connector)
        reconcile(house, shop, connector, alone=True)
    elif any(isinstance(hint, WebhooksHint) for hint in hints) and mend_webhooks(house, shop, connector):
        _queue_sync(house, shop)
    return read_hinted(house.books, shop, connector, hints)


def _queue_sync(house: House, shop: Shop) -> None:
    """Fetch what was missed while a webhook was away."""
    with house.books.write() as unit:
        wake_ups.compare(unit, shop.id, at=datetime.now(UTC))


def _commit(house: House, batch: Batch, connector: ShopConnector, reading: Reading) -> None:
    with house.books.write() as unit:
        unit.shops.lock(batch.shop.id)
        shop, now = unit.shops.get(batch.shop.id), datetime.now(UTC)
        if shop is None or shop.state == "uninstalled":
            unit.inbox.finish(batch.deliveries, batch.fence)
            return
        if reading.listed_until and shop.sync_cursor and reading.listed_until > shop.sync_cursor:
            shop = replace(shop, sync_cursor=reading.listed_until)
            unit.shops.save(shop)
        at = house.now()
        stored = store(unit, shop, reading, at=at, now=now)
        for order in stored.again:
            wake_ups.read_order(unit, shop.id, order, at=now, due=now + SOON)
        for item in stored.items_again:
            wake_ups.read_item(unit, shop.id, item, at=now, due=now + SOON)
        if any(isinstance(hint, ReadyHint) for hint in batch.hints):
            unit.inbox.hasten(shop.id, now=now)
        named = {order for d in batch.deliveries for order in _named(d)}
        means = means_of(house, connector, now)
        if reading.supply is not None:
            note_deliveries(unit, shop, at)
        items = None if _calls_for_everything(batch) else stored.items
        replanning.replan(unit, shop, means, items=items, orders=stored.orders | named)
        told = _orders_told_of(batch, reading)
        unit.inbox.finish(batch.deliveries, batch.fence, told=told, at=at)
    log.info("taken in", orders=sorted(stored.orders | named), items=len(stored.items))


def _calls_for_everything(batch: Batch) -> bool:
    """Whether the whole shop is to be planned. A comparison asks for that by itself, with what it stores."""
    asked = any(delivery.topic == wake_ups.REPLAN and not _named(delivery) for delivery in batch.deliveries)
    return asked or any(isinstance(hint, ShopHint) for hint in batch.hints)


def _orders_told_of(batch: Batch, reading: Reading) -> dict[int, str]:
    """Return by delivery the order that the platform told of, for its timeline; wake-ups of ours are no news."""
    told: dict[int, str] = {}
    for delivery in batch.deliveries:
        for hint in () if delivery.topic.startswith(wake_ups.OWN) else batch.told[delivery.id]:
            if isinstance(hint, OrderHint):
                told[delivery.id] = hint.platform_id
            elif isinstance(hint, FulfilmentHint) and hint.platform_id in reading.fulfilments:
                told[delivery.id] = reading.fulfilments[hint.platform_id]
    return told


def means_of(house: House, connector: ShopConnector, now: datetime) -> Means:
    """Return what replanning needs besides the books."""
    return Means(
        support=connector.support, code_key=house.settings.code_key, as_of=house.now(), now=now,
        mail_leaves=house.post.ready, link=house.post.link,
    )  # fmt: skip


def _named(delivery: Delivery) -> tuple[str, ...]:
    if delivery.topic != wake_ups.REPLAN:
        return ()
    return tuple(json.loads(delivery.body or b"{}").get("orders", ()))


def _later(house: House, batch: Batch, problem: Exception) -> None:
    """Give the batch back: sooner when the platform named a time, later with every attempt."""
    attempts = max((delivery.attempts for delivery in batch.deliveries), default=0)
    pause = min(300.0, 2.0**attempts)
    if isinstance(problem, Unavailable) and problem.retry_after is not None:
        pause = max(pause, problem.retry_after)
    dead = not isinstance(problem, Unavailable) and attempts + 1 >= ATTEMPTS
    log.warning("delivery put back", problem=str(problem)[:200], attempts=attempts)
    with house.books.write() as unit:
        at = datetime.now(UTC) + timedelta(seconds=pause)
        unit.inbox.retry(batch.deliveries, batch.fence, at=at, error=str(problem)[:500], dead=dead)


def _needs_reconnect(house: House, batch: Batch, problem: str) -> None:
    with house.books.write() as unit:
        unit.shops.lock(batch.shop.id)
        shop = unit.shops.get(batch.shop.id)
        if shop is None or shop.state == "uninstalled":
            unit.inbox.finish(batch.deliveries, batch.fence)
            return
        if shop.state == "connected":
            unit.shops.save(replace(shop, state="reconnect", problem=problem[:300]))
        at = datetime.now(UTC) + RECONNECTED
        unit.inbox.retry(batch.deliveries, batch.fence, at=at, error=problem[:500], dead=False)
