"""A second factor: set up with a device, asked for with a link, codes of one use, a lost device."""

import html
import re
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
import time_machine

from core.errors import ConfigurationError
from core.settings import Settings, read
from pages.one_time_codes import MOST_TRIES, recovery_digest, step_of


@pytest.fixture(autouse=True)
def clock():
    """Real time stands still, in the middle of one step of the clock, until it is moved."""
    with time_machine.travel(datetime(2026, 11, 27, 9, 0, 15, tzinfo=UTC), tick=False) as moved:
        yield moved


def post(browser, path, page="/second-factor", **fields):
    """Post a form with the token that stands on a page."""
    token = re.search(r'name="csrf_token" value="([^"]+)"', browser.get(page).text)[1]
    return browser.post(path, data={"csrf_token": token, **fields})


def set_up(browser):
    """Return a device that the person of this browser set up, with the codes for its loss."""
    post(browser, "/second-factor/begin")
    device = pyotp.TOTP(re.search(r"<pre>([A-Z2-7]{32})</pre>", browser.get("/second-factor").text)[1])
    page = post(browser, "/second-factor/confirm", code=device.now()).text
    device.recovery = re.search(r"<pre>([^<]+)</pre>", page)[1].split()
    return device


@pytest.fixture
def device(client, clock):
    """The owner's device, one step of the clock after it was set up."""
    made = set_up(client)
    clock.shift(timedelta(seconds=30))
    return made


@pytest.fixture
def knock(app, link_for):
    """Open a fresh link in a new browser and type these codes, one after the other; return browser and last answer."""

    def make(*codes, link=None):
        browser, link = app.test_client(), link or link_for(token="again")
        page = browser.get(f"/login?login={link}")
        for code in codes:
            csrf = re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]
            page = browser.post("/login", data={"csrf_token": csrf, "login": link, "code": code})
        return browser, page

    return make


def test_a_link_alone_opens_nothing_once_a_device_is_set_up(device, knock):
    browser, page = knock()
    assert page.status_code == 200
    assert "authenticator app" in page.text
    assert browser.get("/").status_code == 401


def test_a_link_and_the_code_of_the_moment_open_the_shop(device, knock):
    browser, page = knock(device.now())
    assert (page.status_code, page.headers["Location"]) == (303, "/")
    assert "Fern &amp; Fable" in browser.get("/").text


def test_a_link_to_any_page_asks_for_the_code_as_well(device, app, link_for):
    browser = app.test_client()
    assert "authenticator app" in browser.get(f"/orders?login={link_for(token='again')}").text
    assert browser.get("/orders").status_code == 401


def test_the_device_is_told_by_a_picture_and_counts_for_nothing_before_its_first_code(client, knock, books):
    post(client, "/second-factor/begin")
    assert 'src="data:image/svg+xml' in client.get("/second-factor").text
    post(client, "/second-factor/confirm", code="000000")
    assert "not the code of this moment" in html.unescape(client.get("/second-factor").text)
    browser, page = knock()
    assert (page.status_code, browser.get("/").status_code) == (303, 200)


def test_what_is_on_already_is_not_confirmed_again_for_fresh_written_codes(client, device):
    answer = post(client, "/second-factor/confirm", page="/connect", code=device.now())
    assert (answer.status_code, answer.location) == (303, "/second-factor")


def test_a_secret_that_counts_is_not_replaced_by_a_second_beginning(client, device, knock):
    post(client, "/second-factor/begin")
    assert knock(device.now())[1].status_code == 303


