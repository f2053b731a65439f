"""What is asked of the platform: the difference between the plan and what stands there."""

from dataclasses import replace

import pytest

from core.actions import Cancel, Deadline, Fulfil, Hold, Note, Publish, Release, Tag, Untag
from core.capabilities import Capability, Support
from core.desired_state import order_note, undoing
from core.desired_state.desired import (
    DEADLINE,
    held_for,
    ready_for,
    shown,
    tags_for,
    tracking,
    wanted_actions,
)
from core.orders import giving_up
from core.plan import LinePlan, OrderPlan
from core.policy.shop_policy import Parcels
from core.reasons import Reason
from core.records import OrderRecord
from core.snapshots import Outside
from tests.core.shop_builders import NOW, SUPPORT, in_days, line, order, shop

NONE = Support(level="none", how="not at all")


def planned(ready=2, waits=3, on=9, decision=None, reasons=(Reason.SHORT_ON_HAND,), id="a", on_hand=None):
    """Five mugs: so many leave now, so many wait for stock."""
    day = None if on is None else in_days(on)
    made = LinePlan(id=id, sku="mug", open=5, ahead=0, on_hand=5 - waits if on_hand is None else on_hand, backordered=waits,
                    release_now=ready, completes_on=day, allocations=())  # fmt: skip
    usual = "wait" if not ready else "ship_part" if ready < 5 else "ship_all"
    return OrderPlan(id="1001", decision=decision or usual, reasons=reasons, release_now=bool(ready), completes_on=day,
                     lines=(made,))  # fmt: skip


def record(*, hold=None, status="open", committed=0, shipped=0, outside=None, **more):
    seen = order("1001", line("mug", 5 + shipped, committed=committed, shipped=shipped), hold=hold, status=status,
                 outside=outside or Outside())  # fmt: skip
    return OrderRecord(shop="fern", snapshot=seen, **more)


def asked(plan, known, *, without=(), **policy):
    support = {name: NONE if name in without else able for name, able in SUPPORT.items()}
    return [want.action for want in wanted_actions(plan, known, shop(**policy), support)]


def the(kind, actions):
    """The one action of this kind, or None."""
    found = [action for action in actions if type(action) is kind]
    assert len(found) < 2
    return found[0] if found else None


ALL_HERE = planned(ready=5, waits=0, on=None)
KEPT_BACK = planned(ready=0, waits=0, on=None, decision="review", reasons=(Reason.LARGE_ORDER_REVIEW,))
EARLY = {"preorders": {"a": in_days(30)}}
LET_GO, UNMARKED = {"manual": {undoing.LET_GO: "1"}}, {"manual": {undoing.UNMARKED: "1"}}


@pytest.mark.parametrize(
    ("plan", "known", "tags"),
    [
        (planned(), {}, {"waiting", "part-ready"}),
        (planned(ready=0), {}, {"waiting"}),
        (planned(ready=0, on=None), {}, {"waiting", "no-date"}),
        (planned(ready=0, decision="review"), {}, {"waiting", "review"}),
        (planned(ready=0, decision="decline"), {}, {"waiting", "review"}),
        (ALL_HERE, {}, set()),
        (KEPT_BACK, {}, {"review"}),
        (planned(ready=0), EARLY, {"preorder"}),
        (planned(), UNMARKED, set()),
        (KEPT_BACK, UNMARKED, set()),
    ],
)
def test_an_orders_tags_say_what_waits_and_whose_turn_it_is(plan, known, tags):
    assert tags_for(plan, record(**known)) == {f"backorder-{tag}" for tag in tags}


UNDECIDED = giving_up.ended(record(), {"a": 4}, by="customer", at=NOW, until=NOW)
HELD = {
    # the plan, the order, units that our hold keeps back, units that may ship
    "what waits": (planned(), record(), 3, 2),
    "what is there and waits for the rest as well": (planned(ready=0), record(), 5, 0),
    "nothing, once all is here": (ALL_HERE, record(), 0, 5),
    "nothing that a person let go": (planned(), record(**LET_GO), 0, 2),
    "nothing that another app holds": (planned(), record(outside=Outside(blocked=frozenset({"a"}))), 0, 2),
    "nothing that is being picked": (planned(), record(committed=4), 1, 2),
    "not again what a person freed in the shop": (planned(), record(hands_off={"a": 2}), 1, 2),
    "what stock does not cover, while the shop waits for its money": (planned(ready=0), record(hold="payment"), 3, 0),
    "all of it, where a person holds it as well": (planned(ready=0), record(hold="payment", manual={"hold": "1"}), 5, 0),
    "what its customer may not want any more": (planned(), UNDECIDED, 4, 1),
}  # fmt: skip


