"""What customers choose on their order's page, carried out in the shop once it is final; and who wins a race."""

import re

import pytest
import requests


class Page:
    """The customer's page of an order, as a browser without scripts sees it."""

    def __init__(self, side, order):
        self.side = side
        self.link = side.order(order)["customer_status_url"]

    def text(self):
        return " ".join(re.sub(r"<[^>]+>", " ", requests.get(self.link, timeout=60).text).split())

    def send(self, path, **form):
        """Send a form of the page; return whether it came too late."""
        answer = requests.post(f"{self.link}/{path}", data=form, timeout=60, allow_redirects=False)
        assert answer.status_code == 303, answer.text
        self.side.settle()
        return answer.headers["Location"].endswith("late=1")

    def field(self):
        """The name of the first field for units, and what it allows."""
        found = re.search(r'name="(units-[^"]+)" min="0" max="(\d+)"', requests.get(self.link, timeout=60).text)
        return found and (found[1], int(found[2]))

    def about(self):
        return re.search(r'name="about" value="([^"]+)"', requests.get(self.link, timeout=60).text)[1]


def open_units(side, order):
    return sum(line["open"] for line in side.order(order)["lines"])


@pytest.fixture
def short(side):
    """8 mugs ordered, 5 there; customers may cancel what waits."""
    side.set_policy(cancelling={"by_customer": True})
    order = side.checkout(("MUG", 8))
    side.settle()
    return order, Page(side, order)


def test_units_are_cancelled_when_the_time_to_change_ones_mind_is_over(side, post, short):
    _, later = post
    order, page = short
    name, most = page.field()
    assert most == 3
    assert page.send("cancel", **{name: "2"}) is False
    assert "2 × Enamel mug" in page.text()
    assert side.order(order)["customer_decides_until"]
    assert (open_units(side, order), side.refunds_outside(order)) == (8, [])
    assert page.field() is None, "nothing else is cancelled meanwhile"
    later(minutes=31)
    assert side.refunds_outside(order) == [(2, "25.00")]
    assert (open_units(side, order), sum(side.held_outside(order).values())) == (6, 1)
    assert "2 units that you cancelled are off your order. You get their price back." in page.text()
    later(minutes=31)
    assert side.refunds_outside(order) == [(2, "25.00")]


def test_what_was_taken_back_in_time_is_served_as_before(side, post, short):
    _, later = post
    order, page = short
    name, _ = page.field()
    page.send("cancel", **{name: "3"})
    about = page.about()
    assert page.send("undo", about=about) is False
    assert page.send("undo", about=about) is True, "a second click finds nothing to take back"
    later(minutes=31)
    assert (open_units(side, order), side.refunds_outside(order)) == (8, [])
    assert side.order(order)["decision"] == "ship_part"
    page.send("cancel", **{name: "1"})
    assert page.send("undo", about=about) is True, "an old page takes no new choice back"
    later(minutes=31)
    assert page.send("undo", about=page.side.order(order)["id"]) is True
    assert side.refunds_outside(order) == [(1, "12.50")]


def test_nothing_leaves_while_its_customer_may_change_their_mind(side, post, short):
    _, later = post
    order, page = short
    name, _ = page.field()
    page.send("cancel", **{name: "3"})
    side.shop.restock("MUG", 3)
    side.settle()
    assert sum(side.held_outside(order).values()) == 3, "its units came in, and stay"
    page.send("undo", about=page.about())
    later(minutes=1)
    assert side.held_outside(order) == {}


def test_a_number_that_does_not_wait_cancels_nothing(side, short):
    order, page = short
    name, _ = page.field()
    for form in ({}, {name: "0"}, {name: "-1"}, {name: "4"}, {name: "2.5"}, {name: "x" * 500}, {f"{name}9": "1"}):
        page.send("cancel", **form)
    assert side.order(order)["customer_decides_until"] is None


def test_looking_at_a_page_or_at_its_forms_changes_nothing(side, short):
    order, page = short
    before = len(side.writes()), side.order(order)["timeline"]
    for path in ("", "/cancel", "/undo", "/delay", "/together", "/ready", "/usual", "/answer"):
        for ask in (requests.get, requests.head, requests.options):
            assert ask(page.link + path, timeout=60).status_code in {200, 404, 405}
    side.settle()
    assert (len(side.writes()), side.order(order)["timeline"]) == before


