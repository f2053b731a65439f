"""Several people in a shop: roles, who is signed in, and signing them out."""

import hashlib
import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from core.access.people import Seat
from pages.people import browser_words
from pages.visitor import MERCHANT
from tests.pages.builders import csrf_of


@pytest.fixture
def signed_in(app, client, books, send):
    """Sign somebody in by a link that the owner made; the answer is their browser."""

    def make(role, person="Bo"):
        page = send(client, "/people", person=person, role=role).text
        link = re.search(r"login\?invited=([\w-]+)", page)[1]
        browser = app.test_client()
        token = csrf_of(browser.get(f"/login?invited={link}").text)
        sent = {"csrf_token": token, "login": link}
        assert browser.post("/login", data=sent, headers={"User-Agent": "Firefox 150"}).status_code == 303
        return browser

    return make


STAFF = {
    "/first-steps/away", "/health/again", "/health/look", "/incoming", "/incoming/<shop>/delete", "/incoming/<shop>/receive",
    "/incoming/<shop>/row", "/incoming/<shop>/split", "/incoming/import", "/items/<shop>/backorders", "/items/<shop>/rules",
    "/items/<shop>/substitutes", "/messages/next", "/orders/<shop>/<order>/again", "/orders/<shop>/<order>/answer",
    "/orders/<shop>/<order>/choose", "/orders/<shop>/<order>/note", "/orders/several", "/outbox/again", "/personal-data",
    "/reorder", "/reorder/<shop>/draft", "/reorder/<shop>/item/<rest_of_path:sku>", "/views", "/views/forget",
}  # fmt: skip
EVERYBODY = {"/second-factor/begin", "/second-factor/confirm", "/second-factor/end"}
NAMES = {"shop": "fern", "order": "none", "sku": "none"}
OWNER = {"/policy", "/policy/undo", "/people", "/tokens", "/tools", "/offers", "/messages/switch"}


def changing(app):
    """Every address at which somebody who is signed in changes something: its rule, and filled in."""
    for rule in app.url_map.iter_rules():
        if "POST" in rule.methods and rule.endpoint.split(".")[0] in MERCHANT:
            yield rule.rule, re.sub(r"<(?:[^:<>]+:)?(\w+)>", lambda name: NAMES.get(name[1], "1"), rule.rule)


@pytest.mark.parametrize("role", ["owner", "staff", "reader"])
def test_a_role_may_change_this_much_and_look_at_everything(app, signed_in, lively, role):
    browser = signed_in(role)
    for path in ("/", "/orders", "/policy", "/people", "/health"):
        assert browser.get(path).status_code == 200
    assert ("Let somebody in" in browser.get("/people").text) == (role == "owner")
    token = browser.get("/connect").text.split('name="csrf_token" value="')[1].split('"')[0]
    found = dict(changing(app))
    assert found.keys() >= STAFF | EVERYBODY | OWNER
    may = {"owner": OWNER | EVERYBODY, "staff": STAFF | EVERYBODY, "reader": EVERYBODY}[role]
    # Staff walk every address, so that a new one is in the table or an owner's.
    for rule in found if role == "staff" else OWNER | EVERYBODY:
        answer = browser.post(found[rule], data={"csrf_token": token})
        assert (answer.status_code != 403) == (rule in may), rule
        assert rule in may or "<h1>Nothing was changed</h1><p>You may look at this, not change it" in answer.text


@pytest.mark.parametrize("role", ["owner", "staff", "reader"])
def test_a_button_that_would_refuse_is_switched_off_and_the_page_says_why(app, signed_in, lively, role):
    browser, seen, ruled = signed_in(role), set(), {rule for rule, _ in changing(app)}
    refused = {"owner": set(), "staff": ruled - STAFF - EVERYBODY, "reader": ruled - EVERYBODY}[role]
    for path in ("/policy", "/orders/fern/1001", "/reports"):
        page = browser.get(path).text
        states = {}
        for form in re.findall(r'<form[^>]* method="post".*?</form>', page, re.DOTALL):
            address = re.search(r'action="([^"?]*)', form)
            rule = app.url_map.bind("").match(address[1] if address else path, "POST", return_rule=True)[0].rule
            states[rule] = {"disabled" in button for button in re.findall("<button[^>]*>", form)}
        assert {rule for rule, off in states.items() if off == {True}} == refused & states.keys(), path
        assert {True, False} not in states.values()
        assert ("not change it: ask an owner of Fern &amp; Fable" in page) == bool(refused & states.keys())
        seen |= states.keys()
    assert {"/orders/<shop>/<order>/note", "/policy", "/logout"} <= seen


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


def test_a_link_for_somebody_works_for_two_days(app, client, send):
    page = send(client, "/people", person="Bo", role="staff").text
    link = re.search(r"/login\?invited=[\w-]+", page)[0]
    with time_machine.travel(datetime.now(UTC) + timedelta(days=2)):
        assert app.test_client().get(link).status_code == 403


def test_who_is_signed_out_of_one_shop_stays_in_another(client, signed_in, keep, make, books, send):
    keep(make.shop("moss", "woocommerce", "Moss and Mill"))
    browser = signed_in("staff")
    key = re.search(r'name="session" value="(\w+)"', client.get("/people").text.split('<th scope="row">Bo')[1])[1]
    with books.write() as unit:
        unit.sessions.open(key, Seat(shop="moss", person="Bo", role="staff"), browser="", at=datetime.now(UTC))
    send(client, "/people/out", session=key)
    assert [browser.get(f"/?shop={shop}").status_code for shop in ("fern", "moss")] == [404, 200]


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


def test_a_sign_in_ends_by_itself(app, client, books, link_for):
    with books.write() as unit:
        now = datetime.now(UTC)
        key = unit.sessions.of_shop("fern", since=now - timedelta(days=1))[0].key
        unit.sessions.open(key, Seat(shop="fern", person="", role="owner"), browser="", at=now - timedelta(days=15))
    assert client.get("/").status_code == 401
    app.test_client().get(f"/login?login={link_for(token='again')}", headers={"User-Agent": "x" * 5000})
    with books.read() as unit:
        assert [len(one.browser) for one in unit.sessions.of_shop("fern", since=now - timedelta(days=99))] == [200]


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


def test_an_invitation_survives_every_program_that_opens_it_and_is_spent_by_the_button(app, client, send):
    page = send(client, "/people", person="Bo", role="staff").text
    link = re.search(r"/login\?invited=[\w-]+", page)[0]
    token = link.split("=")[1]
    for _ in range(3):
        scanner = app.test_client()
        assert (scanner.head(link).status_code, scanner.get(link).status_code) == (200, 200)
        assert scanner.get("/").status_code == 401
    browser = app.test_client()
    asked = browser.get(link).text
    assert "signs Bo in to Fern &amp; Fable" in asked
    assert browser.post("/login", data={"login": token}).status_code == 400, "without the page's own token"
    sent = {"csrf_token": csrf_of(asked), "login": token}
    assert browser.post("/login", data=sent).headers["Location"] == "/"
    assert browser.get("/").status_code == 200
    assert app.test_client().get(link).status_code == 403
