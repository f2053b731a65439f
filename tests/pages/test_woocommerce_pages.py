"""Connecting a WooCommerce store from the browser: the address, the store's page, the keys, the way back."""

import pytest

from core.errors import CredentialsRevoked, Misuse, Rejected, Unavailable
from core.settings import Settings
from tests.pages.builders import csrf_of

CONNECT = "/woocommerce/connect"
KEYS = {"url": "https://birch.example.com", "key": "ck_1", "secret": "cs_1", "by": "keys"}


class SmallApprovals:
    """Remembers what it was asked; `wrong` is raised by the next errand."""

    def __init__(self, books, make) -> None:
        self.books, self.make, self.wrong, self.asked, self.taken, self.said = books, make, None, [], [], None

    def _go(self) -> None:
        if self.wrong is not None:
            raise self.wrong

    def ask(self, address, *, browser):
        self._go()
        self.asked.append((address, browser))
        return f"{address}/wc-auth/v1/authorize?user_id=state"

    def receive(self, body):
        self._go()
        self.taken.append(body)

    def finish(self, state, *, approved, browser):
        self._go()
        assert state == "state"
        if not approved:
            raise Rejected("the owner did not approve")
        assert browser == self.asked[-1][1]
        made = self.make.shop("birch", "woocommerce", "Birch & Brook")
        with self.books.write() as unit:
            unit.shops.add(made, {})
        return made

    def problem(self, browser):
        return self.said


@pytest.fixture
def approvals(books, make):
    return SmallApprovals(books, make)


@pytest.fixture
def visitor(app_of, approvals):
    """A browser that is not signed in."""
    return app_of(approvals=approvals).test_client()


@pytest.fixture
def post():
    def send(browser, **fields):
        token = browser.get(CONNECT).text.split('name="csrf_token" value="')[1].split('"')[0]
        return browser.post(CONNECT, data={"csrf_token": token, **fields})

    return send


def test_nobody_needs_to_be_signed_in_to_connect_a_first_store(visitor):
    page = visitor.get(CONNECT)
    assert page.status_code == 200
    assert "Approve on the store" in page.text
    assert "--key ck_" in page.text


def test_an_address_leads_to_the_stores_own_page(visitor, post, approvals):
    answer = post(visitor, url="https://birch.example.com")
    assert (answer.status_code, answer.location) == (
        303,
        "https://birch.example.com/wc-auth/v1/authorize?user_id=state",
    )
    assert [address for address, _ in approvals.asked] == ["https://birch.example.com"]


def test_a_stranger_makes_us_ask_thirty_stores_a_minute_and_no_more(visitor, approvals):
    sent = {"csrf_token": csrf_of(visitor.get(CONNECT).text), "url": "https://birch.example.com"}
    codes = [visitor.post(CONNECT, data=sent).status_code for _ in range(31)]
    assert codes == [303] * 30 + [429]
    assert len(approvals.asked) == 30


def test_the_page_lets_its_form_lead_away_and_nothing_else(visitor):
    policy = visitor.get(CONNECT).headers["Content-Security-Policy"]
    assert "form-action 'self' https: http:;" in policy
    assert policy.startswith("default-src 'none'; style-src 'self';")


def test_where_stores_are_on_the_internet_the_form_leads_to_encrypted_ones_only(app_of, approvals):
    visitor = app_of(approvals=approvals, settings=Settings(secret_key="k")).test_client()
    assert "form-action 'self' https:;" in visitor.get(CONNECT).headers["Content-Security-Policy"]


def test_coming_back_opens_the_store(visitor, post, books):
    post(visitor, url="https://birch.example.com")
    answer = visitor.get("/woocommerce/connected?success=1&user_id=state")
    assert (answer.status_code, answer.location) == (303, "/")
    assert "Birch &amp; Brook is connected." in visitor.get("/").text
    with books.read() as unit:
        assert unit.audit.page("birch").items[0].what == "connected the shop"
    with visitor.session_transaction() as kept:
        assert "approvals" not in kept, "what was begun is over"


@pytest.mark.parametrize("said", ["", "success=0&", "success=true&", "success=10&"])
def test_a_way_back_that_does_not_say_so_is_no_approval(visitor, post, said):
    post(visitor, url="https://birch.example.com")
    answer = visitor.get(f"/woocommerce/connected?{said}user_id=state")
    assert (answer.status_code, visitor.get("/").status_code) == (422, 401)


