"""The demo: its buttons, that they do not exist elsewhere, and the whole of it in a real browser."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count, pairwise
from types import SimpleNamespace

import pytest
import requests
from playwright.sync_api import expect

import app as composition
import plugging
from connectors.simulator.demo import set_stage
from pages.commands.showing import opened
from tests.ports import free_port


@pytest.fixture
def story(make):
    return make.story()


@pytest.fixture
def demo(app_of, keep, make, link_for, story):
    keep(make.shop(), make.shop("moss", "woocommerce", "Moss and Mill"))
    browser = app_of(story=story).test_client()
    browser.get(f"/login?login={link_for()},{link_for('moss', 'token-2')}")
    return browser


def test_who_has_no_link_any_more_is_told_how_the_demo_gives_another(app_of, story):
    page = app_of(story=story).test_client().get("/")
    assert page.status_code == 401
    assert "start it again" in page.text
    assert "login-link" not in page.text


def test_the_board_tells_the_story_and_both_platforms_calls(demo):
    page = demo.get("/").text
    for words in ("Day 4:", "Make a shipment late", "Sell out an item", "Cancel an order", "+1 day",
                  "<s>Store credit for the wait</s>: The platform has no store credit."):  # fmt: skip
        assert words in page


def test_calls_that_say_the_same_are_listed_once_for_each_outcome(demo, story, monkeypatch):
    (hold, *others), number = story.calls(), count(9)
    many = [replace(hold, number=next(number), said="Let themes read the expected day") for _ in range(20)]
    monkeypatch.setattr(
        type(story), "calls", lambda _story: [*many, replace(many[0], status=500, number=8), hold, *others]
    )
    strip = demo.get("/").text.split('id="calls-head"')[1]
    assert strip.count("<li>Let themes read the expected day") == 2
    assert 'id="call-shopify-9"' in strip, "the newest of them"
    assert "<li>Hold 3 units of #1004" in strip


def test_a_call_is_a_sentence_with_the_call_itself_behind_it(demo):
    strip = demo.get("/").text.split('id="calls-head"')[1]
    for words, call in (("Hold 3 units of #1004", "Hold\n{&#34;quantity&#34;: 3}"), ("Tag", "Tag\nbackorder-part")):
        place = strip.index(f"<li>{words}")
        assert strip.index("<details", place) < strip.index(call, place) < strip.index("</details>", place)


@pytest.mark.parametrize(
    ("path", "words"),
    [("late", "PO-108 slips by 9 days."), ("sell-out", "The last camp mug is gone."), ("cancel", "cancelled #1009")],
)
def test_a_button_makes_something_happen(demo, send, story, path, words):
    assert send(demo, f"/demo/{path}").status_code == 303
    assert words in story.told[0]
    assert words in demo.get("/").text


def test_a_button_acts_in_the_shop_that_is_shown(demo, send, story, app_of):
    for shop, path in (("fern", "late"), ("moss", "sell-out"), ("moss", "cancel")):
        demo.get(f"/?shop={shop}")
        send(demo, f"/demo/{path}")
    assert story.pressed_in == ["shopify", "woocommerce", "woocommerce"]


def test_the_clock_moves_by_a_form(demo, send, story, make):
    assert send(demo, "/demo/clock", advance_days="1").status_code == 303
    assert (story.now - make.now).days == 1


def test_a_script_moves_the_clock_with_json_and_without_a_session(app_of, make, story):
    answer = app_of(story=story).test_client().post("/demo/clock", json={"advance_days": 3})
    assert answer.json == {"now": "2026-11-26T09:00:00+00:00"}


def test_when_the_clock_moves_both_shops_are_planned_anew(app_of, keep, make, story, books):
    keep(make.shop(), make.shop("moss", "woocommerce", "Moss and Mill"))
    app_of(story=story).test_client().post("/demo/clock", json={"advance_days": 1})
    with books.write() as unit:
        asked = [unit.inbox.claim(now=datetime.now(UTC), lease=timedelta(minutes=1), limit=9)[0] for _ in range(3)]
    assert sorted(delivery.shop for batch in asked for delivery in batch) == ["fern", "moss"]
    assert {delivery.topic for batch in asked for delivery in batch} == {"backorder/replan"}


@pytest.mark.parametrize("days", [0, -1, 366, 1.5, True, None, "1.5", "many", [1]])
def test_only_whole_days_are_taken(app_of, make, story, days):
    answer = app_of(story=story).test_client().post("/demo/clock", json={"advance_days": days})
    assert answer.status_code == 400
    assert "advance_days must be a whole number from 1 to 365" in answer.text
    assert story.now == make.now


@pytest.mark.parametrize("body", ["[1]", "3", "{", "null"])
def test_a_body_that_is_no_object_is_refused(app_of, make, story, body):
    answer = app_of(story=story).test_client().post("/demo/clock", data=body, content_type="application/json")
    assert answer.status_code == 400
    assert story.now == make.now


@pytest.mark.parametrize("path", ["late", "sell-out", "cancel", "clock"])
def test_outside_the_demo_the_buttons_do_not_exist(client, send, path):
    assert send(client, f"/demo/{path}").status_code == 404
    assert client.post("/demo/clock", json={"advance_days": 1}).status_code == 404
    assert "Make a shipment late" not in client.get("/").text


HEADINGS = "() => [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map((one) => Number(one.tagName[1]))"
NAMELESS = """
() => [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
  .filter((one) => one.checkVisibility() && !(one.textContent.trim() || one.labels?.length || one.ariaLabel))
  .map((one) => one.outerHTML.slice(0, 80))
"""
TWICE = """
() => { const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
  return ids.filter((id, place) => ids.indexOf(id) !== place); }
"""
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
OUTLINE = "() => getComputedStyle(document.activeElement).outlineStyle + document.activeElement.id"


@pytest.fixture
def theatre(tmp_path, sqlite_url):
    """The whole demo in this process: both simulated shops, service and worker. Time stands still."""
    port = free_port()
    app = composition.create_app({"BACKORDER_SETTLE_SECONDS": "1"}, instance=str(tmp_path))
    # In the morning: near midnight the shops' days differ, and with them how far a date is.
    stage = set_stage(
        seed=7, story="everyday", speed=0, start=datetime.now(UTC).replace(hour=9),
        enter_supply=lambda side, row: plugging.enter(app, side, row),
    )  # fmt: skip
    house = plugging.furnish(
        app, now=stage.clock.now, story=stage.story, database_url=sqlite_url, base_url=f"http://127.0.0.1:{port}",
        allow_private_stores="1", log_level="ERROR", shopify_client_secret=stage.shopify_secret,
        shopify_origin=stage.shopify.url + "/{shop}",
    )  # fmt: skip
    with opened(app, house, stage, app.extensions["hands"](), port) as showing:
        yield SimpleNamespace(link=showing.link, address=house.settings.external, story=stage.story)
    house.books.close()


@pytest.fixture
def visitor(chromium, theatre):
    """A browser that came in by the link."""
    context = chromium.new_context(base_url=theatre.address)
    page = context.new_page()
    page.goto(theatre.link)
    yield page
    context.close()


def soon(page, selector, words):
    """Look again and again until an element says these words, and return it: faster than the board's own five seconds."""
    place = page.locator(selector)
    for _ in range(400):
        if place.count() and words in place.first.inner_text():
            return place.first
        page.wait_for_timeout(150)
        page.reload()
    pytest.fail(f"{selector} never said {words!r}: {page.locator('main').inner_text()}")


@pytest.mark.browser
def test_the_link_opens_both_shops_and_the_board_fills_by_itself(visitor):
    expect(visitor.locator("#card-1001")).to_contain_text("3 of 8 units waiting")
    words = "Hold what waits of #1001"
    soon(visitor, ".calls >> nth=0", words)
    call = visitor.locator(".calls li", has_text=words)
    expect(call.locator("pre")).to_be_hidden()
    call.locator("summary").click()
    expect(call.locator("pre")).to_contain_text("fulfillmentOrderHold")
    expect(call.locator("pre")).to_contain_text("5 can ship, 3 wait")
    visitor.get_by_role("link", name="Quiet Kiln Pottery").click()
    expect(visitor.get_by_role("heading", name="Board of Quiet Kiln Pottery")).to_be_attached()
    soon(visitor, ".columns", "3 of 8 units waiting")


@pytest.mark.browser
def test_every_button_does_what_it_says_and_the_order_tells_of_it(visitor):
    card, said = soon(visitor, "#card-1001", "Waits for shipment-1001."), visitor.get_by_role("status")
    # A range is "between ... and ...", a promise the day on which it begins.
    before = re.sub("^between (.+) and .+$", r"\1", card.locator("strong").last.inner_text())
    visitor.get_by_role("button", name="Make a shipment late").click()
    expect(said).to_contain_text("Harbour Outfitters: shipment-1001 is 9 days late, 13 x Enamel mug")
    soon(visitor, "#card-1001", f"first promised for {before}")
    visitor.get_by_role("button", name="Sell out an item").click()
    expect(said).to_contain_text("order #1003 is for 13 x Camp kettle, and only 9 are left.")
    soon(visitor, "#card-1003", "4 of 13 units waiting")
    visitor.get_by_role("button", name="Cancel an order").click()
    expect(said).to_contain_text("the customer cancelled order #1001.")
    visitor.get_by_role("button", name="+1 day").click()
    expect(visitor.locator("#story-head")).to_contain_text("Day 2:")
    visitor.goto("/orders/harbour-outfitters/1001")
    soon(visitor, "h1", "Cancelled")
    for words in ("Hold 3 units, let 5 units go", "Decided: 5 units can ship now, the rest on", "Planned anew:"):
        # What is done is folded away.
        assert words in visitor.locator("main").text_content()


@pytest.mark.browser
def test_a_script_moves_the_clock_and_the_dates_come_nearer(visitor, theatre):
    soon(visitor, "#card-1001", "Waits for")
    visitor.goto("/orders/harbour-outfitters/1001")
    expect(visitor.locator(".steps")).to_contain_text("in 9 days")
    answer = requests.post(f"{theatre.address}/demo/clock", json={"advance_days": 3}, timeout=60)
    assert answer.status_code == 200
    visitor.reload()
    # The story goes on meanwhile: supply ordered in these days may come sooner.
    expect(visitor.locator(".steps")).to_contain_text(re.compile(r"\bin [1-6] days"))
    expect(visitor.locator("main")).to_contain_text("3 days ago")
    visitor.goto("/")
    expect(visitor.locator("#story-head")).to_contain_text("Day 4:")


@pytest.mark.browser
def test_every_page_of_the_demo_can_be_used_on_a_phone_and_by_keyboard(visitor):
    soon(visitor, "#card-1001", "Waits for")
    visitor.set_viewport_size({"width": 375, "height": 760})
    visitor.goto("/orders/harbour-outfitters/1001")
    customers = visitor.get_by_text("What the customer sees").get_attribute("href")
    for path in ("/", "/orders", "/orders/harbour-outfitters/1001", "/items", "/items/harbour-outfitters/MUG", "/incoming",
                 "/activity", "/outbox", "/policy", "/policy/mode", "/connect", "/capabilities", "/nowhere", customers):  # fmt: skip
        visitor.goto(path)
        levels = visitor.evaluate(HEADINGS)
        assert levels.count(1) == 1, path
        assert all(after <= before + 1 for before, after in pairwise(levels)), (path, levels)
        assert visitor.evaluate(SIDEWAYS) <= 0, path
        assert visitor.evaluate(NAMELESS) == [], path
        assert visitor.evaluate(TWICE) == [], path
    visitor.goto("/")
    visitor.locator("#do-late").focus()
    for button in ("do-sell-out", "do-cancel", "do-clock"):
        visitor.keyboard.press("Tab")
        assert visitor.evaluate(OUTLINE) == f"solid{button}"