@pytest.mark.parametrize(("plan", "known", "held", "ready"), HELD.values(), ids=HELD)
def test_our_hold_keeps_back(plan, known, held, ready):
    assert held_for(plan, known) == ({"a": held} if held else {})
    assert ready_for(plan, known) == ({"a": ready} if ready else {})


@pytest.mark.parametrize(
    ("now", "plan", "kind", "held"),
    [
        ({}, planned(), Hold, {"a": 3}),
        ({"a": 1}, planned(), Hold, {"a": 3}),
        ({"a": 5}, planned(), Release, {"a": 3}),
        ({"a": 3}, planned(), None, None),
        ({"a": 3, "gone": 0}, planned(), None, None),
        ({"a": 3}, ALL_HERE, Release, {}),
        ({}, ALL_HERE, None, None),
    ],
)
def test_units_are_held_or_released_until_as_many_stand_under_our_hold_as_must(now, plan, kind, held):
    actions = asked(plan, record(outside=Outside(held=now)))
    found = the(Hold, actions) or the(Release, actions)
    assert (type(found), found.held) == (kind, held) if kind else found is None
    assert the(Hold, asked(plan, record(), without=[Capability.HOLD])) is None


def keys(plan, known, support=SUPPORT, **policy):
    return [want.key for want in wanted_actions(plan, known, shop(**policy), support)]


def test_each_wish_has_a_name_that_tells_it_from_the_next_one():
    policy = {**CREATE, **SHIP_BY}
    assert keys(planned(), record(promised_on=in_days(9)), **policy) == [
        "hold:a=3", f"deadline:{in_days(9)} a=3", "fulfil:a=2", "tag:backorder-part-ready,backorder-waiting",
        f"publish:2 3 {in_days(9)}", f"note:3 {in_days(9)}",
    ]  # fmt: skip
    before = Outside(held={"a": 3}, tags=frozenset({"backorder-waiting", "backorder-part-ready"}))
    assert keys(ALL_HERE, record(outside=before, shown="2 3", noted="3")) == [
        "release:none", "untag:backorder-part-ready,backorder-waiting", "publish:nothing", "note:nothing",
    ]  # fmt: skip
    assert keys(planned(on=None), record())[-2:] == ["publish:2 3", "note:3"]
    given_up = giving_up.ended(record(), {"a": 3}, by="person", at=NOW)
    assert f"refund:{given_up.ending.key}" in keys(planned(), given_up)


def test_of_a_platform_that_can_do_nothing_nothing_is_asked():
    assert keys(planned(), record(promised_on=in_days(9)), support={}, **CREATE, **SHIP_BY) == []


def test_what_another_app_holds_is_left_to_it_although_our_hold_stands_there():
    assert the(Release, asked(planned(), record(outside=Outside(held={"a": 5}, blocked=frozenset({"a"}))))) is None


SAID = {**SUPPORT, Capability.HOLD: Support(level="said", how="by a note")}


@pytest.mark.parametrize(
    ("plan", "note"),
    [
        (planned(), f"Mug: 2 can ship, 3 wait, expected {in_days(9)}"),
        (planned(ready=4, waits=1, on=None), "Mug: 4 can ship, 1 waits, no date known"),
        (planned(ready=0, waits=0), "Mug: 0 can ship, 5 wait for the rest of the order"),
    ],
)
def test_who_packs_reads_beside_the_hold_what_may_leave_what_waits_and_until_when(plan, note):
    (hold, *_) = wanted_actions(plan, record(promised_on=in_days(9)), shop(), SUPPORT)
    follows = ". The order's note follows the day." if plan.backordered else ""
    assert (hold.action.note, hold.action.says) == (note + follows, "")
    assert hold.action.handle == "backorder-hold-1001"
    (said, *_) = wanted_actions(plan, record(promised_on=in_days(9)), shop(), SAID)
    waits = sum(line.open - line.release_now for line in plan.lines)
    assert (said.action.note, said.action.says) == (note, f"{waits} {in_days(9)}" if plan.backordered else "")


def test_of_lines_that_leave_whole_or_are_done_the_hold_says_nothing():
    lines = (*planned().lines, *planned(ready=5, waits=0, id="b").lines, replace(planned().lines[0], id="c", open=0))
    seen = order("1001", line("mug", 5), line("cup", 5, id="b"), line("jug", 0, id="c"))
    plan = replace(planned(), lines=lines)
    assert (
        order_note.at_hold(plan, OrderRecord(shop="fern", snapshot=seen))
        == f"Mug: 2 can ship, 3 wait, expected {in_days(9)}"
    )
    assert order_note.at_hold(ALL_HERE, record()) == "Nothing waits any more."


