"""What a new plan tells: the customer by message, other tools by event, the merchant where mail does not arrive."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.actions import Code
from core.dates.promise_ranges import on_day
from core.delay_laws.cases import ASKED, ENDED, State
from core.delay_laws.law_answers import question
from core.hooks import announcing
from core.messages.notices import drafts, offer_draft
from core.messages.outreach import bounces, letter, tell
from core.messages.sample_letters import sample
from core.plan import LinePlan, OrderPlan
from core.records import NoticeRecord, OrderRecord
from core.records.endings import Ending
from core.records.expectation import Expectation
from tests.core.delay_laws.builders import case as us_case
from tests.core.shop_builders import NOW, in_days, item, kept, line, order, shop


def plan(waits=3, on=9, ready=0, units=5, decision="wait"):
    day = None if on is None else in_days(on)
    made = LinePlan(id="a", sku="mug", open=units, ahead=0, on_hand=units - waits, backordered=waits, release_now=ready,
                    completes_on=day, allocations=())  # fmt: skip
    return OrderPlan(id="1001", decision=decision, reasons=(), release_now=bool(ready), completes_on=day, lines=(made,))


def record(**more):
    given = {"snapshot": order("1001", line("mug", 5)), "promised_on": in_days(9), "told_at": NOW} | more
    return OrderRecord(shop="fern", **given)


LONG_AGO = NOW - timedelta(days=60)
BY_HAND = {"promised": in_days(5).isoformat()}
TELLS = shop(notices={"enabled": True})
GIVEN_UP = Ending(key="x", by="customer", at=NOW, whole=False, units={"a": 3})
FREE = plan(0, None, 5, decision="ship_all")
TABLE = [
    ("it begins to wait", plan(), FREE, record(), ["waiting"]),
    ("it waits from the first", plan(), None, record(), ["waiting"]),
    ("all came in", FREE, plan(), record(), ["ready"]),
    ("what waited was given up", FREE, plan(), record(ending=GIVEN_UP), []),
    ("the date moved", plan(on=20), plan(), record(), ["date_changed"]),
    ("the date is lost", plan(on=None), plan(), record(), ["date_changed"]),
    ("nothing is new", plan(), plan(), record(), []),
    ("nothing was told for long", plan(), plan(), record(told_at=LONG_AGO), ["still_on_time"]),
    ("nothing was ever told", plan(), plan(), record(told_at=None), []),
    (
        "a person set a day that the plan does not reach",
        plan(on=20),
        plan(),
        record(told_at=LONG_AGO, manual=BY_HAND),
        [],
    ),
    ("a person set a later day", plan(on=2), plan(), record(told_at=LONG_AGO, manual=BY_HAND), ["still_on_time"]),
    ("it is no open order", plan(on=20), plan(), record(snapshot=order("1001", line("mug", 5), status="closed")), []),
    (
        "a part left",
        plan(units=3),
        plan(),
        record(managed=True, snapshot=order("1001", line("mug", 5, shipped=2))),
        ["part_shipped"],
    ),
]


@pytest.mark.parametrize(
    ("after", "before", "known", "kinds"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_a_plan_calls_for_messages(after, before, known, kinds):
    assert [made.kind for made in drafts(after, known, TELLS, before, NOW)] == kinds


def link(shop_id, order_id):
    return f"https://backorder.example.com/{shop_id}/{order_id}"


@pytest.mark.parametrize(
    ("before", "after", "types"),
    [
        (record(plan=plan()), record(plan=plan(on=20), promised_on=in_days(20)), ["promise.changed"]),
        (record(plan=FREE, promised_on=None), record(plan=plan()), ["promise.changed"]),
        (record(plan=plan()), record(plan=FREE), ["order.ready"]),
        (record(plan=plan()), record(plan=None), []),
        (record(plan=plan()), record(plan=plan()), []),
    ],
)
def test_a_plan_tells_other_tools(before, after, types):
    found = list(announcing.events(before, after, shop(), link, NOW))
    assert [event.type for event in found] == types
    assert all(event.data["customer_status_url"] == link("fern", "1001") for event in found)


def test_a_message_that_is_due_names_its_orders():
    made = announcing.notice_due(
        {"to": "customer12@example.com"}, {"1001": record(), "1002": None}, shop(), link, "x", NOW
    )
    assert (made.order, [one["platform_id"] for one in made.data["orders"]]) == ("1001", ["1001"])
    assert announcing.test("x", NOW).data == {"message": "Backorder can reach you."}


def test_the_customer_counts_as_told_once_a_draft_is_new():
    with kept(item("mug", 2), order("1001", line("mug", 5))) as made, made.books.write() as unit:
        waits = record(told_at=None, plan=plan())
        asked = list(drafts(plan(on=30), waits, TELLS, plan(on=40), NOW))
        assert tell(unit, shop(), NOW, waits, asked).told_at == NOW
        assert tell(unit, shop(), NOW, waits, asked).told_at is None


@pytest.mark.parametrize(
    ("known", "told"),
    [
        (record(plan=plan()), 1),
        (record(plan=FREE), 0),
        (record(), 0),
        (record(plan=plan(), snapshot=order("1001", line("mug", 5), status="closed")), 0),
    ],
)
def test_a_waiting_customer_whose_mail_does_not_arrive_is_named(known, told):
    found = list(bounces(known, {"customer12@example.com": "no such mailbox"}))
    assert [one.code for one in found] == ["MAIL_BOUNCED"] * told
    assert list(bounces(known, {})) == []


@pytest.mark.parametrize(("kind", "waits"), [("ready", 0), ("waiting", 3)])
def test_a_sample_tells_of_a_made_up_order(kind, waits):
    letter = sample(shop(), kind, "de", NOW)
    assert (letter.country, letter.told[0].facts["lines"][0]["waits"]) == ("DE", waits)


@pytest.mark.parametrize(("expected", "told"), [(None, None), (Expectation(ships=on_day(in_days(3))), "2026-11-26")])
def test_an_event_tells_the_range_where_one_is_known(expected, told):
    moved = record(plan=plan(on=20), promised_on=in_days(20), expected=expected)
    (event,) = announcing.events(record(plan=plan()), moved, shop(), link, NOW)
    assert event.data["range"] == (told and dict.fromkeys(("earliest", "likely", "latest"), told))


@pytest.mark.parametrize(("orders", "named"), [(("1001",), "#1001"), ((), "1001")])
def test_messages_to_one_customer_are_one_letter(orders, named):
    notice = NoticeRecord(id=1, shop="fern", order="1001", kind="waiting", key="k", to="customer12@example.com", subject="",
                          body="", state="draft", created_at=NOW, due_at=NOW)  # fmt: skip
    found = letter(shop(), {key: record() for key in orders}, [notice], NOW)
    assert ([made.name for made in found.told], found.address) == ([named], "customer12@example.com")


def test_messages_about_one_order_in_one_letter_tell_its_lines_as_the_newest_knows_them():
    """A part left while there was no date; the date was found before the mail left."""
    old, new = {"lines": [{"until": None}], "sent": 2, "total": 5}, {"lines": [{"until": "2026-12-04"}], "was": None}
    made = {"shop": "fern", "key": "k", "to": "customer12@example.com", "subject": "", "body": "", "state": "draft"}
    made |= {"created_at": NOW, "due_at": NOW}
    notices = [
        NoticeRecord(id=1, order="1001", kind="part_shipped", facts=old, **made),
        NoticeRecord(id=2, order="1001", kind="date_changed", facts=new, **made),
        NoticeRecord(id=3, order="1002", kind="waiting", facts=old, **made),
        NoticeRecord(id=4, order="1001", kind="offer", facts={"code": "sorry-1"}, **made),
    ]
    told = [part.facts for part in letter(shop(), {}, notices, NOW).told]
    assert told == [old | {"lines": new["lines"]}, new, old, {"code": "sorry-1"}]


def test_the_code_of_a_consolation_is_told_with_what_it_gives():
    code = Code(order="1001", code="sorry-1", offer="discount_code", percent=10, starts_at=NOW, ends_at=NOW, title="",
                customer=None, email=None, worth=500, amount="5", currency="EUR")  # fmt: skip
    assert offer_draft(record(), code).facts["sum"] == 500
    assert offer_draft(record(), replace(code, amount="0")).facts["sum"] is None


@pytest.mark.parametrize(
    ("told", "known", "asked"),
    [
        ({}, {}, True),
        ({"notices": 0}, {}, False),
        ({"state": min(ENDED)}, {}, False),
        ({}, {"snapshot": order("1001", line("mug", 5), status="closed")}, False),
    ],
)
def test_a_customer_may_answer_while_a_notice_stands_open(told, known, asked):
    case = replace(us_case(), notices=1, state=min(ASKED), asked_until=in_days(20), answer_by=in_days(3))
    found = question(record(**known), [replace(case, **told)])
    assert bool(found) is asked
    if found:
        assert (found.about, found.waits, found.until, found.answer_by) == (
            "us_ftc_435:1",
            True,
            in_days(20),
            in_days(3),
        )


@pytest.mark.parametrize(
    ("state", "waits", "agreed"),
    [
        (State.NOTICE_SENT, True, False),
        (State.CONSENTED_EXPRESS, False, True),
        (State.EXTRA_PERIOD, False, True),
        (State.CONSENTED_SILENT, False, False),
    ],
)
def test_who_said_that_they_wait_is_told_so_and_silence_is_no_word(state, waits, agreed):
    found = question(record(), [replace(us_case(), notices=1, state=state)])
    assert (found.waits, found.agreed) == (waits, agreed)
