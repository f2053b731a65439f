"""Every template, populated and empty: well-formed, labelled, within its budget, and without inline code."""

import gzip
from collections import Counter
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import template_rendered

from tests.pages.addresses import EMPTY, PAGES

TEMPLATES = Path(__file__).parents[2] / "templates"
PARTS = {
    "macros",
    "frame",
    "customer_frame",
    "customer_lines",
    "customer_chosen",
    "customer_choices",
    "mode_note",
    "order_card",
    "order_lines",
    "setting_field",
    "incoming_fields",
    "changes_table",
    "large_order",
    "policy_preview",
    "finder",
    "steps",
    "bulk",
    "promising",
    "message_shown",
    "paused_note",
    # Shown where a shop lets consumers withdraw: see the tests of the customer's page.
    "customer_withdraw",
}
VOID = {"meta", "link", "input", "br", "img", "hr", "path", "circle", "rect"}


class Read(HTMLParser):
    """Collects the elements of a page and checks that they nest."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict]] = []
        self.parents: list[tuple[str, ...]] = []
        self.open: list[str] = []
        self.words = ""
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), (tag, attrs)
        self.elements.append((tag, dict(attrs)))
        self.parents.append(tuple(self.open))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self.parents.append(tuple(self.open))

    def handle_endtag(self, tag):
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words += data

    def all(self, *tags):
        return [attrs for tag, attrs in self.elements if tag in tags]


DRAWN = {}
"""The pages as they were drawn for the first of the tests that only read them."""


parsed = cache(Read)


@pytest.fixture(params=["populated", "empty"])
def pages(request):
    """Every page's HTML by its address; the populated shop is the demo's, the empty one has nothing."""
    if request.param not in DRAWN:
        DRAWN[request.param] = drawn(request, populated=request.param == "populated")
    return DRAWN[request.param]


def drawn(request, *, populated):
    client, app_of, link_for, make = map(request.getfixturevalue, ("client", "app_of", "link_for", "make"))
    if populated:
        request.getfixturevalue("lively")
        client = app_of(story=make.story()).test_client()
        client.get(f"/login?login={link_for('fern', 'token-8')},{link_for('moss', 'token-9')}")
    return {path: client.get(path).text for path in (PAGES if populated else EMPTY)}


def test_pages_are_well_formed_and_say_nothing_odd(pages):
    for path, page in pages.items():
        read = parsed(page)
        assert not {"None", "Undefined"} & set(read.words.split()), path
        ids = Counter(attrs["id"] for _, attrs in read.elements if "id" in attrs)
        assert [name for name, count in ids.items() if count > 1] == [], path
        targets = {attrs[name] for _, attrs in read.elements for name in ("for", "aria-labelledby") if name in attrs}
        assert targets <= set(ids), path
        described = {one for _, attrs in read.elements for one in attrs.get("aria-describedby", "").split()}
        assert described <= set(ids), path


def test_pages_have_no_inline_code_or_style(pages):
    for path, page in pages.items():
        for tag, attrs in parsed(page).elements:
            assert tag != "style", path
            assert "style" not in attrs, path
            assert not any(name.startswith("on") for name in attrs), path
            assert tag != "script" or attrs["src"].startswith("/assets/"), path


def test_pages_have_landmarks_one_heading_and_a_title(pages):
    for path, page in pages.items():
        read = parsed(page)
        assert len(read.all("h1")) == 1, path
        assert len(read.all("main")) == 1, path
        assert read.all("html")[0]["lang"] == "en", path
        assert page.split("<title>")[1].split("</title>")[0].strip(), path
        assert '<meta name="robots" content="noindex, nofollow">' in page, path
        assert all("aria-label" in attrs for attrs in read.all("nav")), path


def test_tables_have_captions_and_scopes(pages):
    for path, page in pages.items():
        read = parsed(page)
        assert len(read.all("caption")) == len(read.all("table")), path
        assert all("scope" in attrs for attrs in read.all("th")), path


def test_every_control_has_a_label(pages):
    for path, page in pages.items():
        read = parsed(page)
        labelled = {attrs.get("for") for attrs in read.all("label")}
        for (tag, attrs), parents in zip(read.elements, read.parents, strict=True):
            if tag in {"input", "select", "textarea"} and attrs.get("type") != "hidden":
                assert attrs.get("id") in labelled or "label" in parents or attrs.get("aria-label"), (path, attrs)


def test_every_posting_form_carries_a_token(pages):
    # A customer has no session that could be ridden: the signed address itself is the proof.
    for path, page in ((path, page) for path, page in pages.items() if not path.startswith(("/o/", "/unsubscribe/"))):
        forms = [part.split("</form>")[0] for part in page.split("<form ")[1:]]
        assert all('name="csrf_token"' in form for form in forms if 'method="post"' in form.partition(">")[0]), path


def test_there_is_one_strongest_button_at_most_in_a_card(pages):
    for path, page in pages.items():
        cards = page.split('class="card')[1:]
        assert all(card.count('class="primary"') + card.count("button primary") <= 1 for card in cards), path


def test_sub_pages_have_a_way_back(pages):
    for path, page in pages.items():
        if path.count("/") > 1 and not path.startswith(("/o/", "/unsubscribe/")):
            assert 'class="back"' in page, path


def test_pages_stay_within_their_budget(pages):
    for path, page in pages.items():
        assert len(gzip.compress(page.encode())) <= 40_000, path
        read = parsed(page)
        assert len(read.all("script")) + len([one for one in read.all("link") if one["rel"] != "next"]) <= 3, path


def test_style_and_script_stay_small():
    assert (TEMPLATES / "assets" / "backorder.css").stat().st_size <= 12_000
    assert (TEMPLATES / "assets" / "backorder.js").stat().st_size <= 5_000


def test_every_template_is_rendered_by_some_page(app_of, books, lively, link_for, make, send):
    app, seen = app_of(story=make.story()), set()

    def note(_, template, **__):
        seen.add(template.name)

    with template_rendered.connected_to(note, app):
        browser = app.test_client()
        browser.get("/")
        browser.get(f"/login?login={link_for()}")
        for path in PAGES:
            browser.get(path)
        browser.get(f"/login?invited={link_for('fern', 'invited')}")
        with books.write() as unit:
            unit.second_factors.begin("fern", "", "A" * 32)
            unit.second_factors.confirm("fern", "", ["a digest"])
        browser.get(f"/login?login={link_for('fern', 'asked for a code')}")
    names = {path.stem for path in (TEMPLATES / "pages").glob("*.html")} - PARTS
    assert {name.removeprefix("pages/").removesuffix(".html") for name in seen} == names


@pytest.mark.parametrize("path", sorted((TEMPLATES / "pages").glob("*.html")), ids=lambda path: path.stem)
def test_no_template_switches_escaping_off(path):
    text = path.read_text()
    assert "autoescape" not in text
    allowed = {"board": ["{{ live.html | safe }}"], "incoming_fields": ["{{ attrs | safe }}"]}
    assert [part for part in text.split() if part == "safe"] == ["safe"] * len(allowed.get(path.stem, []))
