"""Messages: the list of kinds, their words, the preview in its frame, tests, and what stops or lets mails go."""

from dataclasses import replace
from datetime import timedelta

import pytest

from connectors.mail import Memory
from core.delay_laws.cases import Terms, opened
from core.delay_laws.packs import PACKS
from core.errors import Rejected
from core.messages import wording
from core.messages.notices import KINDS
from core.messages.sample_letters import sample
from pages.message_words import TITLES, WHEN
from tests.pages.conftest import OFFICE

TYPED = {"subject": "News of {order}", "body": "Hello from {shop}.\r\n\r\n{facts}\r\n\r\nYour friends"}
EDITOR = "/messages/en/waiting"


@pytest.fixture
def stored(books):
    def read():
        with books.read() as unit:
            return unit.shops.get("fern")

    return read


@pytest.fixture
def posting(app_of, keep, make, link_for):
    """A browser of a house that can send, and what was sent."""
    made = Memory()
    keep(make.shop())
    browser = app_of(post=replace(OFFICE, transport=made, sender="orders@shop.example.com")).test_client()
    browser.get(f"/login?login={link_for('fern', 'token-p')}")
    return browser, made


def test_every_kind_has_its_words_and_a_sample_that_can_be_worded_in_every_language(make):
    assert set(TITLES) == set(WHEN) == set(KINDS)
    for kind in KINDS:
        for language in OFFICE.languages:
            made = OFFICE.compose(sample(make.shop(), kind, language, make.now))
            assert made.language == language
            assert "#1001" in made.subject
            assert wording.problems(kind, OFFICE.original(kind, language)) == {}


def test_every_kind_is_listed_with_what_became_of_it(client, books, make):
    with books.write() as unit:
        for number, state in enumerate(("sent", "sent", "failed")):
            unit.notices.add([make.notice(kind="ready", key=str(number))])
            unit.notices.settle([unit.notices.of_order("fern", "1")[-1]], state)
    page = client.get("/messages").text
    row = page.partition("Everything is here")[2].partition("</tr>")[0]
    assert 'data-label="Sent">2<' in row
    assert "Failed" in row
    assert "> 1</span>" in row
    assert all(title.replace("'", "&#39;") in page for title in TITLES.values())


def test_own_words_are_kept_shown_in_the_list_and_restored(client, send, stored):
    assert send(client, EDITOR, **TYPED).status_code == 303
    assert stored().wording["en.waiting"] == "Hello from {shop}.\n\n{facts}\n\nYour friends"
    assert "Yours: English" in client.get("/messages").text
    shown = client.get(f"{EDITOR}/preview").text
    assert "News of #1001" in shown
    assert shown.index("Hello from Fern &amp; Fable.") < shown.index("5 can ship now") < shown.index("Your friends")
    send(client, f"{EDITOR}/original")
    assert stored().wording == {}
    assert "The original words" in client.get(EDITOR).text


def test_a_lost_fact_is_a_problem_beside_its_field_and_nothing_is_stored(client, send, stored):
    answer = send(client, EDITOR, subject="News", body="All will be well.")
    assert answer.status_code == 422
    assert 'id="subject-wrong"' in answer.text
    assert 'id="body-wrong"' in answer.text
    assert "All will be well." in answer.text
    assert stored().wording == {}


def test_what_is_typed_is_seen_in_a_frame_of_its_own_before_it_is_saved(client, send, stored):
    shown = send(client, f"{EDITOR}/preview", subject="<b>{order}</b>", body="<script>x</script> {facts}")
    assert "&lt;b&gt;#1001&lt;/b&gt;" in shown.text
    assert "<script>" not in shown.text
    assert shown.text.count("</body>") == 1
    rules = shown.headers["Content-Security-Policy"]
    assert "default-src 'none'" in rules
    assert "sandbox" in rules
    assert "frame-ancestors 'self'" in rules
    assert shown.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "script-src" not in rules
    assert "frame-src 'self'" in client.get(EDITOR).headers["Content-Security-Policy"]
    assert stored().wording == {}


def test_what_cannot_be_saved_is_said_in_the_frame(client, send):
    shown = send(client, f"{EDITOR}/preview", subject="{order}", body="No facts")
    assert "Write {facts} once" in shown.text


