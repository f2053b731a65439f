"""The customer's page: one order, by a signed link, in the customer's words."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from limits import RateLimitItemPerMinute

from core.delay_laws import law_answers
from core.errors import Unavailable
from core.items.item_rules import ItemRules
from core.orders import swapping
from core.policy.reading import merge
from core.policy.shop_policy import ShopPolicy
from core.reasons import Reason
from core.settings import Settings
from pages import customer_links, customer_pace
from pages.customer_forms import typed_number
from pages.customer_links import customer_link, read_link

SETTINGS = Settings(secret_key="a key for tests only", base_url="http://127.0.0.1/")
DECEMBER = date(2026, 12, 8)


def path(shop, order):
    return customer_link(SETTINGS, shop, order).removeprefix("http://127.0.0.1")


@pytest.fixture
def order(keep, make):
    keep(
        make.shop(),
        make.order("1001", make.line("a", "mug", 8, on_hand=5, waits=(("PO-1", 3, DECEMBER),), ahead=9), country="US"),
    )


def test_the_link_is_absolute_and_below_the_base_url():
    assert customer_link(SETTINGS, "fern", "1001").startswith("http://127.0.0.1/o/")


def test_the_customer_sees_what_ships_when_and_why(app, order):
    page = app.test_client().get(path("fern", "1001"))
    assert page.status_code == 200
    for words in (
        "Fern &amp; Fable",
        "A part of your order can ship now",
        "5 can ship now",
        "3 will follow on",
        "Tue, Dec 8",
        "help@example.com",
    ):
        assert words in page.text


def test_a_shop_that_left_promises_nothing_any_more_and_is_asked_for_nothing(app, client, keep, make):
    record = make.order("1001", make.line("a", "mug", 8, on_hand=5, waits=(("PO-1", 3, DECEMBER),)))
    keep(make.shop(state="uninstalled"), record)
    browser, address = app.test_client(), path("fern", "1001")
    for answer in (browser.get(address), browser.post(f"{address}/together"), browser.get(f"{address}/withdraw")):
        assert answer.status_code == 410
        assert "no longer kept up to date" in answer.text
    merchants = client.get("/orders/fern/1001").text
    assert "has removed this app" in merchants
    assert "What you can do" not in merchants


def test_what_goes_wrong_on_a_customers_page_is_told_in_the_customers_words(app, order, monkeypatch):
    def away(*_):
        raise Unavailable("the database does not answer")

    monkeypatch.setattr(customer_links, "_read", away)
    page = app.test_client().get(path("fern", "1001"), headers={"Accept-Language": "de"})
    assert page.status_code == 503
    assert "Diese Seite lässt sich gerade nicht öffnen" in page.text
    assert "Backorder" not in page.text


def test_the_customer_does_not_see_the_merchants_side(app, order):
    page = app.test_client().get(path("fern", "1001")).text
    for words in ("PO-1", "ahead in the queue", "customer1001@example.com", "Customer 01", "Policy", "csrf_token"):
        assert words not in page


def test_the_page_sets_no_cookie_and_is_not_indexed(client, order):
    answer = client.get(path("fern", "1001"))
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert '<meta name="robots" content="noindex, nofollow">' in answer.text


@pytest.mark.parametrize("change", [lambda link: link[:-5] + ("A" if link[-5] != "A" else "B") + link[-4:], lambda link: link[:-10],
                                    lambda _: "/o/x", lambda _: "/o/" + "a" * 5000, lambda _: "/o/%00"])  # fmt: skip
def test_a_broken_link_gets_a_friendly_page(app, order, change):
    page = app.test_client().get(change(path("fern", "1001")))
    assert page.status_code == 404
    assert "Copy the whole link" in page.text


def test_a_link_signed_with_another_key_opens_nothing(app, order):
    foreign = customer_link(Settings(secret_key="other", base_url="http://127.0.0.1"), "fern", "1001")
    assert app.test_client().get(foreign.removeprefix("http://127.0.0.1")).status_code == 404


def test_a_link_grows_old():
    with time_machine.travel("2026-01-01", tick=False):
        signed = customer_link(SETTINGS, "fern", "1001").rpartition("/")[2]
        assert read_link(SETTINGS, signed) == ("fern", "1001")
    with time_machine.travel("2026-12-01", tick=False):
        assert read_link(SETTINGS, signed) == ("fern", "1001")
    with time_machine.travel("2027-03-01", tick=False):
        assert read_link(SETTINGS, signed) is None


def test_a_signature_for_another_purpose_opens_nothing():
    from itsdangerous import URLSafeTimedSerializer

    signed = URLSafeTimedSerializer(SETTINGS.secret_key, salt="other").dumps(["fern", "1001"])
    assert read_link(SETTINGS, signed) is None


@pytest.mark.parametrize("payload", [["fern"], "fern", {"shop": "fern"}, ["fern", 1001]])
def test_a_payload_of_another_shape_opens_nothing(payload):
    from itsdangerous import URLSafeTimedSerializer

    assert read_link(SETTINGS, URLSafeTimedSerializer(SETTINGS.secret_key, salt="customer").dumps(payload)) is None


def test_an_order_that_is_gone_gets_the_friendly_page(app, order):
    assert app.test_client().get(path("fern", "2002")).status_code == 404
    assert app.test_client().get(path("moss", "1001")).status_code == 404


def test_nothing_can_be_posted_yet(app, order):
    assert app.test_client().post(path("fern", "1001")).status_code in {400, 405}


@pytest.mark.parametrize(
    ("status", "words"),
    [("cancelled", "was cancelled"), ("closed", "taken care of"), ("gone", "no longer in the shop")],
)
def test_an_order_that_is_over_says_so(app, keep, make, status, words):
    keep(make.shop(), make.order("1", make.line("a", "mug", 2, shipped=2), status=status))
    page = app.test_client().get(path("fern", "1")).text
    assert words in page.split("<h1>")[1].split("</h1>")[0]
    assert page.split("<main")[1].count("#1") == 1, "the order is named once"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ({"on_hand": 2}, "Everything is here and will ship"),
        ({"on_hand": 1, "waits": (("PO-1", 1, DECEMBER),)}, "A part of your order can ship now"),
        ({"waits": (("PO-1", 2, DECEMBER),)}, "Your order is waiting for stock"),
        ({"waits": (("PO-1", 2, None),)}, "2 will follow; there is no date yet"),
        ({}, "2 will follow; there is no date yet"),
        ({"on_hand": 2, "now": 0}, "<h1>In stock, kept back</h1>"),
        ({"shipped": 2}, "<h1>Everything in this order has been taken care of</h1>"),
    ],
)
def test_the_headline_is_the_truth_in_few_words(app, keep, make, line, words):
    keep(make.shop(), make.order("1", make.line("a", "mug", 2, **line)))
    assert words in app.test_client().get(path("fern", "1")).text


def test_no_unit_of_one_parcel_is_told_for_a_day_before_all_of_it_is_there(app, keep, make):
    early, late = (
        make.line("a", "mug", 4, waits=(("PO-1", 4, date(2026, 12, 1)),)),
        make.line("b", "cup", 2, waits=(("PO-2", 2, DECEMBER),)),
    )
    keep(make.shop(), make.order("1", early, late, manual={"ship": "together"}))
    page = app.test_client().get(path("fern", "1"), headers={"Accept-Language": "en-GB"}).text
    assert page.count("will follow on Tue 8 Dec") == 2
    assert "1 Dec" not in page


def test_an_order_without_a_plan_yet_is_looked_into(app, keep, make):
    keep(make.shop(), make.order("1", make.line("a", "mug", 2), planned=False))
    assert "<h1>We are looking into what can leave when</h1>" in app.test_client().get(path("fern", "1")).text


def test_dates_are_those_of_the_shops_clock(app, keep, make):
    keep(make.shop(timezone="Asia/Tokyo"), make.order("1", make.line("a", "mug", 1, on_hand=1), days=1))
    assert (make.now - timedelta(days=1)).hour == 9
    assert "18:00" in app.test_client().get(path("fern", "1")).text


def test_a_customer_asks_for_one_parcel_where_theirs_would_be_split(app, order, books):
    browser, here = app.test_client(), path("fern", "1001")
    assert "Send it in one parcel" in browser.get(here).text
    assert browser.post(f"{here}/together").status_code == 303
    assert "Send it in one parcel" not in browser.get(here).text
    with books.read() as unit:
        assert [row.manual["ship"] for row in unit.orders.open_all("fern") if row.manual] == ["together"]
    assert browser.post(f"{here}/together").headers["Location"].endswith("?late=1"), "it was chosen already"


def test_what_a_customer_chose_is_not_offered_beside_it_again_nor_contradicted(app, keep, make):
    reasons = (Reason.WAITS_TOGETHER, Reason.CAPPED, Reason.LARGE_ORDER, Reason.ONE_PARCEL_CHOSEN)
    chosen = {"ship": "together", "ship_said": "customer"}
    policy = merge(ShopPolicy(), {"choices": {"ship_ready": True}})
    line = make.line("a", "mug", 8, on_hand=5, now=0, waits=(("PO-1", 3, DECEMBER),))
    keep(make.shop(policy=policy), make.order("1001", line, reasons=reasons, manual=chosen))
    page = app.test_client().get(path("fern", "1001")).text
    assert "You chose one parcel" in page
    assert ("Send what is ready first" in page, "Send what is ready now" in page) == (True, False)
    assert "As chosen, everything comes in one parcel." in page
    for words in ("once it is complete", "in steps", "larger than usual"):
        assert words not in page


def test_a_link_that_is_asked_for_without_end_has_to_wait_and_others_do_not(app, order, keep, make):
    keep(make.shop("moss"), make.order("7", make.line("a", "mug", 1, on_hand=1), shop="moss"))
    browser, here = app.test_client(), path("fern", "1001")
    assert {browser.get(here).status_code for _ in range(60)} == {200}
    answer = browser.get(here)
    assert (answer.status_code, int(answer.headers["Retry-After"]) > 0) == (429, True)
    assert "Too many requests" in answer.text
    assert browser.get(path("moss", "7")).status_code == 200


def test_a_link_changes_its_mind_a_few_times_only(app, order):
    browser, here = app.test_client(), path("fern", "1001")
    with time_machine.travel(datetime.now(UTC), tick=False) as now:
        answers = [browser.post(f"{here}/cancel").status_code for _ in range(21)]
        assert answers == [303] * 20 + [429]
        now.shift(timedelta(minutes=9))
        assert browser.post(f"{here}/cancel").status_code == 429
        now.shift(timedelta(minutes=2))
        assert browser.post(f"{here}/cancel").status_code == 303


def test_one_address_asks_for_so_many_links_a_minute_and_others_do_not_wait_for_it(app, order, monkeypatch):
    assert str(customer_pace.FROM_AN_ADDRESS) == "240 per 1 minute"
    monkeypatch.setattr(customer_pace, "FROM_AN_ADDRESS", RateLimitItemPerMinute(3))
    browser, here = app.test_client(), path("fern", "1001")
    assert [browser.head(here).status_code for _ in range(4)] == [200] * 3 + [429]
    assert browser.head(here, environ_base={"REMOTE_ADDR": "192.0.2.7"}).status_code == 200


def test_the_merchants_colour_is_a_style_sheet_of_its_own(app, keep, make):
    keep(make.shop(wording={"colour": "#FFEE00", "name": "Fern"}), make.order("1", make.line("a", "mug", 1, on_hand=1)))
    browser = app.test_client()
    assert '<link rel="stylesheet" href="/colours/ffee00.css">' in browser.get(path("fern", "1")).text
    assert "Fern &amp; Fable" not in browser.get(path("fern", "1")).text, "customers know it by another name"
    sheet = browser.get("/colours/ffee00.css")
    assert (sheet.mimetype, sheet.text) == (
        "text/css", ":root{--accent:light-dark(#7a7200,#ffee00);--on-accent:light-dark(#fff,#1e2221)}\n",
    )  # fmt: skip
    assert [browser.get(f"/colours/{name}.css").status_code for name in ("fff", "ffee0g", "ffee00;a")] == [404] * 3


@pytest.mark.parametrize("wording", [{}, {"colour": ""}, {"colour": "red;}body{display:none}"}])
def test_where_there_is_no_colour_the_page_has_ours(app, keep, make, wording):
    keep(make.shop(wording=wording), make.order("1", make.line("a", "mug", 1, on_hand=1)))
    page = app.test_client().get(path("fern", "1")).text
    assert "/colours/" not in page
    assert "display:none" not in page


CANCELLING = merge(ShopPolicy(mode="act"), {"cancelling": {"by_customer": True}})


@pytest.fixture
def cancelling(keep, make):
    """Store an order of which 3 mugs wait, in a shop that lets its customers cancel."""

    def store(minutes=30):
        policy = merge(CANCELLING, {"choices": {"undo_minutes": minutes}})
        keep(
            make.shop(policy=policy),
            make.order("1", make.line("a", "mug", 8, on_hand=5, waits=(("PO-1", 3, DECEMBER),))),
        )

    return store


def test_without_time_to_change_ones_mind_a_tick_is_asked_for(app, cancelling, books, locked):
    cancelling(minutes=0)
    browser, here = app.test_client(), path("fern", "1")
    assert "I know that this cannot be undone" in browser.get(here).text
    browser.post(f"{here}/cancel", data={"units-a": "3"})
    assert "Your choice" not in browser.get(here).text
    locked.clear()
    browser.post(f"{here}/cancel", data={"units-a": "3", "sure": "1"})
    with books.read() as unit:
        ending = unit.orders.get("fern", "1").ending
    assert (ending.units, ending.until) == ({"a": 3}, None)
    assert locked == ["fern"]
    assert "is being taken off your order" in browser.get(here).text


@pytest.mark.parametrize(
    ("form", "of", "does"),
    [
        ({"word": "cancel", "about": "a"}, law_answers, "answer"),
        ({"line": "a", "item": "item-cup", "units": "1"}, swapping, "swap"),
    ],
)
def test_the_tick_is_asked_for_by_a_delay_and_a_swap_as_well(app, cancelling, monkeypatch, form, of, does):
    done = []
    monkeypatch.setattr(of, does, lambda *_, **__: done.append(1))
    for minutes in (0, 30):
        cancelling(minutes=minutes)
        for sure in ({}, {"sure": "1"}):
            where = f"{path('fern', '1')}/{'swap' if does == 'swap' else 'delay'}"
            app.test_client().post(where, data=form | sure)
            done.append(0)
    assert done == [0, 1, 0, 1, 0, 1, 0]


@pytest.mark.parametrize(
    ("text", "number"),
    [("3", 3), ("0", 0), ("", 0), ("-3", 0), ("²", 0), ("٣", 0), (" 3", 0), ("9" * 10, 0), ("1.5", 0)],
)
def test_what_is_no_number_is_none(text, number):
    assert typed_number(text) == number


def test_the_page_says_until_when_a_choice_can_be_taken_back_and_then_no_more(app_of, cancelling, make):
    cancelling()
    moved = [timedelta()]
    browser, here = app_of(now=lambda: make.now + moved[0]).test_client(), path("fern", "1")
    browser.post(f"{here}/cancel", data={"units-a": "2"})
    page = browser.get(here).text
    assert "10:30" in page.partition("You can change your mind until")[2][:40]
    assert "2 × Mug" in page
    about = page.partition('name="about" value="')[2].partition('"')[0]
    moved[0] = timedelta(minutes=30)
    assert "You can change your mind until" not in browser.get(here).text
    assert browser.post(f"{here}/undo", data={"about": about}).headers["Location"].endswith("late=1")


@pytest.mark.parametrize("minutes", [0, 30])
def test_a_substitute_in_stock_is_offered_and_not_more_of_it_than_waits_or_is_free(app, books, keep, make, minutes):
    waits = make.line("a", "mug", 8, on_hand=5, waits=(("PO-1", 3, DECEMBER),))
    keep(make.shop(policy=merge(ShopPolicy(mode="act"), {"choices": {"swap": True, "undo_minutes": minutes}})),
         make.item("mug", (5,)), make.item("cup", (2,)), make.order("1", waits))  # fmt: skip
    with books.write() as unit:
        unit.items.put_rules("fern", "mug", ItemRules(substitutes=("cup",)))
    browser, here = app.test_client(), path("fern", "1")
    page = browser.get(here).text
    assert "Cup, instead of Mug" in page
    assert "2 units can be swapped" in page
    form = {"line": "a", "item": "item-cup", "sure": "1"}
    for units in ("", "0", "-1", "3", "1.5", "x"):
        browser.post(f"{here}/swap", data=form | {"units": units})
    browser.post(f"{here}/swap", data=form | {"units": "1", "item": "item-mug"})
    browser.post(f"{here}/swap", data=form | {"units": "1", "line": "b"})
    assert "Your choice" not in browser.get(here).text
    browser.post(f"{here}/swap", data=form | {"units": "2"})
    said = browser.get(here).text
    assert ("is being put on your order" if not minutes else "2 × Cup, instead of Mug") in said
    assert "can be swapped" not in said
