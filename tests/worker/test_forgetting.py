"""The clock forgets what is older than the settings allow, and only in the elected process."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

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
