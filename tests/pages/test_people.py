"""Several people in a shop: roles, who is signed in, and signing them out."""

import hashlib
import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from core.access.people import Seat
from pages.people import browser_words


@pytest.fixture
def signed_in(app, client, books, send):
    """Sign somebody in by a link that the owner made; the answer is their browser."""

    def make(role, person="Bo"):
        page = send(client, "/people", person=person, role=role).text
        link = re.search(r"login\?login=([\w-]+)", page)[1]
        browser = app.test_client()
        assert browser.get(f"/login?login={link}", headers={"User-Agent": "Firefox 150"}).status_code == 303
        return browser

    return make


CHANGES = [
    ("/policy", {"mode": "act"}, {"owner"}),
    ("/people", {"person": "Cy", "role": "owner"}, {"owner"}),
    ("/orders/fern/1003/note", {"text": "x"}, {"owner", "staff"}),
    ("/views", {"name": "x", "q": "y"}, {"owner", "staff"}),
]


@pytest.mark.parametrize("role", ["owner", "staff", "reader"])
def test_a_role_may_change_this_much_and_look_at_everything(signed_in, send, lively, role):
    browser = signed_in(role)
    for path in ("/", "/orders", "/policy", "/people", "/health"):
        assert browser.get(path).status_code == 200
    assert ("Let somebody in" in browser.get("/people").text) == (role == "owner")
    for path, fields, may in CHANGES:
        answer = send(browser, path, **fields)
        assert (answer.status_code != 403) == (role in may), path
        assert role in may or "ask an owner of Fern" in answer.text


def test_an_owner_sees_who_is_signed_in_and_signs_them_out(client, signed_in, send, books):
    browser = signed_in("staff")
    page = client.get("/people").text
    row = page.split('<th scope="row">Bo')[1].split("</tr>")[0]
    assert "Staff" in row
    assert "Firefox 150" in row
    assert "this browser" in page.split('<th scope="row">Not named')[1].split("</tr>")[0]
    key = re.search(r'name="session" value="(\w+)"', row)[1]
    send(client, "/people/out", session=key)
    assert browser.get("/").status_code == 401
    assert client.get("/").status_code == 200
    send(client, "/people/out", session=key)
    assert "signed out already" in client.get("/people").text


def test_signing_out_ends_the_session_where_its_cookie_was_copied_as_well(app, client, send):
    copied = app.test_client()
    cookie = client.get_cookie("backorder")
    copied.set_cookie("backorder", cookie.value)
    assert copied.get("/").status_code == 200
    send(client, "/logout")
    assert copied.get("/").status_code == 401


def test_a_role_counts_in_its_own_shop_only(app, keep, make, books, send, link_for):
    keep(make.shop(), make.shop("moss", "woocommerce", "Moss and Mill"))
    browser = app.test_client()
    browser.get(f"/login?login={link_for()}")
    with books.write() as unit:
        key = unit.sessions.of_shop("fern", since=datetime.now(UTC) - timedelta(days=1))[0].key
        unit.sessions.open(key, Seat(shop="moss", person="", role="reader"), browser="", at=datetime.now(UTC))
    browser.get("/?shop=moss")
    assert send(browser, "/views", name="x", q="y").status_code == 403
    browser.get("/?shop=fern")
    assert send(browser, "/views", name="x", q="y").status_code == 303


def test_a_sign_in_ends_by_itself(app, client, books):
    with books.write() as unit:
        now = datetime.now(UTC)
        key = unit.sessions.of_shop("fern", since=now - timedelta(days=1))[0].key
        unit.sessions.open(key, Seat(shop="fern", person="", role="owner"), browser="", at=now - timedelta(days=15))
    assert client.get("/").status_code == 401


def test_a_sign_in_that_nobody_uses_ends_earlier(client):
    with time_machine.travel(datetime.now(UTC), tick=False) as now:
        for _ in range(3):
            now.shift(timedelta(days=2))
            assert client.get("/").status_code == 200
        now.shift(timedelta(days=3, seconds=2))
        assert client.get("/").status_code == 401


def test_a_person_sees_and_ends_their_own_other_sign_ins_and_no_one_elses(client, signed_in, send):
    here, phone, other = signed_in("reader"), signed_in("reader"), signed_in("reader", person="Cy")
    keys = re.findall(r'name="session" value="(\w+)"', here.get("/people").text)
    assert len(keys) == 1
    send(here, "/logout", session=keys[0])
    assert (phone.get("/").status_code, here.get("/").status_code) == (401, 200)
    rows = client.get("/people").text.split('<th scope="row">')[1:]
    strangers = [re.search(r'name="session" value="(\w+)"', row)[1] for row in rows if not row.startswith("Cy")]
    assert len(strangers) == 2
    for key in strangers:
        send(other, "/logout", session=key)
    assert [browser.get("/").status_code for browser in (client, here, other)] == [200, 200, 200]


@pytest.mark.parametrize("fields", [{}, {"person": " ", "role": "owner"}, {"person": "Bo", "role": "king"}])
def test_a_link_needs_a_name_and_a_known_role(client, send, fields):
    send(client, "/people", **fields)
    assert "Give the person a name" in client.get("/people").text


def test_the_log_names_the_person_who_did_it(app, keep, make, books, send):
    keep(make.shop(), make.order("1001", make.line("a", "mug", 2)))
    with books.write() as unit:
        digest, until = hashlib.sha256(b"for-a").hexdigest(), datetime.now(UTC) + timedelta(minutes=5)
        unit.access.add_link(
            shop="fern", link_hash=digest, expires_at=until, person="Warehouse, early shift", role="staff"
        )
    browser = app.test_client()
    browser.get("/login?login=for-a")
    send(browser, "/orders/fern/1001/choose", do="hold")
    assert ", Warehouse, early shift</small><br>Put the order on hold" in browser.get("/orders/fern/1001").text
    with books.read() as unit:
        actors = {entry.actor for entry in unit.audit.page("fern").items}
    assert actors == {"merchant:Warehouse, early shift"}


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:150.0) Gecko/20100101 Firefox/150.0", "Firefox on Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36", "Chrome on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/156.0.0.0 Safari/537.36 Edg/156.0.0.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Safari/604.1", "Safari on iPhone"),
        ("curl/8.9", "curl/8.9"), ("", ""),
    ],
)  # fmt: skip
def test_a_browser_is_named_as_people_know_it(header, words):
    assert browser_words(header) == words