@pytest.mark.parametrize(("seconds", "opens"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_code_is_good_for_its_step_of_the_clock_and_the_two_beside_it(seconds, opens):
    secret, now = pyotp.random_base32(), datetime.now(UTC)
    code = pyotp.TOTP(secret).at(now + timedelta(seconds=seconds))
    present = int(now.timestamp()) // 30
    assert step_of(secret, code, present) == (present + seconds // 30 if opens else None)


def test_a_code_opens_once_however_many_links_there_are(device, knock, link_for):
    code = device.now()
    assert knock(code)[1].status_code == 303
    browser, page = knock(code, link=link_for(token="third"))
    assert (page.status_code, browser.get("/").status_code) == (403, 401)


@pytest.mark.parametrize("code", ["", "12345", "abcdef", "１２３４５６", "0" * 500, "%00"])
def test_a_wrong_code_opens_nothing_and_leaves_the_link_unspent(device, knock, code):
    browser, page = knock(code, device.now())
    assert (page.status_code, browser.get("/").status_code) == (303, 200)


def test_after_five_wrong_codes_the_right_one_waits_for_a_quarter_of_an_hour(device, knock, clock, link_for):
    for _ in range(MOST_TRIES):
        clock.shift(timedelta(minutes=1))
        assert knock("000000")[1].status_code == 403
    assert knock(device.now())[1].status_code == 403
    clock.shift(timedelta(minutes=10))
    assert knock(device.now(), link=link_for(token="later"))[1].status_code == 303


def test_a_right_code_forgets_the_wrong_ones(device, knock, clock):
    for _ in range(3):
        clock.shift(timedelta(minutes=1))
        assert knock(*["000000"] * (MOST_TRIES - 1), device.now())[1].status_code == 303


def test_a_lost_device_is_replaced_by_each_written_code_once(client, device, knock, link_for, books):
    written = device.recovery[0]
    with books.write() as unit:
        for shop, person in (("fern", "Bo"), ("moss", "")):
            assert not unit.second_factors.spend_recovery(shop, person, recovery_digest(written)), "it is not theirs"
    assert knock(written.upper().replace("-", " "))[1].status_code == 303
    assert knock(written, link=link_for(token="third"))[1].status_code == 403
    assert "7 codes for a lost device are left" in client.get("/second-factor").text
    assert device.recovery[1] not in client.get("/second-factor").text


def test_switching_it_off_takes_a_code(client, device, knock, books):
    post(client, "/second-factor/end", code="000000")
    assert "It is on" in client.get("/second-factor").text
    post(client, "/second-factor/end", code=device.now())
    assert "It is off" in client.get("/second-factor").text
    assert knock()[1].status_code == 303
    with books.write() as unit:
        assert not unit.second_factors.spend_recovery("fern", "", recovery_digest(device.recovery[0]))


def test_an_owner_switches_it_off_for_who_lost_their_device_and_nobody_else_does(app, client, knock, send):
    readers = {}
    for person in ("A", "B"):
        link = re.search(r"login\?invited=([\w-]+)", send(client, "/people", person=person, role="reader").text)[1]
        readers[person], _ = knock(link=link)
        set_up(readers[person])
    assert post(readers["A"], "/people/second-factor", page="/connect", person="B").status_code == 403
    assert client.get("/people").text.count("Device lost") == 2
    send(client, "/people/second-factor", person="B")
    assert client.get("/people").text.count("Device lost") == 1
    assert "It is on" in readers["A"].get("/second-factor").text
    assert "It is off" in readers["B"].get("/second-factor").text


def test_each_doing_is_in_the_log_without_a_secret(client, device, books):
    post(client, "/second-factor/end", code=device.now())
    with books.read() as unit:
        entries = unit.audit.page("fern").items
    assert [entry.what for entry in entries][:2] == ["switched the second factor off", "switched the second factor on"]
    assert device.secret not in repr(entries)


def test_where_it_is_required_nothing_is_shown_before_it_is_set_up(app_of, keep, make, link_for):
    keep(make.shop())
    settings = Settings(secret_key="a key for tests only", base_url="http://127.0.0.1", second_factor="required")
    browser = app_of(settings=settings).test_client()
    browser.get(f"/login?login={link_for()}")
    assert browser.get("/orders").headers["Location"] == "/second-factor"
    assert "set it up to go on" in browser.get("/second-factor").text
    set_up(browser)
    assert browser.get("/orders").status_code == 200


def test_the_setting_is_one_of_two_words():
    with pytest.raises(ConfigurationError, match="BACKORDER_SECOND_FACTOR: must be optional or required"):
        read({"BACKORDER_SECOND_FACTOR": "yes"}, {}, str)
