"""Other tools: addresses that take webhooks, added, tested, renewed and removed by an owner."""

import re
from pathlib import Path

import pytest

from core.hooks.outgoing import EVENTS, MOST_ENDPOINTS

URL = "https://hooks.example.com/backorder"


def endpoints(books, shop="fern"):
    with books.read() as unit:
        return unit.hooks.all(shop)


@pytest.fixture
def added(client, keep, make, send):
    keep(make.shop())
    return send(client, "/tools", url=URL, events=["order.ready", "promise.changed"])


def test_the_secret_is_shown_once_and_kept_under_lock(added, client, books):
    (secret,) = re.findall(r"whsec_[A-Za-z0-9+/=]+", added.text)
    assert "whsec_" not in client.get("/tools").text
    (one,) = endpoints(books)
    assert (one.url, one.events, one.state) == (URL, ("order.ready", "promise.changed"), "on")
    with books.read() as unit:
        assert unit.hooks.secrets("fern", one.id, at=one.created_at) == (secret,)


def test_an_endpoint_is_tested_switched_renewed_and_removed(added, client, books, send):
    (one,) = endpoints(books)
    send(client, f"/tools/{one.id}/test")
    assert "waits" in client.get("/tools").text
    send(client, f"/tools/{one.id}/off")
    assert endpoints(books)[0].state == "off"
    send(client, f"/tools/{one.id}/on")
    assert endpoints(books)[0].state == "on"
    assert "whsec_" in send(client, f"/tools/{one.id}/rotate").text
    assert send(client, f"/tools/{one.id}/erase").status_code == 404
    assert send(client, f"/tools/{one.id + 1}/off").status_code == 404
    send(client, f"/tools/{one.id}/remove")
    assert endpoints(books) == ()
    with books.read() as unit:
        said = [entry.what for entry in unit.audit.page("fern").items]
    assert said[::-1][1:] == ["added a webhook", "tested a webhook", "switched a webhook off", "switched a webhook on",
                          "renewed a webhook's secret", "removed a webhook"]  # fmt: skip


@pytest.mark.parametrize(
    "form", [{"url": "ftp://x"}, {"url": URL, "events": []}, {"url": URL, "events": ["order.lost"]}]
)
def test_what_cannot_be_used_is_refused_in_one_line_beside_what_was_typed(client, keep, make, books, send, form):
    keep(make.shop())
    answer = send(client, "/tools", **{"events": ["order.ready"], **form})
    assert answer.status_code == 422
    assert endpoints(books) == ()
    for said in ('id="url-wrong"', f'value="{form["url"]}"', 'aria-invalid="true"'):
        assert said in answer.text
    ticked = re.findall(r'value="([a-z.]+)" checked', answer.text)
    assert ticked == [event for event in form.get("events", ["order.ready"]) if event in EVENTS]


def test_there_is_an_end_to_addresses(client, keep, make, books, send):
    keep(make.shop())
    for number in range(MOST_ENDPOINTS + 1):
        send(client, "/tools", url=f"{URL}/{number}", events=["order.ready"])
    assert len(endpoints(books)) == MOST_ENDPOINTS


def test_messages_that_nobody_would_send_are_named(client, keep, make):
    from core.policy.reading import merge
    from core.policy.shop_policy import ShopPolicy

    keep(make.shop(policy=merge(ShopPolicy(), {"notices": {"sent_by": "tool"}})))
    assert "they stay in the outbox" in " ".join(client.get("/tools").text.split())


def test_the_board_says_that_an_endpoint_was_switched_off(client, lively):
    assert "Webhooks switched off" in client.get("/").text
    assert "it took nothing for 3 days" in client.get("/tools").text


def test_the_docs_tell_of_every_event():
    text = (Path(__file__).parents[2] / "docs" / "webhooks.md").read_text()
    assert [event for event, words in EVENTS.items() if f"| `{event}` | {words}" not in text] == []


@pytest.mark.parametrize("number", [0, 2**63, 10**40])
def test_a_number_that_no_row_has_is_not_found_and_changes_nothing(added, client, books, send, number):
    assert send(client, f"/tools/{number}/remove").status_code == 404
    for path, name in (("/tools/again", "message"), ("/outbox/again", "action"), ("/health/again", "delivery")):
        assert send(client, path, **{name: str(number)}).status_code in {302, 303}
    assert len(endpoints(books)) == 1
