from datetime import timedelta

import pytest
from sqlalchemy import event

from core.actions import Refund


def state_of(kept, key, order="1"):
    with kept.read() as unit:
        return next(row for row in unit.outbox.of_order("fern", order) if row.key == key)


def test_wanted_actions_are_queued_in_their_order(want, make, kept):
    assert want((make.hold(), "hold"), (make.tag(), "tag")) == 2
    with kept.read() as unit:
        first, second = unit.outbox.of_order("fern", "1")
    assert (first.action, first.key, first.reason, first.state) == (make.hold(), "hold", "because", "pending")
    assert (second.kind, second.attempts, second.fence, second.next_at) == ("tag", 0, 0, make.now)
    assert first.id < second.id


@pytest.mark.parametrize("kind", ["tag", "hold", "release", "code", "note"])
def test_every_action_comes_back_as_it_was(want, make, kept, kind):
    action = getattr(make, kind)()
    want((action, "key"))
    assert state_of(kept, "key").action == action


def test_wanting_the_same_again_queues_nothing(want, make, lane):
    want((make.hold(), "hold"), (make.tag(), "tag"))
    assert want((make.hold(), "hold"), (make.tag(), "tag"), after=9) == 0
    assert lane() == [("hold", "pending"), ("tag", "pending")]


def test_wanting_the_same_again_writes_nothing(want, make, kept):
    want((make.hold(), "hold"))
    writes = []
    with kept.write() as unit:
        connection = unit.outbox.transaction.connection
        event.listen(connection, "before_cursor_execute", lambda *call: writes.append(call[2]))
        unit.outbox.want("fern", "1", [(make.hold(), "hold", "because")], now=make.now, act=True)
    assert [words for words in writes if not words.lstrip().upper().startswith("SELECT")] == []
    assert writes


def test_what_is_no_longer_wanted_is_skipped(want, make, lane, kept):
    want((make.hold(), "hold"), (make.tag(), "tag"))
    assert want((make.tag(), "tag"), (make.release(), "release"), after=5) == 1
    assert lane() == [("hold", "skipped"), ("tag", "pending"), ("release", "pending")]
    skipped = state_of(kept, "hold")
    assert (skipped.error, skipped.finished_at) == ("no longer wanted", make.now + timedelta(seconds=5))


def test_wanting_nothing_skips_all_that_waits_of_that_order_only(want, make, lane):
    want((make.tag(), "tag"))
    want((make.tag("2"), "tag"), order="2")
    want((make.tag(), "tag"), shop="moss")
    assert want() == 0
    assert (lane("1"), lane("2"), lane("1", "moss")) == (
        [("tag", "skipped")],
        [("tag", "pending")],
        [("tag", "pending")],
    )


def test_what_several_orders_want_at_once_changes_each_lane_by_itself(want, make, send, lane, kept):
    want((make.hold(), "hold"), (make.tag(), "tag"))
    want((make.tag("2"), "tag"), order="2")
    want((make.tag("3"), "tag"), order="3")
    send()
    wishes = {
        "1": [(make.release(), "release", "r")],
        "2": [(make.tag("2"), "tag", "r"), (make.note("2"), "note", "r")],
    }
    with kept.write() as unit:
        queued = unit.outbox.want_all("fern", wishes, now=make.now, act=False)
    assert queued == {"1": 1, "2": 1}
    assert lane("1") == [("hold", "pending"), ("tag", "skipped"), ("release", "planned")]
    assert lane("2") == [("tag", "planned"), ("note", "planned")]
    assert lane("3") == [("tag", "pending")]


def test_what_a_plan_asks_of_a_long_outbox_is_found_by_lane_and_by_lease(books, make):
    asked = []
    with books.write() as unit:
        connection = unit.outbox.transaction.connection
        event.listen(connection, "before_cursor_execute", lambda *call: asked.append(call[2:4]))
        unit.outbox.want_all("fern", {"1": ()}, now=make.now, act=True)
        unit.outbox.in_flight("fern")
        unit.outbox.waiting_items("fern")
        ways = [
            connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {words}", values).one()[3] for words, values in asked[:3]
        ]
    assert [way.partition("INDEX ")[2] for way in ways] == [
        "ix_actions_lane (shop=? AND order_id=?)", "ix_actions_leased (shop=? AND leased_until>?)",
        "uq_actions_live (shop=? AND order_id>? AND order_id<?)",
    ]  # fmt: skip


def test_what_is_under_way_is_not_skipped_nor_queued_again(want, make, send, lane):
    want((make.hold(), "hold"))
    send()
    assert want((make.release(), "release"), after=1) == 1
    assert want((make.hold(), "hold"), (make.release(), "release"), after=2) == 0
    assert lane() == [("hold", "pending"), ("release", "pending")]


