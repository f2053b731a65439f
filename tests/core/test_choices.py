"""What a person may ask for one order: what is refused and why, and what the order's record says after it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.dates.hand_promises import HandPromise
from core.desired_state import undoing
from core.errors import Misuse, NotAllowed
from core.items.item_rules import ItemRules
from core.orders import choices, ending_choices, giving_up
from core.records.endings import Ending
from core.snapshots import Outside
from tests.core.shop_builders import NOW, in_days, item, kept, line, order, supply

HOUR = timedelta(hours=1)


def short(*lines, on_hand=2, **policy):
    """A shop that has two of the five mugs of an order."""
    return kept(item("mug", on_hand), order(1, *(lines or [line("mug", 5)])), **policy)


def say(shop, do, *lines, key=1):
    """A person asks for it; return the words of the refusal, or None."""
    try:
        shop.choose(key, do, lines=lines)
    except NotAllowed as refused:
        return str(refused)
    return None


LAW = {"manual": {"hold": giving_up.ENDED_BY_LAW}}
HOLD = {"manual": {"hold": "1"}}
REFUSED = {
    # what is asked, what is different about the order, the words of the refusal
    "a part, of one that a law ended": ("ship_part", LAW, "the order counts as cancelled under a delay law"),
    "a part, of one that is not planned": ("ship_part", {"plan": None}, "nothing of the order is in stock"),
    "one parcel, of one that is not planned": ("together", {"plan": None}, "there is nothing to keep together"),
    "one parcel, again": ("together", {"manual": {"ship": "together"}}, "kept in one parcel already"),
    "a hold, of one that a law ended": ("hold", LAW, "the order counts as cancelled under a delay law"),
    "to release what nobody holds": ("release", {}, "the order is not held by a person"),
    "to release what a law ended": ("release", LAW, "the order counts as cancelled under a delay law"),
    "an offer, of one that a law ended": ("offer", LAW, "the order counts as cancelled under a delay law"),
    "to keep what nobody cancels": ("keep", {}, "nothing of it is being cancelled"),
    "to end codes where there are none": ("end_codes", {}, "no code of the order is left"),
}  # fmt: skip


@pytest.mark.parametrize(("do", "changes", "words"), REFUSED.values(), ids=REFUSED)
def test_what_the_order_does_not_allow_is_refused_with_the_reason_and_changes_nothing(do, changes, words):
    with short() as shop:
        before = shop.change(1, **changes)
        assert words in say(shop, do)
        assert (shop.order(1), shop.log(1)) == (before, [("engine", "decided")])


@pytest.mark.parametrize("status", ["closed", "cancelled", "gone"])
def test_nothing_is_decided_of_an_order_that_has_ended(status):
    with short() as shop:
        shop.change(1, snapshot=replace(shop.order(1).snapshot, status=status))
        assert say(shop, "hold") == f"the order is {status}: nothing of it can be decided any more"
        with pytest.raises(NotAllowed, match=f"the order is {status}"):
            shop.as_customer(choices.answer, 1, "all", actor="customer")


def test_a_choice_names_what_there_is():
    with short() as shop:
        with pytest.raises(Misuse, match="order 7 is not known here"):
            shop.choose(7, "hold")
        with pytest.raises(Misuse, match="order 7 is not known here"):
            shop.as_customer(choices.answer, 7, "all", actor="customer")
        with pytest.raises(Misuse, match="do: must be one of ship_part, together"):
            shop.choose(1, "explode")
        with pytest.raises(Misuse, match="lines: z is not a line of this order"):
            shop.choose(1, "cancel", lines=["a", "z"])


def test_only_what_is_cancelled_can_be_narrowed_to_some_of_the_lines():
    with short(line("mug", 5), line("mug", 2, id="b")) as shop:
        assert "only the whole order can be decided here" in say(shop, "hold", "a")
        assert shop.order(1).manual == {}
        assert say(shop, "hold", "b", "a") is None, "all of them are the whole order"
        assert say(shop, "cancel", "b") is None
        assert shop.order(1).ending.units == {"b": 2}


@pytest.mark.parametrize(
    ("on_hand", "hold", "words"),
    [(0, None, "nothing of the order is in stock"), (2, "payment", "on hold (payment): clear that in the shop first")],
)
def test_a_part_ships_where_there_is_one_and_nothing_but_our_rules_keeps_it(on_hand, hold, words):
    with kept(item("mug", on_hand), order(1, line("mug", 5), hold=hold)) as shop:
        assert words in say(shop, "ship_part")
    with short() as shop:
        shop.change(1, **HOLD)
        assert say(shop, "ship_part") is None
        assert shop.order(1).manual == {"ship": "as_ready"}, "who wants a part to leave does not hold it any longer"


@pytest.mark.parametrize(
    ("lines", "refused"), [([line("mug", 1)], True), ([line("mug", 1), line("mug", 1, id="b")], False)]
)
def test_two_units_can_be_kept_together_and_one_cannot(lines, refused):
    with short(*lines) as shop:
        assert (say(shop, "together") is not None) is refused
        assert shop.order(1).manual == ({} if refused else {"ship": "together"})


def test_a_person_holds_the_order_and_releases_it():
    with short() as shop:
        assert say(shop, "hold") is None
        shop.replan()
        assert shop.order(1).plan.release_now is False
        assert say(shop, "release") is None
        shop.replan()
        assert shop.order(1).plan.decision == "ship_part"
        said = ("merchant", "chose hold"), ("engine", "decided"), ("merchant", "chose release"), ("engine", "decided")
        assert shop.log(1)[1:] == list(said)


def test_who_holds_what_we_left_alone_hands_it_back_to_us_with_it():
    with short() as shop:
        shop.change(1, manual={undoing.LET_GO: "1"}, hands_off={"a": 2}, shape="x")
        assert say(shop, "hold") is None
        assert (shop.order(1).manual, shop.order(1).hands_off) == ({"hold": "1"}, {})


def test_a_day_that_a_person_promises_is_stored_with_why():
    with short() as shop:
        shop.choose(1, "promise", promise=HandPromise(on=in_days(9), why="the boat is early"))
        with shop.books.read() as unit:
            entry = unit.audit.page("fern", order="1").items[0]
        assert (entry.what, entry.why, entry.detail) == (
            "chose promise",
            "the boat is early",
            {"on": in_days(9).isoformat()},
        )
        assert shop.order(1).promised_on == in_days(9)


def test_codes_are_ended_at_a_persons_word():
    with short() as shop:
        shop.change(1, offers=("sorry-1",))
        assert say(shop, "end_codes") is None
        assert [action.code for action in shop.actions(1) if action.kind == "end_code"] == ["sorry-1"]


def test_every_choice_asks_for_a_new_plan_and_is_in_the_log():
    with short() as shop:
        shop.wake_ups()
        say(shop, "hold")
        assert shop.log(1)[-1] == ("merchant", "chose hold")
        assert [orders for _, orders in shop.wake_ups(NOW - HOUR)] == [("1",)]


@pytest.mark.parametrize(
    ("do", "lines", "units"),
    [
        ("cancel", [], {"a": 5, "b": 1, "c": 2}),
        ("cancel", ["b"], {"b": 1}),
        ("cancel_waiting", [], {"a": 3, "c": 2}),
        ("cancel_waiting", ["a"], {"a": 3}),
    ],
)
def test_a_person_cancels_the_order_or_what_of_it_waits(do, lines, units):
    rows = order(1, line("mug", 5), line("gift", 1, id="b", ships=False), line("jug", 2, id="c"))
    with kept(item("mug", 2), item("jug", 0), rows) as shop:
        assert say(shop, do, *lines) is None
        ending = shop.order(1).ending
        assert (ending.units, ending.by, ending.whole) == (units, "person", len(units) == 3)


NOT_CANCELLED = {
    "observed": ("cancel", [], {"mode": "observe"}, {}, "this shop is only observed"),
    "nothing waits": ("cancel_waiting", ["b"], {}, {}, "nothing of it waits for stock"),
    "nothing is open": ("cancel", [], {}, {"lines": (line("mug", 5, shipped=5),)}, "nothing of it is open"),
    "in picking": ("cancel", [], {}, {"lines": (line("mug", 5, committed=2),)}, "picking has begun on 2 of its units"),
}


@pytest.mark.parametrize(("do", "lines", "policy", "seen", "words"), NOT_CANCELLED.values(), ids=NOT_CANCELLED)
def test_what_cannot_be_cancelled_from_here_is_refused_with_the_reason(do, lines, policy, seen, words):
    with short(line("mug", 5), line("cup", 0, id="b"), **policy) as shop:
        shop.change(1, snapshot=replace(shop.order(1).snapshot, **seen))
        assert words in say(shop, do, *lines)
        assert shop.order(1).ending is None


def test_a_line_that_nobody_picks_can_be_cancelled_beside_one_that_is_picked():
    with short(line("mug", 5, committed=2), line("cup", 2, id="b")) as shop:
        assert not ending_choices.may_cancel(shop.state().shop, shop.order(1)), "but not all of it"
        assert say(shop, "cancel", "b") is None
        assert (shop.order(1).ending.units, shop.order(1).ending.by) == ({"b": 2}, "person")


def test_what_waits_can_be_cancelled_beside_what_is_picked():
    with short(line("mug", 5, committed=2)) as shop:
        assert say(shop, "cancel_waiting") is None
        assert "a cancellation is under way already" in say(shop, "cancel_waiting")


@pytest.mark.parametrize("by", ["person", "customer"])
def test_what_is_being_cancelled_can_be_kept(by):
    with short() as shop:
        shop.change(1, **vars_of(giving_up.ended(shop.order(1), {"a": 3}, by=by, at=NOW)))
        shop.replan()
        assert say(shop, "keep") is None
        assert (shop.order(1).ending, shop.order(1).manual) == (None, {})
        shop.replan()
        with shop.books.read() as unit:
            assert [row.state for row in unit.outbox.of_order("fern", "1") if row.kind == "refund"] == ["skipped"]


def vars_of(record):
    """What a decision changes of an order's record."""
    return {"ending": record.ending, "manual": record.manual}


