"""The pages in a real browser: on a phone, in the dark, without JavaScript, and by keyboard."""

import threading

import pytest
from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server

from core.settings import Settings
from pages.customer_links import customer_link

pytestmark = pytest.mark.browser

PHONE = {"width": 375, "height": 760}
DESK = {"width": 1280, "height": 800}
ORDER = "/orders/fern/1004"
PATHS = ["/", "/orders", ORDER, "/orders/fern/1007", "/items", "/items/fern/camp-mug", "/incoming",
         "/incoming/fern/row?id=PO-107&sku=camp-mug&location=main", "/incoming/import", "/reports", "/activity", "/outbox", "/health", "/orders/several?do=hold&order=1003&order=1001", "/policy", "/policy/mode", "/what-if?supply=PO-107&days=9",
         "/connect", "/woocommerce/connect", "/capabilities", "/nowhere", customer_link(Settings(secret_key="a key for tests only"), "fern", "1004")]  # fmt: skip
CONTRAST = """
() => {
  const parse = (text) => { const c = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
    c.fillStyle = text; c.fillRect(0, 0, 1, 1); return [...c.getImageData(0, 0, 1, 1).data]; };
  const light = ([r, g, b]) => { const f = (v) => { v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; };
    return 0.2126 * f(r) + 0.7152 * f(g) + 0.0722 * f(b); };
  const ground = (element) => { for (; element; element = element.parentElement) {
    const colour = parse(getComputedStyle(element).backgroundColor); if (colour[3] === 255) return colour; }
    return parse(getComputedStyle(document.body).backgroundColor); };
  const bad = [];
  for (const element of document.querySelectorAll("body *")) {
    const text = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (!text || !element.checkVisibility()) continue;
    const style = getComputedStyle(element), size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && parseInt(style.fontWeight) >= 700);
    const [a, b] = [light(parse(style.color)), light(ground(element))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < (large ? 3 : 4.5)) bad.push(`${ratio.toFixed(2)} ${element.tagName}.${element.className}: ${element.textContent.trim().slice(0, 30)}`);
  }
  return bad;
}
"""
SMALL_TARGETS = """
() => [...document.querySelectorAll("button, .button, nav a, summary, select, input:not([type=hidden])")]
  .filter((one) => one.checkVisibility()).map((one) => [one, (one.closest("label") || one).getBoundingClientRect()])
  .filter(([, box]) => box.height < 24 || box.width < 24).map(([one]) => one.outerHTML.slice(0, 80))
"""


@pytest.fixture(scope="module")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def address(app_of, lively, make):
    """The demo with two lively shops on a loopback port."""
    server = make_server("127.0.0.1", 0, app_of(story=make.story()), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


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


def test_a_phone_never_scrolls_sideways_and_targets_are_large_enough(opened):
    page = opened(viewport=PHONE)
    for path in PATHS:
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), path
        assert page.evaluate(SMALL_TARGETS) == [], path


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(opened, scheme):
    page = opened(viewport=DESK, color_scheme=scheme)
    for path in PATHS:
        page.goto(path)
        assert page.evaluate(CONTRAST) == [], path


def test_dark_pages_are_dark(opened):
    page = opened(color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(21, 24, 23)"


def test_no_page_breaks_its_own_policy_misses_a_file_or_opens_by_itself(opened):
    page, said = opened(), []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    for path in PATHS:
        if path != "/nowhere":
            page.goto(path)
            assert page.locator("dialog[open], [popover]:popover-open").count() == 0, path
    assert said == []


def test_everything_works_without_javascript(opened):
    page = opened(java_script_enabled=False)
    page.get_by_role("link", name="#1004").click()
    page.get_by_role("button", name="Hold the order").click()
    assert page.get_by_role("button", name="Release the order").is_visible()
    page.get_by_role("link", name="Incoming", exact=True).click()
    page.get_by_label("SKU of the item").fill("rope")
    page.get_by_label("Units ordered").fill("12")
    page.get_by_role("button", name="Add").click()
    assert page.get_by_role("status").inner_text().strip() == "Added. The plan is being made anew."
    page.get_by_role("link", name="Board").first.click()
    page.get_by_role("button", name="Make a shipment late").click()
    assert page.get_by_role("heading", name="PO-108 slips by 9 days.").is_visible()


def test_the_board_follows_by_itself_and_keeps_the_focus(opened, keep, make):
    page = opened()
    page.clock.install()
    page.goto("/")
    page.locator("#card-1004").focus()
    keep(make.order("2001", make.line("a", "rope", 5), decision="review", customer="Customer 20"))
    page.clock.fast_forward(6000)
    page.locator("#card-2001").wait_for(timeout=5000)
    assert page.evaluate("document.activeElement.id") == "card-1004"
    assert page.title().startswith("(")
    assert "favicon-needs" in page.locator("#favicon").get_attribute("href")
    assert "need you" in page.locator("#news").inner_text()


def test_a_call_that_is_open_stays_open_when_the_board_changes(opened, keep, make):
    page = opened()
    page.clock.install()
    page.goto("/")
    page.locator(".calls summary").first.click()
    keep(make.order("2001", make.line("a", "rope", 5), decision="review"))
    page.clock.fast_forward(6000)
    page.locator("#card-2001").wait_for(timeout=5000)
    assert page.locator(".calls pre").first.is_visible()
    assert page.locator(".calls details[open]").count() == 1


def test_a_button_that_has_the_focus_keeps_it_when_the_board_changes(opened, keep, make):
    page = opened()
    page.clock.install()
    page.goto("/")
    page.locator("#do-late").focus()
    before = page.locator("#live").get_attribute("data-seen")
    keep(make.order("2001", make.line("a", "rope", 5), decision="review"))
    page.clock.fast_forward(6000)
    page.locator("#card-2001").wait_for(timeout=5000)
    assert page.evaluate("document.activeElement.id") == "do-late"
    assert page.locator("#live").get_attribute("data-seen") != before


def test_when_the_session_ends_the_board_asks_to_sign_in(opened):
    page = opened()
    page.clock.install()
    page.goto("/")
    page.context.clear_cookies()
    page.clock.fast_forward(6000)
    page.get_by_role("heading", name="Sign in").wait_for(timeout=5000)


def test_the_keyboard_finds_the_content_first_and_sees_where_it_is(opened):
    page = opened()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    assert page.locator(".skip").is_visible()
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
    assert wrong.is_visible()
    box, below = page.get_by_label("SKU of the item").bounding_box(), wrong.bounding_box()
    assert 0 <= below["y"] - (box["y"] + box["height"]) < 60
    assert page.get_by_label("SKU of the item").input_value() == "no such thing"