def test_an_action_whose_lease_ran_out_is_skipped_when_it_is_no_longer_wanted(want, make, send, lane):
    want((make.hold(), "hold"))
    send()
    want(after=61)
    assert lane() == [("hold", "skipped")]


def test_what_was_done_before_may_be_wanted_again(want, make, send, kept, lane):
    want((make.tag(), "tag"))
    action = send()
    with kept.write() as unit:
        unit.outbox.done(action, now=make.now, reference="gid/1")
    assert want((make.tag(), "tag"), after=9) == 1
    assert lane() == [("tag", "done"), ("tag", "pending")]


def test_what_was_skipped_before_may_be_wanted_again(want, make, lane):
    want((make.tag(), "tag"))
    want()
    assert want((make.tag(), "tag")) == 1
    assert lane() == [("tag", "skipped"), ("tag", "pending")]


def test_what_failed_for_good_is_not_queued_again_by_itself(want, make, send, kept, lane):
    want((make.tag(), "tag"))
    action = send()
    with kept.write() as unit:
        unit.outbox.fail(action, now=make.now, error="refused")
    assert want((make.tag(), "tag"), (make.hold(), "hold")) == 1
    assert lane() == [("tag", "failed"), ("hold", "pending")]


def test_two_wanted_actions_with_one_key_are_queued_once(want, make, lane):
    assert want((make.tag(), "tag"), (make.tag(), "tag")) == 1
    assert lane() == [("tag", "pending")]


def test_a_shop_that_observes_only_plans(want, make, send, lane):
    assert want((make.tag(), "tag"), act=False) == 1
    assert lane() == [("tag", "planned")]
    assert send(after=100) is None


def test_acting_makes_what_was_planned_and_is_still_wanted_pending(want, make, send, lane):
    want((make.tag(), "tag"), act=False)
    assert want((make.tag(), "tag"), after=5) == 0
    assert lane() == [("tag", "pending")]
    assert send(after=5).key == "tag"


def test_observing_again_takes_back_what_waits(want, make, send, lane):
    want((make.tag(), "tag"))
    assert want((make.tag(), "tag"), act=False) == 0
    assert lane() == [("tag", "planned")]
    assert send() is None


def test_switching_to_acting_makes_every_planned_action_of_the_shop_pending(want, make, kept, lane):
    want((make.tag(), "tag"), act=False)
    want((make.tag("2"), "tag"), order="2", act=False)
    want((make.tag(), "tag"), shop="moss", act=False)
    with kept.write() as unit:
        assert unit.outbox.make_pending("fern", now=make.now + timedelta(seconds=7)) == 2
    assert (lane("1"), lane("2"), lane("1", "moss")) == (
        [("tag", "pending")],
        [("tag", "pending")],
        [("tag", "planned")],
    )
    assert state_of(kept, "tag").next_at == make.now + timedelta(seconds=7)


def test_what_waits_longer_is_hastened_and_what_is_due_before_stays(want, make, send, kept):
    after = {seconds: make.now + timedelta(seconds=seconds) for seconds in (20, 30, 900)}
    for order, seconds, shop in [("1", 900, "fern"), ("2", 20, "fern"), ("1", 900, "moss")]:
        want((make.tag(order), "tag"), order=order, shop=shop)
        tried = send()
        with kept.write() as unit:
            unit.outbox.retry(tried, at=after[seconds], error="refused")
    with kept.write() as unit:
        unit.outbox.hasten("fern", until=after[30])
    with kept.read() as unit:
        due = [
            unit.outbox.of_order(shop, order)[0].next_at
            for shop, order in (("fern", "1"), ("fern", "2"), ("moss", "1"))
        ]
    assert due == [after[30], after[20], after[900]]


def manual(kept, make, *, key="code-1", act=True, action=None):
    with kept.write() as unit:
        return unit.outbox.add_manual("fern", "1", action or make.code(), key, "a person asked", now=make.now, act=act)


def test_what_a_person_asked_for_is_never_skipped_by_a_plan(want, make, kept, lane):
    assert manual(kept, make)
    want((make.tag(), "tag"))
    want()
    assert lane() == [("manual:code-1", "pending"), ("tag", "skipped")]


def test_what_a_person_asked_for_is_queued_once_while_it_waits(make, kept, send, lane):
    assert manual(kept, make)
    assert not manual(kept, make)
    action = send()
    with kept.write() as unit:
        unit.outbox.fail(action, now=make.now, error="refused")
    assert manual(kept, make)
    assert lane() == [("manual:code-1", "failed"), ("manual:code-1", "pending")]


def test_what_a_person_asked_for_while_observing_is_planned(make, kept, lane):
    assert manual(kept, make, act=False)
    assert lane() == [("manual:code-1", "planned")]


