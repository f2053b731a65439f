from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from connectors.database import tables
from core.ports.clockwork import LeaseLost


def test_a_claim_leases_the_head_of_a_lane(want, make, send):
    want((make.hold(), "hold"), (make.tag(), "tag"))
    action = send(after=5)
    assert (action.key, action.attempts, action.sent_at, action.fence) == (
        "hold",
        1,
        make.now + timedelta(seconds=5),
        1,
    )
    assert send(after=6) is None


def test_the_next_action_of_a_lane_follows_when_the_head_is_done(want, make, send, kept):
    want((make.hold(), "hold"), (make.tag(), "tag"))
    action = send()
    with kept.write() as unit:
        unit.outbox.done(action, now=make.now, reference="gid/1", note="stood there already")
    with kept.read() as unit:
        done = unit.outbox.of_order("fern", "1")[0]
    assert (done.state, done.reference, done.finished_at, done.error) == ("done", "gid/1", make.now, None)
    assert send().key == "tag"


@pytest.mark.parametrize("skipped", [True, False])
def test_a_failed_or_skipped_action_does_not_stop_its_lane(want, make, send, kept, lane, skipped):
    want((make.hold(), "hold"), (make.tag(), "tag"))
    action = send()
    with kept.write() as unit:
        unit.outbox.fail(action, now=make.now, error="refused", skipped=skipped)
    assert lane()[0] == ("hold", "skipped" if skipped else "failed")
    assert send().key == "tag"


def test_an_action_that_is_put_off_keeps_its_lane_waiting(want, make, send, kept):
    want((make.hold(), "hold"), (make.tag(), "tag"))
    action = send()
    with kept.write() as unit:
        assert unit.census.actions_put_back() == {}  # one under way, one never tried
        unit.outbox.retry(action, at=make.now + timedelta(seconds=30), error="no answer")
        assert unit.census.actions_put_back() == {"fern": 1}
    assert send(after=29) is None
    action = send(after=30)
    assert (action.key, action.attempts, action.error, action.fence) == ("hold", 2, "no answer", 2)


def test_what_only_tells_gives_way_while_it_is_put_off(want, make, send, kept):
    want((make.tag(), "tag"), (make.hold(), "hold"))
    told = send()
    assert (told.key, send()) == ("tag", None)
    with kept.write() as unit:
        unit.outbox.retry(told, at=make.now + timedelta(seconds=30), error="no answer")
    with kept.read() as unit:
        assert unit.outbox.next_due() == make.now
    held = send(after=1)
    assert (held.key, send(after=30)) == ("hold", None)
    with kept.write() as unit:
        unit.outbox.done(held, now=make.now, reference="")
    assert (send(after=29), send(after=30).key) == (None, "tag")


def test_what_only_tells_keeps_its_place_once_it_is_due_again(want, make, send, kept):
    want((make.tag(), "tag"), (make.hold(), "hold"))
    told = send()
    with kept.write() as unit:
        unit.outbox.retry(told, at=make.now + timedelta(seconds=30), error="no answer")
    assert send(after=30).key == "tag"


def test_lanes_of_other_orders_do_not_wait(want, make, send):
    want((make.hold(), "hold"), (make.tag(), "tag"))
    want((make.hold("2"), "hold"), order="2")
    assert [send().order, send().order, send()] == ["1", "2", None]


def test_the_same_order_number_in_two_shops_is_two_lanes(want, make, send):
    want((make.hold(), "hold"))
    want((make.hold(), "hold"), shop="moss")
    assert {send().shop, send().shop} == {"fern", "moss"}


def test_at_most_so_many_of_a_shop_are_under_way(want, make, send):
    for order in "1234":
        want((make.tag(order), "tag"), order=order)
    assert [send(per_shop=2) is not None for _ in range(3)] == [True, True, False]
    assert send(after=60, per_shop=2) is not None


