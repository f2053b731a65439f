from datetime import timedelta

import pytest
from sqlalchemy import select

from connectors.database import tables
from core.errors import Misuse
from core.ports.clockwork import LeaseLost

WAKE = "backorder/replan"


def keys(claimed):
    return [delivery.key for delivery in claimed[0]]


def test_a_delivery_is_stored_once_by_its_key(receive, take):
    assert receive("k1", body=b"first")
    assert not receive("k1", body=b"second")
    (delivery,), _ = take()
    assert delivery.body == b"first"
    assert (delivery.shop, delivery.topic, delivery.attempts, delivery.state) == ("fern", "orders/updated", 0, "new")


def test_two_shops_may_use_the_same_key(receive):
    assert receive("k1", shop="fern")
    assert receive("k1", shop="moss")


def test_a_delivery_for_an_unknown_shop_is_refused(receive):
    with pytest.raises(Misuse, match="not connected"):
        receive("k1", shop="nobody")


@pytest.mark.parametrize("body", [b"", b"{}", bytes(range(256)) * 40, "Ünï\x00".encode()])
def test_a_body_comes_back_byte_for_byte(receive, take, body):
    receive("k1", body=body)
    assert take()[0][0].body == body


def test_the_oldest_deliveries_come_first_and_at_most_as_many_as_asked(receive, take):
    receive("late", after=3)
    receive("early", after=1)
    receive("middle", after=2)
    assert keys(take(after=5, limit=2)) == ["early", "middle"]


def test_a_delivery_that_is_put_off_is_taken_when_it_is_due(receive, take):
    receive("later", due=30)
    assert take(after=29) == ((), 0)
    assert keys(take(after=30)) == ["later"]


def test_one_claim_takes_deliveries_of_one_shop_only(receive, take):
    receive("a", shop="fern")
    receive("b", shop="moss", after=1)
    first, second = take(after=5), take(after=5)
    assert {delivery.shop for delivery in first[0]} == {"fern"}
    assert {delivery.shop for delivery in second[0]} == {"moss"}


def test_a_leased_shop_is_skipped_even_for_what_came_in_since(receive, take):
    receive("a")
    take()
    receive("b")
    assert take(after=1) == ((), 0)


def test_the_shop_served_longest_ago_comes_next(kept, receive, take):
    for number in range(4):
        receive(f"f{number}", shop="fern")
    receive("m", shop="moss", after=1)
    served = []
    for _ in range(3):
        deliveries, fence = take(after=2, limit=1)
        served.append(deliveries[0].shop)
        with kept.write() as unit:
            unit.inbox.finish(deliveries, fence)
    assert served == ["fern", "moss", "fern"]


def test_finished_deliveries_are_not_taken_again(kept, receive, take):
    receive("a")
    deliveries, fence = take()
    with kept.write() as unit:
        unit.inbox.finish(deliveries, fence)
    assert take(after=100) == ((), 0)
    assert not receive("a")


def test_what_was_taken_in_is_forgotten_and_handed_out_to_nobody(kept, receive, take):
    receive("a")
    receive("b")
    (done, _), fence = take()
    with kept.write() as unit:
        unit.inbox.finish([done], fence)
    with kept.read() as unit:
        rows = {row["key"]: row for table, row in unit.retention.export("fern") if table == "deliveries"}
        kept_bodies = unit.retention.transaction.run(select(tables.deliveries.c.key, tables.deliveries.c.body)).all()
    assert rows.keys() == {"a", "b"}
    assert all("body" not in row for row in rows.values())
    assert {key: body is not None for key, body in kept_bodies} == {"a": False, "b": True}


def test_what_was_put_back_is_due_at_once_when_asked_for(kept, receive, take):
    receive("a")
    (waits,), fence = take()
    receive("later", after=500)
    with kept.write() as unit:
        unit.inbox.retry([waits], fence, at=waits.received_at + timedelta(seconds=90), error="not ready", dead=False)
    assert keys(take(after=3)) == []
    with kept.write() as unit:
        unit.inbox.hasten("fern", now=waits.received_at + timedelta(seconds=3))
    assert keys(take(after=3)) == ["a"]


