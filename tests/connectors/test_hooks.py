"""Events to other tools: signed as the specification says, to public addresses only, every failure an answer."""

from datetime import UTC, datetime, timedelta

import pytest
import requests
from standardwebhooks import Webhook, WebhookVerificationError

from connectors.hooks import SECONDS, Hooks
from core.errors import Misuse
from core.hooks import announcing, outgoing
from core.hooks.outgoing import Answer, Endpoint, Message
from tests.connectors.receiving import Receiver
from worker.hooks import LEASE

NOW = datetime.now(UTC)
EVENT = announcing.test("once", NOW)
MESSAGE = Message(id=1, shop="fern", endpoint=1, order="", event=EVENT.type, key=EVENT.key("fern"), body=EVENT.body(),
                  state="pending", created_at=NOW, next_at=NOW)  # fmt: skip
HERE, OUT_THERE = Hooks(allow_private=True), Hooks(allow_private=False)


@pytest.fixture
def receiver():
    made = Receiver()
    yield made
    made.close()


def test_the_receiver_proves_it_with_the_specifications_own_library(receiver):
    receiver.secret = outgoing.new_secret()
    answer = HERE.deliver(receiver.url, [receiver.secret], MESSAGE, now=datetime.now(UTC))
    assert (answer, answer.taken) == (Answer(status=200), True)
    (event,) = receiver.events()
    assert event == {
        "type": "test",
        "version": 1,
        "timestamp": NOW.isoformat(),
        "data": {"message": "Backorder can reach you."},
    }
    headers, body = receiver.came[0]
    for secret, said in ((outgoing.new_secret(), body), (receiver.secret, body + b" ")):
        with pytest.raises(WebhookVerificationError):
            Webhook(secret).verify(said, headers)


def test_both_secrets_hold_while_one_takes_the_others_place(receiver):
    old, new = outgoing.new_secret(), outgoing.new_secret()
    HERE.deliver(receiver.url, [new, old], MESSAGE, now=datetime.now(UTC))
    for receiver.secret in (old, new):
        assert len(receiver.events()) == 1


@pytest.mark.parametrize("status", [300, 301, 302, 400, 404, 410, 500, 503])
def test_what_is_not_taken_says_why(receiver, status, monkeypatch):
    whole = property(lambda _: pytest.fail("an answer is never read whole"))
    monkeypatch.setattr(requests.Response, "content", whole)
    receiver.statuses, receiver.headers = [status], {"Retry-After": "120", "Location": receiver.url}
    answer = HERE.deliver(receiver.url, [outgoing.new_secret()], MESSAGE, now=datetime.now(UTC))
    assert (answer.taken, answer.gone, answer.wait) == (False, status == 410, 120)
    assert answer.error == f"it answered {status}: thank you"
    assert len(receiver.came) == 1, "no redirect is followed"


@pytest.mark.parametrize(("asked", "wait"), [("999999", 3600), ("9" * 30, 0), ("-5", 0), ("soon", 0), ("", 0)])
def test_a_pause_that_is_asked_for_is_an_hour_at_most(receiver, asked, wait):
    receiver.statuses, receiver.headers = [503], {"Retry-After": asked}
    answer = HERE.deliver(receiver.url, [outgoing.new_secret()], MESSAGE, now=datetime.now(UTC))
    assert answer.wait == wait


def test_who_cannot_be_reached_is_no_exception(receiver):
    url = receiver.url
    receiver.close()
    answer = HERE.deliver(url, [outgoing.new_secret()], MESSAGE, now=datetime.now(UTC))
    assert (answer.status, answer.error) == (None, "it cannot be reached")
    receiver._server = receiver._thread = type(
        "Gone", (), {name: lambda *_: None for name in ("shutdown", "join", "server_close")}
    )()


def test_a_name_that_leads_home_is_never_connected_to(receiver):
    for host in ("127.0.0.1", "localhost", "[::1]"):
        url = receiver.url.replace("127.0.0.1", host)
        answer = OUT_THERE.deliver(url, [outgoing.new_secret()], MESSAGE, now=datetime.now(UTC))
        assert (answer.status, receiver.came) == (None, [])
        assert "private network" in answer.error


@pytest.mark.parametrize("text", [
    "", "hooks", "ftp://hooks.example.com", "http://hooks.example.com", "https://user:pass@hooks.example.com", "https://127.0.0.1/",
    "https://2130706433/", "https://0x7f.1/", "https://127.1", "https://[::1]/", "https://[::ffff:10.0.0.1]/", "https://10.1.2.3",
    "https://169.254.169.254/latest", "https://localhost/", "https://shop.local/", "https://intranet/", "https://a..b.com/",
    "https://hooks.example.com/#x", "https://hooks.example.com:0/", "https://hooks.example.com/a b", "javascript:alert(1)",
    "https://hooks.example.com/" + "a" * 2000, "https://hooks.example.com/\r\nX: y",
])  # fmt: skip
def test_an_address_that_cannot_be_used_is_refused_before_anybody_is_contacted(text):
    with pytest.raises(Misuse):
        OUT_THERE.address(text)


def test_an_address_keeps_its_path_and_query():
    kept = "https://hooks.example.com/a/b?code=1&x=2"
    assert OUT_THERE.address(f"  {kept} ") == kept
    assert OUT_THERE.address("https://HOOKS.example.com:443/A") == "https://hooks.example.com/A"
    assert HERE.address("http://127.0.0.1:99/x") == "http://127.0.0.1:99/x"


def endpoint(**fields):
    given = {
        "id": 1,
        "shop": "fern",
        "url": "https://x.example.com",
        "events": ("order.ready",),
        "state": "on",
        "created_at": NOW,
    }
    return Endpoint(**given | fields)


def test_an_endpoint_is_switched_off_after_days_of_failure_and_well_after_one_answer():
    down = Answer(status=500, error="it answered 500")
    first = outgoing.answered(endpoint(), down, NOW)
    assert (first.state, first.failing_since) == ("on", NOW)
    later = outgoing.answered(first, down, NOW + timedelta(days=2))
    assert (later.state, later.failing_since) == ("on", NOW)
    ended = outgoing.answered(later, down, NOW + timedelta(days=3))
    assert (ended.state, ended.error) == ("failing", "it took nothing for 3 days: it answered 500")
    assert outgoing.answered(later, Answer(status=204), NOW) == endpoint()
    assert outgoing.answered(endpoint(), Answer(status=410), NOW).state == "failing"


def test_nobody_else_takes_an_event_while_its_endpoint_may_still_answer():
    assert LEASE.total_seconds() > 2 * sum(SECONDS)


def test_tries_go_on_for_more_than_the_patience_with_an_endpoint():
    pauses = [outgoing.pause(tries) for tries in range(1, 11)]
    assert pauses[-1] is None
    assert sum(pauses[:-1], timedelta()) > timedelta(days=3)
    assert pauses[:-1] == sorted(pauses[:-1])