@pytest.mark.parametrize(
    ("answer", "by", "manual"),
    [
        ("decline", "person", {"answer": "accept"}),
        (None, "policy", {"answer": "accept"}),
        ("cap", "customer", {"answer": "cap"}),
    ],
)
def test_who_keeps_an_order_that_was_declined_accepts_it(answer, by, manual):
    with short() as shop:
        made = giving_up.ended(shop.order(1), {"a": 5}, by=by, at=NOW)
        shop.change(1, ending=made.ending, manual={"answer": answer} if answer else {})
        assert say(shop, "keep") is None
        assert shop.order(1).manual == manual


# What became of what the shop was asked, and whether the order can still be kept.
ASKED = [("nothing yet", True), ("under way", False), ("no answer", False), ("done", False), ("refused", True)]


@pytest.mark.parametrize("paid", [True, False])
@pytest.mark.parametrize(("became", "keeps"), ASKED)
def test_what_the_shop_may_know_already_is_not_kept(became, keeps, paid):
    rows = item("mug", 2), order(1, line("mug", 5), hold=None if paid else "payment")
    with kept(*rows) as shop:
        shop.choose(1, "cancel_waiting")
        shop.replan()
        with shop.books.write() as unit:
            tried = None
            while became != "nothing yet" and (tried is None or tried.kind not in {"refund", "remove"}):
                if tried is not None:
                    unit.outbox.done(tried, now=NOW, reference="")
                tried = unit.outbox.claim(now=NOW, lease=HOUR, per_shop=9)
            match became:
                case "no answer":
                    unit.outbox.retry(tried, at=NOW + HOUR, error="timed out")
                case "done":
                    unit.outbox.done(tried, now=NOW, reference="")
                case "refused":
                    unit.outbox.fail(tried, now=NOW, error="no such order")
        said = say(shop, "keep")
        assert said == (None if keeps else "the shop has been told already: look again in a moment")


