"""One order's page, and what a merchant chooses there."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from core.actions import Cancel, Clear, Deadline, Fulfil, Hold, Note, Publish, Refund, Release, Remove, Tag, Untag
from core.dates.promise_ranges import PromiseRange
from core.plan import PlanException
from core.records import AuditEntry, Delivery
from pages.day_axis import day_axis
from pages.order_choices import choices_for
from pages.order_view import line_views
from pages.timeline import timeline
from pages.why import problem_sentences
from pages.words import describe

DECEMBER = date(2026, 12, 8)
TODAY = date(2026, 11, 23)


@pytest.fixture
def waiting(make):
    line = make.line("a", "mug", 8, on_hand=5, waits=(("PO-1", 3, DECEMBER),))
    return make.order("1001", line, days=8, promised=date(2026, 12, 1))


@pytest.fixture
def stored(client, keep, waiting):
    keep(waiting)
    return waiting


def test_an_orders_page_shows_plan_why_promise_and_link(client, keep, waiting):
    keep(waiting)
    page = client.get("/orders/fern/1001").text
    for words in (
        "5 can ship now",
        "3 wait until",
        "for PO-1",
        "Tue 1 Dec",
        "Tue 8 Dec",
        "7 days later than promised",
        "/o/",
    ):
        assert words in page
    assert 'class="p-now" x="0" y="0" width="5"' in page
    assert 'class="p-waits" x="5" y="0" width="3"' in page


def test_actions_show_state_attempts_error_and_reference(client, lively):
    page = client.get("/orders/fern/1004").text
    for words in (
        "Hold 43 units, let 2 units go",
        "the shop refused: the order is locked",
        "gid://order/1004",
        "Try again",
        "Done",
        "Failed",
    ):
        assert words in page


def test_the_timeline_merges_log_and_messages_newest_first(client, lively):
    line = client.get("/orders/fern/1004").text.split('class="timeline"')[1]
    places = [line.index(words) for words in ("Message to the customer", "Decided: a part can ship")]
    assert places == sorted(places)
    assert "Message to the customer: Your order #1004" in line


def test_the_timeline_begins_when_the_order_was_placed(client, lively):
    line = client.get("/orders/fern/1004").text.split('class="timeline"')[1].split("</ol>")[0]
    assert "#1004 was placed: 45 units to ship" in line.rsplit("<li>", 1)[1]


def test_what_cannot_be_undone_says_so_before_it_is_sent(client, lively, books, make):
    with books.write() as unit:
        cancel = Cancel(order="1005", restock=True, refund=True, note="")
        unit.outbox.add_manual("fern", "1005", cancel, "cancel:k", "A person asked.", now=make.now, act=False)
    asked = client.get("/orders/fern/1005").text.split('id="actions-head"')[1].split("</section>")[0]
    assert "Leave a note for your staff" in asked
    assert "<strong>Cannot be undone.</strong>" in asked
    asked = client.get("/orders/fern/1001").text.split('id="actions-head"')[1].split("</section>")[0]
    assert "End the code to undo it" not in asked


def test_a_note_is_kept_shown_and_logged(client, stored, send, books):
    send(client, "/orders/fern/1001/note", text="  Called: wants <blue> mugs.  ")
    send(client, "/orders/fern/1001/note", text="   ")
    page = client.get("/orders/fern/1001").text
    assert "an empty note says nothing" in page
    notes = page.split('id="notes-head"')[1].split("</section>")[0]
    assert "Called: wants &lt;blue&gt; mugs." in notes
    assert "Wrote a note" in page.split('class="timeline"')[1]
    assert send(client, "/orders/fern/nowhere/note", text="x").status_code == 404
    with books.write() as unit:
        unit.orders.redact("fern", ["1001"], None, None)
    forgotten = client.get("/orders/fern/1001").text
    assert "mugs." not in forgotten
    assert "<p>" not in forgotten.split('id="notes-head"')[1].split("<form")[0], "an empty note"


def test_the_days_on_which_lines_may_leave_lie_on_one_axis(make):
    ships = PromiseRange(
        earliest=TODAY + timedelta(days=2), likely=TODAY + timedelta(days=5), latest=TODAY + timedelta(days=9)
    )
    waiting = make.order(
        "1", make.line("a", "mug", 2, waits=(("PO-1", 2, DECEMBER),)), make.line("b", "rope", 1, on_hand=1)
    )
    axis = day_axis(line_views(waiting), {"a": ships, "b": ships}, TODAY + timedelta(days=4), TODAY)
    (span,) = axis.spans
    assert (span.title, span.start, span.likely, span.end, axis.promised) == ("Mug", 200, 500, 900, 400)
    late = day_axis(line_views(waiting), {"a": ships}, TODAY - timedelta(days=3), TODAY + timedelta(days=20))
    assert (late.spans[0].start, late.promised) == (0, 0)
    assert day_axis(line_views(waiting), {"b": ships}, None, TODAY) is None


def test_problems_of_the_order_are_told_in_plain_words(client, keep, waiting):
    seen = replace(waiting.snapshot, problems=("Two units were refunded without restock.",))
    keep(replace(waiting, snapshot=seen))
    assert "Two units were refunded without restock." in client.get("/orders/fern/1001").text


@pytest.mark.parametrize("status", ["closed", "cancelled", "gone"])
def test_an_order_that_is_over_offers_no_choice(client, keep, waiting, status):
    keep(replace(waiting, snapshot=replace(waiting.snapshot, status=status)))
    page = client.get("/orders/fern/1001")
    assert page.status_code == 200
    assert "What you can do" not in page.text


def test_an_order_without_a_plan_has_a_page(client, keep, make):
    keep(make.order("1", make.line("a", "mug", 1), planned=False))
    assert "Not planned yet" in client.get("/orders/fern/1").text


def test_an_order_of_another_shop_or_none_is_not_there(client, keep, make, send):
    keep(make.shop("moss", "woocommerce"), make.order("1", make.line("a", "mug", 1), shop="moss"))
    assert client.get("/orders/fern/1").status_code == 404
    assert client.get("/orders/moss/1").status_code == 404
    assert send(client, "/orders/moss/1/choose", do="hold").status_code == 404
    assert send(client, "/orders/fern/1/again", action="1").status_code == 404


def test_a_choice_is_stored_logged_and_planned(client, keep, waiting, send, books):
    keep(waiting)
    assert send(client, "/orders/fern/1001/choose", do="hold").status_code == 303
    with books.read() as unit:
        assert unit.orders.get("fern", "1001").manual == {"hold": "1"}
        assert unit.audit.page("fern", order="1001").items[0].actor == "merchant"
        assert unit.inbox.next_due() is not None
    page = client.get("/orders/fern/1001").text
    assert "The plan is being made anew" in page
    assert "Release the order" in page


@pytest.mark.parametrize(
    ("do", "words"),
    [
        ("release", "not held by a person"),
        ("accept", "not up for review"),
        ("cancel", "only observed"),
        ("keep", "Nothing of it is being cancelled"),
        ("nonsense", "must be one of"),
    ],
)
def test_a_choice_that_the_plan_does_not_allow_says_why(client, stored, send, books, do, words):
    assert send(client, "/orders/fern/1001/choose", do=do).status_code == 303
    page = client.get("/orders/fern/1001").text
    assert words in page.split('role="alert"')[1].split("</p>")[0]
    with books.read() as unit:
        assert unit.orders.get("fern", "1001") == stored


def test_a_failed_action_is_tried_again_when_a_person_asks(client, lively, send, books, make):
    with books.read() as unit:
        (failed,) = [row for row in unit.outbox.of_order("fern", "1004") if row.state == "failed"]
    assert send(client, "/orders/fern/1004/again", action=failed.id).status_code == 303
    with books.read() as unit:
        states = {row.id: row.state for row in unit.outbox.of_order("fern", "1004")}
        said = unit.audit.page("fern", order="1004").items[0]
    assert states[failed.id] == "pending"
    assert (said.what, said.at) == (f"asked to try again: {failed.kind}", make.now)
    assert "In line again" in client.get("/orders/fern/1004").text


def test_an_action_that_has_not_failed_stays_as_it_is(client, lively, send, books):
    with books.read() as unit:
        done = next(row for row in unit.outbox.of_order("fern", "1004") if row.state == "done")
    send(client, "/orders/fern/1004/again", action=done.id)
    assert "has not failed" in client.get("/orders/fern/1004").text


@pytest.mark.parametrize("action", ["", "x", "-1", "999999"])
def test_an_unknown_action_is_a_404(client, lively, send, action):
    assert send(client, "/orders/fern/1004/again", action=action).status_code == 404


def offered(record, shop):
    return [choice.do for choice in choices_for(record, shop)]


@pytest.mark.usefixtures("_app_context")
def test_choices_follow_the_state_of_the_order(make, waiting):
    shop = make.shop()
    assert offered(waiting, shop) == ["together", "hold", "offer"]
    assert offered(replace(waiting, manual={"hold": "1"}), shop) == ["together", "release", "offer"]
    assert offered(replace(waiting, offers=("code",)), shop) == ["together", "hold", "end_codes"]
    assert offered(replace(waiting, offers=("code",), codes_ended=("code",)), shop) == ["together", "hold"]
    marked = replace(waiting, shown="0 8", expected_held={"a": 3})
    assert offered(marked, shop) == ["together", "hold", "offer", "let_go", "unmark"]
    released = replace(marked, manual={"let_go": "1", "unmarked": "1"})
    assert offered(released, shop) == ["together", "hold", "offer", "hand_back"]
    kept = make.order("1", make.line("a", "mug", 8, on_hand=5, now=0))
    assert offered(kept, shop) == ["ship_part", "hold", "offer"]
    review = make.order("1", make.line("a", "mug", 8, on_hand=8, now=0), decision="review")
    assert offered(review, shop) == ["accept", "decline", "ship_part", "hold"]
    assert offered(make.order("1", make.line("a", "mug", 1), planned=False), shop) == []


@pytest.mark.usefixtures("_app_context")
@pytest.mark.parametrize("decision", [None, "review"])
def test_at_most_one_choice_is_the_next_step(make, decision):
    kept = make.order("1", make.line("a", "mug", 8, on_hand=5, now=0), decision=decision)
    assert sum(choice.primary for choice in choices_for(kept, make.shop())) == 1


@pytest.mark.usefixtures("_app_context")
def test_what_cannot_be_undone_is_said_before(make):
    kept = make.order("1", make.line("a", "mug", 8, on_hand=5, now=0))
    undo = {choice.do: choice.undo for choice in choices_for(kept, make.shop(policy=make.policy(fulfil="create")))}
    assert undo["ship_part"].startswith("Cannot be undone")
    assert undo["offer"] == "End the code to undo it, as long as nobody has used it."
    assert undo["hold"] == "You can release it again."


@pytest.mark.usefixtures("_app_context")
@pytest.mark.parametrize(
    ("action", "words"),
    [
        (Tag(order="1", tags=("a", "b")), "Tag the order: a, b"),
        (Untag(order="1", tags=("a",)), "Remove our tags: a"),
        (Hold(order="1", held={"a": 1}, ready={}, handle="h", note=""), "Hold 1 unit"),
        (Release(order="1", held={}, ready={"a": 2}, handle="h", note=""), "Release the whole order"),
        (Release(order="1", held={"a": 1}, ready={"a": 2}, handle="h", note=""), "Hold 1 unit, let 2 units go"),
        (Fulfil(order="1", shipped={"a": 2}, reference="r"), "Record 2 units in all as shipped"),
        (Note(order="1", marker="m", text="Late.", to_customer=True), "Leave a note for the customer: Late."),
        (
            Publish(order="1", ready=1, waiting=2, expected_on=None),
            "Show the customer: 1 unit ready, 2 units waiting, no date yet",
        ),
        (Publish(order="1", ready=0, waiting=0, expected_on=None), "Show the customer that nothing waits any more"),
        (Deadline(order="1", lines={}), "Set the last day to ship what waits"),
        (Remove(order="1", left={}, restock=True, note=""), "Take units that nobody waits for any more off the order"),
        (Cancel(order="1", restock=True, refund=True, note=""), "Cancel the order and give back what was paid"),
        (
            Refund(order="1", units={"a": 1}, restock=True, key="k", note=""),
            "Take 1 unit off the order and give back what was paid",
        ),
        (Clear(order="1"), "Remove everything of ours from the order"),
    ],
)
def test_every_action_is_said_in_a_phrase(action, words):
    assert describe(action) == words


@pytest.mark.usefixtures("_app_context")
def test_what_is_the_same_about_many_items_is_said_once():
    said = [PlanException(code="NO_DATED_SUPPLY", detail="no date", sku=sku) for sku in ("a", "b", "a", "c", "d", "e")]
    late = PlanException(code="OVERDUE_SUPPLY", detail="it was due", incoming="PO-1")
    assert [told.split(":")[0] for told in problem_sentences([*said, late])] == ["a, b, c and 2 more", "PO-1"]
    assert problem_sentences(said[:1]) == (
        "a: no date. Enter what is on order under Incoming, or talk to the customer.",
    )


def test_a_long_wait_since_the_order_is_told(client, keep, make):
    keep(make.order("1", make.line("a", "mug", 1), days=400))
    assert "400 days ago" in client.get("/orders/fern/1").text
    assert (make.now - timedelta(days=400)).year == 2025
    assert "19 Oct 2025" in client.get("/orders/fern/1").text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"manual": {"let_go": "1"}}, "its units are not held, because you released our hold."),
        ({"hands_off": {"a": 3}}, "3 units are not held, because somebody took our hold away in the shop."),
        ({"hands_off": {"a": 1}, "manual": {"unmarked": "1"}}, "1 unit is not held, because somebody took our hold"),
    ],
)
def test_what_is_left_alone_is_shown_with_a_way_back(client, keep, waiting, send, books, changes, words):
    keep(replace(waiting, **changes))
    page = client.get(f"/orders/fern/{waiting.id}").text
    assert words in page
    assert "Hand it back to Backorder" in page
    send(client, f"/orders/fern/{waiting.id}/choose", do="hand_back")
    assert "leaves this order alone" not in client.get(f"/orders/fern/{waiting.id}").text
    with books.read() as unit:
        assert (unit.orders.get("fern", waiting.id).manual, unit.orders.get("fern", waiting.id).hands_off) == ({}, {})


@pytest.mark.parametrize(
    ("do", "why"),
    [("let_go", "under our hold"), ("unmark", "mark of ours stands"), ("hand_back", "nothing to hand back"), ("end_codes", "code of the order is left")],
)  # fmt: skip
def test_what_is_not_there_cannot_be_taken_back(client, keep, waiting, send, do, why):
    keep(waiting)
    send(client, f"/orders/fern/{waiting.id}/choose", do=do)
    assert why in client.get(f"/orders/fern/{waiting.id}").text


def test_every_finished_action_says_how_it_is_undone():
    from core.actions import ACTIONS
    from pages.words import UNDO

    assert UNDO.keys() == ACTIONS.keys()


def test_a_person_promises_a_day_on_the_orders_page_and_takes_it_back(stored, client, send, books):
    choose = "/orders/fern/1001/choose"
    assert "Promise a day by hand" in client.get("/orders/fern/1001").text
    send(client, choose, do="promise", on="2026-12-12", why="told   by phone")
    page = client.get("/orders/fern/1001").text
    for words in (
        "Sat 12 Dec",
        "set by a person: the plan does not move it",
        "Promised the customer Sat 12 Dec",
        "told by phone",
    ):
        assert words in page
    assert "promised by hand: Sat 12 Dec" in client.get("/").text
    link = page.split('href="')[
        next(i for i, part in enumerate(page.split('href="')) if "What the customer sees" in part)
    ]
    customers = client.get(link.split('"')[0]).text
    assert "We expect that all of it has left by Sat 12 Dec." in customers
    assert "3 will follow on Sat 12 Dec" in customers
    send(client, choose, do="end_promise")
    assert "set by a person" not in client.get("/orders/fern/1001").text
    with books.read() as unit:
        assert unit.orders.get("fern", "1001").manual == {}


@pytest.mark.parametrize("on", ["", "12.12.2026", "2026-11-22", "2029-01-01"])
def test_a_day_that_cannot_be_promised_changes_nothing_and_says_what_can(stored, client, send, books, on):
    send(client, "/orders/fern/1001/choose", do="promise", on=on)
    assert "give the day from Mon 23 Nov on" in client.get("/orders/fern/1001").text
    with books.read() as unit:
        assert unit.orders.get("fern", "1001") == stored


def test_what_the_shop_told_comes_before_what_follows_and_once_a_minute_or_where_nothing_lies_between(make, app):
    def told(number, topic, minute):
        at = make.now + timedelta(minutes=minute)
        return Delivery(id=number, shop="fern", topic=topic, key=topic, body=b"", received_at=make.now, taken_at=at)

    deliveries = [told(number, "orders/updated", minute) for number, minute in ((6, 9.3), (5, 9), (4, 6), (3, 5))]
    deliveries += [told(2, "orders/someday", 3), told(1, "order.created", 2)]
    noted = [
        AuditEntry(id=1, shop="fern", at=make.now + timedelta(minutes=minute), actor="backorder", what="noted")
        for minute in (9.1, 6)
    ]
    with app.test_request_context():
        shown = timeline(noted, (), make.order("1", make.line("a", "mug", 1)), deliveries)
    assert [(moment.who, moment.what, moment.more) for moment in reversed(shown)][1:] == [
        ("Shop", "Told of the new order", None),
        ("Shop", "Told of a change (orders/someday)", None),
        ("Shop", "Told that the order changed", "2 times"),
        ("Backorder", "Wrote a note", None),
        ("Shop", "Told that the order changed", "2 times"),
        ("Backorder", "Wrote a note", None),
    ]


def test_a_reason_is_told_once_for_all_that_follows_from_it(make, app):
    entries = [
        AuditEntry(id=n, shop="fern", at=make.now + timedelta(minutes=n), actor="backorder", what="noted", why=why)
        for n, why in enumerate(["out of stock", "out of stock", None, "out of stock", "it came", "out of stock"])
    ]
    with app.test_request_context():
        shown = timeline(entries, (), make.order("1", make.line("a", "mug", 1)))
    assert [moment.more for moment in reversed(shown)] == [
        None,
        "out of stock",
        None,
        None,
        None,
        "it came",
        "out of stock",
    ]
