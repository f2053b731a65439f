"""Wanted ends at a store: looked at first, written once, found again after a lost answer."""

import copy
import json
import re

import pytest

from connectors.woocommerce.effects import EFFECTS
from core.actions import ACTIONS, Already, Blocked, Clear, Done, Fulfil, Hold, Note, Release, Tag, Untag
from core.errors import NotFound, OutcomeUnknown, Rejected, Unavailable

LOST = "lost after it was done"
REFUSED = "failed before it was done"


class Desk:
    """One order of a store that remembers what is written to it. `faults` says what befalls the next writes."""

    def __init__(self, mock, order, *, fulfilments=None):
        self.order, self.notes, self.fulfilments, self.faults, self.log = order, [], fulfilments, [], []
        for method, path, serve in (
            ("GET", r"", lambda _: self.order),
            ("PUT", r"", self.put),
            ("GET", r"/notes", lambda _: self.notes),
            ("POST", r"/notes", self.add_note),
            ("GET", r"/fulfillments", lambda _: self.fulfilments),
            ("POST", r"/fulfillments", self.add_fulfilment),
        ):
            url = re.compile(rf"https://store\.example\.com/wp-json/wc/v3/orders/33{path}(\?.*)?$")
            mock.assert_all_requests_are_fired = False
            mock.add_callback(method, url, callback=lambda request, serve=serve: self.serve(request, serve))

    def serve(self, request, serve):
        writing = request.method != "GET"
        fault = self.faults.pop(0) if writing and self.faults else None
        if writing:
            self.log.append((request.method, request.url.rsplit("/", 1)[-1], json.loads(request.body)))
        if fault == REFUSED:
            return 502, {}, "<html>"
        answer = serve(json.loads(request.body) if writing else None)
        if answer is None:
            return 404, {}, json.dumps({"code": "rest_no_route", "message": "No route"})
        return (502, {}, "<html>") if fault == LOST else (200, {}, json.dumps(answer))

    def put(self, body):
        assert set(body) == {"meta_data"}, "the status and the lines are left alone"
        for entry in body["meta_data"]:
            rows = [row for row in self.order["meta_data"] if row["key"] != entry["key"]]
            fresh = [] if entry["value"] is None else [{"id": 1000 + len(rows), **entry}]
            self.order["meta_data"] = rows + fresh
        return self.order

    def add_note(self, body):
        self.notes.append({"id": 100 + len(self.notes), **body})
        return self.notes[-1]

    def add_fulfilment(self, body):
        if self.fulfilments is None:
            return None
        self.fulfilments.append(
            {
                "id": 200 + len(self.fulfilments),
                "is_fulfilled": True,
                "meta_data": body["meta_data"],
                "notify": body["notify_customer"],
            }
        )
        return self.fulfilments[-1]

    @property
    def meta(self):
        return {row["key"]: row["value"] for row in self.order["meta_data"]}


@pytest.fixture
def desk(store, order):
    def make(status="processing", meta=None, fulfilments=None, **changes):
        return Desk(store.mock, order(status=status, meta=meta, **changes), fulfilments=fulfilments)

    return make


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
    assert here.meta["_backorder_waiting"] == '{"1":5}' and here.meta["_backorder_ready"] == '{"1":3}'
    assert (
        here.notes[0]["note"].startswith("Kettle: 3 can ship, 5 wait [backorder ")
        and here.notes[0]["customer_note"] is False
    )
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
    assert "_backorder_waiting" not in here.meta and here.meta["_backorder_ready"] == '{"1":8}'
    assert len(here.notes) == 2


def test_a_wish_that_comes_back_is_said_again(desk, shop):
    here = desk()
    for held in ({"1": 5}, {"1": 2}, {"1": 5}, {"1": 2}):
        shop.carry_out(hold(held, note="Some wait"))
    assert len(here.notes) == 4 and len({note["note"] for note in here.notes}) == 4


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
    assert len(here.notes) == 1 and here.meta["_backorder_waiting"] == '{"1":5}'


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


# -- fulfilments ---------------------------------------------------------------------------------------------------


@pytest.fixture
def modern(connect):
    return connect(features={"fulfillments"})


def test_a_part_becomes_one_fulfilment_of_what_is_missing(desk, modern):
    here = desk(fulfilments=[])
    assert modern.carry_out(fulfil({"1": 3, "2": 1}, notify_customer=True)) == Done(reference="200")
    assert here.log == [
        ("POST", "fulfillments", {
            "status": "fulfilled", "is_fulfilled": True, "notify_customer": True,
            "meta_data": [
                {"id": 0, "key": "_items", "value": [{"item_id": 1, "qty": 3}, {"item_id": 2, "qty": 1}]},
                {"id": 0, "key": "_backorder_reference", "value": "backorder-33-1"},
            ],
        })
    ]  # fmt: skip
    seen = modern.read_order("33")
    assert [line.shipped for line in seen.lines] == [3, 1, 0] and seen.outside.shipped_parcels == 1