def test_finishing_frees_the_shop_for_the_next_claim(kept, receive, take):
    receive("a")
    deliveries, fence = take()
    receive("b")
    with kept.write() as unit:
        unit.inbox.finish(deliveries, fence)
    assert keys(take(after=1)) == ["b"]


def test_the_shop_stays_leased_until_the_last_delivery_is_settled(kept, receive, take):
    receive("a")
    receive("b", after=1)
    (first, second), fence = take(after=2)
    receive("c", after=2)
    with kept.write() as unit:
        unit.inbox.finish([first], fence)
    assert take(after=3) == ((), 0)
    with kept.write() as unit:
        unit.inbox.retry([second], fence, at=first.received_at + timedelta(seconds=90), error=None, dead=False)
    assert keys(take(after=3)) == ["c"]


def test_a_lease_that_ran_out_is_claimed_again_under_a_higher_token(receive, take):
    receive("a")
    _, first = take()
    assert take(after=59) == ((), 0)
    deliveries, second = take(after=60)
    assert [delivery.key for delivery in deliveries] == ["a"]
    assert second > first


def test_the_old_token_is_refused_after_another_took_over(kept, receive, take, make):
    receive("a")
    old, stale = take()
    deliveries, fence = take(after=61)
    with pytest.raises(LeaseLost), kept.write() as unit:
        unit.inbox.finish(old, stale)
    with pytest.raises(LeaseLost), kept.write() as unit:
        unit.inbox.retry(old, stale, at=make.now, error="x", dead=False)
    with kept.write() as unit:
        unit.inbox.finish(deliveries, fence)


def test_a_late_finish_counts_while_nobody_else_took_over(kept, receive, take):
    receive("a")
    deliveries, fence = take()
    with kept.write() as unit:
        unit.inbox.finish(deliveries, fence)
    assert take(after=100) == ((), 0)


def test_a_retry_counts_an_attempt_only_with_an_error(kept, receive, take, make):
    receive("a")
    deliveries, fence = take()
    with kept.write() as unit:
        unit.inbox.retry(deliveries, fence, at=make.now + timedelta(seconds=5), error=None, dead=False)
    assert take(after=4) == ((), 0)
    deliveries, fence = take(after=5)
    assert deliveries[0].attempts == 0
    with kept.write() as unit:
        unit.inbox.retry(deliveries, fence, at=make.now + timedelta(seconds=9), error="no answer", dead=False)
    deliveries, _ = take(after=9)
    assert (deliveries[0].attempts, deliveries[0].error) == (1, "no answer")


def test_the_buried_are_listed_newest_first_with_their_errors(kept, receive, take, make):
    for key in ("a", "b"):
        receive(key, body=key.encode())
    deliveries, fence = take()
    with kept.write() as unit:
        unit.inbox.retry(deliveries, fence, at=make.now, error="not JSON", dead=True)
    with kept.read() as unit:
        dead = unit.inbox.dead("fern")
        assert unit.inbox.dead("moss") == ()
    assert [(row.key, row.error, row.state, row.attempts, row.body) for row in dead] == [
        ("b", "not JSON", "dead", 1, b"b"), ("a", "not JSON", "dead", 1, b"a"),
    ]  # fmt: skip
    assert take(after=100) == ((), 0)
    with kept.write() as unit:
        asked = [unit.inbox.again(shop, dead[0].id, now=make.now) for shop in ("moss", "fern", "fern")]
    assert asked == [False, True, False]
    assert keys(take(after=100)) == ["b"]


