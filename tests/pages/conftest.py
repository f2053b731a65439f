"""A small house around real books: a desk that stores what it is told, a story with three lines, lively shops."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache

from connectors.catalogues import merchant_words
from connectors.hooks import Hooks
from connectors.mail import open_office
from core.actions import Code, Hold, Note, Tag
from core.capabilities import Capability, Support
from core.errors import Rejected
from core.hooks import announcing
from core.house import Call, Farewell, House, SyncReport
from core.policy.shop_policy import ShopPolicy
from core.records import IncomingRecord, NewNotice, OrderRecord, Shop
from core.settings import Settings
from core.snapshots import ItemSnapshot
from pages import rooms
from tests.pages.builders import NOW, REPORT, forecast, item, line, notice, notice_sent, order, shop, supply

TEMPLATES = Path(__file__).parents[2] / "templates"
SUPPORTS = {
    "shopify": dict.fromkeys(Capability, Support(level="full", how="by its own means")),
    "woocommerce": dict.fromkeys(Capability, Support(level="full", how="by its own means"))
    | {
        Capability.HOLD: Support(level="said", how="a note and metadata say what to keep back"),
        Capability.STORE_CREDIT: Support(level="none", how="the platform has no store credit"),
    },
}

OFFICE = open_office(
    "", link=lambda shop, order: f"http://127.0.0.1/o/{shop}.{order}", unsubscribe=lambda shop, address: "http://127.0.0.1/u"
)  # fmt: skip


class SmallDesk:
    """Stores a shop without calling anybody; keys that begin with `ck_wrong` are refused."""

    def __init__(self, books) -> None:
        self.books = books

    def connect(self, platform, address: str, credentials: Mapping[str, str], *, mode=None) -> Shop:
        if credentials["consumer_key"].startswith("ck_wrong"):
            raise Rejected("the store refused these keys: make a new key with Read/Write permission")
        made = shop(address.removeprefix("https://").partition(".")[0], platform, "Newly connected")
        with self.books.write() as unit:
            unit.shops.add(made, credentials)
        return made

    def disconnect(self, shop: Shop, *, erase: bool) -> Farewell:
        return Farewell()

    def rotate_secret(self, shop: Shop) -> None:
        return None

    def sync(self, shop: Shop, *, since=None) -> SyncReport:
        return SyncReport()


class SmallStory:
    """A demo story that only remembers which buttons were pressed, and in which platform's shop."""

    def __init__(self) -> None:
        self.now = NOW
        self.pressed_in: list[str | None] = []
        self.told = ["Customer 17 ordered 40 camp mugs.", "PO-107 is a week late: 6 promises were made anew."]

    def headline(self) -> str:
        return f"Day {(self.now - NOW).days + 4}: {self.told[0]}"

    def events(self) -> Sequence[str]:
        return self.told

    def calls(self) -> Sequence[Call]:
        def call(number, platform, what, detail, said=""):
            return Call(
                number=number,
                at=self.now,
                platform=platform,
                what=what,
                detail=detail,
                order="1004",
                status=200,
                said=said,
            )

        return [call(2, "shopify", "Hold", '{"quantity": 3}', "Hold 3 units of #1004"),
                call(1, "woocommerce", "POST /orders/1004/notes", '{"note": "3 wait"}', "Note for the staff of #1004"),
                call(1, "shopify", "Tag", "backorder-part")]  # fmt: skip

    def _tell(self, words: str) -> str:
        self.told.insert(0, words)
        return words

    def make_late(self, platform=None) -> str:
        self.pressed_in.append(platform)
        return self._tell("PO-108 slips by 9 days.")

    def sell_out(self, platform=None) -> str:
        self.pressed_in.append(platform)
        return self._tell("The last camp mug is gone.")

    def cancel_order(self, platform=None) -> str:
        self.pressed_in.append(platform)
        return self._tell("Customer 12 cancelled #1009.")

    def advance(self, days: int) -> datetime:
        self.now += timedelta(days=days)
        return self.now


@pytest.fixture(scope="module")
def chromium():
    """A real browser."""
    from tests import browsers  # few tests need one

    with browsers.chromium() as opened:
        yield opened


