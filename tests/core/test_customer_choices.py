"""What a customer chooses on their order's page: to cancel what waits, one parcel, or the ready part first."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.delay_laws import law_answers
from core.delay_laws.cases import State
from core.errors import NotAllowed
from core.orders import change_of_mind, customer_choices, giving_up
from core.orders.customer_choices import cancel, chosen_shipping, one_parcel, ready_first, take_back, usual_shipping
from core.records.proposals import Swap
from core.snapshots import Customer
from tests.core.shop_builders import NOW, TODAY, in_days, item, kept, line, order, supply

MINUTE = timedelta(minutes=1)
MAY = {"cancelling": {"by_customer": True}}
US = {"laws": ["us_ftc_435"]}


def short(*, coming=70, status="open", **policy):
    """A shop that has two of the five mugs of an order; the others come later."""
    rows = item("mug", 2), order(1, line("mug", 5), status=status), supply("PO-1", "mug", 9, coming)
    return kept(*rows, **policy)


def read(shop, *lines, minutes=1, **more):
    """The order is read anew, and planned."""
    seen = replace(shop.order(1).snapshot, lines=lines, read_at=NOW + minutes * MINUTE, **more)
    shop.store(seen).replan(orders=["1"])


@pytest.mark.parametrize(
    ("policy", "status", "units"),
    [
        (MAY, "open", {"a": 3}),
        ({}, "open", {}),
        ({**MAY, "mode": "observe"}, "open", {}),
        (MAY, "closed", {}),
    ],
    ids=["may", "not wanted", "observed", "closed"],
)
def test_what_waits_may_be_cancelled_where_the_shop_lets_customers_do_it(policy, status, units):
    with short(**policy) as shop:
        shop.change(1, snapshot=replace(shop.order(1).snapshot, status=status))
        with shop.books.read() as unit:
            assert customer_choices.may_cancel(unit.orders.get("fern", "1"), unit.shops.get("fern")) == units


@pytest.mark.parametrize("units", [{"a": 4}, {"a": 0}, {}, {"a": -1}, {"b": 1}, {"a": 3, "b": 1}])
def test_more_than_waits_or_nothing_is_refused_whole(units):
    with short(**MAY) as shop:
        before = shop.order(1)
        with pytest.raises(NotAllowed):
            shop.as_customer(cancel, 1, units)
        with pytest.raises(NotAllowed):
            shop.as_customer(cancel, 2, {"a": 1})
        assert (shop.order(1), shop.log(1)) == (before, [("engine", "decided")])


def test_what_waits_in_picking_is_not_the_customers_to_cancel():
    with short(**MAY) as shop:
        read(shop, line("mug", 5, committed=3))
        assert giving_up.waiting(shop.order(1)) == {"a": 2}
        read(shop, line("mug", 5, committed=5), minutes=2)
        assert giving_up.waiting(shop.order(1)) == {}
        with pytest.raises(NotAllowed):
            shop.as_customer(cancel, 1, {"a": 1})


def test_a_cancellation_keeps_its_units_in_place_until_nobody_can_take_it_back():
    with short(**MAY) as shop:
        shop.wake_ups()
        after = shop.as_customer(cancel, 1, {"a": 2, "b": 0})
        assert (after.ending.units, after.ending.until) == ({"a": 2}, NOW + 30 * MINUTE)
        assert giving_up.given_up(after) == {}
        assert shop.log(1)[-1] == ("customer", "cancelled what waits")
        shop.replan()
        assert "refund" not in [action.kind for action in shop.actions(1)]
        assert (NOW + 30 * MINUTE, ("1",)) in shop.wake_ups()
        with pytest.raises(NotAllowed):
            shop.as_customer(cancel, 1, {"a": 1})
        shop.replan(days=1 / 48)
        record = shop.order(1)
        assert (record.ending.until, giving_up.given_up(record)) == (None, {"a": 2})
        (refund,) = (action for action in shop.actions(1) if action.kind == "refund")
        assert refund.units == {"a": 2}


def test_without_time_to_change_ones_mind_a_cancellation_is_final_at_once():
    with short(**MAY, choices={"undo_minutes": 0}) as shop:
        after = shop.as_customer(cancel, 1, {"a": 3})
        assert (after.ending.until, giving_up.given_up(after)) == (None, {"a": 3})
        with pytest.raises(NotAllowed):
            shop.as_customer(take_back, 1, after.ending.key)


def test_a_cancellation_is_taken_back_in_its_time_by_its_own_name_alone():
    with short(**MAY) as shop:
        key = shop.as_customer(cancel, 1, {"a": 3}).ending.key
        for order_id, about, at in [(1, "another", NOW), (2, key, NOW), (1, key, NOW + 30 * MINUTE)]:
            with pytest.raises(NotAllowed):
                shop.as_customer(take_back, order_id, about, at=at)
        assert shop.as_customer(take_back, 1, key, at=NOW + 29 * MINUTE).ending is None
        assert shop.log(1)[-1] == ("customer", "took a cancellation back")
        with pytest.raises(NotAllowed):
            shop.as_customer(take_back, 1, key)


@pytest.mark.parametrize(
    "changes", [{"status": "closed"}, {"lines": (line("mug", 5, refunded=3),)}], ids=["ended", "taken off"]
)
def test_what_the_shop_ended_itself_meanwhile_cannot_be_taken_back(changes):
    with short(**MAY) as shop:
        key = shop.as_customer(cancel, 1, {"a": 3}).ending.key
        seen = replace(shop.order(1).snapshot, read_at=NOW + MINUTE, **changes)
        shop.store(seen).replan(orders=["1"])
        with pytest.raises(NotAllowed):
            shop.as_customer(take_back, 1, key, at=NOW + 2 * MINUTE)


def test_who_cancels_again_has_the_whole_time_again_and_not_longer():
    with short(**MAY) as shop:
        key = shop.as_customer(cancel, 1, {"a": 3}).ending.key
        shop.as_customer(take_back, 1, key, at=NOW + 10 * MINUTE)
        shop.as_customer(cancel, 1, {"a": 3}, at=NOW + 20 * MINUTE)
        due = [at for at, orders in shop.wake_ups(NOW + 25 * MINUTE) if orders]
        assert due == [NOW + 30 * MINUTE, NOW + 50 * MINUTE]


def shipping(shop):
    """How it ships now: what the customer chose, what may be chosen."""
    record = shop.order(1)
    with shop.books.read() as unit:
        known = unit.shops.get("fern")
        may = customer_choices.may_wait_together(record, known), customer_choices.ready_units(record, known)
    return chosen_shipping(record), *may


def test_one_parcel_is_chosen_and_taken_back_until_something_is_leaving():
    with short() as shop:
        assert shipping(shop) == (None, True, 0)
        shop.as_customer(one_parcel, 1)
        shop.replan()
        assert (shop.order(1).plan.release_now, shipping(shop)) == (False, ("together", False, 0))
        with pytest.raises(NotAllowed):
            shop.as_customer(one_parcel, 1)
        shop.as_customer(usual_shipping, 1)
        shop.replan()
        assert (shop.order(1).plan.decision, shipping(shop)) == ("ship_part", (None, True, 0))
        assert [what for who, what in shop.log(1) if who == "customer"] == [
            "chose together", "went back to the usual shipping"
        ]  # fmt: skip
        for do in (usual_shipping, ready_first):
            with pytest.raises(NotAllowed):
                shop.as_customer(do, 1)
        read(shop, line("mug", 5, committed=2))
        assert shipping(shop) == (None, False, 0)
        with pytest.raises(NotAllowed):
            shop.as_customer(one_parcel, 1)


READY = {"ship_part": {"enabled": True, "min_part_value": "99"}, "choices": {"ship_ready": True}}


def test_the_ready_part_leaves_first_at_the_customers_word_and_waits_after_all():
    with short(**READY) as shop:
        assert (shop.order(1).plan.decision, shipping(shop)) == ("wait", (None, False, 2))
        shop.as_customer(ready_first, 1)
        shop.replan()
        assert (shop.order(1).plan.release_now, shipping(shop)[0]) == (True, "as_ready")
        read(shop, line("mug", 5, committed=2))
        assert shipping(shop)[0] is None, "it is being picked"
        with pytest.raises(NotAllowed):
            shop.as_customer(usual_shipping, 1)
        read(shop, line("mug", 5), minutes=2)
        shop.as_customer(usual_shipping, 1)
        shop.replan()
        assert shop.order(1).plan.decision == "wait"


BY_CUSTOMER = {customer_choices.SAID_BY: customer_choices.CUSTOMER}


@pytest.mark.parametrize(
    ("manual", "status", "chosen"),
    [
        ({"ship": "together", **BY_CUSTOMER}, "open", "together"),
        ({"ship": "together"}, "open", None),
        ({"ship": "together", **BY_CUSTOMER}, "closed", None),
    ],
    ids=["the customer's word", "a person's word", "it has ended"],
)
def test_only_what_the_customer_chose_is_theirs_to_take_back(manual, status, chosen):
    with short() as shop:
        shop.change(1, manual=manual, snapshot=replace(shop.order(1).snapshot, status=status))
        assert shipping(shop)[0] == chosen
        if chosen is None:
            with pytest.raises(NotAllowed):
                shop.as_customer(usual_shipping, 1)


def test_who_chose_one_parcel_may_still_have_the_ready_part_first():
    with short(choices={"ship_ready": True}) as shop:
        shop.as_customer(one_parcel, 1)
        shop.replan()
        assert shipping(shop) == ("together", False, 2)
        shop.as_customer(ready_first, 1)
        shop.replan()
        assert (shop.order(1).plan.decision, shipping(shop)[0]) == ("ship_part", "as_ready")


CLOSED = {"status": "closed"}
NOT_READY = {
    "the shop does not offer it": ({"choices": {"ship_ready": False}}, {}, {}),
    "a person holds it": ({}, {"manual": {"hold": "1"}}, {}),
    "a person keeps it in one parcel": ({}, {"manual": {"ship": "together"}}, {}),
    "it is on hold in the shop": ({}, {}, {"hold": "payment"}),
    "it is closed": ({}, {}, CLOSED),
}


@pytest.mark.parametrize(("policy", "changes", "seen"), NOT_READY.values(), ids=NOT_READY)
def test_no_ready_part_leaves_first_where_others_have_decided(policy, changes, seen):
    with short(**READY) as shop:
        shop.set_policy(**policy)
        shop.change(1, snapshot=replace(shop.order(1).snapshot, **seen), **changes)
        assert shipping(shop)[2] == 0
        with pytest.raises(NotAllowed):
            shop.as_customer(ready_first, 1)


def test_no_ready_part_leaves_of_what_was_given_up_nor_while_a_very_large_order_is_not_decided():
    with short(**READY, **MAY) as shop:
        shop.as_customer(cancel, 1, {"a": 1})
        assert shipping(shop)[2] == 0
    with short(**READY, large_order={"enabled": True, "answer": "counter"}) as shop:
        assert shop.order(1).plan.decision == "wait"
        assert shipping(shop)[2] == 0


def test_of_an_order_that_is_not_known_or_not_planned_nothing_can_be_chosen():
    with short(**READY) as shop:
        shop.change(1, plan=None)
        assert shipping(shop) == (None, False, 0)
        for do in (one_parcel, ready_first, usual_shipping):
            for key in (1, 2):
                with pytest.raises(NotAllowed):
                    shop.as_customer(do, key)


def clock(shop):
    """The order's case under the American rule, and what its file says of the latest move."""
    with shop.books.read() as unit:
        (case,) = unit.laws.of_orders("fern", ["1"])["1"]
        return case, unit.laws.edges("fern", "1")[-1][1].evidence


