"""A shop's books in domain words, for what lies between the books and the engine."""

import json
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache

from connectors.database import open_books
from core.capabilities import Capability, Support
from core.facts import Incoming
from core.planning import replanning
from core.planning.settling import Means
from core.policy.reading import merge
from core.policy.shop_policy import ShopPolicy
from core.reasons import Reason
from core.records import IncomingRecord, Shop
from core.snapshots import Customer, ItemSnapshot, LineSnapshot, OrderSnapshot, StockSnapshot
from tests.conftest import ENCRYPTION_KEY

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
TODAY = NOW.date()
SUPPORT = dict.fromkeys(Capability, Support(level="full", how="by its own means"))


def in_days(days):
    return TODAY + timedelta(days=days)


def shop(**policy):
    return Shop(id="fern", platform="shopify", domain="fern.example.com", origin="https://fern.example.com", name="Fern & Fable",
                currency="EUR", timezone="UTC", connected_at=NOW, policy=merge(ShopPolicy(mode="act"), policy))  # fmt: skip


def line(sku, ordered, id="a", **more):
    given = {"unit_price": 1000, "title": sku.capitalize()} | more
    return LineSnapshot(id=id, item=f"item-{sku}", sku=sku, ordered=ordered, **given)


def order(key, *lines, days=1, **more):
    return OrderSnapshot(platform_id=str(key), name=f"#{key}", placed_at=NOW - timedelta(days=days), version=NOW, read_at=NOW,
                         currency="EUR", lines=lines, customer=Customer(id=f"c{key}", email="customer12@example.com"), **more)  # fmt: skip


def item(sku, on_hand, **more):
    given = {"title": sku.capitalize(), "read_at": NOW, "unit_price": 1000} | more
    return ItemSnapshot(
        platform_id=f"item-{sku}", sku=sku, stock=(StockSnapshot(location="main", quantity=on_hand),), **given
    )


def supply(key, sku, units, eta, **more):
    fact = Incoming(
        id=key,
        sku=sku,
        location="main",
        ordered=units,
        eta=eta if eta is None or isinstance(eta, date) else in_days(eta),
        **more,
    )
    return IncomingRecord(shop="fern", incoming=fact)


def lasting(plan):
    """The plan without the reason that is told once: that a promise moved."""
    return replace(plan, reasons=tuple(why for why in plan.reasons if why is not Reason.PROMISE_BROKEN))


class Kept:
    """The books of one shop, and the words that change them as people and platforms do."""

    def __init__(self, books, **policy):
        self.books = books
        with books.write() as unit:
            unit.shops.add(shop(**policy), {"token": "t"})

    def store(self, *rows):
        from core.planning.merge import merged

        with self.books.write() as unit:
            for row in rows:
                match row:
                    case OrderSnapshot():
                        unit.orders.put(merged(unit.orders.get("fern", row.platform_id), "fern", row))
                    case ItemSnapshot():
                        unit.items.put("fern", row)
                    case IncomingRecord():
                        unit.supply.put(row)
        return self

    def means(self, days=0, **more):
        moment = NOW + timedelta(days=days)
        return Means(support=SUPPORT, code_key="a key for tests only", as_of=moment, now=moment, **more)

    def replan(self, days=0, *, items=None, orders=(), **more):
        with self.books.write() as unit:
            return replanning.replan(unit, unit.shops.get("fern"), self.means(days, **more), items=items, orders=orders)

    def change(self, key, **fields):
        """Store the order's record with these fields; return it."""
        with self.books.write() as unit:
            record = replace(unit.orders.get("fern", str(key)), **fields)
            unit.orders.put(record)
        return record

    def log(self, key=None):
        """Who did what, oldest first."""
        with self.books.read() as unit:
            found = unit.audit.page("fern", order=key and str(key)).items
        return [(entry.actor, entry.what) for entry in reversed(found)]

    def wake_ups(self, after=NOW):
        """When the worker comes back by itself after that instant, and for which orders, in its order."""
        with self.books.write() as unit:
            due = []
            while (at := unit.inbox.next_due()) is not None:
                rows, fence = unit.inbox.claim(now=at, lease=timedelta(0), limit=99)
                due += [(at, tuple(json.loads(row.body).get("orders", ()))) for row in rows]
                unit.inbox.finish(rows, fence)
        return [(at, orders) for at, orders in due if at > after]

    def set_policy(self, **changes):
        with self.books.write() as unit:
            known = unit.shops.get("fern")
            unit.shops.save(replace(known, policy=merge(known.policy, changes)))

    def choose(self, key, do, *, days=0, **more):
        from core.orders import choices

        moment = NOW + timedelta(days=days)
        with self.books.write() as unit:
            return choices.apply(unit, unit.shops.get("fern"), str(key), do, actor="merchant", as_of=moment, now=moment,
                                 code_key="a key for tests only", support=SUPPORT, **more)  # fmt: skip

    def as_customer(self, do, key, *said, at=NOW, **more):
        """The customer of the order says something on its page."""
        with self.books.write() as unit:
            return do(unit, unit.shops.get("fern"), str(key), *said, as_of=at, now=at, **more)

    def order(self, key):
        with self.books.read() as unit:
            return unit.orders.get("fern", str(key))

    def plans(self):
        with self.books.read() as unit:
            return {record.id: record.plan for record in unit.orders.open_all("fern")}

    def state(self):
        with self.books.read() as unit:
            known = unit.shops.get("fern")
            return replanning.state_of(unit, known, unit.orders.open_all("fern"))

    def actions(self, key):
        with self.books.read() as unit:
            return [row.action for row in unit.outbox.of_order("fern", str(key))]


@cache
def _books():
    """Books in memory, made once: what each use left is erased."""
    return open_books("sqlite://", encryption_keys=ENCRYPTION_KEY)


@contextmanager
def kept(*rows, **policy):
    """The books of a shop, in memory, with these rows, planned once."""
    made = Kept(_books(), **policy).store(*rows)
    try:
        made.replan()
        yield made
    finally:
        with _books().write() as unit:
            unit.shops.erase("fern")