def test_the_subject_of_a_laws_question_cannot_be_changed(client, send, stored):
    send(client, "/messages/en/delay_option", subject="Nothing to see", body="Dear friend.\n{facts}")
    assert "en.delay_option.subject" not in stored().wording
    assert "is delayed: please choose" in client.get("/messages/en/delay_option/preview").text


def test_a_test_leaves_at_once_and_touches_no_customers_mail(posting, send, books):
    browser, made = posting
    send(browser, f"{EDITOR}/test", to="me@example.com")
    (mail,) = made.taken
    assert (mail["To"], mail["Subject"]) == ("me@example.com", "[Test] Your order #1001: what ships when")
    made.answers.append(Rejected("the server refuses the address: 550"))
    answer = send(browser, f"{EDITOR}/test", to="me@example.com")
    assert answer.status_code == 422
    assert "It was not sent: the server refuses the address: 550." in answer.text
    with books.read() as unit:
        assert unit.mails.stopped("fern", "me@example.com") == {}
        assert unit.mails.pending("fern", limit=9) == ()


@pytest.mark.parametrize("to", ["", "me", "me@localhost", "a@b.c, d@e.f", "x" * 300 + "@example.com"])
def test_a_test_needs_one_address(posting, send, to):
    browser, made = posting
    assert "Write one mail address" in send(browser, f"{EDITOR}/test", to=to).text
    assert made.taken == []


def test_without_a_mail_server_no_test_is_offered(client, send):
    assert "No mail server is set" in client.get(EDITOR).text
    assert send(client, f"{EDITOR}/test", to="me@example.com").status_code == 422


def test_reading_the_words_lets_messages_go_and_is_remembered_by_language(client, send, stored):
    assert "Read the wording" in client.get("/messages").text
    page = client.get("/messages/read/de").text
    assert "Ihre Bestellung #1001" in page
    send(client, "/messages/read/de")
    assert stored().policy.notices.wording_seen
    page = client.get("/messages").text
    assert "read: Deutsch" in page
    assert "Check what customers are told" in client.get("/first-steps").text
    send(client, "/messages/de/waiting", **TYPED)
    assert wording.is_read(stored(), "de", "waiting", wording.own(stored(), "de", "waiting"))


def test_a_kind_is_switched_off_and_on_again(client, send, stored):
    send(client, "/messages/switch", kind="all", on="1")
    send(client, "/messages/switch", kind="ready", on="0")
    send(client, "/messages/switch", kind="still_on_time", on="0")
    assert stored().policy.notices.off == ("ready", "still_on_time")
    send(client, "/messages/switch", kind="ready", on="1")
    assert stored().policy.notices.off == ("still_on_time",)
    assert send(client, "/messages/switch", kind="delay_option", on="0").status_code == 400


def test_all_messages_are_paused_and_let_go_by_one_button(client, send, stored):
    send(client, "/messages/pause", on="1")
    assert stored().policy.notices.paused
    assert "Let messages go again" in client.get("/messages").text
    assert "All messages are paused: no customer hears anything." in client.get("/").text
    send(client, "/messages/pause", on="0")
    assert not stored().policy.notices.paused


def test_an_address_that_bounced_is_listed_and_written_to_again(client, send, books, make):
    with books.write() as unit:
        unit.mails.stop("fern", "Customer12@example.com", "all", why="550 no such user", at=make.now)
        unit.mails.stop("fern", "b@example.com", "marketing", why="asked", at=make.now)
    page = client.get("/messages").text
    assert "550 no such user" in page
    assert "b@example.com" not in page
    send(client, "/messages/resume", address="customer12@example.com")
    send(client, "/messages/resume", address="b@example.com")
    with books.read() as unit:
        assert unit.mails.stopped("fern", "customer12@example.com") == {}
        assert unit.mails.stopped("fern", "b@example.com") == {"marketing": "asked"}


def test_a_look_is_stored_or_its_problem_stands_beside_its_field(client, send, stored):
    answer = send(client, "/messages/look", name="", colour="#ffd400", logo="")
    assert answer.status_code == 422
    assert "contrast is 1.4 to 1" in answer.text
    send(client, "/messages/look", name="Fern", colour="#7a1f3d", logo="https://x.example.com/logo.png")
    assert stored().wording == {"name": "Fern", "colour": "#7a1f3d", "logo": "https://x.example.com/logo.png"}
    shown = client.get(f"{EDITOR}/preview").text
    assert '<img src="https://x.example.com/logo.png" alt="Fern"' in shown
    assert "background: #7a1f3d" in shown


