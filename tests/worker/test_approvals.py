"""Approval on the store's own page, over real HTTP, with the store's page in a real browser at the end."""

from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import time_machine
from playwright.sync_api import expect

from connectors.simulator.woocommerce.wc_auth import add_key
from core.errors import CredentialsRevoked, Misuse, Rejected, Unavailable
from tests.browsers import chromium
from worker import approvals as flow

CALLBACK = "/woocommerce/callback"
RETURN = "/woocommerce/connected"


@dataclass(frozen=True, slots=True)
class Service:
    house: object
    url: str

    @property
    def desk(self):
        return self.house.approvals

    def shops(self):
        with self.house.books.read() as unit:
            return [shop.domain for shop in unit.shops.all()]

    def begin(self, store, browser="browser"):
        """Ask at the store; returns the state that the store was given."""
        page = urlsplit(self.desk.ask(store.url, browser=browser))
        return parse_qs(page.query)["user_id"][0]

    def hand_over(self, store, state, *, permissions="read_write", **changes):
        with store.state.lock:
            key = add_key(store.state, permissions)
        body = {
            "key_id": key.id, "user_id": state, "consumer_key": key.consumer_key, "key_permissions": permissions,
            "consumer_secret": key.consumer_secret, **changes,
        }  # fmt: skip
        return requests.post(self.url + CALLBACK, json=body, timeout=60)


@pytest.fixture
def keeper(keeper_of):
    """A store that nobody has connected yet."""
    return keeper_of(name="Camp Supplies")


@pytest.fixture
def store(keeper):
    keeper.store.url = keeper.address
    return keeper.store


@pytest.fixture
def service(keeper):
    return Service(keeper.house, keeper.url)


def test_the_stores_page_is_asked_for_everything_it_demands(service, store):
    page = urlsplit(service.desk.ask(store.url + "/wp-admin/", browser="b"))
    query = {name: values[0] for name, values in parse_qs(page.query).items()}
    assert f"{page.scheme}://{page.netloc}{page.path}" == f"{store.url}/wc-auth/v1/authorize"
    assert (query["app_name"], query["scope"]) == ("Backorder", "read_write")
    assert (query["callback_url"], query["return_url"]) == (service.url + CALLBACK, service.url + RETURN)
    assert len(query["user_id"]) >= 32


def test_keys_are_kept_once_they_are_proven_and_the_store_is_connected_on_the_way_back(service, store):
    state = service.begin(store)
    answer = service.hand_over(store, state)
    assert (answer.status_code, answer.headers["Content-Type"].partition(";")[0]) == (200, "text/plain")
    assert service.shops() == []
    shop = service.desk.finish(state, approved=True, browser="browser")
    assert (shop.name, shop.state, shop.policy.mode) == ("Camp Supplies", "connected", "observe")
    assert {row.status for row in store.state.webhooks.values()} == {"active"}
    with service.house.books.read() as unit:
        assert unit.shops.credentials(shop.id)["consumer_key"].startswith("ck_")


def test_a_state_is_good_for_one_handing_over(service, store):
    state = service.begin(store)
    assert service.hand_over(store, state).status_code == 200
    assert service.hand_over(store, state).status_code == 401
    service.desk.finish(state, approved=True, browser="browser")
    with pytest.raises(Misuse, match="used already"):
        service.desk.finish(state, approved=True, browser="browser")


@pytest.mark.parametrize("state", ["", "unknown", "\ud800", "x" * 600, 7, None])
def test_keys_for_a_state_that_nobody_waits_for_are_refused(service, store, state):
    import json

    with store.state.lock:
        key = add_key(store.state, "read_write")
    body = {"user_id": state, "consumer_key": key.consumer_key, "consumer_secret": key.consumer_secret}
    answer = requests.post(service.url + CALLBACK, data=json.dumps(body), timeout=60)
    assert answer.status_code in {400, 401}
    assert service.shops() == []


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"null", b"\xff", b"{", b"[" * 20_000, b'{"user_id":1}', b'{"consumer_key":"a\\u0000b","consumer_secret":"c"}']
)  # fmt: skip
def test_a_post_that_no_store_sends_is_a_plain_refusal(service, body):
    answer = requests.post(service.url + CALLBACK, data=body, timeout=60)
    assert answer.status_code in {400, 401}
    assert "Traceback" not in answer.text


