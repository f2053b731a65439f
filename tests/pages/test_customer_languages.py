"""The customer's pages in six languages: every sentence is translated, runs the reader's way and fits the screen."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

from connectors.mail import Memory, speech
from connectors.mail.speech import CATALOGUES, LANGUAGES
from core.dates.promise_ranges import PromiseRange
from core.policy.reading import merge
from core.policy.shop_policy import ShopPolicy
from core.reasons import SENTENCES
from core.records.endings import Ending
from core.records.expectation import Expectation
from core.records.proposals import Swap
from core.settings import Settings
from pages.customer_links import customer_link
from tests.connectors.mail.test_languages import OTHERS, Untranslated
from tests.pages.conftest import OFFICE

TEMPLATES = Path(__file__).parents[2] / "templates" / "pages"
SETTINGS = Settings(secret_key="a key for tests only")
DECEMBER = date(2026, 12, 8)


def sentences():
    """Every English sentence that the customer's pages can say, a pair where it has a plural."""
    found = {sentence for _, sentence in SENTENCES.values()}
    for path in (*TEMPLATES.glob("customer*.html"), TEMPLATES / "unsubscribe.html"):
        with path.open("rb") as source:
            for _, word, message, _ in babel_extract(source, ["_", "n_"], [], {}):
                one = message if isinstance(message, str) else message[0]
                found.add(one if word == "_" else tuple(message[:2]))
    for path in (Path(__file__).parents[2] / "pages").glob("customer*.py"):
        with path.open("rb") as source:
            found |= {said for _, said, _, _ in extract("python", source, {"say": None, "count": (1, 2)})}
    return found


@pytest.mark.parametrize("code", OTHERS)
def test_every_sentence_of_the_customers_pages_is_in_the_catalogue(code):
    with (CATALOGUES / f"{code}.po").open("rb") as source:
        known = {entry.id for entry in read_po(source, locale=code)}
    wanted = sentences()
    assert len(wanted) > 90, "the sentences are found"
    assert wanted - known == set()


@pytest.fixture(params=sorted(LANGUAGES))
def language(request, monkeypatch):
    """A language in which nothing may stay English by oversight."""
    if request.param != "en":
        speech.catalogue.cache_clear()
        strict = speech.catalogue(request.param)
        strict.add_fallback(Untranslated())
        monkeypatch.setattr(speech, "catalogue", lambda code: strict)
    yield request.param
    monkeypatch.undo()
    speech.catalogue.cache_clear()


def opened(app, order="1", **headers):
    return app.test_client().get(customer_link(SETTINGS, "fern", order), headers=headers)


@pytest.fixture
def spoken(keep, make, language):
    """Store an order of a customer who reads this language."""

    def store(*lines, **fields):
        made = make.order("1", *lines, **fields)
        customer = replace(made.snapshot.customer, locale=language)
        keep(make.shop(), replace(made, snapshot=replace(made.snapshot, customer=customer)))

    return store


@pytest.mark.parametrize("count", [1, 30])
def test_a_long_order_is_told_in_its_customers_language(app, spoken, make, language, count):
    waits = (("PO-1", 3, DECEMBER), ("PO-2", 11, None))
    line = {"title": "A very long name " * 12, "on_hand": 3, "now": 1, "waits": waits, "shipped": 2, "cancelled": 1}
    spoken(*(make.line(f"l{n}", f"mug-{n}", 25, **line) for n in range(count)))
    page = opened(app)
    assert page.status_code == 200
    direction = "rtl" if language == "ar" else "ltr"
    assert f'<html lang="{language}" dir="{direction}">' in page.text
    assert page.text.count("A very long name A very") >= count
    assert len(page.text) < 150_000


@pytest.mark.parametrize("status", ["open", "closed", "cancelled", "gone"])
def test_every_state_and_reason_is_told_in_it(app, spoken, make, status):
    spoken(make.line("a", "mug", 8, on_hand=8), make.line("b", "card", 1, ships=False), status=status,
           reasons=tuple(SENTENCES))  # fmt: skip
    assert opened(app).status_code == 200


def test_a_range_and_how_it_moved_are_told_in_it(app, keep, spoken, make, books):
    spoken(make.line("a", "mug", 8, on_hand=5, waits=(("PO-1", 3, DECEMBER),)), promised=DECEMBER - timedelta(days=9))
    ships = PromiseRange(earliest=DECEMBER - timedelta(days=2), likely=DECEMBER, latest=DECEMBER + timedelta(days=4))
    with books.write() as unit:
        record = unit.orders.get("fern", "1")
        unit.orders.put(replace(record, expected=Expectation(ships=ships, lines={"a": ships})))
    assert "PO-1" not in opened(app).text


SWAP = Swap(line="a", sku="cup", title="Cup", units=6, price=0, item="item-cup")


@pytest.mark.parametrize("swap", [None, SWAP])
@pytest.mark.parametrize("state", ["pending", "under way", "done"])
def test_what_was_chosen_and_what_became_of_it_is_told_in_it(app, spoken, make, state, swap):
    until = make.now + timedelta(minutes=5) if state == "pending" else None
    ending = Ending(key="k", by="customer", at=make.now, whole=False, units={"a": 6}, serve={"a": 2}, until=until,
                    done=state == "done", swap=swap)  # fmt: skip
    off = 1 if state == "done" else 0
    spoken(make.line("a", "mug", 8 + off, on_hand=2, shipped=4, waits=(("PO-1", 2, DECEMBER),), cancelled=off), ending=ending,
           manual={"ship": "together", "ship_said": "customer"})  # fmt: skip
    page = opened(app).text
    assert page.count("<form") == (2 if state == "pending" else 1)
    assert ('class="p-swapped"' in page) == bool(off and swap)


WITHDRAWING = merge(ShopPolicy(mode="act"), {"choices": {"withdraw": True}, "notices": {"wording_seen": True}})


def test_withdrawing_is_asked_confirmed_and_told_in_it(app_of, keep, make, language):
    made = make.order("1", make.line("a", "mug", 3, on_hand=2), make.line("b", "cup", 1, shipped=1), country="IE")
    customer = replace(made.snapshot.customer, locale=language)
    keep(make.shop(policy=WITHDRAWING), replace(made, snapshot=replace(made.snapshot, customer=customer)))
    browser = app_of(post=replace(OFFICE, transport=Memory())).test_client()
    here = customer_link(SETTINGS, "fern", "1")
    assert "/withdraw" in browser.get(here).text
    form, units = f"{here}/withdraw", {"units-a": "1", "units-b": "1"}
    assert browser.get(form).text.count("<input") == 2
    assert browser.post(form, data={"units-a": "4"}).text.count('type="hidden"') == 0
    assert browser.post(form, data=units).text.count('type="hidden"') == 2
    assert browser.post(f"{form}/confirm", data=units).headers["Location"] == here.removeprefix("http://localhost")
    assert "withdrawn-head" in browser.get(here).text


def test_the_browser_says_which_language_where_the_shop_does_not_know(app, keep, make):
    keep(make.shop(), make.order("1", make.line("a", "mug", 1, on_hand=1), country="SE"))
    assert 'lang="ja"' in opened(app, **{"Accept-Language": "ja,en;q=0.5"}).text
    assert 'lang="en"' in opened(app, **{"Accept-Language": "fi"}).text
    assert 'lang="ar" dir="rtl"' in opened(app, "nowhere", **{"Accept-Language": "ar-EG"}).text
