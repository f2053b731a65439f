"""The pages in a real browser: on a phone, in the dark, without JavaScript, and by keyboard."""

import re
import threading

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from werkzeug.serving import make_server

from tests.pages.addresses import EMPTY, PAGES, ROW

pytestmark = pytest.mark.browser

PHONE = {"width": 375, "height": 760}
NARROWEST = {"width": 320, "height": 760}
"""What a desk shows of a page at 400 %: WCAG 1.4.10 wants nothing to scroll sideways."""
DESK = {"width": 1280, "height": 800}
AXE = Axe()
QUICK = {"resultTypes": ["violations"], "selectors": False, "preload": False, "iframes": False}
EVERY_RULE = QUICK | {"rules": {"target-size": {"enabled": True}}}
OF_LOOKS = QUICK | {"runOnly": ["color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable"]}
LIGHT_DESK = (DESK, "light", EVERY_RULE)
DARK_PHONE = (PHONE, "dark", OF_LOOKS)
IN_TURN = ((DESK, "dark", EVERY_RULE), (PHONE, "light", EVERY_RULE))
SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
RUN_AXE = "(options) => axe.run(options).then((found) => found.violations)"
TYPE = """
(typed) => {
  const form = [...document.forms].find((form) => Object.keys(typed).every((name) => form.elements[name]));
  for (const [name, text] of Object.entries(typed)) form.elements[name].value = text;
  form.noValidate = true;
  form.requestSubmit();
}
"""
WRONG = [
    ("/incoming", {"sku": "no such thing", "ordered": "-1", "eta": ""}), (ROW, {"ordered": "x", "received": "-"}),
    ("/incoming/import", {"text": "sku,ordered\nrope,many\nnowhere,3"}), ("/incoming/import", {"text": "nothing"}),
    ("/messages/en/waiting", {"subject": "", "body": "No facts"}), ("/messages", {"name": "", "colour": "#ffd400", "logo": "x"}),
    ("/policy", {"ship_part.max_parcels": "many", "offers.percent": "900"}), ("/people", {"person": ""}),
    ("/offers", {"rung-1-days": "many", "rung-1-percent": "900", "offers.hold_out": "3"}),
    ("/reorder/fern/item/camp-mug", {"cost": "dear", "lead_days": "-4", "parts": "itself"}),
    ("/reorder/fern/draft?supplier=Northern+Mill", {"number": "PO-108", "units-camp-mug": "few"}),
    ("/woocommerce/connect", {"url": "nowhere"}), ("/woocommerce/connect", {"url": "", "key": "", "secret": ""}),
    ("/what-if?supply=PO-1&days=x&order=7&sku=no&units=some", {}), ("/reports?from=2026-12-01&to=2026-11-01", {}),
    ("/orders?cursor=forged", {}), ("/nowhere", {}), ("/o/forged", {}), ("/login?login=used", {}),
]  # fmt: skip