@pytest.fixture
def house_of(books):
    """Make a House over the real books; keyword arguments replace its parts."""

    def make(**parts) -> House:
        def open_shop(shop):
            raise AssertionError("pages never open a shop themselves")

        settings = Settings(secret_key="a key for tests only", base_url="http://127.0.0.1", allow_private_stores="1")
        given = {"settings": settings, "books": books, "now": lambda: NOW, "open_shop": open_shop,
                 "post": OFFICE, "words": merchant_words, "hooks": Hooks(allow_private=True), "desk": SmallDesk(books), "supports": SUPPORTS}  # fmt: skip
        return House(**given | parts)

    return make


@pytest.fixture(scope="session")
def compiled(tmp_path_factory):
    """Templates compiled once for all the apps that the tests make."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def app_of(house_of, compiled):
    """Make an app with every page over a House with these parts."""

    def make(**parts) -> Flask:
        app = Flask("app", template_folder=str(TEMPLATES), static_folder=str(TEMPLATES / "assets"),
                    static_url_path="/assets")  # fmt: skip
        app.extensions["backorder"] = house_of(**parts)
        app.jinja_env.bytecode_cache = compiled
        rooms.register(app)
        return app

    return make


@pytest.fixture
def app(app_of):
    return app_of()


@pytest.fixture
def _app_context(app):
    """What is said outside a request is said to a reader of English, in no region."""
    with app.app_context():
        yield


@pytest.fixture
def link_for(books):
    """Store a one-use link for a shop and return its token."""

    def make(shop: str = "fern", token: str = "token-1", *, minutes: int = 30) -> str:
        with books.write() as unit:
            digest = hashlib.sha256(token.encode()).hexdigest()
            unit.access.add_link(shop=shop, link_hash=digest, expires_at=datetime.now(UTC) + timedelta(minutes=minutes))
        return token

    return make


@pytest.fixture
def keep(books):
    """Store shops, orders, items and incoming rows."""

    def store(*rows, shop: str = "fern") -> None:
        with books.write() as unit:
            for row in rows:
                match row:
                    case Shop():
                        unit.shops.add(row, {"token": "t"})
                    case OrderRecord():
                        unit.orders.put(row)
                    case ItemSnapshot():
                        unit.items.put(shop, row)
                    case IncomingRecord():
                        unit.supply.put(row)

    return store


@pytest.fixture
def client(app, keep, link_for):
    """A signed-in merchant's browser; CSRF tokens are taken from the pages like a browser does."""
    keep(shop())
    browser = app.test_client()
    browser.get(f"/login?login={link_for()}")
    return browser


@pytest.fixture
def make():
    """The builders, in domain words."""
    return SimpleNamespace(shop=shop, line=line, order=order, item=item, supply=supply, notice=notice, now=NOW, policy=ShopPolicy,
                           story=SmallStory, desk=SmallDesk, money=Decimal)  # fmt: skip


@pytest.fixture
def send():
    """Post a form with the token that a page of this session carries."""

    def post(browser, path: str, **fields):
        page = browser.get("/connect").get_data(as_text=True)
        token = page.split('name="csrf_token" value="')[1].split('"')[0]
        return browser.post(path, data={"csrf_token": token, **fields})

    return post


def _december(day: int) -> date:
    return date(2026, 12, day)


