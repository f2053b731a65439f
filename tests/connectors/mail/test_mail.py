"""Mails in words, as messages, and at a real SMTP server on loopback."""

import smtplib
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller

from connectors.mail import Memory, Office, open_office
from connectors.mail.office import message_of
from connectors.mail.transports import Smtp, transport_of
from core.errors import ConfigurationError, Rejected, Unavailable
from core.messages.correspondence import Letter, MailRecord, Told
from core.messages.notices import KINDS, MARKETING
from tests.pages.builders import shop
from tests.ports import free_port

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
LINE = {
    "title": "Camp mug, enamel",
    "ordered": 8,
    "shipped": 0,
    "now": 5,
    "waits": 3,
    "kept": 0,
    "from": "2026-12-02",
    "until": "2026-12-06",
}
FACTS = {
    "on": "2026-12-06", "was": "2026-12-01", "revised": None, "known": "2026-12-01", "answer_by": "2026-12-31", "silence": "cancels",
    "sent": 3, "total": 8, "code": "sorry-x", "percent": 10, "offer": "discount_code", "ends": "2027-01-05", "refund_by": "2026-12-11",
    "until": "2026-11-28T09:00:00+00:00", "at": "2026-11-27T09:00:00+00:00", "withdrawn": [{"title": "Enamel mug", "units": 2}],
    "options": [{"key": "part", "now": 5, "later": 3, "on": "2026-12-06", "price": 8000, "freight": 490, "currency": "EUR", "swaps": []}],
}  # fmt: skip
HOSTILE_NAMES = (
    "a\r\nBcc: x@example.com", "a\nBcc: x", "a\x0bb\x1cc\x85d\u2028e\u2029f\0g", "\ud800", '<b>, "c" (d); e@example.com', "\x1b[31m",
    "=?utf-8?q?a=0D=0ABcc:_x@example.com?=", "=?utf-8?b?YQ0KQmNjOiB4QGV4YW1wbGUuY29tDQo=?= b", "=\0?utf-8?q?a=0ABcc:_x?=", "\N{FIRST STRONG ISOLATE}a",
)  # fmt: skip
OFFICE = open_office(
    "", link=lambda s, o: f"https://b.example.com/o/{s}.{o}", unsubscribe=lambda s, a: f"https://b.example.com/u/{s}"
)


def letter(*kinds, lines=1, title=LINE["title"], facts=None, line=None, **fields):
    rows = [{**LINE, "title": title, **(line or {})}] * lines
    told = tuple(
        Told(kind=kind, order="1", name="#1001", facts={**FACTS, **(facts or {}), "lines": rows}) for kind in kinds
    )
    given = {
        "locale": "en",
        "country": "US",
        "now": NOW,
        "customer": "Customer 12",
        "address": "customer12@example.com",
    }
    return Letter(shop=fields.pop("shop", shop()), told=told, **given | fields)


@pytest.mark.parametrize("lines", [1, 30])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_words_in_both_bodies_within_its_budget(kind, lines):
    made = OFFICE.compose(letter(kind, lines=lines, title="A very long name " * 12, customer="Customer " + "12" * 60))
    assert len(made.html.encode()) < 90_000
    assert made.html.count("https://b.example.com/o/fern.1") == 1
    assert "https://b.example.com/o/fern.1" in made.text
    assert "\n" not in made.subject
    assert made.subject
    assert "&amp;" not in made.text
    assert "<" not in made.text
    assert bool(made.unsubscribe) == (kind in MARKETING)
    assert ("https://b.example.com/u/" in made.html) == bool(made.unsubscribe)
    assert not {"None", "Undefined"} & set(made.text.split())


def test_the_nights_mail_to_the_merchant_leads_to_its_page():
    body = "Fern: 1 item should be ordered now.\n\nMill:\n- 90 x <Mug>\n\nAll of it: https://b.example.com/reorder?shop=fern\n"
    made = OFFICE.compose(letter("digest", facts={"subject": "To order now", "body": body}, customer=""))
    assert '<a href="https://b.example.com/reorder?shop=fern"' in made.html
    assert "90 x &lt;Mug&gt;" in made.html
    assert body.strip() in made.text


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"revised": "2026-12-20", "silence": "consents"}, "If we do not hear from you, we take it that you agree"),
        ({"silence": "cancels"}, "If you do not tell us by Thu, Dec 31 that you want to wait"),
        ({"silence": "cancels"}, "you can still cancel at any time before we ship"),
        ({"silence": "nothing"}, "If you do not answer, you keep all your rights"),
    ],
)
def test_a_delay_notice_says_what_silence_means(facts, words):
    made = OFFICE.compose(letter("delay_option", facts=facts))
    assert words in made.text
    assert words in made.html