@pytest.mark.parametrize("heard", [True, False])
def test_what_ships_before_its_cancellation_is_carried_out_comes_and_is_not_paid_back(side, post, short, heard):
    _, later = post
    order, page = short
    name, _ = page.field()
    page.send("cancel", **{name: "3"})
    if not heard:
        side.shop.hooks.pause()
    side.let_go(order)
    side.ship_all(order)
    side.settle() if heard else side.service.hands.run_until_idle()
    if not heard:
        # The time ends before anybody told us that the goods had left.
        later_without_news(side, post)
        side.shop.hooks.resume()
    later(minutes=31)
    refunded, told = sum(units for units, _ in side.refunds_outside(order)), page.text()
    off, left = "3 units that you cancelled are off your order" in told, "that you cancelled had left already" in told
    assert (refunded, off, left) in {(0, False, True), (3, True, False)}, "one of the two wins, and the page says which"
    assert not (heard and refunded)


def later_without_news(side, post):
    """Let the customer's time end while no webhook arrives."""
    _, later = post
    side.settle, settle = side.service.hands.run_until_idle, side.settle
    try:
        later(minutes=31)
    finally:
        side.settle = settle


def test_a_customer_gets_what_is_ready_first_and_waits_after_all(side, short):
    order, page = short
    side.set_policy(ship_part={"enabled": False})
    side.settle()
    assert sum(side.held_outside(order).values()) == 8
    assert page.send("ready") is True, "the policy does not offer it"
    side.set_policy(choices={"ship_ready": True})
    side.settle()
    assert "5 units are in stock and can leave first" in page.text()
    assert page.send("ready") is False
    assert sum(side.held_outside(order).values()) == 3
    assert "You chose to get what is ready first" in page.text()
    assert page.send("usual") is False
    assert sum(side.held_outside(order).values()) == 8


def test_one_parcel_is_chosen_and_taken_back(side, short):
    order, page = short
    assert page.send("together") is False
    assert sum(side.held_outside(order).values()) == 8
    assert "You chose one parcel" in page.text()
    assert [page.send("usual"), page.send("usual")] == [False, True]
    assert sum(side.held_outside(order).values()) == 3


def law(side, order):
    with side.house.books.read() as unit:
        return unit.laws.of_orders(side.record.id, [order])[order], unit.laws.edges(side.record.id, order)


def test_cancelling_a_part_is_on_the_record_of_a_running_clock_and_the_rest_runs_on(side, post, short):
    _, later = post
    side.set_policy(laws=["us_ftc_435"])
    order = str(side.shop.checkout([("MUG", 4)], country="US"))
    side.settle()
    side.shop.restock("MUG", 4)
    side.settle()
    page = Page(side, order)
    name, most = page.field()
    assert most == 3
    page.send("cancel", **{name: "1"})
    later(minutes=31)
    (case,), edges = law(side, order)
    assert case.state in {"promised", "at_risk"}
    said = [(edge.rule, edge.evidence.what) for _, edge in edges if "in part" in edge.rule]
    assert len(said) == 1
    assert "refund by" in said[0][0]
    assert "1 of Enamel mug" in said[0][1]
    assert sum(units for units, _ in side.refunds_outside(order)) == 1


def test_cancelling_all_of_it_ends_a_running_clock_with_its_refund(side, post):
    _, later = post
    side.set_policy(laws=["us_ftc_435"], cancelling={"by_customer": True, "refund_to": "store_credit"})
    side.checkout(("MUG", 5))
    order = str(side.shop.checkout([("MUG", 2)], country="US"))
    side.settle()
    page = Page(side, order)
    name, _ = page.field()
    page.send("cancel", **{name: "2"})
    assert law(side, order)[0][0].state in {"promised", "at_risk"}, "not before it is final"
    later(minutes=31)
    (case,), edges = law(side, order)
    assert case.state == "refunded"
    assert any("cancelled, on the order's page" in edge.evidence.what for _, edge in edges)
    assert side.order(order)["state"] == "cancelled"
