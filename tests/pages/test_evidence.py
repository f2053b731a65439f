"""The evidence of the delay laws' clocks, as a page and as a file."""

import csv
from datetime import date

import pytest

from tests.pages.builders import NOW, line, notice_sent, order

ADDRESS = "=customer12@example.com"
PAGE = "/orders/fern/1001/evidence"


@pytest.fixture
def mail(keep, books):
    keep(order("1001", line("a", "mug", 8)), order("1002", line("a", "mug", 1)))
    with books.write() as unit:
        return notice_sent(unit, "fern", "1001", address=ADDRESS, silent_until=date(2027, 1, 2))


def rows_of(answer):
    assert answer.status_code == 200
    return list(csv.DictReader(answer.text.lstrip("\N{ZERO WIDTH NO-BREAK SPACE}").splitlines()))


def test_an_orders_evidence_names_law_moves_mail_hash_and_the_last_day_for_the_refund(client, mail):
    assert f'href="{PAGE}"' in client.get("/orders/fern/1001").text
    page = client.get(PAGE).text
    for words in ("United States, 16 CFR 435", "2014-12", "435.2(b)(1): first notice", "the customer was asked",
                  "counts as cancelled", "435.2(b): silence is no consent", "mail sent: please choose", ADDRESS,
                  mail.content_hash, mail.message_id.strip("<>"), "Wait, or cancel?", "2026-11-23 09:00:00 UTC",
                  "not legal advice"):  # fmt: skip
        assert words in page
    # T is 28 November; silence cancels on 29 December; seven working days later, New Year's Day not counted.
    assert "<dt>Refund due</dt><dd>2027-01-08" in page


def test_an_order_without_a_clock_has_no_evidence(client, mail):
    assert "/evidence" not in client.get("/orders/fern/1002").text
    assert client.get("/orders/fern/1002/evidence").status_code == 404
    assert client.get("/orders/fern/nowhere/evidence").status_code == 404


def test_another_shops_evidence_is_not_shown(client, keep, books, make):
    keep(make.shop("moss", "woocommerce"), order("1001", line("a", "mug", 8), shop="moss"), shop="moss")
    with books.write() as unit:
        notice_sent(unit, "moss", "1001")
    assert client.get("/orders/moss/1001/evidence").status_code in {302, 303, 403, 404}
    assert rows_of(client.get("/evidence.csv")) == []


def test_the_file_of_a_period_holds_its_moves_and_no_formula(client, mail):
    assert "/evidence.csv?from=2026-10-27&amp;to=2026-11-23" in client.get("/reports").text
    (row,) = rows_of(client.get("/evidence.csv"))
    assert row == {
        "day": "2026-11-23", "order_id": "1001", "order": "#1001", "law": "us_ftc_435", "version": "2014-12",
        "before": "promised", "after": "notice_sent", "rule": "435.2(b)(1): first notice, long delay or no date",
        "refund_due": "", "evidence": "mail sent: please choose", "at": NOW.isoformat(), "address": f"'{ADDRESS}",
        "content_sha256": mail.content_hash, "message_id": mail.message_id,
    }  # fmt: skip
    assert rows_of(client.get("/evidence.csv?from=2026-11-01&to=2026-11-22")) == []


def test_a_period_that_makes_no_sense_is_refused_in_words(client):
    answer = client.get("/evidence.csv?from=yesterday")
    assert answer.status_code == 422
    assert "Give a date such as 2026-12-01." in answer.text


def test_what_was_forgotten_is_not_in_the_evidence_any_more(client, mail, books):
    with books.write() as unit:
        unit.orders.redact("fern", ["1001"], None, None)
    page = client.get(PAGE).text
    assert ADDRESS not in page
    assert "Wait, or cancel?" not in page
    assert mail.content_hash in page
