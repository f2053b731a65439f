"""Webhooks that somebody or something took away are found by the check, and what they did not tell is fetched."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from core.errors import Misuse, Unavailable
from worker import rotation
from worker.clock import Clock

CHECK = "backorder/webhooks"


def delete(store):
    store.state.webhooks.clear()


def point_elsewhere(store):
    for hook in store.state.webhooks.values():
        hook.url = "http://127.0.0.1:9/elsewhere"


def switch_off(store):
    store.disable_webhooks()


@pytest.mark.parametrize("harm", [delete, point_elsewhere, switch_off])
def test_what_was_done_to_the_webhooks_is_mended_and_what_they_missed_is_fetched(keeper, harm):
    before = len(keeper.store.state.webhooks)
    harm(keeper.store)
    order = keeper.store.checkout([("MUG", 8)])
    keeper.rest()
    assert keeper.order(order) is None
    keeper.queue(CHECK)
    assert keeper.order(order).plan.backordered == 3
    hooks = keeper.store.state.webhooks.values()
    assert len(hooks) == before
    assert {hook.status for hook in hooks} == {"active"}
    assert all(hook.url.startswith(keeper.url) for hook in hooks)
    later = keeper.store.checkout([("MUG", 1)])
    keeper.rest()
    assert keeper.order(later) is not None


def test_a_check_that_finds_everything_in_place_compares_nothing(keeper):
    keeper.store.journal.clear()
    keeper.queue(CHECK)
    assert [entry.name for entry in keeper.store.journal.entries()] == ["GET /webhooks"]


def test_the_clock_queues_a_check_for_every_connected_shop(keeper):
    Clock(keeper.house, "w").queue_webhook_checks()
    with keeper.house.books.read() as unit:
        assert unit.inbox.next_due() is not None
    keeper.store.journal.clear()
    keeper.rest()
    assert keeper.store.journal.entries()[0].name == "GET /webhooks"


def test_a_new_secret_is_given_to_every_webhook_and_the_old_one_is_taken_for_a_day(keeper):
    old = keeper.credentials()["webhook_secret"]
    keeper.house.desk.rotate_secret(keeper.shop)
    known = keeper.credentials()
    assert known["previous_webhook_secret"] == old != known["webhook_secret"]
    assert {hook.secret for hook in keeper.store.state.webhooks.values()} == {known["webhook_secret"]}
    order = keeper.store.checkout([("MUG", 8)])
    keeper.rest()
    assert keeper.order(order) is not None
    keeper.queue(CHECK)
    assert "previous_webhook_secret" in keeper.credentials()
    with time_machine.travel(datetime.now(UTC) + rotation.STILL_TAKEN + timedelta(minutes=1)):
        keeper.queue(CHECK)
    assert set(keeper.credentials()) == {"consumer_key", "consumer_secret", "webhook_secret"}


def test_a_rotation_that_was_cut_off_is_finished_by_the_next_check(keeper):
    keeper.store.faults.add("error", match="DELETE /webhooks")
    with pytest.raises(Unavailable):
        keeper.house.desk.rotate_secret(keeper.shop)
    known = keeper.credentials()
    keeper.queue(CHECK)
    assert {hook.secret for hook in keeper.store.state.webhooks.values()} == {known["webhook_secret"]}
    assert keeper.credentials()["webhook_secret"] == known["webhook_secret"]
    assert rotation.UNDER_WAY not in keeper.credentials()


def test_what_happened_while_the_secret_changed_is_fetched(keeper):
    keeper.store.faults.add("slow", match="POST /webhooks", seconds=0.3)
    keeper.store.state.webhooks.clear()
    order = keeper.store.checkout([("MUG", 8)])
    keeper.house.desk.rotate_secret(keeper.shop)
    keeper.rest()
    assert keeper.order(order) is not None


def test_webhooks_that_outlived_our_books_are_made_anew(keeper):
    url = next(iter(keeper.store.state.webhooks.values())).url
    with keeper.house.books.write() as unit:
        unit.shops.erase(keeper.shop.id)
    keeper.connect()
    hooks = list(keeper.store.state.webhooks.values())
    assert {hook.secret for hook in hooks} == {keeper.credentials()["webhook_secret"]}
    assert {hook.url for hook in hooks} == {url}


def test_a_platform_that_signs_with_the_apps_secret_is_told_so(keeper):
    from dataclasses import replace

    with pytest.raises(Misuse, match="app's secret"):
        keeper.house.desk.rotate_secret(replace(keeper.shop, platform="shopify"))
