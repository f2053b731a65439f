"""What customers are told, from the order to the mail server, with the delay laws' clocks, on both platforms."""

import pytest
import requests

from core.errors import Rejected, Unavailable

NOTICES = {"enabled": True, "wording_seen": True, "quiet_from": 0, "quiet_until": 0, "window_minutes": 0}


def subjects(made):
    return [mail["Subject"].partition(": ")[2] or mail["Subject"] for mail in made.taken]


def buys(side, country="US"):
    """Order 8 mugs, 3 more than there are, with an address that mail can be sent to."""
    address = "customer12@example.com"
    who = {"customer": address} if side.platform == "shopify" else {"email": address}
    order = str(side.shop.checkout([("MUG", 8)], country=country, **who))
    side.settle()
    return order


def waits(side, country="US", **policy):
    side.set_policy(notices=NOTICES, **policy)
    return buys(side, country)


def test_a_customer_who_must_wait_is_told_once_and_again_when_all_is_there(side, post):
    made, _ = post
    order = waits(side)
    assert subjects(made) == ["what ships when"]
    assert "5 can ship now; 3 will follow" in made.taken[0].get_body(("plain",)).get_content()
    side.shop.restock("MUG", 3)
    side.settle()
    assert subjects(made) == ["what ships when", "everything is here now"]
    assert [notice["state"] for notice in side.order(order)["notices"]] == ["sent", "sent"]


def test_nothing_leaves_before_the_wording_was_seen(side, post):
    made, _ = post
    side.set_policy(notices={**NOTICES, "wording_seen": False})
    order = buys(side)
    (notice,) = side.order(order)["notices"]
    assert (made.taken, notice["state"]) == ([], "draft")
    assert "3 will follow" in notice["body"]


def test_an_address_that_is_refused_gets_no_more_and_the_order_needs_a_person(side, post):
    made, _ = post
    made.answers.append(Rejected("550 no such user"))
    order = waits(side)
    document = side.order(order)
    assert [notice["state"] for notice in document["notices"]] == ["failed"]
    assert "MAIL_BOUNCED" in [problem["code"] for problem in document["exceptions"]]
    side.shop.restock("MUG", 3)
    side.settle()
    assert made.taken == []


def test_a_server_that_is_busy_gets_the_mail_later_once(side, post):
    made, later = post
    made.answers.append(Unavailable("451 later"))
    waits(side)
    assert made.taken == []
    later(minutes=5)
    assert len(made.taken) == 1
    later(minutes=5)
    assert len(made.taken) == 1


@pytest.mark.parametrize(
    ("country", "law", "ends"), [("US", "us_ftc_435", "refund_due"), ("DE", "eu_2011_83", "overdue")]
)
def test_the_law_asks_in_time_and_silence_means_what_the_law_says(side, post, country, law, ends):
    made, later = post
    order = waits(side, country, laws=["us_ftc_435", "eu_2011_83", "uk_cra_2015"])
    later(days=24)
    with side.house.books.read() as unit:
        # Not by the subject: it is written in the customer's language.
        options = [told for told in unit.notices.of_order(side.record.id, order) if told.kind == "delay_option"]
        mails = [unit.mails.get(side.record.id, notice.mail).message_id for notice in options]
        asked = [edge for _, edge in unit.laws.edges(side.record.id, order) if edge.after == "notice_sent"]
    assert [edge.evidence.message_id for edge in asked] == mails
    assert len(mails) == 1
    assert mails[0] in [mail["Message-ID"] for mail in made.taken]
    assert all(edge.evidence.content_hash and edge.evidence.address == "customer12@example.com" for edge in asked)
    later(days=40)
    with side.house.books.read() as unit:
        cases = unit.laws.of_orders(side.record.id, [order])[order]
        record = unit.orders.get(side.record.id, order)
    assert [(case.law, str(case.state)) for case in cases] == [(law, ends)]
    assert (record.manual.get("hold") == "law") == (ends == "refund_due")
    (told,) = [problem for problem in record.exceptions if problem.code in {"LAW_REFUND_DUE", "LAW_LATE"}]
    if ends == "refund_due":
        assert told.detail.endswith(f"must be sent in money by {cases[0].refund_due_on}")
    assert sum("is cancelled" in mail["Subject"] for mail in made.taken) == (1 if ends == "refund_due" else 0)
    side.set_policy(cancelling={"by_law": True})
    side.settle()
    assert side.order(order)["state"] == ("cancelled" if ends == "refund_due" else "open")


@pytest.mark.parametrize(("word", "state"), [("wait", "consented_express"), ("cancel", "refunded")])
def test_what_the_customer_answers_on_the_page_reaches_the_clock_once(side, post, word, state):
    _, later = post
    order = waits(side, laws=["us_ftc_435"], cancelling={"by_customer": True})
    later(days=24)
    link = side.order(order)["customer_status_url"]
    page = requests.get(link, timeout=60).text
    assert "I will wait" in page
    assert "You need not do anything" not in page
    about = page.partition('name="about" value="')[2].partition('"')[0]
    assert requests.get(f"{link}/delay", timeout=60).status_code == 405

    def is_late(said):
        form = {"word": word, "about": said, "sure": "1"}
        answer = requests.post(f"{link}/delay", data=form, timeout=60, allow_redirects=False)
        side.settle()
        return answer.headers["Location"].endswith("?late=1")

    assert [is_late(said) for said in (about + "1", about, about)] == [True, False, True]
    assert ("You told us that you will wait." in requests.get(link, timeout=60).text) is (word == "wait")
    later(minutes=31)
    with side.house.books.read() as unit:
        (case,) = unit.laws.of_orders(side.record.id, [order])[order]
        proof = [edge.evidence for _, edge in unit.laws.edges(side.record.id, order) if edge.evidence.address]
    assert case.state == state
    assert any("on the order's page" in one.what for one in proof)


def test_what_silence_ended_is_cancelled_and_paid_back_in_money_where_the_policy_says_so(side, post):
    made, later = post
    order = waits(side, laws=["us_ftc_435"], cancelling={"by_law": True, "refund_to": "store_credit"})
    later(days=24)
    assert side.order(order)["state"] == "open"
    later(days=40)
    assert side.order(order)["state"] == "cancelled"
    assert sum(units for units, _ in side.refunds_outside(order)) == 8
    with side.house.books.read() as unit:
        (case,) = unit.laws.of_orders(side.record.id, [order])[order]
        asked = [row.action for row in unit.outbox.of_order(side.record.id, order) if row.kind == "cancel"]
    assert (case.state, bool(case.refund_due_on)) == ("refunded", True)
    assert [(action.refund, action.to_credit) for action in asked] == [(True, False)]
    assert "in money" in asked[0].note
    assert sum("is cancelled" in mail["Subject"] for mail in made.taken) == 1