def asked(shop, *, on=NOW):
    """The customer was asked whether they wait; return what the question is about."""
    from core.delay_laws import law_watch
    from core.delay_laws.cases import Evidence

    with shop.books.write() as unit:
        (notice,) = (one for one in unit.notices.of_order("fern", "1") if one.kind == "delay_option")
        proof = Evidence(what="sent", at=on, message_id="<1@example.com>")
        law_watch.notice_left(unit, unit.shops.get("fern"), notice, proof, on)
    return "us_ftc_435:1"


def test_a_customer_who_agrees_to_wait_is_on_record_with_the_date_and_the_notice():
    with short(**US) as shop:
        about = asked(shop)
        shop.wake_ups()
        shop.as_customer(law_answers.answer, 1, "wait", about)
        case, proof = clock(shop)
        assert (case.state, case.covered_until) == (State.CONSENTED_EXPRESS, in_days(70))
        assert proof.what == f"the customer chose to wait until {in_days(70)}, on the order's page"
        assert (proof.address, proof.message_id) == ("customer12@example.com", "<1@example.com>")
        assert shop.log(1)[-1] == ("customer", "answered the delay notice: wait")
        assert [orders for _, orders in shop.wake_ups(NOW - MINUTE)] == [("1",)]
        with pytest.raises(NotAllowed, match="nobody asks for consent any more"):
            shop.as_customer(law_answers.answer, 1, "wait", about)