@pytest.mark.parametrize(
    ("plan", "says", "again"),
    [
        (planned(), {"a": 2}, None),
        (planned(), {"a": 1}, Release),
        (planned(), None, None),
        (ALL_HERE, {"a": 1}, None),
    ],
    ids=["still so", "more is ready", "the platform says nothing", "nothing is held"],
)
def test_words_beside_a_hold_are_said_anew_when_they_are_no_longer_so(plan, says, again):
    held = {"a": 3} if plan.backordered else {}
    known = record(outside=Outside(held=held, ready=says))
    kinds = [type(want.action) for want in wanted_actions(plan, known, shop(), SAID)]
    assert [kind for kind in kinds if kind in (Hold, Release)] == ([again] if again else [])


def test_of_an_order_that_is_gone_nothing_is_asked_and_from_one_that_has_ended_our_marks_go():
    marked = Outside(tags=frozenset({"backorder-waiting"}), held={"a": 3})
    assert asked(planned(), record(status="gone", outside=marked, shown="2 3", noted="3")) == []
    assert [type(action) for action in asked(planned(), record(status="closed", outside=marked, shown="2 3", noted="3"))] == [
        Untag, Publish, Note,
    ]  # fmt: skip
    (untag, publish, note) = wanted_actions(
        planned(), record(status="closed", outside=marked, shown="2", noted="3"), shop(), SUPPORT
    )
    assert publish.action == Publish(order="1001", ready=0, waiting=0, expected_on=None)
    assert {untag.reason, publish.reason, note.reason} == {"the order is finished"}
    assert asked(planned(), record(status="cancelled")) == []


@pytest.mark.parametrize("stand", [set(), {"backorder-waiting"}, {"backorder-no-date", "backorder-review"}])
def test_tags_are_set_and_removed_until_those_stand_that_must(stand):
    actions = asked(planned(ready=0), record(outside=Outside(tags=frozenset(stand))))
    missing, gone = {"backorder-waiting"} - stand, stand - {"backorder-waiting"}
    assert getattr(the(Tag, actions), "tags", ()) == tuple(sorted(missing))
    assert getattr(the(Untag, actions), "tags", ()) == tuple(sorted(gone))
    assert the(Tag, asked(planned(), record(), without=[Capability.TAGS])) is None