def test_the_target_is_a_total(desk, modern):
    here = desk(
        fulfilments=[
            {"id": 9, "is_fulfilled": True, "meta_data": [{"key": "_items", "value": [{"item_id": 1, "qty": 2}]}]}
        ]
    )
    modern.carry_out(fulfil({"1": 5}))
    assert here.log[0][2]["meta_data"][0]["value"] == [{"item_id": 1, "qty": 3}]
    assert modern.carry_out(fulfil({"1": 5})) == Already(reference="201")
    assert modern.carry_out(fulfil({"1": 4}, reference="backorder-33-2")) == Already()


def test_no_more_is_fulfilled_than_the_customer_waits_for(desk, modern, store):
    store.answers(
        "orders/33/refunds",
        [
            {
                "id": 8,
                "line_items": [{"id": 9, "quantity": -5, "meta_data": [{"key": "_refunded_item_id", "value": "1"}]}],
            }
        ],
    )
    here = desk(fulfilments=[], refunds=[{"id": 8}])
    modern.carry_out(fulfil({"1": 8}))
    assert here.log[0][2]["meta_data"][0]["value"] == [{"item_id": 1, "qty": 3}]


@pytest.mark.parametrize("fault", [LOST, REFUSED])
def test_a_fulfilment_with_a_lost_answer_is_made_once(desk, modern, fault):
    here = desk(fulfilments=[])
    here.faults = [fault]
    with pytest.raises(OutcomeUnknown):
        modern.carry_out(fulfil({"1": 3}))
    again = modern.carry_out(fulfil({"1": 3}))
    assert again == (Already(reference="200") if fault == LOST else Done(reference="200"))
    assert len(here.fulfilments) == 1


def test_a_fulfilment_that_a_person_took_back_is_left_to_them(desk, modern):
    meta = [
        {"key": "_items", "value": [{"item_id": 1, "qty": 3}]},
        {"key": "_backorder_reference", "value": "backorder-33-1"},
    ]
    here = desk(fulfilments=[{"id": 9, "is_fulfilled": False, "meta_data": meta}])
    assert isinstance(modern.carry_out(fulfil({"1": 3})), Blocked)
    assert here.log == []


def test_without_the_feature_the_part_is_written_down_and_the_customer_told(desk, shop):
    here = desk()
    assert shop.carry_out(fulfil({"1": 3, "2": 1})) == Done(reference="100")
    assert here.meta["_backorder_shipped"] == '{"1":3,"2":1}' and here.meta["_backorder_parcels"] == "backorder-33-1"
    assert (
        here.notes[0]["note"].startswith("Shipped: 3 × Stove Kettle, 1 × Mug. [backorder ")
        and here.notes[0]["customer_note"] is True
    )
    shop.carry_out(fulfil({"1": 8}, reference="backorder-33-2"))
    assert here.meta["_backorder_shipped"] == '{"1":8,"2":1}' and here.notes[1]["note"].startswith(
        "Shipped: 5 × Stove Kettle."
    )
    seen = shop.read_order("33")
    assert [line.shipped for line in seen.lines] == [8, 1, 0] and seen.outside.shipped_parcels == 2


def test_a_feature_that_was_turned_off_falls_back_in_the_same_try(desk, modern):
    here = desk(fulfilments=None)
    assert isinstance(modern.carry_out(fulfil({"1": 3})), Done)
    assert here.meta["_backorder_shipped"] == '{"1":3}' and len(here.notes) == 1


@pytest.mark.parametrize("faults", [[LOST], [REFUSED], [None, LOST], [None, REFUSED], [LOST, REFUSED, LOST]])
def test_a_part_that_was_cut_off_anywhere_is_told_to_the_customer_once(desk, shop, faults):
    here = desk()
    here.faults = list(faults)
    for _ in range(6):
        try:
            shop.carry_out(fulfil({"1": 3}))
        except OutcomeUnknown:
            continue
    assert len(here.notes) == 1 and here.meta["_backorder_shipped"] == '{"1":3}'


def test_a_completed_order_has_nothing_left_to_fulfil(desk, shop):
    here = desk(status="completed")
    assert shop.carry_out(fulfil({"1": 8})) == Already()
    assert here.log == []


def test_a_cancelled_order_is_not_fulfilled(desk, shop):
    here = desk(status="cancelled")
    assert isinstance(shop.carry_out(fulfil({"1": 8})), Blocked)
    assert here.log == []


def test_a_line_that_was_taken_off_the_order_is_refused(desk, shop):
    desk()
    with pytest.raises(Rejected, match="no line 77"):
        shop.carry_out(fulfil({"77": 1}))


# -- notes ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("to_customer", [False, True])
def test_a_note_stands_once_with_its_marker(desk, shop, to_customer):
    here = desk()
    note = Note(order="33", marker="abc234", text="Expected 24 December.", to_customer=to_customer)
    assert shop.carry_out(note) == Done(reference="100")
    assert shop.carry_out(note) == Already(reference="100")
    assert [(n["note"], n["customer_note"]) for n in here.notes] == [
        ("Expected 24 December. [backorder abc234]", to_customer)
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
    assert here.meta == {"_backorder_expected": "of another plugin", "x": "y"} and len(here.log) == 1
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
