"""Orders: the plan file's keys with everything that was promised, offered, said and done."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.actions import Code, Tag
from core.snapshots import Outside
from tests.pages.builders import notice_sent


def test_an_order_shows_its_plan_under_the_plan_files_keys(ask, house_of):
    order = ask("GET", "/orders/1001")
    assert (order["id"], order["platform_id"], order["name"]) == ("1001", "1001", "#1001")
    assert (order["decision"], order["completes_on"], order["release_now"]) == ("ship_part", "2026-12-03", True)
    (line,) = order["lines"]
    assert (line["open"], line["on_hand"], line["backordered"]) == (8, 5, 3)
    assert line["allocations"][1] == {"supply": "PO-1", "location": "main", "units": 3, "on": "2026-12-03"}
    assert order["promise"] == {"first": "2026-12-03", "current": "2026-12-03", "by_hand": False}
    assert order["customer_status_url"].startswith(f"{house_of().settings.external}/o/")


def test_an_order_that_was_not_planned_yet_has_no_decision(ask, keep, make):
    keep(make.order("1003", make.line("a", "mug", 2), planned=False))
    order = ask("GET", "/orders/1003")
    assert order["decision"] is None
    assert order["lines"] == order["reasons"] == []


def test_a_closed_order_still_answers(ask):
    assert ask("GET", "/orders/990")["state"] == "closed"


def test_tags_and_held_units_are_ours_as_they_stand_outside(ask, keep, make):
    record = make.order("1004", make.line("a", "mug", 2), make.line("b", "mug", 1), expected_held={"b": 1, "a": 0})
    outside = Outside(tags=frozenset({"backorder-wait", "backorder"}))
    keep(replace(record, snapshot=replace(record.snapshot, outside=outside)))
    order = ask("GET", "/orders/1004")
    assert order["tags"] == ["backorder", "backorder-wait"]
    assert order["held"] == {"b": 1}


def test_actions_offers_notices_and_the_timeline_come_with_the_order(ask, keep, make, books):
    code = Code(
        order="1005", code="sorry-a", offer="discount_code", percent=10, starts_at=make.now, title="For the wait",
        ends_at=make.now + timedelta(days=60), customer=None, email=None, worth=245,
    )  # fmt: skip
    keep(make.order("1005", make.line("a", "mug", 2), offers=("sorry-a", "sorry-old")))
    with books.write() as unit:
        unit.outbox.want(
            "fern",
            "1005",
            [(code, "c", "long wait"), (Tag(order="1005", tags=("x",)), "t", "waits")],
            now=make.now,
            act=False,
        )
        unit.notices.add([make.notice(order="1005", to="c@example.com", facts={"lines": []})])
        unit.audit.write(shop="fern", at=make.now, actor="engine", what="decided", order="1005", outcome="wait")
        unit.audit.write(shop="fern", at=make.now, actor="api", what="chose hold", order="1005")
    order = ask("GET", "/orders/1005")
    assert [(action["kind"], action["state"], action["attempts"]) for action in order["actions"]] == [
        ("code", "planned", 0),
        ("tag", "planned", 0),
    ]
    assert [(offer["code"], offer["percent"]) for offer in order["offers"]] == [("sorry-a", 10), ("sorry-old", None)]
    assert [notice["subject"] for notice in order["notices"]] == ["Your order #1005: what ships when"]
    assert [entry["what"] for entry in order["timeline"]] == ["decided", "chose hold"]


def test_exceptions_and_problems_are_said(ask, keep, make):
    keep(make.order("1006", make.line("a", "mug", 2), exceptions=(("NO_DATED_SUPPLY", "no date"),), problems=("odd",)))
    order = ask("GET", "/orders/1006")
    assert order["exceptions"] == [{"code": "NO_DATED_SUPPLY", "order": "1006", "detail": "no date"}]
    assert order["problems"] == ["odd"]


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("", ["990", "1001", "1002"]),
        ("?state=open", ["1001", "1002"]),
        ("?state=backordered", ["1001", "1002"]),
        ("?state=closed", ["990"]),
        ("?tag=never-used", []),
    ],
)
def test_the_list_keeps_to_the_state_asked_for(ask, query, ids):
    assert [order["id"] for order in ask("GET", f"/orders{query}")["items"]] == ids


def test_the_list_is_found_by_our_tags_as_by_the_merchants(ask, keep, make):
    for order, tags in (("1007", {"vip"}), ("1008", set())):
        record = make.order(order)
        outside = Outside(tags=frozenset({"backorder-waiting"}))
        seen = replace(record.snapshot, merchant_tags=frozenset(tags), outside=outside)
        keep(replace(record, snapshot=seen))
    for query, ids in (("tag=backorder-waiting", ["1007", "1008"]), ("tag=vip", ["1007"]), ("tag=VIP", [])):
        assert [order["id"] for order in ask("GET", f"/orders?{query}")["items"]] == ids


def test_pages_follow_each_other_without_gaps(ask):
    seen, query = [], "?limit=1"
    while True:
        page = ask("GET", f"/orders{query}")
        seen += [order["id"] for order in page["items"]]
        if page["next"] is None:
            break
        query = f"?limit=1&cursor={page['next']}"
    assert seen == ["990", "1001", "1002"]


def test_a_choice_is_stored_logged_and_wakes_the_worker(ask, books):
    order = ask("POST", "/orders/1001/actions", {"do": "hold"}, status=202)
    assert order["id"] == "1001"
    assert order["timeline"][-1]["what"] == "chose hold"
    with books.read() as unit:
        assert unit.orders.get("fern", "1001").manual == {"hold": "1"}
        assert unit.orders.get("moss", "1001").manual == {}
        assert unit.inbox.next_due() is not None


@pytest.mark.parametrize("do", ["release", "cancel", "accept", "decline"])
def test_what_the_plan_does_not_allow_is_409(ask, do):
    assert "detail" in ask("POST", "/orders/1001/actions", {"do": do}, status=409)


def test_an_offer_may_be_made_by_hand_while_offers_are_off(ask):
    order = ask("POST", "/orders/1001/actions", {"do": "offer"}, status=202)
    assert [action["kind"] for action in order["actions"]] == ["code"]


WRONG = [
    ({}, "do"), ({"do": "explode"}, "do"), ({"do": 5}, "do"), ({"do": None}, "do"), ({"do": ["hold"]}, "do"),
    ({"do": "hold", "lines": "a"}, "lines"), ({"do": "hold", "lines": [5]}, "lines[0]"),
    ({"do": "hold", "lines": [[]]}, "lines[0]"),
    ({"do": "hold", "force": True}, "force"), ({"do": "hold", "lines": ["a"] * 1001}, "lines"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "key"), WRONG)
def test_a_wish_that_cannot_be_read_is_422_naming_the_key(ask, body, key):
    assert ask("POST", "/orders/1001/actions", body, status=422)["key"] == key


def test_a_line_of_another_order_is_a_conflict_naming_it(ask):
    assert ask("POST", "/orders/1001/actions", {"do": "hold", "lines": ["a", "zz"]}, status=409)["key"] == "lines[1]"


def test_actions_on_a_closed_order_are_409(ask):
    ask("POST", "/orders/990/actions", {"do": "hold"}, status=409)


def test_an_orders_evidence_names_every_move_and_what_proves_it(ask, books):
    with books.write() as unit:
        mail = notice_sent(unit, "fern", "1001")
    (move,) = ask("GET", "/orders/1001/evidence")["items"]
    assert move == {
        "law": "us_ftc_435", "day": "2026-11-23", "before": "promised", "after": "notice_sent",
        "rule": "435.2(b)(1): first notice, long delay or no date", "evidence": "mail sent: please choose",
        "at": "2026-11-23T09:00:00Z", "address": "customer12@example.com", "content_sha256": mail.content_hash,
        "message_id": mail.message_id,
    }  # fmt: skip
    assert ask("GET", "/orders/1001/evidence", shop="moss")["items"] == []


def test_a_day_promised_by_hand_is_shown_logged_with_its_reason_and_taken_back(ask, books):
    wish = {"do": "promise", "on": "2026-12-12", "why": "told by phone"}
    promise = ask("POST", "/orders/1001/actions", wish, status=202)["promise"]
    assert promise == {"first": "2026-12-03", "current": "2026-12-12", "by_hand": True}
    with books.read() as unit:
        (entry,) = unit.audit.page("fern", order="1001").items
    assert (entry.actor, entry.what, entry.why, entry.detail) == (
        "api",
        "chose promise",
        "told by phone",
        {"on": "2026-12-12"},
    )
    assert not ask("POST", "/orders/1001/actions", {"do": "end_promise"}, status=202)["promise"]["by_hand"]
    ask("POST", "/orders/1001/actions", {"do": "end_promise"}, status=409)


@pytest.mark.parametrize(
    ("wish", "key"),
    [
        ({"do": "promise"}, "on"), ({"do": "promise", "on": "2026-12"}, "on"), ({"do": "promise", "on": 5}, "on"),
        ({"do": "promise", "on": "2026-12-12", "why": "x" * 501}, "why"), ({"do": "promise", "on": "2026-12-12", "why": 1}, "why"),
        ({"do": "hold", "on": "2026-12-12"}, "on"), ({"do": "hold", "why": "because"}, "why"),
    ],
)  # fmt: skip
def test_a_day_that_cannot_be_promised_is_refused_by_its_key(ask, wish, key):
    problem = ask("POST", "/orders/1001/actions", wish, status=422)
    assert problem.get("key") == key


@pytest.mark.parametrize("day", ["2026-11-22", "2029-01-01"])
def test_a_day_that_has_passed_or_is_too_far_away_contradicts_today(ask, day):
    problem = ask("POST", "/orders/1001/actions", {"do": "promise", "on": day}, status=409)
    assert problem["detail"].startswith("on: give the day from 2026-11-23 on")