def test_a_state_is_good_for_twenty_minutes(service, store):
    state = service.begin(store)
    with time_machine.travel(datetime.now(UTC) + flow.LIFE, tick=False), pytest.raises(CredentialsRevoked):
        service.desk.receive(f'{{"user_id":"{state}","consumer_key":"ck","consumer_secret":"cs"}}'.encode())


def test_keys_of_another_store_do_not_connect_the_one_that_was_asked(service, store):
    state = service.begin(store)
    answer = service.hand_over(store, state, consumer_key="ck_of_elsewhere")
    assert answer.status_code == 401
    assert "does not know the key" in answer.text
    assert "does not know the key" in service.desk.problem("browser")
    with pytest.raises(Rejected, match="does not know the key"):
        service.desk.finish(state, approved=True, browser="browser")
    assert service.shops() == []


@pytest.mark.parametrize(("permissions", "told"), [("read", "read"), ("read", "read_write"), ("write", "write")])
def test_keys_that_may_not_read_and_write_are_refused_at_once(service, store, permissions, told):
    state = service.begin(store)
    answer = service.hand_over(store, state, permissions=permissions, key_permissions=told)
    assert answer.status_code in {401, 422}
    assert service.shops() == []


def test_another_browser_burns_the_approval(service, store):
    state = service.begin(store)
    service.hand_over(store, state)
    with pytest.raises(Misuse, match="another browser"):
        service.desk.finish(state, approved=True, browser="of somebody else")
    with pytest.raises(Misuse):
        service.desk.finish(state, approved=True, browser="browser")
    assert service.shops() == []


def test_an_owner_who_declines_connects_nothing(service, store):
    state = service.begin(store)
    with pytest.raises(Rejected, match="did not approve"):
        service.desk.finish(state, approved=False, browser="browser")


def test_a_way_back_without_keys_asks_whether_we_can_be_reached(service, store):
    state = service.begin(store)
    with pytest.raises(Rejected, match="sent no keys"):
        service.desk.finish(state, approved=True, browser="browser")


def test_the_secrets_are_not_readable_in_the_database(service, store, tmp_path):
    state = service.begin(store)
    service.hand_over(store, state)
    raw = b"".join(path.read_bytes() for path in tmp_path.glob("backorder.db*"))
    assert state.encode() not in raw
    assert not any(key.consumer_secret.encode() in raw for key in store.state.keys.values() if key.id > 1)


def test_so_many_are_under_way_at_most(service, store, monkeypatch):
    monkeypatch.setattr(flow, "MOST", 2)
    service.begin(store)
    service.begin(store)
    with pytest.raises(Unavailable, match="too many"):
        service.begin(store)
    with time_machine.travel(datetime.now(UTC) + flow.LIFE, tick=False):
        service.begin(store)


def test_two_stores_whose_addresses_read_alike_stay_two(service, store):
    from dataclasses import replace

    shop = service.desk.finish(_approved(service, store), approved=True, browser="browser")
    with service.house.books.write() as unit:
        unit.shops.save(replace(shop, domain="elsewhere.example.com"))
    other = service.desk.finish(_approved(service, store), approved=True, browser="browser")
    assert other.id != shop.id
    assert other.id.startswith(shop.id)
    again = service.desk.finish(_approved(service, store), approved=True, browser="browser")
    assert again.id == other.id


def _approved(service, store):
    state = service.begin(store)
    assert service.hand_over(store, state).status_code == 200
    return state


@pytest.mark.browser
def test_a_merchant_connects_a_store_in_the_browser(service, store):
    store.add_product("MUG", "Enamel mug", "12.50", 5)
    with chromium() as browser:
        page = browser.new_page()
        page.goto(service.url + "/woocommerce/connect")
        page.get_by_label("Address of the store").first.fill(store.url)
        page.get_by_role("button", name="Go to the store").click()
        page.get_by_role("heading", name="Backorder would like to connect to your store").wait_for()
        page.get_by_role("link", name="Deny").click()
        expect(page.get_by_role("alert")).to_contain_text("did not approve")
        page.get_by_label("Address of the store").first.fill(store.url)
        page.get_by_role("button", name="Go to the store").click()
        page.get_by_role("link", name="Approve").click()
        expect(page.get_by_role("status").first).to_contain_text("Camp Supplies is connected.")
        page.go_back()
        assert service.shops() == [urlsplit(store.url).netloc]
    assert len(store.state.webhooks) > 0