def test_what_a_law_ended_is_not_kept():
    with short() as shop:
        made = giving_up.ended(giving_up.held_by_law(shop.order(1)), {"a": 5}, by="law", at=NOW)
        shop.change(1, **vars_of(made))
        assert "counts as cancelled under a delay law: it is not kept any more" in say(shop, "keep")


BIG = {"enabled": True, "share": "0.5"}


@pytest.mark.parametrize(
    ("by_customer", "mode", "ends"), [(True, "act", True), (False, "act", False), (True, "observe", False)]
)
def test_what_a_customer_settles_for_ends_the_rest_where_the_shop_lets_customers_cancel(by_customer, mode, ends):
    rows = item("mug", 5), order(1, line("mug", 8)), supply("PO-1", "mug", 9, 3)
    with kept(*rows, large_order={**BIG, "answer": "counter"}) as shop:
        shop.set_policy(cancelling={"by_customer": by_customer}, mode=mode)
        after = shop.as_customer(choices.answer, 1, "only", actor="customer")
        assert ((after.ending and after.ending.units) == {"a": 3}) is ends
        assert giving_up.given_up(after) == {"a": 3}, "it gets no units either way"
    with kept(*rows, large_order={**BIG, "answer": "counter"}, cancelling={"by_customer": True}) as shop:
        assert shop.as_customer(choices.answer, 1, "part", actor="customer").ending is None