@pytest.mark.parametrize(
    ("wrong", "status"),
    [(Misuse("this approval was used already"), 403), (Rejected("the owner did not approve"), 422), (Unavailable("the store does not answer"), 422)],
)  # fmt: skip
def test_a_way_back_that_leads_nowhere_says_why(visitor, approvals, wrong, status):
    approvals.wrong = wrong
    answer = visitor.get("/woocommerce/connected?success=1&user_id=state")
    assert answer.status_code == status
    words = str(wrong)
    assert f"{words[0].upper()}{words[1:]}." in answer.text.split('role="alert"')[1].split("</p>")[0]


def test_a_head_request_of_a_mail_scanner_on_another_page_changes_nothing(visitor, approvals):
    assert visitor.head(CONNECT).status_code == 200
    assert approvals.asked == []


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        (None, 200),
        (CredentialsRevoked("nobody waits"), 401),
        (Misuse("no object"), 400),
        (Rejected("read only"), 422),
        (Unavailable("later"), 503),
    ],
)
def test_the_store_is_answered_with_200_only_when_its_keys_were_taken(visitor, approvals, wrong, status):
    approvals.wrong = wrong
    answer = visitor.post("/woocommerce/callback", json={"user_id": "state"})
    assert answer.status_code == status
    assert answer.mimetype == "text/plain"


def test_keys_of_any_length_are_not_read(visitor, approvals):
    assert visitor.post("/woocommerce/callback", data=b"x" * 70_000).status_code == 413
    assert approvals.taken == []


@pytest.mark.parametrize("url", ["", " ", "x" * 501])
def test_a_missing_address_is_named_beside_the_field(visitor, post, approvals, url):
    answer = post(visitor, url=url)
    assert answer.status_code == 422
    assert 'id="url-wrong"' in answer.text
    assert approvals.asked == []


def test_what_stands_in_the_way_is_one_sentence_and_the_address_stays(visitor, post, approvals):
    approvals.wrong = Rejected("in WordPress set Settings > Permalinks to any but Plain.")
    answer = post(visitor, url="https://birch.example.com")
    assert answer.status_code == 422
    assert "Permalinks" in answer.text.split('role="alert"')[1].split("</p>")[0]
    assert 'value="https://birch.example.com"' in answer.text


def test_why_the_last_approval_failed_is_told_here_because_the_store_does_not(visitor, post, approvals):
    post(visitor, url="https://birch.example.com")
    approvals.said = "The key may not write."
    assert "The key may not write." in visitor.get(CONNECT).text


def test_a_store_is_connected_by_pasted_keys(visitor, post, books):
    assert post(visitor, **KEYS).status_code == 303
    assert "Newly connected is connected." in visitor.get("/").text
    with books.read() as unit:
        assert unit.shops.credentials("birch") == {"consumer_key": "ck_1", "consumer_secret": "cs_1"}


def test_a_refusal_of_keys_is_one_sentence_and_the_secret_is_not_sent_back(visitor, post):
    answer = post(visitor, **(KEYS | {"key": "ck_wrong"}))
    assert answer.status_code == 422
    assert "The store refused these keys" in answer.text.split('role="alert"')[1].split("</p>")[0]
    assert 'value="ck_wrong"' in answer.text
    assert "cs_1" not in answer.text


@pytest.mark.parametrize("missing", ["url", "key", "secret"])
def test_a_missing_field_of_the_keys_is_named_beside_it(visitor, post, missing):
    answer = post(visitor, **(KEYS | {missing: " "}))
    assert answer.status_code == 422
    assert answer.text.count('class="wrong"') == 1
    assert f'id="{missing}-wrong"' in answer.text


def test_without_approvals_the_keys_are_asked_for(app_of, post):
    answer = post(app_of().test_client(), url="https://birch.example.com")
    assert answer.status_code == 422
    assert "paste the store" in answer.text


def test_the_address_from_the_merchants_page_is_taken_over(client):
    answer = client.get(f"{CONNECT}?url=https://birch.example.com")
    assert 'value="https://birch.example.com"' in answer.text


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/webhooks/nowhere", 404),
        ("PUT", "/nowhere", 404),
        ("DELETE", "/login", 405),
        ("POST", "/capabilities", 405),
    ],
)
def test_a_post_to_nowhere_is_told_so_and_not_that_a_token_is_missing(visitor, method, path, status):
    assert visitor.open(path, method=method, data={"a": "b"}).status_code == status
