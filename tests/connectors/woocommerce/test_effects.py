"""Wanted ends at a store: looked at first, written once, found again after a lost answer."""

import copy

import pytest

from connectors.woocommerce.effects import EFFECTS
from core.actions import ACTIONS, Clear, Fulfil, Hold, Note, Release, Tag, Untag
from core.errors import NotFound, OutcomeUnknown, Unavailable
from core.outcomes import Already, Blocked, Done

LOST = "lost"  # done, but the answer did not come back
REFUSED = "refused"  # failed before it was done


def hold(held, ready=None, note="Kettle: 3 can ship, 5 wait", kind=Hold):
    return kind(order="33", held=held, ready=ready or {}, handle="backorder-hold-33", note=note)


def fulfil(shipped, reference="backorder-33-1", **more):
    return Fulfil(order="33", shipped=shipped, reference=reference, **more)


# -- tags ----------------------------------------------------------------------------------------------------------


def test_tags_are_added_to_ours_and_removed_one_by_one(desk, shop):
    here = desk(meta={"someone_elses": "x"})
    assert shop.carry_out(Tag(order="33", tags=("backorder-waiting",))) == Done()
    assert shop.carry_out(Tag(order="33", tags=("backorder-part-ready", "backorder-waiting"))) == Done()
    assert here.meta == {"someone_elses": "x", "_backorder_tags": "backorder-part-ready, backorder-waiting"}
    assert shop.read_order("33").outside.tags == {"backorder-part-ready", "backorder-waiting"}
    assert shop.carry_out(Untag(order="33", tags=("backorder-part-ready",))) == Done()
    assert here.meta["_backorder_tags"] == "backorder-waiting"
    shop.carry_out(Untag(order="33", tags=("backorder-waiting",)))
    assert here.meta == {"someone_elses": "x"}, "no empty key stays behind"


@pytest.mark.parametrize(("action", "standing"), [(Tag, "a, b"), (Untag, "c")])
def test_tags_that_are_right_are_not_written(desk, shop, action, standing):
    here = desk(meta={"_backorder_tags": standing})
    assert shop.carry_out(action(order="33", tags=("a",))) == Already()
    assert here.log == []


@pytest.mark.parametrize("fault", [LOST, REFUSED])
def test_a_tag_with_a_lost_answer_stands_once_after_the_next_try(desk, shop, fault):
    here = desk()
    here.faults = [fault]
    with pytest.raises(OutcomeUnknown):
        shop.carry_out(Tag(order="33", tags=("a",)))
    assert isinstance(shop.carry_out(Tag(order="33", tags=("a",))), Already if fault == LOST else Done)
    assert here.meta["_backorder_tags"] == "a"


# -- holds ---------------------------------------------------------------------------------------------------------


def test_a_hold_says_what_waits_and_what_is_ready_and_leaves_the_status(desk, shop):
    here = desk()
    done = shop.carry_out(hold({"1": 5, "2": 0}, {"1": 3}))
    assert done == Done(reference="100")
    assert here.meta["_backorder_waiting"] == '{"1":5}'
    assert here.meta["_backorder_ready"] == '{"1":3}'
    assert here.notes[0]["note"].startswith("Kettle: 3 can ship, 5 wait [backorder ")
    assert here.notes[0]["customer_note"] is False
    assert here.order["status"] == "processing"
    assert shop.read_order("33").outside.held == {"1": 5}


def test_the_same_hold_again_writes_nothing_and_reads_once(desk, shop, store):
    here = desk()
    shop.carry_out(hold({"1": 5}, {"1": 3}))
    writes, reads = len(here.log), len(store.mock.calls)
    assert shop.carry_out(hold({"1": 5}, {"1": 3})) == Already()
    assert (len(here.log), len(store.mock.calls)) == (writes, reads + 1)


def test_a_release_of_everything_takes_the_keys_away(desk, shop):
    here = desk()
    shop.carry_out(hold({"1": 5}))
    shop.carry_out(hold({}, {"1": 8}, kind=Release, note="Nothing waits any more."))
    assert here.meta.keys() == {"_backorder_said"}, "an order of which nothing waits is like any other"
    assert len(here.notes) == 2


def test_units_that_were_ready_and_left_are_written_down_without_a_word(desk, shop):
    here = desk()
    shop.carry_out(hold({"1": 5}, {"1": 3}))
    assert shop.carry_out(hold({"1": 5}, {}, kind=Release, note="Kettle: 0 can ship, 5 wait")) == Done()
    assert "_backorder_ready" not in here.meta
    assert len(here.notes) == 1
    shop.carry_out(hold({"1": 5}, {"1": 2}, kind=Release, note="Kettle: 2 can ship, 5 wait"))
    assert here.meta["_backorder_ready"] == '{"1":2}'
    assert len(here.notes) == 2, "more that can ship is news"


@pytest.mark.parametrize(("status", "left"), [("cancelled", set()), ("processing", {"_backorder_waiting"})])
def test_an_order_that_is_over_says_nothing_of_waiting_once_it_is_untagged(desk, shop, status, left):
    here = desk(status=status, meta={"_backorder_tags": "a", "_backorder_waiting": '{"1":5}'})
    assert shop.carry_out(Untag(order="33", tags=("a",))) == Done()
    assert here.meta.keys() == left
    assert len(here.log) == 1


