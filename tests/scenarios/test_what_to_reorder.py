"""Hand-made items in one store, bought for three years and looked at on one night: sensible numbers, and a sentence of why."""

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from connectors.mail import Memory
from core.forecast.records import SoldOut
from tests.scenarios.conftest import Service, WooCommerceSide

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
TODAY = NOW.date()
DAY = timedelta(days=1)
STEADY = [
    "STEADY",
    "SPIKE",
    "PROMO",
    "SLIP",
    "ZERO-LEAD",
    "NEGATIVE",
    "PACK",
    "BREAK",
    "CLOSED",
    "OWED",
    "COMING",
    "RETURNED",
    "PART",
    "WRAP",
]
STOCK = {
    "STEADY": 60, "SPIKE": 3, "PROMO": 3, "SEASON": 3, "SLIP": 3, "ZERO-LEAD": 1, "NEGATIVE": -5, "PACK": 3, "BREAK": 3, "CLOSED": 3,
    "OWED": 4, "COMING": 3, "RETURNED": 3, "PART": 3, "DEAD": 7, "CENSORED": 0, "BLIND": 0, "ONCE": 0, "NEVER": 0, "TODAY": 0, "KIT": 0,
}  # fmt: skip
EXPECTED = {
    # urgency, units ordered from and to, and what is said of it
    "NEVER": ("never", 0, 0, "No sale in 156 weeks"),
    "ONCE": ("never", 0, 0, "Less than one a year expected"),
    "DEAD": ("never", 0, 0, "No sale in the last 54 weeks"),
    "TODAY": ("never", 0, 0, "No sale in 156 weeks"),
    "STEADY": ("enough", 0, 0, "60 cover what is needed"),
    "SPIKE": ("now", 8, 40, "One very large order counted only as far as usual: 385 units left out"),
    "PROMO": ("now", 8, 40, "One week many times larger than any other was cut down"),
    "SEASON": ("now", 60, 250, "smoothing with the season of a year ago"),
    "CENSORED": ("now", 20, 80, "21 days sold out without backorders tell no demand"),
    "BLIND": ("now", 5, 60, "Sells steadily"),
    "SLIP": ("now", 10, 50, "Count on deliveries 13 days later than first said"),
    "ZERO-LEAD": ("now", 2, 20, "Delivery takes 0 days"),
    "NEGATIVE": ("now", 15, 50, "stock is below zero (-5): count it"),
    "PACK": ("now", 60, 60, "60 ordered: minimum 50, packs of 12"),
    "BREAK": ("now", 60, 60, "a unit costs less from there on"),
    "CLOSED": ("now", 15, 70, "27 of these days the supplier is closed"),
    "OWED": ("now", 35, 120, "30 units sold and not shipped yet"),
    "COMING": ("enough", 0, 0, "ask the supplier to send the delivery of 2026-12-02 sooner: the stock is gone before it"),
    "RETURNED": ("now", 8, 40, "3.00 a week expected"),
    "PART": ("now", 25, 90, "12 units sold and not shipped yet"),
    "KIT": ("never", 0, 0, "a kit is not ordered itself: its parts are, 2 x PART"),
    "WRAP": ("never", 0, 0, "the shop does not count its stock"),
}  # fmt: skip


class Store:
    """The store and the service in one time, which the test moves."""

    def __init__(self, folder, database_url):
        self.now = NOW
        self.side = WooCommerceSide()
        self.side.shop.state.clock = lambda: self.now
        self.side.service = Service(folder, BACKORDER_DATABASE_URL=database_url)
        house, self.out = self.side.service.house, Memory()
        object.__setattr__(house, "now", lambda: self.now)
        object.__setattr__(house, "post", replace(house.post, transport=self.out, sender="orders@shop.example.com"))

    def at(self, ago):
        self.now = NOW - ago * DAY

    def bought(self, *lines):
        order = self.side.shop.checkout(list(lines))
        self.side.shop.complete(order)
        return order

    def a_week(self, ago):
        """What is bought every week, in a week that ended so many weeks ago; the season begins where today is in the year."""
        self.at(7 * ago + 3)
        lines = [(sku, 3) for sku in STEADY] + [("KIT", 1), ("SEASON", 30 if ago % 52 > 43 else 3)]
        lines += [(sku, 7) for sku in ("CENSORED", "BLIND") if ago > 2] + [("DEAD", 3)] * (ago > 53)
        order = self.bought(*lines)
        self.at(7 * ago + 1)
        self.side.shop.refund(order, {self.side.shop.line(order, "RETURNED"): 2})

    def lived(self):
        """Three years until two months ago."""
        shop = self.side.shop
        self.at(1100)
        for sku in STOCK:
            shop.add_product(sku, sku.title(), "10.00", 100_000, backorders="no" if sku == "CENSORED" else "notify")
        shop.add_product("WRAP", "Gift wrap", "1.00", None, manage_stock=False)
        for week in range(155, 8, -1):
            self.a_week(week)
        self.at(200)
        self.bought(("ONCE", 1))
        self.at(100)
        shop.set_status(shop.checkout([("TODAY", 20)]), "cancelled")
        for _ in range(25):
            self.bought(("PROMO", 3))

    def short_again(self, ago):
        """HABIT is bought with nothing there, and leaves five days later."""
        self.at(ago)
        order = self.side.checkout(("HABIT", 4))
        self.side.settle()
        self.at(ago - 5)
        self.side.shop.complete(order)
        self.side.shop.set_stock("HABIT", 0)
        self.side.settle()

    def told(self):
        """The last two months, with the service connected: terms, a supplier that slips, a large order, empty shelves."""
        side, shop = self.side, self.side.shop
        self.at(60)
        side.connect(side.service.house)
        side.settle()
        for sku, terms in TERMS.items():
            assert side.api("PUT", f"reorder/{sku}", terms).status_code == 200
        closed = {"Holiday Mill": "2026-11-24/2026-12-20"}
        side.put_policy({"reorder": {"closed_by_supplier": closed, "digest_to": "buyer@shop.example.com"}})
        for number in range(6):
            side.enter_supply(f"PO-{number}", "SLIP", 9, TODAY - 50 * DAY)
        side.settle()
        # The store's webhooks of two months would say nothing that its past does not.
        heard, shop.state.fire = shop.state.fire, lambda *_: None
        self.at(45)
        self.bought(("SPIKE", 400))
        for week in range(8, -1, -1):
            self.a_week(week)
        self.at(30)
        for number in range(6):
            assert side.api("PUT", f"incoming/PO-{number}", {"sku": "SLIP", "received": 9}).status_code == 200
        side.settle()
        shop.state.fire = heard
        shop.add_product("HABIT", "Habit", "10.00", 0)
        side.settle()
        assert side.api("PUT", "reorder/HABIT", {"supplier": "Slow Mill"}).status_code == 200
        for ago in (28, 21, 14):
            self.short_again(ago)
        for sku, units in STOCK.items():
            shop.set_stock(sku, units)
        self.at(0)
        side.checkout(("OWED", 30))
        side.checkout(("KIT", 6))
        side.enter_supply("PO-C", "COMING", 500, TODAY + 9 * DAY)
        with side.house.books.write() as unit:
            nights = [
                SoldOut(shop=side.record.id, sku="CENSORED", on=TODAY - ago * DAY, closed=True) for ago in range(1, 22)
            ]
            unit.demand.put_sold_out(nights)
            unit.planning.ask(side.record.id, history_from=NOW - 1095 * DAY)
        side.settle()


