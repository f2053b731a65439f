"""API tokens as an owner makes, sees and ends them; the API itself lets in whoever has one."""

import re

import pytest

from connectors.database.access import AccessTables


@pytest.fixture
def made(client, keep, make, send):
    keep(make.shop())
    answer = send(client, "/tokens", name="Stock  sheet", scope="read")
    return re.search(r"<pre>([^<]+)</pre>", answer.text)[1]


def kept(books, shop="fern"):
    with books.read() as unit:
        return unit.access.tokens(shop)


def asked(client, token):
    return client.get("/api/v1/items", headers={"Authorization": f"Bearer {token}"}).status_code


@pytest.mark.usefixtures("one_day")
def test_a_token_is_shown_once_and_opens_the_api_from_its_first_use_on(made, client, books, monkeypatch):
    assert made not in client.get("/tokens").text
    (one,) = kept(books)
    assert (one.name, one.scope, one.used_on) == ("Stock sheet", "read", None)
    assert asked(client, made) == 200
    (one,) = kept(books)
    assert one.used_on is not None
    monkeypatch.setattr(AccessTables, "note_use", lambda *_: pytest.fail("it is written down once a day"))
    assert asked(client, made) == 200
    assert "never" not in client.get("/tokens").text


def test_an_ended_token_opens_nothing(made, client, books, send):
    (one,) = kept(books)
    page = send(client, "/tokens/end", token=one.digest)
    assert page.status_code == 303
    assert asked(client, made) == 401
    send(client, "/tokens/end", token=one.digest)
    assert "ended already" in client.get("/tokens").text
    with books.read() as unit:
        said = [entry.what for entry in unit.audit.page("fern").items]
    assert said[:2] == ["ended an API token", "made an API token"]


def test_the_token_of_another_shop_is_not_ended(made, client, books, keep, make, send):
    keep(make.shop("moss"))
    with books.write() as unit:
        unit.access.add_token(shop="moss", token_hash="ab", at=kept(books)[0].created_at)
    send(client, "/tokens/end", token="ab")
    assert len(kept(books, "moss")) == 1


@pytest.mark.parametrize(
    "form", [{}, {"name": "Sheet"}, {"name": " ", "scope": "read"}, {"name": "Sheet", "scope": "all"}]
)
def test_a_token_without_a_name_or_a_scope_is_not_made(client, keep, make, send, books, form):
    keep(make.shop())
    send(client, "/tokens", **form)
    assert kept(books) == ()


def test_there_are_only_so_many(client, keep, make, send, books, monkeypatch):
    monkeypatch.setattr("pages.tokens.MOST", 1)
    keep(make.shop())
    for _ in range(2):
        send(client, "/tokens", name="Sheet", scope="write")
    assert len(kept(books)) == 1