def test_codes_are_those_made_or_to_be_made(want, make, kept, send):
    want((make.code(code="done"), "done"))
    action = send()
    with kept.write() as unit:
        unit.outbox.done(action, now=make.now, reference="1")
    want((make.code(code="failed"), "failed"), after=1)
    action = send(after=1)
    with kept.write() as unit:
        unit.outbox.fail(action, now=make.now, error="no")
    want((make.code(code="skipped"), "skipped"), after=2)
    want((make.code(code="waits"), "waits"), (make.tag(), "tag"), after=2)
    want((make.code("2", code="planned"), "planned"), order="2", after=3, act=False)
    with kept.read() as unit:
        assert [row.action.code for row in unit.outbox.codes("fern")] == ["done", "waits", "planned"]
        assert unit.outbox.codes("moss") == ()


def test_a_person_may_ask_to_try_a_failed_action_again(want, make, send, kept):
    want((make.tag(), "tag"))
    action = send()
    with kept.write() as unit:
        unit.outbox.fail(action, now=make.now, error="refused")
    failed = state_of(kept, "tag")
    with kept.write() as unit:
        assert not unit.outbox.again("moss", failed.id, now=make.now)
        assert unit.outbox.again("fern", failed.id, now=make.now + timedelta(seconds=9))
        assert not unit.outbox.again("fern", failed.id, now=make.now)
    again = state_of(kept, "tag")
    assert (again.state, again.attempts, again.error, again.finished_at) == ("pending", 0, None, None)
    assert send(after=8) is None
    assert send(after=9).fence > failed.fence


def test_a_failed_action_is_not_tried_again_while_a_copy_waits(make, send, kept):
    manual(kept, make)
    failed = send()
    with kept.write() as unit:
        unit.outbox.fail(failed, now=make.now, error="refused")
    manual(kept, make)
    with kept.write() as unit:
        assert not unit.outbox.again("fern", failed.id, now=make.now)


@pytest.mark.parametrize("id", [0, -1, 10**15])
def test_an_unknown_action_cannot_be_tried_again(kept, make, id):
    with kept.write() as unit:
        assert not unit.outbox.again("fern", id, now=make.now)


def test_everything_that_waits_can_be_skipped_at_once(want, make, send, kept, lane):
    want((make.hold(), "hold"), (make.tag(), "tag"))
    want((make.tag("2"), "tag"), order="2", act=False)
    manual(kept, make)
    send()
    with kept.write() as unit:
        assert unit.outbox.skip_all("fern", now=make.now, why="uninstalled") == 3
    assert lane() == [("hold", "pending"), ("tag", "skipped"), ("manual:code-1", "skipped")]
    assert lane("2") == [("tag", "skipped")]
    assert state_of(kept, "tag").error == "uninstalled"


def test_counts_and_the_newest_are_of_one_shop(want, make, kept, send):
    want((make.hold(), "hold"), (make.tag(), "tag"))
    want((make.tag(), "tag"), shop="moss")
    action = send()
    with kept.write() as unit:
        unit.outbox.done(action, now=make.now, reference="1")
    with kept.read() as unit:
        assert unit.outbox.counts("fern") == {"done": 1, "pending": 1}
        assert unit.outbox.counts("moss") == {"pending": 1}
        assert unit.census.actions() == {("fern", "done"): 1, ("fern", "pending"): 1, ("moss", "pending"): 1}
        assert [row.key for row in unit.outbox.recent("fern", limit=1)] == ["tag"]
        assert [row.key for row in unit.outbox.recent("fern", limit=9)] == ["tag", "hold"]
        assert unit.outbox.counts("nobody") == {}


def put_off(kept, send, make):
    """Try the head of the lane, and put it off."""
    action = send()
    with kept.write() as unit:
        unit.outbox.retry(action, at=make.now + timedelta(seconds=30), error="no answer")


def test_what_replaces_a_tried_action_waits_until_that_would_have_been_tried_again(want, make, send, kept):
    want((make.hold(units=2), "hold 2"))
    put_off(kept, send, make)
    want((make.hold(units=3), "hold 3"), after=5)
    assert (state_of(kept, "hold 2").state, state_of(kept, "hold 3").next_at) == (
        "skipped", make.now + timedelta(seconds=30),
    )  # fmt: skip


@pytest.mark.parametrize(("tried", "left", "next_one"), [(False, "skipped", "tag"), (True, "pending", None)])
def test_a_refund_that_may_have_moved_money_is_followed_to_its_end(want, make, send, kept, tried, left, next_one):
    want((Refund(order="1", units={"1": 2}, restock=True, key="uuid", note="gone"), "refund"))
    if tried:
        put_off(kept, send, make)
    want((make.tag(), "tag"))
    assert state_of(kept, "refund").state == left
    following = send(after=5)
    assert (following and following.key) == next_one