def test_units_and_the_range_of_their_dates_are_said():
    text = OFFICE.compose(letter("waiting")).text
    assert "Camp mug, enamel: 5 can ship now; 3 will follow between Wed, Dec 2 and Sun, Dec 6" in text


def test_styles_are_inlined_and_those_of_dark_screens_stay():
    html = OFFICE.compose(letter("waiting")).html
    assert '<td class="button" bgcolor="#1d5c58" style="background: #1d5c58' in html
    assert html.count("<style>") == 1
    assert "prefers-color-scheme:dark" in html


def test_strangers_words_are_no_html_and_no_header():
    made = OFFICE.compose(letter("waiting", title="<script>x</script>", customer="Customer <b>\r\nBcc: x"))
    assert "<script>" not in made.html
    assert "<b>" not in made.html
    assert "\n" not in made.subject


def test_the_merchants_own_words_open_the_mail_and_its_facts_stay():
    from dataclasses import replace

    own = replace(
        shop(), wording={"en.waiting": "Of {order} at {shop}: {lines}\n\n{facts}\n\nYours", "colour": "#aa0000; x"}
    )
    made = OFFICE.compose(letter("waiting", shop=own))
    said = made.text.index("Of #1001 at Fern & Fable: {lines}")
    assert said < made.text.index("5 can ship now") < made.text.index("\nYours\n")
    assert made.html.index("Of #1001") < made.html.index("5 can ship now") < made.html.index("Yours")
    assert "#aa0000" not in made.html


def test_several_messages_are_one_mail():
    made = OFFICE.compose(letter("ready", "part_shipped"))
    assert made.subject == "News about your orders at Fern & Fable"
    assert "everything is here now" in made.text
    assert "3 of 8 shipped" in made.text


def mail(**changes):
    given = {"id": 1, "shop": "fern", "to": "customer12@example.com", "language": "en", "subject": "Grüße & more", "text": "Hällo\n",
             "html": "<p>Hällo</p>", "message_id": "<abc@b.example.com>", "reply_to": "help@example.com", "sender": "Fern & Fable",
             "unsubscribe": None, "state": "pending", "created_at": NOW, "next_at": NOW}  # fmt: skip
    return MailRecord(**given | changes)


class Sink:
    """Takes mails, or answers as told."""

    def __init__(self):
        self.taken, self.mail, self.rcpt, self.data = [], None, None, None

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802  # the library's name
        envelope.mail_from = address
        return self.mail or "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802  # the library's name
        if self.rcpt:
            return self.rcpt
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802  # the library's name
        if self.data:
            return self.data
        self.taken.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


@pytest.fixture
def sink():
    handler = Sink()
    handler.port = free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=handler.port)
    controller.start()
    yield handler
    controller.stop()


def sent(sink, **changes):
    office = open_office(
        f"smtp://127.0.0.1:{sink.port}?from=orders@shop.example.com", link=OFFICE.link, unsubscribe=OFFICE.unsubscribe
    )
    office.send(mail(**changes))