def test_consent_to_a_delay_without_a_date_says_so():
    with short(coming=None, **US) as shop:
        shop.replan(days=22)
        about = asked(shop, on=NOW + timedelta(days=22))
        shop.as_customer(law_answers.answer, 1, "wait", about, at=NOW + timedelta(days=23))
        case, proof = clock(shop)
        assert case.covered_until is None
        assert proof.what == "the customer chose to wait without a date, on the order's page"


@pytest.mark.parametrize(
    ("key", "word", "about"), [(1, "wait", "us_ftc_435:2"), (1, "perhaps", "us_ftc_435:1"), (2, "wait", "us_ftc_435:1")]
)
def test_an_answer_to_another_question_is_none(key, word, about):
    with short(**US) as shop:
        asked(shop)
        before = clock(shop)
        with pytest.raises(NotAllowed, match="answered already"):
            shop.as_customer(law_answers.answer, key, word, about)
        assert clock(shop) == before


def test_nobody_answers_before_they_were_asked():
    with short(**US) as shop, pytest.raises(NotAllowed, match="answered already"):
        shop.as_customer(law_answers.answer, 1, "wait", "")


# Whether customers may cancel by themselves, whether picking has begun, whether the shop is asked to cancel it.
CARRIED_OUT = [(True, False, True), (False, False, False), (True, True, False)]


