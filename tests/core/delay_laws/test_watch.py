"""The delay laws at work on a shop's orders: cases opened and moved by what is seen, demands shown, notices drafted."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.delay_laws import law_watch
from core.delay_laws.cases import Evidence, State
from core.delay_laws.law_answers import question
from core.delay_laws.scope import laws_of
from core.errors import NotAllowed
from core.orders import choices, giving_up
from core.records import OrderRecord
from core.snapshots import Customer
from tests.core.shop_builders import NOW, in_days, item, kept, line, order, shop, supply

US, EU = "us_ftc_435", "eu_2011_83"
LAW = {US: "United States, 16 CFR 435", EU: "European Union, directive 2011/83, article 18"}
T = in_days(29)
"""The last day of an order of yesterday under the American rule."""


def seen(*lines, country=None, days=1, **more):
    customer = Customer(id="c1", email="customer12@example.com", country=country)
    return replace(order(1, *(lines or [line("mug", 5)]), days=days, **more), customer=customer)


def watched(coming, *, days=1, laws=(US,), country=None, **policy):
    """A shop that has two of five mugs, ordered `days` ago; the others come in `coming` days, or nobody knows when."""
    rows = (item("mug", 2), seen(days=days, country=country), supply("PO-1", "mug", 9, coming))
    return kept(*rows, laws=list(laws), **policy)


def told(shop):
    return [(one.code, one.detail) for one in shop.order(1).exceptions if one.code.startswith("LAW_")]


def drafted(shop, kind="delay_option"):
    """The facts of the messages that a law asks for, oldest first."""
    keys = ("law", "revised", "delay", "answer_by", "known", "silence", "refund_by")
    with shop.books.read() as unit:
        found = [notice.facts for notice in unit.notices.of_order("fern", "1") if notice.kind == kind]
    return [{key: facts[key] for key in keys if facts.get(key) is not None} for facts in found]


def case_of(shop):
    with shop.books.read() as unit:
        (found,) = unit.laws.of_orders("fern", ["1"]).get("1", (None,))
    return found


def moves(shop):
    with shop.books.read() as unit:
        return [str(edge.after) for _, edge in unit.laws.edges("fern", "1")]


def wakes(shop, *, on):
    """Whether the clock comes back to the order on that day, and not on the day before."""
    with shop.books.read() as unit:
        day_before = unit.laws.due(NOW.replace(hour=23) + (on - NOW.date()) - timedelta(days=1))
        return (unit.laws.due(NOW + (on - NOW.date())), day_before) == ((("fern", "1"),), ())


def leave(shop, days=0):
    """The newest notice of the order leaves on that day."""
    moment = NOW + timedelta(days=days)
    with shop.books.write() as unit:
        notice = [one for one in unit.notices.of_order("fern", "1") if one.kind.endswith("_option")][-1]
        proof = Evidence(what="sent", at=moment, message_id=f"<{notice.id}@example.com>")
        law_watch.notice_left(unit, unit.shops.get("fern"), notice, proof, moment)


def answer(shop, word, days=0):
    moment = NOW + timedelta(days=days)
    with shop.books.write() as unit:
        proof = Evidence(what="answered", at=moment)
        return law_watch.answered(unit, unit.shops.get("fern"), "1", word, proof, moment)


ASKED = f"{LAW[US]}: the customer must be told of the delay and asked by {T}"
# When the rest comes, what a person is told, and what is asked of the customer: by 16 CFR 435.2(b), on the same day.
AMERICAN = {
    "in good time": (22, [], None),
    "close to the limit": (23, [("LAW_AT_RISK", f"{LAW[US]}: it must ship by {T}")], None),
    "on the last day": (29, [("LAW_AT_RISK", f"{LAW[US]}: it must ship by {T}")], None),
    "a day late": (30, [("LAW_NOTICE_DUE", ASKED)], ("short", "consents", T)),
    "thirty days late": (59, [("LAW_NOTICE_DUE", ASKED)], ("short", "consents", T)),
    "later than that": (60, [("LAW_NOTICE_DUE", ASKED)], ("long", "cancels", in_days(59))),
    "nobody knows": (None, [], None),
}


@pytest.mark.parametrize(("coming", "says", "asks"), AMERICAN.values(), ids=AMERICAN)
def test_the_day_on_which_the_rest_comes_says_what_the_american_rule_asks(coming, says, asks):
    with watched(coming) as shop:
        assert told(shop) == says
        facts = {"law": US, "known": T.isoformat()}
        if asks:
            delay, silence, answer_by = asks
            facts |= {"revised": in_days(coming).isoformat(), "delay": delay, "silence": silence,
                      "answer_by": answer_by.isoformat()}  # fmt: skip
        assert drafted(shop) == ([facts] if asks else [])
        assert wakes(shop, on=T - timedelta(days=7))


def test_without_a_date_the_question_is_due_when_the_lead_time_begins():
    with watched(None) as shop:
        shop.replan(days=21)
        assert told(shop) == []
        shop.replan(days=22)
        assert told(shop) == [("LAW_NOTICE_DUE", ASKED)]
        assert wakes(shop, on=in_days(23)), "while nothing changes, the clock comes back once a day"
        assert drafted(shop) == [
            {
                "law": US,
                "known": T.isoformat(),
                "delay": "undated",
                "silence": "cancels",
                "answer_by": in_days(59).isoformat(),
            }
        ]


def test_european_silence_means_nothing_and_the_answer_is_due_with_the_limit():
    with watched(40, laws=[EU], country="DE") as shop:
        limit = T - timedelta(days=3)  # the parcel's way
        assert drafted(shop) == [
            {"law": EU, "known": limit.isoformat(), "revised": in_days(40).isoformat(), "delay": "long", "silence": "nothing",
             "answer_by": limit.isoformat()}
        ]  # fmt: skip


def test_silence_to_a_short_delay_extends_once_and_the_next_notice_needs_a_yes():
    with watched(40) as shop:
        leave(shop)
        assert case_of(shop).state is State.NOTICE_SENT
        assert wakes(shop, on=T + timedelta(days=1))
        shop.replan(days=30)
        assert (case_of(shop).state, moves(shop)) == (
            State.CONSENTED_SILENT,
            ["at_risk", "notice_sent", "consented_silent"],
        )
        assert told(shop) == []
        shop.store(supply("PO-1", "mug", 9, 50)).replan(days=31)
        assert told(shop) == [
            (
                "LAW_NOTICE_DUE",
                f"{LAW[US]}: the customer must be asked again, for the date they know is missed by {in_days(40)}",
            )
        ]
        assert drafted(shop, "renewed_option") == [
            {"law": US, "known": in_days(40).isoformat(), "revised": in_days(50).isoformat(), "delay": "short",
             "silence": "cancels", "answer_by": in_days(40).isoformat()}
        ]  # fmt: skip
        leave(shop, days=31)
        shop.replan(days=41)
        assert moves(shop)[3:] == ["renewed_notice_sent", "lapsed", "cancelled", "refund_due"]


def test_silence_to_a_long_delay_ends_the_order_which_is_held_and_whose_customer_is_told():
    with watched(70) as shop:
        leave(shop)
        shop.replan(days=59)
        assert case_of(shop).state is State.NOTICE_SENT
        shop.replan(days=60)
        record, refund_by = shop.order(1), case_of(shop).refund_due_on
        assert giving_up.counts_as_cancelled(record)
        says = "the order counts as cancelled, and its refund must be sent in money by"
        assert told(shop) == [("LAW_REFUND_DUE", f"{LAW[US]}: {says} {refund_by}")]
        assert drafted(shop, "cancelled") == [{"law": US, "refund_by": refund_by.isoformat()}]
        assert [entry for entry in shop.log(1) if entry[1].startswith("delay law")] == [
            ("engine", "delay law: lapsed"), ("engine", "delay law: cancelled")
        ]  # fmt: skip
        assert [orders for _, orders in shop.wake_ups()] == [("1",)], "the plan that holds it follows"
        shop.replan(days=60)
        assert sum(line.release_now for line in shop.order(1).plan.lines) == 0
        assert len(drafted(shop, "cancelled")) == 1


@pytest.mark.parametrize("decides", ["counter", "review"])
def test_of_a_very_large_order_that_a_law_ended_nothing_is_offered_and_nothing_decided_any_more(decides):
    large = {"enabled": True, "answer": decides, "offer_days": 60}
    with watched(70, large_order=large) as shop:
        shop.replan(days=30)
        shop.replan(days=30)
        shop.replan(days=31)
        record = shop.order(1)
        assert giving_up.counts_as_cancelled(record)
        assert (record.plan.decision, choices.is_open_question(record)) == ("wait", False)
        assert (record.proposal and record.proposal.state) == {"counter": "withdrawn", "review": None}[decides]
        for do in ("accept", "cap", "decline", "counter", "release", "hold", "ship_part", "offer"):
            with pytest.raises(NotAllowed):
                shop.choose(1, do)
        with shop.books.write() as unit, pytest.raises(NotAllowed):
            choices.answer(unit, unit.shops.get("fern"), "1", "part", actor="customer", as_of=NOW, now=NOW)
        assert shop.order(1) == record


def test_where_the_policy_says_so_the_shop_is_asked_to_end_what_a_law_ended():
    with watched(70, cancelling={"by_law": True}) as shop:
        shop.replan(days=30)
        refund_by = case_of(shop).refund_due_on
        says = "the order counts as cancelled, the shop is asked to end it, and the money must be on its way by"
        assert told(shop) == [("LAW_REFUND_DUE", f"{LAW[US]}: {says} {refund_by}")]
        shop.replan(days=30)
        assert told(shop) == [("LAW_REFUND_DUE", f"{LAW[US]}: {says} {refund_by}")], "until it is sent"
        assert shop.actions(1)[-1].kind == "cancel"
        shop.store(replace(seen(line("mug", 5, cancelled=5), status="cancelled"), read_at=NOW + timedelta(days=31)))
        shop.replan(days=31, orders=["1"])
        assert (case_of(shop).state, told(shop)) == (State.REFUNDED, [])


def test_a_customer_who_agrees_to_wait_is_asked_nothing_until_that_date_is_missed():
    with watched(70) as shop:
        leave(shop)
        assert answer(shop, "wait")
        assert not answer(shop, "wait"), "there is no question any more"
        shop.replan(days=60)
        assert (case_of(shop).state, case_of(shop).covered_until) == (State.CONSENTED_EXPRESS, in_days(70))
        assert told(shop) == []


def test_where_two_laws_ask_one_word_answers_both_for_the_later_date_by_the_earlier_day():
    """As of an order whose country nobody knows."""
    with watched(70, laws=(US, EU)) as shop, shop.books.write() as unit:
        for notice in unit.notices.of_order("fern", "1"):
            if notice.kind == "delay_option":
                law_watch.notice_left(unit, unit.shops.get("fern"), notice, Evidence(what="sent"), NOW)
        first, second = unit.laws.of_orders("fern", ["1"])["1"]
        other = replace(second, asked_until=in_days(80), answer_by=first.answer_by + timedelta(days=3))
        for cases in ((first, other), (other, first)):
            asked = question(unit.orders.get("fern", "1"), cases)
            assert (asked.until, asked.answer_by) == (in_days(80), first.answer_by)
        law_watch.answered(unit, unit.shops.get("fern"), "1", "wait", Evidence(what="answered", at=NOW), NOW)
        states = {case.state for case in unit.laws.of_orders("fern", ["1"])["1"]}
        assert states == {State.CONSENTED_EXPRESS}


def test_a_notice_of_another_law_moves_no_case():
    with watched(70) as shop:
        before = case_of(shop)
        with shop.books.write() as unit:
            (notice,) = (one for one in unit.notices.of_order("fern", "1") if one.kind == "delay_option")
            other = replace(notice, facts={**notice.facts, "law": EU})
            law_watch.notice_left(unit, unit.shops.get("fern"), other, Evidence(what="sent"), NOW)
        assert case_of(shop) == before


def test_a_notice_that_could_give_no_date_leaves_the_new_one_open():
    with watched(None) as shop:
        shop.replan(days=22)
        leave(shop, days=22)
        assert (case_of(shop).state, case_of(shop).asked_until) == (State.NOTICE_SENT, None)


@pytest.mark.parametrize(
    ("lines", "status", "ends"),
    [
        ([line("mug", 5, shipped=5)], "closed", ["shipped"]),
        ([line("mug", 5, shipped=2, refunded=3)], "closed", ["shipped"]),
        ([line("mug", 5, shipped=5), line("fitting", 1, id="b", ships=False)], "open", ["shipped"]),
        ([line("mug", 5, refunded=5)], "closed", ["cancelled", "refund_due", "refunded"]),
        ([line("mug", 5)], "cancelled", ["cancelled", "refund_due", "refunded"]),
        ([line("mug", 5)], "gone", ["cancelled", "refund_due", "refunded"]),
    ],
    ids=["shipped", "the rest refunded", "a service is left", "refunded", "cancelled", "deleted"],
)
def test_a_case_ends_with_what_the_shop_shows(lines, status, ends):
    with watched(70) as shop:
        shop.store(replace(seen(*lines, status=status), read_at=NOW + timedelta(hours=1)))
        shop.replan(orders=["1"])
        assert moves(shop) == ["at_risk", *ends]
        assert (told(shop), drafted(shop, "cancelled")) == ([], [])
        assert [orders for _, orders in shop.wake_ups(NOW + timedelta(hours=2))] == []
        shop.replan(days=90, orders=["1"])
        assert moves(shop) == ["at_risk", *ends], "nothing happens to it any more"


def test_an_order_that_was_archived_with_units_open_is_not_ours_to_hold_but_its_refund_is_asked_for():
    with watched(70) as shop:
        shop.store(replace(seen(status="closed"), read_at=NOW + timedelta(hours=1)))
        shop.replan(days=30, orders=["1"])
        assert [code for code, _ in told(shop)] == ["LAW_REFUND_DUE"]
        assert (shop.order(1).manual, drafted(shop, "cancelled")) == ({}, [])


@pytest.mark.parametrize(
    ("law", "country", "detail"),
    [
        (US, "US", "its time was over before we watched: if no notice was sent by then, a refund is due"),
        (EU, "DE", "its time was over before we watched: if no notice was sent by then, a refund is due"),
    ],
)
def test_an_order_that_was_late_before_we_watched_is_for_a_person(law, country, detail):
    with watched(70, days=40, laws=[law], country=country) as shop:
        assert told(shop) == [("LAW_LATE", f"{LAW[law]}: {detail}")]
        assert drafted(shop) == []


def test_a_european_order_that_gets_late_under_our_watch_is_for_a_person_and_never_cancelled():
    with watched(70, laws=[EU], country="DE") as shop:
        leave(shop)
        shop.replan(days=40)
        assert told(shop) == [("LAW_LATE", f"{LAW[EU]}: it is late, and the customer may end the contract")]
        assert not giving_up.counts_as_cancelled(shop.order(1))
        assert ("engine", "delay law: overdue") in shop.log(1)


def test_what_is_given_up_while_the_shop_is_told_asks_nobody_about_a_delay():
    with watched(70) as shop:
        shop.choose(1, "cancel")
        shop.replan()
        assert (told(shop), len(drafted(shop))) == ([], 1)
        before = moves(shop)
        shop.replan(days=40)
        assert (moves(shop), told(shop)) == (before, [])


def test_a_part_that_its_customer_cancelled_leaves_the_clock_running_and_stands_in_the_file():
    with watched(70) as shop:
        with shop.books.write() as unit:
            law_watch.part_cancelled(unit, unit.shops.get("fern"), "1", Evidence(what="said so"), NOW)
            rules = [edge.rule for _, edge in unit.laws.edges("fern", "1")]
        assert rules[-1] == f"{LAW[US]}: cancelled before shipment, in part; refund by 2026-12-03"
        assert (moves(shop), case_of(shop).state) == (["at_risk", "at_risk"], State.AT_RISK)
        answer(shop, "cancel")
        with shop.books.write() as unit:
            law_watch.part_cancelled(unit, unit.shops.get("fern"), "1", Evidence(what="said so"), NOW)
        assert moves(shop)[2:] == ["cancel_requested", "cancelled", "refund_due"], "all of it is due already"


EXEMPT = frozenset({"no-delay-law"})
# Placed days ago, its tags, whether it is told that the strictest law gives it until a day. Its rest comes in 20 days.
ALARMS = {
    "in good time": (5, frozenset(), None),
    "too late": (20, frozenset(), in_days(7)),
    "the lead time has not begun": (19, frozenset(), None),
    "no law is about it": (20, EXEMPT, None),
}


@pytest.mark.parametrize(("days", "tags", "last"), ALARMS.values(), ids=ALARMS)
def test_an_order_from_elsewhere_is_held_to_the_strictest_law_by_an_alarm_alone(days, tags, last):
    rows = (item("mug", 2), supply("PO-1", "mug", 9, 20), replace(seen(days=days, country="JP"), merchant_tags=tags))
    with kept(*rows, laws=[US, EU]) as shop:
        says = [("LAW_AT_RISK", f"by the strictest of the delay laws it must ship by {last}")] if last else []
        assert (told(shop), case_of(shop), drafted(shop)) == (says, None, [])


def test_an_order_from_elsewhere_that_ships_in_time_needs_no_alarm():
    rows = (item("mug", 2), supply("PO-1", "mug", 9, 7), seen(days=20, country="JP"))
    with kept(*rows, laws=[US]) as shop:
        assert told(shop) == []
        shop.store(item("mug", 9, read_at=NOW + timedelta(hours=1))).replan(days=9)
        assert told(shop) == [], "nothing waits any more"


@pytest.mark.parametrize(
    ("country", "tags", "laws"),
    [("US", (), [US]), ("DE", (), []), ("US", ("no-delay-law",), []), (None, ("gift",), [US])],
)
def test_a_chosen_law_governs_the_orders_of_its_countries_but_those_that_are_exempt(country, tags, laws):
    record = OrderRecord(shop="fern", snapshot=replace(seen(country=country), merchant_tags=frozenset(tags)))
    assert [pack.law for pack in laws_of(record, shop(laws=[US]).policy, NOW.date())] == laws


@pytest.mark.parametrize("out", ["the order", "the law"])
def test_a_clock_stands_still_once_the_merchant_takes_the_order_or_its_law_out(out):
    """Tags come after the order as a rule: an app, or a person, has a look at it first."""
    with watched(None, laws=[US, EU], country="US") as shop:
        opened = case_of(shop)
        if out == "the order":
            shop.change(1, snapshot=replace(shop.order(1).snapshot, merchant_tags=EXEMPT))
        else:
            shop.set_policy(laws=[EU])
        shop.replan(days=40)
        assert (case_of(shop), told(shop), drafted(shop)) == (opened, [], [])
        with shop.books.read() as unit:
            assert unit.laws.due(NOW + timedelta(days=99)) == (), "it does not come back to the order either"
        shop.change(1, snapshot=replace(shop.order(1).snapshot, merchant_tags=frozenset()))
        shop.set_policy(laws=[US])
        shop.replan(days=40)
        assert case_of(shop).state is State.REFUND_DUE


def test_no_clock_runs_while_the_shop_is_observed():
    with watched(70, mode="observe") as shop:
        assert (case_of(shop), told(shop), drafted(shop)) == (None, [], [])


def test_a_time_that_the_shop_states_takes_the_place_of_thirty_days():
    with watched(70, law_clock={"stated_days": 45}) as shop:
        assert case_of(shop).ship_by == in_days(44)
        assert (drafted(shop)[0]["delay"], drafted(shop)[0]["known"]) == ("short", in_days(44).isoformat())