def test_who_finds_no_room_does_not_wait_for_who_claims_for_the_same_shop(want, make, send, kept):
    for order in ("1", "2"):
        want((make.hold(order), "hold"), order=order)
    assert send(per_shop=1) is not None
    with kept.write() as unit:
        claiming = unit.outbox.transaction
        if claiming.sqlite:
            return  # one writes at a time there, and nobody waits for a row
        claiming.run(select(tables.outbox_turns).with_for_update())
        with kept.write() as other:
            other.outbox.transaction.run(text("SET LOCAL lock_timeout = '5s'"))
            assert other.outbox.claim(now=make.now, lease=timedelta(seconds=60), per_shop=1) is None


def test_a_busy_shop_does_not_delay_another(want, make, send):
    for order in "1234":
        want((make.tag(order), "tag"), order=order)
    want((make.tag(), "tag"), shop="moss")
    assert [send(per_shop=1).shop, send(per_shop=1).shop, send(per_shop=1)] == ["fern", "moss", None]


def test_shops_take_turns(want, make, send):
    for order in "1234":
        want((make.tag(order), "tag"), order=order)
    for order in "12":
        want((make.tag(order), "tag"), order=order, shop="moss")
    assert [send(per_shop=9).shop for _ in range(6)] == ["fern", "moss", "fern", "moss", "fern", "fern"]


def test_a_lease_that_ran_out_is_claimed_again_and_the_old_token_refused(want, make, send, kept):
    want((make.hold(), "hold"))
    old = send()
    assert send(after=59) is None
    new = send(after=60)
    assert (new.id, new.attempts, new.fence) == (old.id, 1, old.fence + 1)
    for outcome in (
        lambda unit: unit.outbox.done(old, now=make.now, reference="x"),
        lambda unit: unit.outbox.retry(old, at=make.now, error="x"),
        lambda unit: unit.outbox.fail(old, now=make.now, error="x"),
    ):
        with pytest.raises(LeaseLost), kept.write() as unit:
            outcome(unit)
    with kept.write() as unit:
        unit.outbox.done(new, now=make.now, reference="x")


def test_an_outcome_is_recorded_once(want, make, send, kept):
    want((make.hold(), "hold"))
    action = send()
    with kept.write() as unit:
        unit.outbox.retry(action, at=make.now, error="x")
    with pytest.raises(LeaseLost), kept.write() as unit:
        unit.outbox.done(action, now=make.now, reference="x")


def test_an_outcome_for_another_shops_action_is_refused(want, make, send, kept):
    want((make.hold(), "hold"))
    action = replace(send(), shop="moss")
    with pytest.raises(LeaseLost), kept.write() as unit:
        unit.outbox.done(action, now=make.now, reference="x")


def test_a_revived_action_waits_for_the_one_of_its_lane_that_is_under_way(want, make, send, kept):
    want((make.hold(), "hold"), (make.tag(), "tag"))
    failed = send()
    with kept.write() as unit:
        unit.outbox.fail(failed, now=make.now, error="refused")
    tag = send()
    with kept.write() as unit:
        assert unit.outbox.again("fern", failed.id, now=make.now)
    assert send() is None
    with kept.write() as unit:
        unit.outbox.done(tag, now=make.now, reference="")
    assert send().key == "hold"


def test_an_order_is_in_flight_from_the_claim_to_the_outcome(want, make, send, kept):
    want((make.hold(), "hold"))

    def flying(shop="fern", order="1"):
        with kept.read() as unit:
            return order in unit.outbox.in_flight(shop)

    assert not flying()
    action = send()
    assert flying()
    assert not flying(order="2")
    assert not flying(shop="moss")
    with kept.write() as unit:
        unit.outbox.done(action, now=make.now, reference="")
    assert not flying()


def test_the_next_due_moment_is_that_of_a_lanes_head(want, make, send, kept):
    def due():
        with kept.read() as unit:
            moment = unit.outbox.next_due()
        return None if moment is None else (moment - make.now).total_seconds()

    assert due() is None
    want((make.hold(), "hold"), (make.tag(), "tag"), after=10)
    assert due() == 10
    action = send(after=10)
    assert due() == 70
    with kept.write() as unit:
        unit.outbox.retry(action, at=make.now + timedelta(seconds=300), error="later")
    assert due() == 300
    want((make.tag("2"), "tag"), order="2", after=20)
    assert due() == 20
    want((make.tag("3"), "tag"), order="3", act=False)
    assert due() == 20
