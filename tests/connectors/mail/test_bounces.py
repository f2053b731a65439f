"""Reports that mail did not arrive: what counts as one, and reading them from a real mailbox on loopback."""

from unittest.mock import MagicMock

import pytest

from connectors.mail import bounces, open_mailbox
from connectors.mail.bounces import reported
from core.errors import ConfigurationError, Unavailable
from core.messages.correspondence import Bounced
from tests.connectors.mail.imap_server import Folder, serving

OURS = "<0123abcd@b.example.com>"


def report(
    *,
    action="failed",
    status="5.1.1",
    said="smtp; 550 5.1.1 no such user",
    original=OURS,
    whole=True,
    kind="delivery-status",
):
    back = f"Content-Type: message/rfc822\r\n\r\nMessage-ID: {original}\r\nSubject: Your order\r\n\r\nHello\r\n"
    if not whole:
        back = f"Content-Type: text/rfc822-headers\r\n\r\nSubject: Your order\r\nMessage-ID: {original}\r\n"
    return (
        "From: MAILER-DAEMON@mx.example.com\r\nSubject: Undelivered\r\nMessage-ID: <its-own@mx.example.com>\r\nMIME-Version: 1.0\r\n"
        f'Content-Type: multipart/report; report-type={kind}; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.com\r\n\r\n"
        f"Final-Recipient: rfc822; customer12@example.com\r\nAction: {action}\r\nStatus: {status}\r\nDiagnostic-Code: {said}\r\n\r\n"
        f"--b\r\n{back}\r\n--b--\r\n"
    ).encode()


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (report(), [(OURS, True, "550 5.1.1 no such user")]),
        (report(whole=False), [(OURS, True, "550 5.1.1 no such user")]),
        (report(status="4.2.2", said="smtp; 452 full"), [(OURS, False, "452 full")]),
        (report(said=""), [(OURS, True, "status 5.1.1")]),
        (report(action="delayed", status="4.4.7"), []),
        (report(action="delivered", status="2.0.0"), []),
        (report(kind="disposition-notification"), []),
        (b"From: a@example.com\r\nSubject: Re: your order\r\n\r\nWhen does it come?\r\n", []),
        (report().partition(b"--b\r\nContent-Type: message/rfc822")[0] + b"--b--\r\n", []),
        (b"Content-Type: multipart/report; report-type=delivery-status\r\n\r\n\xff\x00 nothing", []),
        (b"", []),
    ],
)
def test_only_a_failed_delivery_of_a_mail_that_it_names_is_one(raw, told):
    assert [(one.message_id, one.permanent, one.why) for one in reported(raw)] == told


def test_new_reports_are_handed_over_once_and_other_mail_is_left_alone():
    folder, told = Folder(report(), b"Subject: Hello\r\n\r\nA question\r\n", report(status="4.2.2")), []
    with serving(folder) as port:
        box = open_mailbox(f"imap://me:right@127.0.0.1:{port}?folder=Returned")
        assert box.visit(told.append) == 2
        assert box.visit(told.append) == 0
    assert [type(one) for one in told] == [Bounced, Bounced]
    assert [one.permanent for one in told] == [True, False]
    assert folder.seen == {1, 3}
    assert any("Returned" in asked for asked in folder.asked)


def test_a_report_that_could_not_be_taken_in_comes_again():
    folder = Folder(report())

    def fail(_):
        raise RuntimeError("the database is away")

    with serving(folder) as port:
        box = open_mailbox(f"imap://me:right@127.0.0.1:{port}")
        with pytest.raises(RuntimeError):
            box.visit(fail)
        assert box.visit(lambda _: None) == 1


def test_a_mailbox_that_refuses_or_is_away_is_one_clear_problem():
    with serving(Folder()) as port, pytest.raises(Unavailable, match="BACKORDER_BOUNCES_URL does not answer"):
        open_mailbox(f"imap://me:wrong@127.0.0.1:{port}").visit(print)
    with pytest.raises(Unavailable, match="BACKORDER_BOUNCES_URL does not answer"):
        open_mailbox(f"imap://me:right@127.0.0.1:{port}").visit(print)


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("LOGIN", b""),
        ("UID SEARCH", b"* " + bounces.LARGEST * b"x"),
        ("UID FETCH", b"* 1 FETCH (BODY[]<0> {900000}\r\n"),
        ("UID FETCH", b"* 1 FETCH (BODY[]<0> {2000001}\r\n"),
    ],
)
def test_a_server_that_drips_its_answer_or_sends_too_much_is_given_up(monkeypatch, word, said):
    monkeypatch.setattr(bounces, "IN_ALL", 0.3)
    folder = Folder(report())
    folder.drips[word] = said
    with serving(folder) as port, pytest.raises(Unavailable, match="BACKORDER_BOUNCES_URL does not answer"):
        open_mailbox(f"imap://me:right@127.0.0.1:{port}").visit(pytest.fail)


@pytest.mark.parametrize(
    "url", ["pop://a:b@c", "imaps://mail.example.com", "imaps://me@mail.example.com", "imaps://a:b@c:x", 'imaps://a:b@c?folder="x', "imaps://"]
)  # fmt: skip
def test_a_setting_that_names_no_mailbox_says_how_it_must_look(url):
    with pytest.raises(ConfigurationError, match="imaps://user:password@mail.example.com"):
        open_mailbox(url)


def test_without_the_setting_there_is_no_mailbox():
    assert open_mailbox("") is None


def test_a_mailbox_never_shows_its_password():
    assert "s3cret" not in repr(open_mailbox("imaps://me:s3cret@mail.example.com"))


@pytest.mark.parametrize(("host", "secured"), [("mail.example.com", True), ("127.0.0.1", False)])
def test_no_password_leaves_this_machine_before_the_line_is_encrypted(monkeypatch, host, secured):
    server = MagicMock()
    server.select.return_value = server.uid.return_value = ("OK", [b""])
    monkeypatch.setattr(bounces, "_Server", lambda *_given: server)
    assert open_mailbox(f"imap://user:secret@{host}").visit(pytest.fail) == 0
    asked = [name for name, *_ in server.method_calls]
    assert asked.index("login") == int(secured)
    assert ("starttls" in asked) == secured