def test_a_wish_that_comes_back_is_said_again(desk, shop):
    here = desk()
    for held in ({"1": 5}, {"1": 2}, {"1": 5}, {"1": 2}):
        shop.carry_out(hold(held, note="Some wait"))
    assert len(here.notes) == 4
    assert len({note["note"] for note in here.notes}) == 4


@pytest.mark.parametrize(
    "faults", [[LOST], [REFUSED], [None, LOST], [None, REFUSED], [LOST, LOST], [REFUSED, LOST, REFUSED]]
)
def test_a_hold_that_was_cut_off_anywhere_ends_with_one_note(desk, shop, faults):
    here = desk()
    here.faults = list(faults)
    for _ in range(6):
        try:
            shop.carry_out(hold({"1": 5}, {"1": 3}))
        except OutcomeUnknown:
            continue
    assert len(here.notes) == 1
    assert here.meta["_backorder_waiting"] == '{"1":5}'


def test_a_hold_without_words_leaves_no_note(desk, shop):
    here = desk()
    assert shop.carry_out(hold({"1": 5}, note=" ")) == Done()
    assert here.notes == []


@pytest.mark.parametrize("status", ["completed", "cancelled", "trash", "refunded"])
def test_an_order_that_is_over_is_not_held_but_may_be_released(desk, shop, status):
    here = desk(status=status, meta={"_backorder_waiting": '{"1":5}'})
    assert isinstance(shop.carry_out(hold({"1": 6})), Blocked)
    assert here.log == []
    assert isinstance(shop.carry_out(hold({}, kind=Release)), Done)


# -- notes ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("to_customer", [False, True])
def test_a_note_stands_once_with_its_marker(desk, shop, to_customer):
    here = desk()
    note = Note(order="33", marker="abc234", text="Expected 24 December.", to_customer=to_customer)
    assert shop.carry_out(note) == Done(reference="100")
    assert shop.carry_out(note) == Already(reference="100")
    assert [(n["note"], n["customer_note"]) for n in here.notes] == [
        (f"Expected 24 December. [backorder abc234{'' if to_customer else '-0fed9a01540b'}]", to_customer)
    ]


@pytest.mark.parametrize("fault", [LOST, REFUSED])
def test_a_note_with_a_lost_answer_stands_once(desk, shop, fault):
    here = desk()
    here.faults = [fault]
    note = Note(order="33", marker="abc234", text="Hello", to_customer=True)
    with pytest.raises(OutcomeUnknown):
        shop.carry_out(note)
    shop.carry_out(note)
    assert len(here.notes) == 1


def test_a_marker_that_begins_like_another_is_another(desk, shop):
    here = desk()
    for marker in ("abc", "abcd", "a b]", "a b"):
        assert isinstance(shop.carry_out(Note(order="33", marker=marker, text="x")), Done)
    assert len(here.notes) == 4


# -- leaving -------------------------------------------------------------------------------------------------------


def test_leaving_takes_every_key_of_ours_and_no_other(desk, shop):
    here = desk(
        meta={"_backorder_tags": "a", "_backorder_waiting": "{}", "_backorder_expected": "of another plugin", "x": "y"}
    )
    shop.carry_out(hold({"1": 5}))
    here.log.clear()
    assert shop.carry_out(Clear(order="33")) == Done()
    assert here.meta == {"_backorder_expected": "of another plugin", "x": "y"}
    assert len(here.log) == 1
    assert shop.carry_out(Clear(order="33")) == Already()


@pytest.mark.parametrize("action", [Clear(order="33"), Untag(order="33", tags=("a",))])
def test_nothing_stands_on_an_order_that_is_gone(store, shop, captured, action):
    store.answers("orders/33", captured("order-not-found.json"), status=404)
    assert shop.carry_out(action) == Already()


@pytest.mark.parametrize("action", [Tag(order="33", tags=("a",)), hold({"1": 2}), fulfil({"1": 2})])
def test_nothing_can_be_put_on_an_order_that_is_gone(store, shop, captured, action):
    store.answers("orders/33", captured("order-not-found.json"), status=404)
    with pytest.raises(NotFound):
        shop.carry_out(action)


@pytest.mark.parametrize("kind", [Tag, Untag])
def test_an_id_that_no_store_gives_is_never_put_into_an_address(store, shop, kind):
    with pytest.raises(NotFound):
        shop.carry_out(kind(order="33/notes", tags=("a",)))


def test_a_store_that_is_down_before_the_look_is_tried_later_without_a_doubt(store, shop):
    store.answers("orders/33", status=500, raw="x")
    with pytest.raises(Unavailable) as caught:
        shop.carry_out(Tag(order="33", tags=("a",)))
    assert not isinstance(caught.value, OutcomeUnknown)


def test_every_action_is_known():
    assert set(EFFECTS) == set(ACTIONS.values())


def test_acting_changes_nothing_but_our_own_metadata(desk, shop):
    here = desk()
    before = copy.deepcopy(here.order)
    for action in (hold({"1": 5}), Tag(order="33", tags=("a",)), fulfil({"1": 3}), Clear(order="33")):
        shop.carry_out(action)
    assert here.order == before
