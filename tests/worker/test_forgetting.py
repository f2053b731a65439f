"""The clock forgets what is older than the settings allow, and only in the elected process."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from connectors.database.hooks import HookTables
from connectors.database.replies import ReplyTable
from connectors.database.retention import RetentionTables
from core.ports.replies import KEPT
from worker.clock import OFFICE, Clock


def test_the_clock_forgets_by_the_settings(keeper):
    order = str(keeper.store.checkout([("MUG", 1)], customer="Customer 12", email="someone@shop.example"))
    keeper.rest()
    keeper.store.complete(order)
    keeper.rest()
    assert keeper.order(order).snapshot.customer.email == "someone@shop.example"
    later = replace(keeper.house, now=lambda: datetime.now(UTC) + timedelta(days=399))
    Clock(later, "w").purge()
    assert keeper.order(order).snapshot.customer.email == "someone@shop.example"
    later = replace(keeper.house, now=lambda: datetime.now(UTC) + timedelta(days=401))
    with later.books.write() as unit:
        unit.clockwork.resign(OFFICE, "w")
        assert unit.clockwork.elect(OFFICE, "another", now=datetime.now(UTC), ttl=timedelta(seconds=60))
    Clock(later, "w").purge()
    assert keeper.order(order).snapshot.customer.email == "someone@shop.example"
    with later.books.write() as unit:
        unit.clockwork.resign(OFFICE, "another")
    Clock(later, "w").purge()
    assert keeper.order(order).snapshot.customer.email is None


def test_each_kind_is_forgotten_at_its_own_age_and_in_small_parts_until_none_is_left(books, monkeypatch):
    told, now, later = [], datetime.now(UTC), datetime.now(UTC) + timedelta(days=1000)

    def forgets(kind, *left):
        left = list(left)
        return lambda _table, before, **_most: told.append((kind, before)) or (left.pop() if left else 0)

    for table, name, kind, *left in (
        (RetentionTables, "forget_bodies", "bodies"), (HookTables, "forget", "events"), (ReplyTable, "forget", "replies"),
        (RetentionTables, "forget_people", "people", 2, 1), (RetentionTables, "forget_log", "log", 1),
    ):  # fmt: skip
        monkeypatch.setattr(table, name, forgets(kind, *left))
    ages = {"keep_bodies": timedelta(days=1), "keep_people": timedelta(days=20), "keep_log": timedelta(days=300)}
    house = SimpleNamespace(books=books, now=lambda: later, settings=SimpleNamespace(**ages))
    Clock(house, "w").purge()
    # What was received, sent and answered is as old as the machine's time says; what people see, as business time does.
    found = [
        (kind, round(((later if kind in {"people", "log"} else now) - before).total_seconds() / 3600))
        for kind, before in told
    ]
    assert found == [
        ("bodies", 24), ("events", 24), ("replies", KEPT.total_seconds() / 3600),
        *[("people", 480)] * 3, *[("log", 7200)] * 2,
    ]  # fmt: skip