def test_where_a_substitute_takes_its_place_a_person_swaps_them_in_the_shop():
    rows = item("mug", 5), item("cup", 9), order(1, line("mug", 8)), supply("PO-1", "mug", 9, 3)
    with kept(*rows, cancelling={"by_customer": True}) as shop:
        with shop.books.write() as unit:
            unit.items.put_rules("fern", "mug", ItemRules(substitutes=("cup",)))
        shop.set_policy(large_order={**BIG, "answer": "counter"})
        shop.replan()
        assert shop.as_customer(choices.answer, 1, "swap", actor="customer").ending is None


def test_an_offer_is_answered_until_it_ends():
    rows = item("mug", 5), order(1, line("mug", 8)), supply("PO-1", "mug", 9, 3)
    with kept(*rows, large_order={**BIG, "answer": "counter", "offer_days": 3}) as shop:
        with pytest.raises(NotAllowed, match="the offer has expired"):
            shop.as_customer(choices.answer, 1, "part", actor="customer", at=NOW + timedelta(days=3))
        shop.as_customer(choices.answer, 1, "part", actor="customer", at=NOW + timedelta(days=2))
        assert shop.log(1)[-1] == ("customer", "answered part")
        with pytest.raises(NotAllowed, match="no offer stands open"):
            shop.as_customer(choices.answer, 1, "part", actor="customer")


DECLINED = {"cancelling": {"declined": True}}
# The policy's answer to very large orders and what else it says, what is different about the order, whether it ends.
BY_POLICY = {
    "declined": ("decline", DECLINED, {}, {}, True),
    "declined, but not cancelled": ("decline", {}, {}, {}, False),
    "for a person": ("review", DECLINED, {}, {}, False),
    "observed": ("decline", {**DECLINED, "mode": "observe"}, {}, {}, False),
    "a part has left": ("decline", DECLINED, {}, {"lines": (line("mug", 8, shipped=1),)}, False),
    "in picking": ("decline", DECLINED, {}, {"lines": (line("mug", 8, committed=1),)}, False),
    "a person accepted it": ("decline", DECLINED, {"manual": {"answer": "accept"}}, {}, False),
    "its end was decided before": (
        "decline", DECLINED, {"ending": Ending(key="k", by="person", at=NOW, whole=False, done=True)}, {}, False,
    ),
    "not large": ("decline", DECLINED, {}, {"lines": (line("mug", 2),)}, False),
}  # fmt: skip


@pytest.mark.parametrize(("answer", "policy", "changes", "seen", "ends"), BY_POLICY.values(), ids=BY_POLICY)
def test_a_very_large_order_is_cancelled_by_itself_where_the_policy_declines_and_cancels(
    answer, policy, changes, seen, ends
):
    lines = seen.get("lines", (line("mug", 8),))
    with kept(item("mug", 5), order(1, *lines)) as shop:
        shop.change(1, sizes=None, **changes)
        shop.set_policy(large_order={**BIG, "answer": answer}, **policy)
        shop.replan()
        record = shop.order(1)
        ended = record.ending is not None and record.ending.by == "policy"
        assert (ended, "cancel" in [action.kind for action in shop.actions(1)]) == (ends, ends)


@pytest.mark.parametrize(("cancels", "picked", "ends"), [(True, 0, True), (False, 0, False), (True, 1, False)])
def test_an_order_that_a_person_declines_ends_for_good_where_the_policy_says_so(cancels, picked, ends):
    with kept(
        item("mug", 5), order(1, line("mug", 8, committed=picked)), large_order={**BIG, "answer": "review"}
    ) as shop:
        shop.set_policy(cancelling={"declined": cancels})
        shop.choose(1, "decline")
        assert giving_up.is_open(shop.order(1)) is ends
        assert shop.order(1).manual["answer"] == "decline"


@pytest.mark.parametrize(
    ("lines", "given", "may"),
    [([line("mug", 5)], {}, True), ([line("mug", 5, committed=1)], {}, False), ([line("mug", 5, shipped=5)], {}, False),
     ([line("mug", 5)], {"a": 3}, False)],
)  # fmt: skip
def test_a_person_can_end_an_order_of_which_something_is_open_and_nothing_is_picked(lines, given, may):
    with short() as shop:
        record = replace(shop.order(1), snapshot=replace(shop.order(1).snapshot, lines=tuple(lines), outside=Outside()))
        record = giving_up.ended(record, given, by="person", at=NOW) if given else record
        with shop.books.read() as unit:
            known = unit.shops.get("fern")
        assert ending_choices.may_cancel(known, record) is may