def test_a_buried_delivery_stays_buried_when_its_whole_batch_is_given_back(kept, receive, take, make):
    receive("bad")
    receive("good", after=1)
    (bad, good), fence = take(after=2)
    with kept.write() as unit:
        unit.inbox.retry([bad], fence, at=make.now, error="not JSON", dead=True)
    with kept.write() as unit:
        unit.inbox.retry([bad, good], fence, at=make.now + timedelta(seconds=3), error="no answer", dead=False)
    assert keys(take(after=3)) == ["good"]
    with kept.read() as unit:
        assert [row.key for row in unit.inbox.dead("fern")] == ["bad"]


def test_finishing_nothing_is_fine(kept):
    with kept.write() as unit:
        unit.inbox.finish((), 7)


def test_a_wake_up_that_was_done_is_made_new_again(kept, receive, take):
    receive("wake", topic=WAKE, body=b"1")
    deliveries, fence = take()
    with kept.write() as unit:
        unit.inbox.finish(deliveries, fence)
    assert receive("wake", topic=WAKE, body=b"2", after=5)
    assert [row.body for row in take(after=5)[0]] == [b"2"]


def test_a_wake_up_that_was_buried_is_made_new_with_no_attempts(kept, receive, take, make):
    receive("wake", topic=WAKE)
    deliveries, fence = take()
    with kept.write() as unit:
        unit.inbox.retry(deliveries, fence, at=make.now, error="broken", dead=True)
    assert receive("wake", topic=WAKE, after=5)
    (delivery,), _ = take(after=5)
    assert (delivery.attempts, delivery.error) == (0, None)


def test_a_delivery_of_the_platform_is_not_revived(kept, receive, take):
    receive("a")
    deliveries, fence = take()
    with kept.write() as unit:
        unit.inbox.finish(deliveries, fence)
    assert not receive("a", after=5)
    assert take(after=5) == ((), 0)


def test_a_waiting_wake_up_is_not_doubled(receive, take):
    assert receive("wake", topic=WAKE)
    assert not receive("wake", topic=WAKE, after=1)
    assert keys(take(after=2)) == ["wake"]
    assert take(after=2) == ((), 0)


def test_an_urgent_wake_up_pulls_a_waiting_one_forward(receive, take):
    receive("wake", topic=WAKE, due=1000)
    assert not receive("wake", topic=WAKE, due=10)
    assert not receive("wake", topic=WAKE, due=500)
    assert keys(take(after=10)) == ["wake"]


def test_a_wake_up_does_not_cut_short_the_pause_after_an_error(kept, receive, take, make):
    receive("wake", topic=WAKE)
    deliveries, fence = take()
    with kept.write() as unit:
        unit.inbox.retry(deliveries, fence, at=make.now + timedelta(seconds=50), error="later", dead=False)
    receive("wake", topic=WAKE, after=1)
    assert take(after=49) == ((), 0)


@pytest.mark.parametrize("ending", ["finish", "bury"])
def test_a_wake_up_that_comes_while_it_is_being_taken_in_runs_once_more(kept, receive, take, make, ending):
    receive("wake", topic=WAKE, body=b"1")
    deliveries, fence = take()
    assert receive("wake", topic=WAKE, body=b"2", after=1)
    with kept.write() as unit:
        if ending == "finish":
            unit.inbox.finish(deliveries, fence)
        else:
            unit.inbox.retry(deliveries, fence, at=make.now, error="broken", dead=True)
    again, fence = take(after=2)
    assert [row.body for row in again] == [b"2"]
    with kept.write() as unit:
        unit.inbox.finish(again, fence)
    assert take(after=100) == ((), 0)


def test_a_wake_up_during_a_lease_that_ran_out_runs_with_the_next_claim_and_only_then(kept, receive, take):
    receive("wake", topic=WAKE)
    take()
    receive("wake", topic=WAKE, after=1)
    deliveries, fence = take(after=61)
    with kept.write() as unit:
        unit.inbox.finish(deliveries, fence)
    assert take(after=100) == ((), 0)