CREATE = {"fulfil": "create"}
SHIPPED = {
    # the plan, the order, the policy, units in all that are to be recorded as shipped
    "the ready part": (planned(), record(), CREATE, 2),
    "beside what has left": (planned(), record(shipped=4), CREATE, 6),
    "the rest of an order that was split": (ALL_HERE, record(managed=True), CREATE, 5),
    "not an order that never waited": (ALL_HERE, record(), CREATE, None),
    "not what waits": (planned(ready=0), record(managed=True), CREATE, None),
    "not what another app holds": (planned(), record(outside=Outside(blocked=frozenset({"a"}))), CREATE, None),
    "not while a person must decide": (planned(decision="review"), record(), CREATE, None),
    "not where people do it": (planned(), record(), {}, None),
    "not what its customer may not want any more": (
        planned(), giving_up.ended(record(), {"a": 5}, by="customer", at=NOW, until=NOW), CREATE, None,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("plan", "known", "policy", "units"), SHIPPED.values(), ids=SHIPPED)
def test_where_the_merchant_asks_for_it_is_recorded_as_shipped(plan, known, policy, units):
    found = the(Fulfil, asked(plan, known, **policy))
    assert (found and found.shipped) == (units and {"a": units})
    assert the(Fulfil, asked(plan, known, without=[Capability.PARTIAL_FULFILMENT], **policy)) is None


def test_each_parcel_has_a_name_of_its_own():
    first = the(Fulfil, asked(planned(), record(), **CREATE))
    later = the(Fulfil, asked(planned(), record(shipped=2, outside=Outside(shipped_parcels=1)), **CREATE))
    assert (first.reference, later.reference) == ("backorder-1001-1", "backorder-1001-2")
    assert (first.notify_customer, first.tracking) == (False, {})
    told = {"notify_customer": True, "carrier": "Post", "tracking_number": "{order}"}
    parcel = the(Fulfil, asked(planned(), record(), **CREATE, parcels=told))
    assert (parcel.notify_customer, parcel.tracking) == (True, {"company": "Post", "number": "1001"})


@pytest.mark.parametrize(
    ("parcels", "told"),
    [
        ({}, {}),
        ({"carrier": " Post "}, {"company": "Post"}),
        ({"tracking_number": "{order}/{parcel}"}, {"number": "1001/3"}),
        (
            {"tracking_number": "A{order}", "tracking_url": "https://post.example.com/{number}?p={parcel}"},
            {"number": "A1001", "url": "https://post.example.com/A1001?p=3"},
        ),
        ({"tracking_number": "  ", "tracking_url": "{number}"}, {}),
    ],
)
def test_a_parcel_is_tracked_by_what_the_shop_has_of_it(parcels, told):
    assert tracking(Parcels(**parcels), record(outside=Outside(shipped_parcels=2))) == told


SHIP_BY = {"promises": {"ship_by": True}}
TOLD = f"{in_days(9)} a=3"


@pytest.mark.parametrize(
    ("plan", "known", "policy", "lines"),
    [
        (planned(), {"promised_on": in_days(9)}, SHIP_BY, {"a": in_days(9)}),
        (planned(), {"promised_on": in_days(9), "due": TOLD}, SHIP_BY, None),
        (planned(), {"promised_on": in_days(10), "due": TOLD}, SHIP_BY, {"a": in_days(10)}),
        (planned(ready=1, waits=4), {"promised_on": in_days(9), "due": TOLD}, SHIP_BY, {"a": in_days(9)}),
        (planned(), {}, SHIP_BY, None),
        (planned(), {"promised_on": in_days(9)}, {}, None),
        (ALL_HERE, {"promised_on": in_days(9)}, SHIP_BY, None),
    ],
    ids=["new", "told", "the promise moved", "more waits", "no promise", "not wanted", "nothing waits"],
)
def test_those_who_pack_are_told_the_promised_day_of_what_waits_when_it_is_news(plan, known, policy, lines):
    found = the(Deadline, asked(plan, record(**known), **policy))
    assert (found and found.lines) == lines
    assert the(Deadline, asked(plan, record(**known), without=[Capability.DEADLINE], **policy)) is None


@pytest.mark.parametrize(
    ("plan", "known", "shows"),
    [
        (planned(), {}, (2, 3, in_days(9))),
        (planned(), {"shown": f"2 3 {in_days(9)}"}, None),
        (planned(on=None), {"shown": f"2 3 {in_days(9)}"}, (2, 3, None)),
        (ALL_HERE, {}, None),
        (KEPT_BACK, {}, None),
        (ALL_HERE, {"shown": "2 3"}, (5, 0, None)),
        (planned(), {**UNMARKED, "shown": "2 3"}, (2, 0, in_days(9))),
    ],
)
def test_a_shops_own_pages_show_what_waits_and_until_when(plan, known, shows):
    found = the(Publish, asked(plan, record(**known)))
    assert (found and (found.ready, found.waiting, found.expected_on)) == shows
    assert the(Publish, asked(plan, record(**known), without=[Capability.PROMISE])) is None


def test_a_whole_order_that_is_cancelled_is_asked_for_nothing_else():
    ended = giving_up.ended(record(), {"a": 5}, by="person", at=NOW)
    gone = replace(planned(decision="none"), lines=(replace(planned().lines[0], open=0, release_now=0, backordered=0),))
    (only,) = asked(gone, ended)
    assert (type(only), only.order) == (Cancel, "1001")


@pytest.mark.parametrize(("mail_leaves", "shop_writes"), [(True, False), (False, True)])
def test_the_shop_writes_of_a_laws_end_only_where_our_letter_cannot_leave(mail_leaves, shop_writes):
    ended = giving_up.ended(giving_up.held_by_law(record()), {"a": 5}, by="law", at=NOW)
    ships = shop(notices={"enabled": True, "wording_seen": True})
    (cancel,) = wanted_actions(planned(decision="none"), ended, ships, SUPPORT, mail_leaves=mail_leaves)
    assert cancel.action.notify_customer is shop_writes
    assert cancel.reason == giving_up.WORDS["law"]


def carried_out(known, wants):
    """The order's record once the shop has done all that was asked."""
    outside, changes = known.snapshot.outside, {}
    for want in wants:
        match want.action:
            case Hold() | Release():
                outside = replace(outside, held=want.action.held)
                known = replace(known, noted=order_note.after(known, want.action, want.key))
            case Tag():
                outside = replace(outside, tags=outside.tags | set(want.action.tags))
            case Untag():
                outside = replace(outside, tags=outside.tags - set(want.action.tags))
            case Publish():
                changes["shown"] = shown(want.action)
            case Note():
                known = replace(known, noted=order_note.after(known, want.action, want.key))
            case Deadline():
                changes["due"] = want.key.removeprefix(DEADLINE)
    return replace(known, snapshot=replace(known.snapshot, outside=outside), **changes)


@pytest.mark.parametrize("plan", [planned(), planned(ready=0, on=None), ALL_HERE, KEPT_BACK])
@pytest.mark.parametrize("before", [planned(), ALL_HERE, KEPT_BACK])
def test_what_was_carried_out_is_not_asked_again(before, plan):
    known, ships = record(promised_on=in_days(9)), shop(**SHIP_BY)
    known = carried_out(known, wanted_actions(before, known, ships, SUPPORT))
    known = carried_out(known, wanted_actions(plan, known, ships, SUPPORT))
    assert wanted_actions(plan, known, ships, SUPPORT) == ()