@pytest.mark.parametrize(("by_customer", "picked", "carried_out"), CARRIED_OUT)
def test_who_cancels_instead_of_waiting_ends_the_clock_once_that_is_final(by_customer, picked, carried_out):
    with short(**US, cancelling={"by_customer": by_customer}) as shop:
        about = asked(shop)
        shop.as_customer(law_answers.answer, 1, "cancel", about)
        assert shop.log(1)[-1] == ("customer", "answered the delay notice: cancel")
        assert clock(shop)[0].state is State.NOTICE_SENT, "it can be taken back"
        with pytest.raises(NotAllowed):
            shop.as_customer(law_answers.answer, 1, "wait", about)
        if picked:
            read(shop, line("mug", 5, committed=1))
        shop.replan(days=1 / 48)
        case, _ = clock(shop)
        record = shop.order(1)
        assert (case.state, case.vested_on) == (State.REFUND_DUE, TODAY)
        assert giving_up.counts_as_cancelled(record)
        assert giving_up.is_open(record) is carried_out
        assert ("cancel" in [action.kind for action in shop.actions(1)]) is carried_out
        with shop.books.read() as unit:
            said = [edge.evidence for _, edge in unit.laws.edges("fern", "1") if edge.after is State.CANCEL_REQUESTED]
        assert [(one.what, one.at, one.message_id) for one in said] == [
            ("the customer cancelled, on the order's page", NOW, "<1@example.com>")
        ]


def test_a_consumer_who_withdraws_ends_the_clock_in_their_own_words_whatever_the_shop_lets_customers_cancel():
    with short(**US) as shop:
        ended = giving_up.ended(shop.order(1), {"a": 5}, by="withdrawal", at=NOW)
        with shop.books.write() as unit:
            after = change_of_mind.decided(unit, unit.shops.get("fern"), ended)
        case, _ = clock(shop)
        assert (case.state, giving_up.is_open(after), giving_up.counts_as_cancelled(after)) == (
            State.REFUND_DUE,
            True,
            True,
        )
        with shop.books.read() as unit:
            said = {edge.evidence.what for _, edge in unit.laws.edges("fern", "1")}
        assert "the customer withdrew from the contract, on the order's page" in said


def test_without_time_to_change_ones_mind_the_clock_hears_of_it_at_once():
    with short(**US, choices={"undo_minutes": 0}) as shop:
        shop.as_customer(law_answers.answer, 1, "cancel", asked(shop))
        assert clock(shop)[0].state is State.REFUND_DUE
        assert giving_up.counts_as_cancelled(shop.order(1))


def test_a_part_that_is_cancelled_for_good_is_on_record_and_the_clock_runs_on():
    with short(**US, **MAY) as shop:
        shop.as_customer(cancel, 1, {"a": 1})
        shop.replan(days=1 / 48)
        case, proof = clock(shop)
        assert case.state is State.AT_RISK
        assert proof.what == "the customer cancelled a part, on the order's page: 1 of Mug"
        assert not giving_up.counts_as_cancelled(shop.order(1))


@pytest.mark.parametrize("taken_off", [False, True], ids=["swapped", "taken off in the shop meanwhile"])
def test_a_clock_hears_nothing_of_what_is_swapped_or_off_the_order_already(taken_off):
    """Of a swap no money is due, and of what somebody took off in the shop it was given back there."""
    with short(**US, **MAY) as shop:
        before = clock(shop)
        ending = shop.as_customer(cancel, 1, {"a": 1}).ending
        if taken_off:
            read(shop, line("mug", 5, cancelled=1))
            assert shop.order(1).ending.done
        else:
            shop.change(
                1, ending=replace(ending, swap=Swap(line="a", sku="cup", title="Cup", units=1, price=900, item="cup"))
            )
        shop.replan(days=1 / 48)
        assert shop.order(1).ending.until is None
        assert clock(shop) == before


def test_without_a_clock_a_cancelled_order_is_only_ended_in_the_shop():
    rows = item("mug", 0), replace(order(1, line("mug", 5)), customer=Customer(country="US"))
    with kept(*rows, **MAY, choices={"undo_minutes": 0}) as shop:
        after = shop.as_customer(cancel, 1, {"a": 5})
        assert (after.ending.whole, giving_up.counts_as_cancelled(after)) == (True, False)
        shop.replan()
        assert [action.kind for action in shop.actions(1)][-1] == "cancel"