def test_the_oldest_waiting_delivery_gives_its_time(kept, receive, take, make):
    with kept.read() as unit:
        assert unit.inbox.oldest_waiting() is None
    receive("b", after=9)
    receive("a", after=2)
    with kept.read() as unit:
        assert unit.inbox.oldest_waiting() == make.now + timedelta(seconds=2)
    deliveries, fence = take(after=20)
    with kept.read() as unit:
        assert unit.inbox.oldest_waiting() == make.now + timedelta(seconds=2)
    with kept.write() as unit:
        unit.inbox.finish(deliveries, fence)
    with kept.read() as unit:
        assert unit.inbox.oldest_waiting() is None


def test_the_next_due_moment_minds_leases(kept, receive, take, make):
    with kept.read() as unit:
        assert unit.inbox.next_due() is None
    receive("a", due=30)
    receive("m", shop="moss", due=90)
    with kept.read() as unit:
        assert unit.inbox.next_due() == make.now + timedelta(seconds=30)
    take(after=40)
    with kept.read() as unit:
        assert unit.inbox.next_due() == make.now + timedelta(seconds=90)
    take(after=95)
    with kept.read() as unit:
        assert unit.inbox.next_due() == make.now + timedelta(seconds=100)


def test_a_lease_that_ran_out_makes_its_deliveries_due_at_once(kept, receive, take, make):
    receive("a")
    take()
    with kept.read() as unit:
        assert unit.inbox.next_due() == make.now + timedelta(seconds=60)


def test_purging_forgets_old_bodies_of_buried_deliveries_and_keeps_the_keys(kept, receive, take, make):
    for number, key in enumerate(("old", "young", "waiting")):
        receive(key, body=b"text", after=number * 10)
    (old, young), fence = take(after=10)
    with kept.write() as unit:
        unit.inbox.retry((old, young), fence, at=make.now, error="not understood", dead=True)
        assert unit.retention.forget_bodies(make.now + timedelta(seconds=5)) == 1
        assert unit.retention.forget_bodies(make.now + timedelta(seconds=5)) == 0
        assert unit.retention.forget_bodies(make.now + timedelta(days=5)) == 1
    assert not receive("old")
    assert [row.body for row in take(after=30)[0]] == [b"text"]


def test_an_order_finds_the_deliveries_that_told_of_it_until_they_are_forgotten(kept, receive, take, put, make):
    put(make.order("1"))
    for number, key in enumerate(("a", "b", "c", "d")):
        receive(key, topic=f"orders/{key}", after=number)
    deliveries, fence = take(after=9)
    told = {one.id: order for one, order in zip(deliveries, ("1", "2", "1"), strict=False)}
    with kept.write() as unit:
        unit.inbox.finish(deliveries, fence, told=told, at=make.now)
        assert [one.topic for one in unit.inbox.of_order("fern", "1", limit=9)] == ["orders/c", "orders/a"]
        (newest,) = unit.inbox.of_order("fern", "1", limit=1)
        assert (newest.taken_at, newest.body, newest.state) == (make.now, b"", "done")
        assert unit.inbox.of_order("moss", "1", limit=9) == ()
        exported = [row["key"] for name, row in unit.retention.export("fern", orders=["1"]) if name == "deliveries"]
        unit.retention.forget_log(make.now + timedelta(seconds=1), most=9)
        assert [one.topic for one in unit.inbox.of_order("fern", "1", limit=9)] == ["orders/c"]
    assert sorted(exported) == ["a", "c"]


def test_a_shop_erased_while_its_deliveries_are_taken_in_may_be_finished_in_the_same_breath(kept, receive, take):
    receive("redact", topic="shop/redact")
    deliveries, fence = take()
    with kept.write() as unit:
        unit.shops.erase("fern")
        unit.inbox.finish(deliveries, fence)
    with kept.read() as unit:
        assert unit.shops.get("fern") is None