TERMS = {
    "SLIP": {"supplier": "Slow Mill"}, "ZERO-LEAD": {"lead_days": 0}, "PACK": {"pack": 12, "minimum": 50},
    "BREAK": {"cost": 500, "breaks": [{"units": 60, "cost": 300}]}, "CLOSED": {"supplier": "Holiday Mill"}, "KIT": {"parts": {"PART": 2}},
}  # fmt: skip


@pytest.fixture
def bought(tmp_path, sqlite_url):
    made = Store(tmp_path, sqlite_url)
    made.lived()
    made.told()
    yield made
    made.side.close()


def test_every_hand_made_item_gets_a_sensible_order_and_a_sentence_that_says_why(bought):
    store = bought.side
    rows = store.read("reorder.csv").lstrip("\N{ZERO WIDTH NO-BREAK SPACE}")
    listed = {row["sku"]: row for row in csv.DictReader(io.StringIO(rows))}
    for sku, (urgency, least, most, words) in EXPECTED.items():
        seen = store.api("GET", f"reorder/{sku}").json()
        said = "; ".join([*seen["reasons"], *(seen["forecast"] or {"why": []})["why"]])
        assert (sku, seen["urgency"]) == (sku, urgency)
        assert least <= seen["units"] <= most, (sku, seen["units"], said)
        assert words in said, (sku, said)
        assert (sku in listed) == (urgency == "now")
        if sku in listed:
            assert int(listed[sku]["order"]) == seen["units"]
            assert words in listed[sku]["reasons"] + listed[sku]["why"]
    page = store.read(*(f"reorder/{store.record.id}/item/{sku}" for sku in ("SEASON", "CENSORED", "SLIP")))
    assert [words in page for words in (EXPECTED[sku][3] for sku in ("SEASON", "CENSORED", "SLIP"))] == [True] * 3
    assert_a_habit_is_told_with_its_mend_and_no_longer_once_it_is_mended(bought)


HABIT = (
    "12 of 12 units of the last 13 weeks had to wait, in 3 of those weeks; the target allows 5%. "
    "They waited 5 days on the mean."
)


def assert_a_habit_is_told_with_its_mend_and_no_longer_once_it_is_mended(bought):
    side = bought.side
    told = {one["kind"]: one for one in side.api("GET", "habits").json()["items"]}
    assert (told["item"]["name"], told["item"]["mend"]) == ("HABIT", "raise the reorder point")
    assert told["item"]["why"].startswith(HABIT)
    assert told["supplier"]["name"] == "Slow Mill"
    page, (mail, *_) = side.read("reorder"), bought.out.taken[::-1]
    assert (mail["To"], HABIT in mail.get_body(("plain",)).get_content()) == ("buyer@shop.example.com", True)
    assert (HABIT in page, "raise the reorder point" in page) == (True, True)
    # Made to order it is no habit, nor its supplier's; taken back, it is one again.
    for made_to_order, named in ((True, set()), (False, {"HABIT", "Slow Mill"})):
        seen = side.api("PUT", "reorder/HABIT", {"made_to_order": made_to_order}).json()
        assert seen["buying"]["made_to_order"] is made_to_order
        side.settle()
        assert {one["name"] for one in side.api("GET", "habits").json()["items"]} == named
    for week in (1, 2, 3):
        bought.at(-7 * week)
        side.shop.set_stock("HABIT", 50)
        side.checkout(("HABIT", 4))
        side.settle()
    bought.at(-22)
    side.settle()
    assert side.api("GET", "habits").json()["items"] == []
    assert "have become a habit" not in side.read("reorder")