def test_a_real_server_gets_a_message_with_the_right_head(sink):
    sent(sink, unsubscribe="https://b.example.com/u/x")
    (got,) = sink.taken
    assert (got["Subject"], got["Reply-To"], got["Message-ID"]) == (
        "Grüße & more",
        "help@example.com",
        "<abc@b.example.com>",
    )
    assert got["From"].addresses[0].display_name == "Fern & Fable"
    assert got["From"].addresses[0].addr_spec == "orders@shop.example.com"
    assert got["Auto-Submitted"] == "auto-generated"
    assert got["List-Unsubscribe"] == "<https://b.example.com/u/x>"
    assert got["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert got.get_body(("plain",)).get_content().splitlines() == ["Hällo"]
    assert got.get_body(("html",)).get_content().strip() == "<p>Hällo</p>"


@pytest.mark.parametrize(
    "typed", ["Sales <help@example.com>", "none", "a@b.example, c@b.example", "x@y\r\nBcc: z@y.example"]
)
def test_an_address_of_the_shops_that_is_none_keeps_no_mail_from_its_customer(typed):
    made = message_of(mail(reply_to=typed), "a@example.com")
    assert (made["Reply-To"], made["Bcc"], made["To"]) == (None, None, "customer12@example.com")


def test_what_is_no_marketing_cannot_be_declined(sink):
    sent(sink)
    assert sink.taken[0]["List-Unsubscribe"] is None


@pytest.mark.parametrize(
    ("answer", "meant"),
    [
        ({"mail": "550 not from here"}, Unavailable),
        ({"rcpt": "550 no such user"}, Rejected),
        ({"rcpt": "451 later"}, Unavailable),
        ({"data": "554 spam"}, Rejected),
        ({"data": "500 what"}, Rejected),
        ({"data": "452 full"}, Unavailable),
    ],
)
def test_the_servers_answer_says_whether_to_try_again(sink, answer, meant):
    for name, value in answer.items():
        setattr(sink, name, value)
    with pytest.raises(meant):
        sent(sink)


def test_a_server_that_is_not_there_may_come_back():
    gone = type("Gone", (), {"port": free_port()})
    with pytest.raises(Unavailable, match="no answer"):
        sent(gone)


@pytest.mark.parametrize("field", ["subject", "sender"])
def test_whatever_a_shop_or_an_order_is_called_stays_in_its_own_header(field):
    for name in HOSTILE_NAMES:
        head, _, body = message_of(mail(**{field: name}), "a@example.com").as_bytes().partition(b"\r\n\r\n")
        assert b"\n" not in head.replace(b"\r\n", b"")
        got = message_from_bytes(head + b"\r\n\r\n", policy=policy.default)
        assert "Bcc" not in got
        assert (len(got["To"].addresses), got["From"].addresses[0].addr_spec) == (1, "a@example.com")
        assert b"quoted-printable" in body


@pytest.mark.parametrize("to", ["no address", "", "a@b@c", "x\r\nBcc: y@example.com"])
def test_an_address_that_is_none_is_refused_before_any_call(to):
    office = Office(link=OFFICE.link, unsubscribe=OFFICE.unsubscribe, transport=Memory(), sender="a@example.com")
    with pytest.raises(Rejected, match="address"):
        office.send(mail(to=to))
    assert office.transport.taken == []


@pytest.mark.parametrize(
    "url",
    [
        "smtp://host", "http://host?from=a@b", "smtp://host:x?from=a@b.example", "smtp://?from=a@b",
        "smtp://host?from=Shop%20<a@b.example>", "smtp://host?from=shop@", "smtp://host?from=a@b.example,c@b.example",
    ],
)  # fmt: skip
def test_a_setting_that_cannot_work_says_how_it_must_be(url):
    with pytest.raises(ConfigurationError, match="BACKORDER_SMTP_URL: must be like"):
        transport_of(url, None)


def test_without_a_server_mails_are_worded_and_not_sent():
    assert not OFFICE.ready
    with pytest.raises(Rejected):
        OFFICE.send(mail())


class Server:
    """What a mail server says of itself, and whether it takes the password."""

    def __init__(self, *, starttls, takes):
        self.starttls_offered, self.takes, self.said = starttls, takes, []

    def ehlo_or_helo_if_needed(self):
        self.said.append("ehlo")

    ehlo = ehlo_or_helo_if_needed

    def has_extn(self, name):
        return name == "starttls" and self.starttls_offered

    def starttls(self, context):
        assert context is not None
        self.said.append("starttls")

    def login(self, user, password):
        self.said.append("login")
        if not self.takes:
            raise smtplib.SMTPAuthenticationError(535, b"no")

    def __enter__(self):
        return self

    def __exit__(self, *_problem):
        return None


@pytest.mark.parametrize(
    ("host", "starttls", "takes", "said"),
    [
        ("mail.example.com", False, True, ["ehlo"]),
        ("mail.example.com", True, False, ["ehlo", "starttls", "ehlo", "login"]),
        ("127.0.0.1", False, False, ["ehlo", "login"]),
    ],
)
def test_a_server_without_encryption_or_with_another_password_is_no_fault_of_the_mail(
    monkeypatch, host, starttls, takes, said
):
    """It is tried again; no password and no order leaves this machine in the clear."""
    server = Server(starttls=starttls, takes=takes)
    monkeypatch.setattr(Smtp, "_connected", lambda _self: server)
    with pytest.raises(Unavailable):
        Smtp(host=host, port=25, user="u", password="p").carry(EmailMessage(), sender="a@b.example", to="c@d.example")
    assert server.said == said
