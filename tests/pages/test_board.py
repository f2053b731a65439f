"""The board: columns, cards, numbers, and the signs of trouble."""

import html
import inspect
import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import g

from core.delay_laws import law_watch
from core.engine import plan_exceptions
from core.messages import outreach
from core.orders import withdrawals
from core.plan import PlanException
from core.planning import gone_items
from core.reasons import Reason
from core.records.endings import Withdrawal
from pages.printing import printer_for
from pages.why import NEXT_STEPS, one_line, problem_sentence

DECEMBER = date(2026, 12, 8)


def column(page, name):
    return page.split(f'id="column-{name}"')[1].split("</section>")[0]


def test_orders_stand_in_the_column_that_says_what_to_do(client, lively):
    page = client.get("/").text
    assert "#1003" in column(page, "ready")
    assert "#1008" in column(page, "waiting")
    assert "#1001" in column(page, "risk")
    assert "#1007" in column(page, "needs")


def test_a_card_tells_who_what_when_and_why(client, keep, make):
    keep(make.order("1002", make.line("a", "mug", 8, on_hand=5, price=1250, waits=(("PO-1", 3, DECEMBER),)), days=8))
    card = column(client.get("/").text, "waiting")
    for words in (
        "#1002",
        "Customer 02",
        "3 of 8 units waiting",
        "€37.50",
        "5 now, the rest",
        "Tue 8 Dec",
        "8 days old",
    ):
        assert words in card
    assert 'href="/orders/fern/1002"' in card


def test_a_card_says_how_much_later_than_promised(client, keep, make):
    late = make.order(
        "1", make.line("a", "mug", 8, waits=(("PO-1", 8, DECEMBER),)), promised=DECEMBER - timedelta(days=11)
    )
    keep(late)
    assert "11 days later than promised" in column(client.get("/").text, "risk")


def test_what_a_person_must_know_comes_before_the_reasons(client, keep, make):
    keep(
        make.order(
            "1", make.line("a", "mug", 8), exceptions=(("NO_DATED_SUPPLY", "Nothing with a date covers 8 mugs."),)
        )
    )
    assert "Nothing with a date covers 8 mugs." in column(client.get("/").text, "needs")


def test_the_numbers_are_counted_from_the_waiting_orders(client, lively):
    page = client.get("/").text
    tiles = page.split('<dl class="tiles">')[1].split("</dl>")[0]
    assert "316" in tiles
    assert "in 7 orders" in tiles
    assert "19 days" in tiles


def test_an_empty_board_says_what_will_stand_there(client):
    page = client.get("/").text
    for words in (
        "No open order is in stock in full.",
        "No order waits for stock.",
        "No promise is in danger.",
        "Nothing needs a decision",
    ):
        assert words in page


def test_a_new_shop_is_being_read(app, keep, make, link_for):
    keep(make.shop(synced_at=None))
    browser = app.test_client()
    browser.get(f"/login?login={link_for()}")
    assert "is being read for the first time" in browser.get("/").text


def test_a_crowded_column_links_to_all_of_it(client, keep, make):
    keep(*(make.order(f"10{n:02}", make.line("a", "mug", 1, on_hand=1), days=n) for n in range(15)))
    first = column(client.get("/").text, "ready")
    assert '<a href="/orders?state=ready">All 15</a>' in first
    further = re.search(r'href="(/\?ready_from=[^"#]+)#column-ready" rel="next"', first)[1]
    second = column(client.get(html.unescape(further)).text, "ready")
    shown = [re.findall(r'id="card-(\d+)"', part) for part in (first, second)]
    assert list(map(len, shown)) == [12, 3]
    assert len({*shown[0], *shown[1]}) == 15
    assert 'href="/#column-ready">From the first</a>' in second


@pytest.mark.parametrize(
    ("orders", "title", "icon"),
    [
        ([], "Board – Backorder", "calm"),
        (["risk"], "(1) at risk – Board – Backorder", "risk"),
        (["risk", "needs"], "(1) needs you – Board – Backorder", "needs"),
        (["needs", "needs too"], "(2) need you – Board – Backorder", "needs"),
    ],
)
def test_title_and_favicon_show_trouble(client, keep, make, orders, title, icon):
    for number, kind in enumerate(orders):
        line = make.line("a", "mug", 8, waits=(("PO-1", 8, DECEMBER),))
        keep(make.order(str(number), line, promised=date(2026, 12, 1), decision="review" if "needs" in kind else None))
    page = client.get("/").text
    assert f"<title>{title}</title>" in page
    assert f"favicon-{icon}.svg" in page


def test_the_live_part_is_sent_only_when_it_changed(client, keep, make):
    first = client.get("/board?shop=fern")
    assert "<html" not in first.text
    seen = first.headers["X-Seen"]
    assert f'data-seen="{seen}"' in client.get("/").text
    again = client.get(f"/board?shop=fern&seen={seen}")
    assert (again.status_code, again.text) == (204, "")
    keep(make.order("1", make.line("a", "mug", 1), decision="review"))
    third = client.get(f"/board?shop=fern&seen={seen}")
    assert (third.status_code, third.headers["X-Trouble"]) == (200, "needs")