@pytest.fixture
def lively(keep, books):
    """Two shops with orders in every column, incoming stock, actions in every state, a log and messages."""
    for key, platform, name in (("fern", "shopify", "Fern & Fable"), ("moss", "woocommerce", "Moss and Mill")):
        keep(
            shop(key, platform, name),
            item("camp-mug", (6, 2), title="Camp mug, enamel"), item("wool-blanket", (0, 0)), item("lantern", (0, 3)),
            item("rope", (120, 40), title="Rope, 20 m"), item("tent-peg", (-2, 0), title="Tent pegs, set of 12"),
            supply("PO-107", "camp-mug", 60, _december(1), shop=key, latest=_december(4)), supply("PO-108", "wool-blanket", 40, _december(8), shop=key),
            supply("PO-99", "lantern", 20, date(2026, 11, 19), shop=key), supply("PO-110", "tent-peg", 30, None, shop=key),
            supply("T-5", "rope", 50, _december(2), shop=key, received=50, source="platform"),
            order("1001", line("a", "wool-blanket", 4, waits=(("PO-108", 4, _december(8)),)), days=19, promised=date(2026, 11, 27), customer="Customer 1", shop=key),
            order("1002", line("a", "camp-mug", 8, on_hand=5, waits=(("PO-107", 3, _december(4)),), price=1250), line("b", "rope", 2, on_hand=2), days=8, promised=_december(4), shop=key),
            order("1003", line("a", "camp-mug", 3, on_hand=3, price=1250), days=3, shop=key),
            order("1004", line("a", "camp-mug", 40, waits=(("PO-107", 40, _december(4)),), ahead=3, price=1250), line("b", "lantern", 2, on_hand=2), line("c", "wool-blanket", 3, waits=(("PO-108", 3, _december(8)),), ahead=4, shipped=0), days=6, promised=_december(8), shop=key),
            order("1005", line("a", "lantern", 5, waits=(("PO-99", 5, None),)), days=12, promised=_december(1), exceptions=(("OVERDUE_SUPPLY", "PO-99 was due on 2026-11-19 and has not come"),), shop=key),
            order("1006", line("a", "tent-peg", 9), days=2, exceptions=(("NO_DATED_SUPPLY", "no dated supply covers the open units of tent-peg"),), shop=key),
            order("1007", line("a", "rope", 400, on_hand=150, now=0), decision="review", days=1, customer="Customer 7, wholesale", shop=key),
            order("1008", line("a", "wool-blanket", 2, waits=(("PO-108", 2, _december(8)),), ahead=7), line("b", "camp-mug", 6, shipped=6), days=4, promised=_december(8), shop=key),
            order("1009", line("a", "rope", 4, on_hand=4), line("b", "gift-card", 1, ships=False), days=1, shop=key),
            order("990", line("a", "rope", 2, shipped=2), days=30, status="closed", shop=key),
            shop=key,
        )  # fmt: skip
        _outbox(books, key)
        with books.write() as unit:
            unit.planning.put(
                [(forecast("camp-mug", shop=key), "0camp-mug"), (forecast("rope", shop=key), "1rope")], since={}
            )
            notice_sent(unit, key, "1004")
            run = unit.planning.claim(key, today=NOW.date(), now=NOW, until=NOW + timedelta(minutes=1))
            unit.planning.finish(run, report=REPORT)


def _outbox(books, shop) -> None:
    hold = Hold(order="1004", held={"a": 40, "c": 3}, ready={"b": 2}, handle="h1", note="waits for stock")
    code = Code(order="1001", code="sorry-abc", offer="discount_code", percent=10, starts_at=NOW, title="For the wait",
                ends_at=NOW + timedelta(days=60), customer=None, email=None)  # fmt: skip
    wanted = {
        "1004": [(Tag(order="1004", tags=("backorder-part",)), "t1", "A part of the order waits."), (hold, "h1", "43 units wait for stock.")],
        "1001": [(code, "c1", "The wait is long.")],
        "1005": [(Note(order="1005", marker="m", text="Waits for PO-99"), "n1", "The supply is overdue.")],
    }  # fmt: skip
    with books.write() as unit:
        for order, actions in wanted.items():
            unit.outbox.want(shop, order, actions, now=NOW, act=order != "1005")
        while row := unit.outbox.claim(now=NOW, lease=timedelta(minutes=1), per_shop=9):
            if row.kind == "tag":
                unit.outbox.done(row, now=NOW, reference="gid://order/1004")
            elif row.kind == "hold":
                unit.outbox.fail(row, now=NOW, error="the shop refused: the order is locked by another app")
            else:
                unit.outbox.retry(row, at=NOW + timedelta(hours=1), error="the shop asks for a pause")
        unit.audit.write(shop=shop, at=NOW - timedelta(hours=3), actor="engine", what="decided", order="1004",
                         why="SHORT_ON_HAND INCOMING_COVERS", outcome="ship_part")  # fmt: skip
        unit.audit.write(shop=shop, at=NOW - timedelta(hours=1), actor="merchant", what="added stock", sku="camp-mug")
        unit.audit.write(shop=shop, at=NOW, actor="merchant", what="changed the settings",
                         detail={"changed": {"ship_part.max_parcels": {"before": 10, "after": 3}}})  # fmt: skip
        hook = unit.hooks.add(shop, "https://hooks.example.com/backorder", ["order.ready"], "whsec_c2VjcmV0", at=NOW)
        unit.hooks.send(hook, announcing.test("a", NOW), now=NOW)
        unit.hooks.put(replace(hook, state="failing", failing_since=NOW, error="it took nothing for 3 days"))
        unit.notices.add([NewNotice(shop=shop, order="1004", kind="waiting", key="w", to="customer1004@example.com", at=NOW,
                         due=NOW, facts={"lines": [{"title": "Camp mug", "now": 2, "waits": 0, "kept": 0, "from": None, "until": None}]})])  # fmt: skip
