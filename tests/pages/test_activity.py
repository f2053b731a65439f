"""The log and the outbox."""

from dataclasses import replace

import pytest

from connectors.mail import Memory, open_office
from pages import activity as activity_pages


def test_the_log_tells_who_did_what_why_and_with_which_outcome(client, lively):
    page = client.get("/activity").text
    for words in ("Plan", "Decided: a part can ship", "Incoming supply with a date covers the rest.", "#1004", "Merchant",
                  "Added stock", "camp-mug", "ship_part.max_parcels: 10 → 3"):  # fmt: skip
        assert words in page


def test_a_reason_that_is_no_longer_known_stays_readable(client, books, make):
    with books.write() as unit:
        unit.audit.write(shop="fern", at=make.now, actor="engine", what="decided", why="OLD_CODE", outcome="odd")
    page = client.get("/activity").text
    assert "Decided" in page
    assert "odd OLD_CODE" in page


def test_the_log_goes_on_page_after_page(client, books, make, monkeypatch):
    monkeypatch.setattr(activity_pages, "A_PAGE", 3)
    with books.write() as unit:
        for number in range(5):
            unit.audit.write(shop="fern", at=make.now, actor="api", what=f"entry {number}")
    first = client.get("/activity").text
    assert "Entry 2" in first
    assert "Entry 1" not in first
    assert "Entry 1" in client.get(first.split('class="button" href="')[1].split('"')[0]).text


def test_a_customers_data_is_a_file_of_theirs_alone_and_the_log_says_who_took_it(client, lively, send, books):
    answer = send(client, "/personal-data", orders="1001, 1003")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="personal-data.json"'
    assert {row["id"] for row in answer.json if row["table"] == "orders"} == {"1001", "1003"}
    assert send(client, "/personal-data", orders=" ,").headers["Location"] == "/activity"
    with books.read() as unit:
        said = [entry for entry in unit.audit.page("fern").items if "customer's data" in entry.what]
    assert [(entry.actor, entry.outcome) for entry in said] == [("merchant", f"{len(answer.json)} rows")]


def test_another_shops_log_is_not_shown(client, keep, make, books):
    keep(make.shop("moss", "woocommerce"))
    with books.write() as unit:
        unit.audit.write(shop="moss", at=make.now, actor="api", what="a secret of moss")
    assert "a secret of moss" not in client.get("/activity").text


def test_the_outbox_shows_what_failed_what_waits_and_every_message_in_full(client, lively):
    page = client.get("/outbox").text
    for words in ("Failed at the shop: 1", "the order is locked by another app", "Try again", "Planned, not sent",
                  "Your order #1004: what ships when", "- Camp mug: 2 can ship now", "BACKORDER_SMTP_URL"):  # fmt: skip
        assert words in page


def test_with_a_mail_server_the_outbox_does_not_ask_for_one(app_of, keep, make, link_for):
    keep(make.shop())
    app = app_of(
        post=replace(open_office("", link="".join, unsubscribe="".join), transport=Memory(), sender="a@example.com")
    )
    browser = app.test_client()
    browser.get(f"/login?login={link_for()}")
    assert "No mail server is set" not in browser.get("/outbox").text


@pytest.mark.parametrize(("state", "wrong"), [("skipped", False), ("failed", True)])
def test_only_a_message_that_failed_has_its_reason_in_red(client, books, make, state, wrong):
    with books.write() as unit:
        unit.notices.add([make.notice()])
        unit.notices.settle(unit.notices.drafts("fern"), state, error="a newer message took its place")
    page = client.get("/outbox").text
    assert "A newer message took its place." in page
    assert ('class="wrong"' in page) is wrong
    assert "First message: what ships when" in page


def test_an_empty_outbox_says_that_all_is_done(client):
    page = client.get("/outbox").text
    assert "everything that the plans ask for is done" in page
    assert "Messages are off" in page


def test_a_message_of_the_shop_that_could_not_be_read_is_shown(client, books, make):
    from datetime import timedelta

    with books.write() as unit:
        unit.inbox.add(shop="fern", topic="orders/updated", key="1", body=b"{}", at=make.now)
        deliveries, fence = unit.inbox.claim(now=make.now, lease=timedelta(minutes=1), limit=9)
        unit.inbox.retry(deliveries, fence, at=make.now, error="the body has no id", dead=True)
    page = client.get("/outbox").text
    assert "orders/updated" in page
    assert "the body has no id" in page


@pytest.mark.parametrize("title", ["<script>alert(1)</script>", "Line one & two"])
def test_a_messages_text_is_only_text(client, books, make, title):
    with books.write() as unit:
        lines = [{"title": title, "now": 1, "waits": 0, "kept": 0, "from": None, "until": None}]
        unit.notices.add([make.notice(to=None, facts={"lines": lines})])
    page = client.get("/outbox").text
    assert "<script>alert" not in page
    assert "nobody: the shop gave no address" in page