@pytest.mark.parametrize(
    "path", ["/messages/xx/waiting", "/messages/en/digest", "/messages/en/nothing/preview", "/messages/read/xx"]
)
def test_unknown_languages_and_kinds_are_not_there(client, path):
    assert client.get(path).status_code == 404


def test_another_shops_words_stay_its_own(client, send, keep, make, books):
    keep(make.shop("moss", "woocommerce"))
    send(client, EDITOR, **TYPED)
    with books.read() as unit:
        assert unit.shops.get("moss").wording == {}


def ids(page):
    return [part.partition('"')[0] for part in page.split('name="notice" value="')[1:]]


def test_what_goes_next_is_shown_with_its_time_and_can_be_held_or_left_out(client, lively, send, books):
    page = client.get("/messages/next").text
    assert "Your order #1004: what ships when" in page
    assert "customer1004@example.com" in page
    assert "No mail server is set" in page
    (first,) = ids(page)
    send(client, "/messages/next", do="hold", notice=first)
    with books.read() as unit:
        (draft,) = unit.notices.drafts("fern")
    assert (draft.due_at - draft.created_at).days == 1
    send(client, "/messages/next", do="skip", notice=first)
    page = client.get("/messages/next").text
    assert "Nothing is to be said." in page
    assert "Left out by the merchant." in client.get("/outbox").text
    send(client, "/messages/next", do="skip", notice=first)
    assert "It has left already." in client.get("/messages").text
    assert send(client, "/messages/next", do="burn", notice=first).status_code == 400


def test_what_a_law_asks_for_is_neither_held_nor_left_out(client, keep, make, books, send):
    keep(make.order("1", make.line("a", "mug", 8)))
    with books.write() as unit:
        facts = dict(sample(make.shop(), "delay_option", "en", make.now).told[0].facts)
        unit.notices.add([make.notice(kind="delay_option", facts=facts)])
        (draft,) = unit.notices.drafts("fern")
    page = client.get("/messages/next").text
    assert "A law asks for it." in page
    assert ids(page) == []
    assert send(client, "/messages/next", do="skip", notice=draft.id).status_code == 400
    with books.read() as unit:
        assert [one.state for one in unit.notices.of_order("fern", "1")] == ["draft"]


def test_drafts_that_will_not_leave_are_said_with_why(client, keep, make, books):
    keep(make.order("1", make.line("a", "mug", 8, on_hand=8)))
    with books.write() as unit:
        unit.notices.add([make.notice()])
    assert "nothing of the order waits any more" in client.get("/messages/next").text


def test_the_last_month_says_whom_messages_would_have_told(client, keep, make, books):
    keep(make.order("1", make.line("a", "mug", 8)), make.order("2", make.line("a", "mug", 8)))
    now, day = make.now, timedelta(days=1)
    plan = {"decision": "wait", "release_now": 0, "backordered": 8}
    log = [
        (now - 40 * day, "1", None, {**plan, "completes_on": "2026-12-01"}),
        (now - 20 * day, "2", None, {**plan, "completes_on": "2026-12-01"}),
        (now - 3 * day, "1", {**plan, "completes_on": "2026-12-01"}, {**plan, "completes_on": "2026-12-20"}),
    ]
    with books.write() as unit:
        for at, order, before, after in log:
            unit.audit.write(
                shop="fern",
                at=at,
                actor="engine",
                what="decided",
                order=order,
                detail={"before": before, "after": after},
            )
    page = client.get("/messages/past").text
    # Order 1: on time 26 and 12 days ago, moved 3 days ago. Order 2: first 20 days ago, on time 6 days ago.
    assert "2 customers would have got a mail" in page
    assert "5 messages" in page
    page = client.get("/messages/past?kind=date_changed").text
    assert "1 customer would have got this mail" in page
    assert "#1<" in page
    assert "#2<" not in page


def test_while_messages_are_paused_the_board_says_when_a_law_wants_something(client, keep, make, books, send):
    send(client, "/messages/pause", on="1")
    case = opened(PACKS[0], "1", Terms(ordered_on=make.now.date()))
    with books.write() as unit:
        unit.laws.put("fern", case, wakes_at=make.now + timedelta(days=20))
    page = client.get("/").text
    assert "1 order has one, and the next asks for something on 13 Dec" in page
    assert "is late while this lasts" in page