def test_while_observing_the_board_says_so_and_offers_to_act(client, keep, make, send):
    send(client, "/first-steps/away")
    assert "nothing is written to the shop yet" in client.get("/").text
    keep(make.shop(policy=make.policy(mode="act")))
    assert "nothing is written to the shop yet" not in client.get("/").text


@pytest.mark.parametrize(
    ("state", "words"), [("reconnect", "no longer lets us in"), ("uninstalled", "has removed this app")]
)
def test_a_shop_that_is_cut_off_says_so(client, keep, make, state, words):
    keep(make.shop(state=state))
    assert words in client.get("/").text


def test_failed_actions_are_counted_where_everybody_looks(client, lively):
    assert "Failed actions" in client.get("/").text


def test_names_from_outside_are_only_text(client, keep, make):
    keep(make.order("1", make.line("a", "mug", 1, on_hand=1), name="<script>x</script>", customer="<b>Customer</b>"))
    page = client.get("/").text
    assert "<script>x" not in page
    assert "&lt;b&gt;Customer" in page


def test_every_exception_of_the_engine_has_a_next_step():
    sources = "".join(
        inspect.getsource(module) for module in (plan_exceptions, law_watch, outreach, withdrawals, gone_items)
    )
    codes = re.findall(r'"([A-Z_]{6,})"', sources)
    assert set(codes) == set(NEXT_STEPS)


@pytest.mark.parametrize(
    ("reasons", "told"),
    [
        (["SHORT_ON_HAND", "INCOMING_COVERS"], "Incoming supply with a date covers the rest."),
        (["SHORT_ON_HAND"], "Stock on hand does not cover every unit."),
        (["ALL_ON_HAND"], "Stock on hand covers every open unit."),
        (
            ["ALL_ON_HAND", "LARGE_ORDER_REVIEW"],
            "The order is very large and waits for your decision; it keeps its place and nothing of it ships before.",
        ),
    ],
)
def test_the_reason_that_says_most_is_the_one_line(make, reasons, told):
    record = make.order("1", make.line("a", "mug", 8, on_hand=5), reasons=[Reason(code) for code in reasons])
    assert one_line(record) == told


@pytest.mark.usefixtures("_app_context")
def test_an_order_that_waits_names_its_supply(make):
    day = make.now.date()
    line = make.line("a", "mug", 9, on_hand=5, waits=(("PO-1", 2, day), ("PO-2", 2, day)))
    assert one_line(make.order("1", line)) == "Waits for PO-1 and PO-2."


def test_a_card_tells_the_first_promise_once_it_was_put_off(client, keep, make):
    first, now = date(2026, 12, 1), date(2026, 12, 10)
    waits = make.order("1", make.line("a", "mug", 3, waits=(("PO-1", 3, now),)), promised=now)
    keep(replace(waits, first_promise_on=first))
    assert "first promised for Tue 1 Dec" in client.get("/").text
    keep(waits)
    assert "first promised" not in client.get("/").text


def test_an_order_without_reason_or_plan_says_so(make):
    assert one_line(make.order("1", make.line("a", "mug", 1, on_hand=1))) == "Nothing stands in its way."
    assert one_line(make.order("1", make.line("a", "mug", 1), planned=False)) == "It has not been planned yet."


@pytest.mark.usefixtures("_app_context")
@pytest.mark.parametrize(
    ("given", "told"),
    [
        (
            {"code": "PROMISE_BROKEN", "detail": "promised for 2026-12-01, but late"},
            "Promised for Tue 1 Dec, but late. Tell",
        ),
        ({"code": "OVERSOLD", "detail": "the item goes beyond", "sku": "mug"}, "mug: the item goes beyond. Buy more"),
        ({"code": "OVERDUE_SUPPLY", "detail": "3 are late", "sku": "mug", "incoming": "PO-1"}, "PO-1: 3 are late. Ask"),
        ({"code": "SOMETHING_NEW", "detail": "it is new."}, "It is new."),
    ],
)
def test_a_problem_names_what_it_is_about_and_what_to_do(app, make, given, told):
    with app.test_request_context("/"):
        g.printer = printer_for(make.shop(), make.now)  # a day of another year would be said with its year
        assert problem_sentence(PlanException(**given)).startswith(told)


def test_a_problem_ends_its_sentences_as_the_language_ends_them(app):
    with app.test_request_context("/", headers={"Accept-Language": "ja"}):
        told = problem_sentence(PlanException(code="OVERSOLD", detail="the item goes beyond", sku="mug"))
    assert told.startswith("mug: the item goes beyond。 ")
    assert told.endswith("。")
    assert "." not in told


def test_a_complete_order_that_was_withdrawn_from_needs_a_person_until_it_is_refunded(client, keep, make):
    gone = Withdrawal(at=make.now, units={"a": 2}, keep={"a": 1}, sent={"a": 2})
    told = (("WITHDRAWN", "the customer withdrew from: 2 of Mug"),)
    keep(make.order("1", make.line("a", "mug", 3, shipped=3), status="closed", exceptions=told, withdrawals=(gone,)))
    assert "2 of Mug" in client.get("/").text
    keep(make.order("1", make.line("a", "mug", 3, shipped=1, cancelled=2), status="closed", withdrawals=(gone,)))
    assert "2 of Mug" not in client.get("/").text