@pytest.fixture
def serving():
    """Serve an app on a loopback port and return its address."""
    servers = []

    def serve(app):
        server = make_server("127.0.0.1", 0, app, threaded=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        servers.append((server, thread))
        return f"http://127.0.0.1:{server.server_port}"

    yield serve
    for server, thread in servers:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def address(serving, app_of, lively, make):
    """The demo with two lively shops on a loopback port."""
    return serving(app_of(story=make.story()))


@pytest.fixture
def opened(chromium, address, link_for):
    """Open a signed-in page; the keyword arguments are the browser's (colour scheme, viewport, JavaScript)."""
    contexts = []

    def open_page(**browser):
        token = f"token-{len(contexts)}"
        contexts.append(chromium.new_context(base_url=address, **browser))
        page = contexts[-1].new_page()
        page.goto(f"/login?login={link_for('fern', token)},{link_for('moss', token + 'm')}")
        return page

    yield open_page
    for context in contexts:
        context.close()


def faults(page, place, *looks):
    """Return what axe finds on the page that is open, and where it scrolls sideways, in each of these looks."""
    found = []
    page.evaluate(AXE.axe_script)
    for size, scheme, rules in looks:
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        look = f"{place}, {scheme}, {size['width']} px"
        for one in page.evaluate(RUN_AXE, rules):
            found += [f"{look}: {one['id']}: {node['html'][:120]}" for node in one["nodes"]]
        if page.evaluate(SIDEWAYS):
            found.append(f"{look}: scrolls sideways")
    page.set_viewport_size(NARROWEST)
    return [*found, f"{place}: scrolls sideways at 400 %"] if page.evaluate(SIDEWAYS) else found


def test_every_page_can_be_used_by_all_asks_for_little_and_keeps_its_own_policy(opened, address):
    page, found, asked = opened(), [], []
    # A board that is left behind may look once more before it goes.
    page.on("request", lambda request: asked.append(request.url) if request.resource_type != "fetch" else None)
    page.on("console", lambda message: found.append(message.text) if "404" not in message.text else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    for path in PAGES:
        asked.clear()
        page.goto(path)
        assert len(asked) <= 4, path
        assert all(url.startswith((address, "data:")) for url in asked), path
        assert page.locator("dialog[open], [popover]:popover-open").count() == 0, path
        found += faults(page, path, LIGHT_DESK, DARK_PHONE)
    assert found == [], "\n".join(found)


def test_every_page_of_an_empty_shop_can_be_used_by_all(chromium, app_of, serving, keep, make, link_for):
    keep(make.shop())
    # In the language with the longest words.
    context = chromium.new_context(base_url=serving(app_of()), locale="de-DE")
    page = context.new_page()
    page.goto(f"/login?login={link_for()}")
    found = []
    for number, path in enumerate(EMPTY):
        page.goto(path)
        found += faults(page, path, IN_TURN[number % 2])
    context.close()
    assert found == [], "\n".join(found)


def test_every_refusal_can_be_read_by_all(opened):
    # In the language that runs from the right, which the other rounds are not in.
    page, found = opened(locale="ar"), []
    for number, (path, typed) in enumerate(WRONG):
        page.goto(path)
        if typed:
            with page.expect_navigation():
                page.evaluate(TYPE, typed)
        assert page.locator(".wrong, .empty, h1").count(), path
        found += faults(page, f"{path} {typed}", IN_TURN[number % 2])
    assert found == [], "\n".join(found)


def test_dark_pages_are_dark(opened):
    page = opened(color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(21, 24, 23)"


def test_everything_works_without_javascript(opened):
    page = opened(java_script_enabled=False)
    page.get_by_role("link", name="#1004").click()
    page.get_by_role("button", name="Hold the order").click()
    expect(page.get_by_role("button", name="Release the order")).to_be_visible()
    page.get_by_role("link", name="Incoming", exact=True).click()
    page.get_by_label("SKU of the item").fill("rope")
    page.get_by_label("Units ordered").fill("12")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("status")).to_have_text("Added. The plan is being made anew.")
    page.get_by_role("link", name="Board").first.click()
    page.get_by_role("button", name="Make a shipment late").click()
    expect(page.get_by_role("heading", name="PO-108 slips by 9 days.")).to_be_visible()


def test_the_board_follows_by_itself_and_keeps_the_focus(opened, keep, make):
    page = opened()
    page.clock.install()
    page.goto("/")
    page.locator("#card-1004").focus()
    keep(make.order("2001", make.line("a", "rope", 5), decision="review", customer="Customer 20"))
    page.clock.fast_forward(6000)
    page.locator("#card-2001").wait_for()
    assert page.evaluate("document.activeElement.id") == "card-1004"
    expect(page).to_have_title(re.compile(r"^\("))
    expect(page.locator("#favicon")).to_have_attribute("href", re.compile("favicon-needs"))
    expect(page.locator("#news")).to_contain_text("need you")


def test_a_call_that_is_open_stays_open_when_the_board_changes(opened, keep, make):
    page = opened()
    page.clock.install()
    page.goto("/")
    page.locator(".calls summary").first.click()
    keep(make.order("2001", make.line("a", "rope", 5), decision="review"))
    page.clock.fast_forward(6000)
    page.locator("#card-2001").wait_for()
    expect(page.locator(".calls pre").first).to_be_visible()
    expect(page.locator(".calls details[open]")).to_have_count(1)


def test_a_button_that_has_the_focus_keeps_it_when_the_board_changes(opened, keep, make):
    page = opened()
    page.clock.install()
    page.goto("/")
    page.locator("#do-late").focus()
    before = page.locator("#live").get_attribute("data-seen")
    keep(make.order("2001", make.line("a", "rope", 5), decision="review"))
    page.clock.fast_forward(6000)
    page.locator("#card-2001").wait_for()
    assert page.evaluate("document.activeElement.id") == "do-late"
    assert page.locator("#live").get_attribute("data-seen") != before


def test_when_the_session_ends_the_board_asks_to_sign_in(opened):
    page = opened()
    page.clock.install()
    page.goto("/")
    page.context.clear_cookies()
    page.clock.fast_forward(6000)
    page.get_by_role("heading", name="Sign in").wait_for()


def test_the_keyboard_finds_the_content_first_and_sees_where_it_is(opened):
    page = opened()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    expect(page.locator(".skip")).to_be_visible()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_a_problem_is_seen_beside_its_field(opened):
    page = opened(viewport=PHONE)
    page.goto("/incoming")
    page.get_by_label("SKU of the item").fill("no such thing")
    page.get_by_role("button", name="Add").click()
    wrong = page.locator("#sku-wrong")
    expect(wrong).to_be_visible()
    box, below = page.get_by_label("SKU of the item").bounding_box(), wrong.bounding_box()
    assert 0 <= below["y"] - (box["y"] + box["height"]) < 60
    expect(page.get_by_label("SKU of the item")).to_have_value("no such thing")
    expect(page.get_by_label("SKU of the item")).to_be_focused()


def reach(page, words):
    """Go on by Tab until what has the focus says these words."""
    said = "() => { const on = document.activeElement; return (on.labels?.[0] ?? on).textContent.trim(); }"
    for _ in range(150):
        page.keyboard.press("Tab")
        if page.evaluate(said).startswith(words):
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid", words
            return
    pytest.fail(f"no Tab reaches {words!r}")


def enter(page):
    """Press Enter on what has the focus, and wait for the page that it leads to."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_the_main_tasks_need_the_keyboard_alone(opened):
    page = opened(viewport=DESK)
    reach(page, "#1004")
    enter(page)
    reach(page, "Hold the order")
    enter(page)
    page.get_by_role("button", name="Release the order").wait_for()
    reach(page, "Incoming")
    enter(page)
    reach(page, "SKU of the item")
    page.keyboard.type("rope")
    reach(page, "Units ordered")
    page.keyboard.type("12")
    enter(page)
    page.get_by_text("Added. The plan is being made anew.").wait_for()
    reach(page, "Policy")
    enter(page)
    reach(page, "Shipping a part")
    page.keyboard.press("Space")
    reach(page, "At most")
    page.keyboard.type("2")
    reach(page, "See what would change")
    enter(page)
    page.get_by_role("heading", name="What would change").wait_for()


def test_what_is_typed_into_a_message_shows_in_its_frame_with_and_without_a_script(opened):
    page = opened()
    page.goto("/messages/en/waiting")
    page.get_by_label("Text").fill("Typed just now.\n\n{facts}")
    page.frame_locator("iframe[name=shown]").get_by_text("Typed just now.").first.wait_for()
    plain = opened(java_script_enabled=False)
    plain.goto("/messages/ar/waiting")
    plain.get_by_label("Text").fill("Without a script.\n\n{facts}")
    plain.get_by_role("button", name="Show it").click()
    plain.frame_locator("iframe[name=shown]").get_by_text("Without a script.").first.wait_for()
    expect(plain.get_by_label("Text")).to_have_value("Without a script.\n\n{facts}")
