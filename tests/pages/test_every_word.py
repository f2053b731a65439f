"""Every page in a language in which each marked word stands in brackets: what stands outside them nobody marked."""

import json
import re
from html.parser import HTMLParser

import pytest

from connectors.catalogues import CORE
from core.sentences import PLACE, made_from
from pages.incoming_sheet import HEAD
from tests.merchant_words import catalogue
from tests.pages.addresses import EMPTY, PAGES

SPOKEN = ("aria-label", "placeholder", "title", "alt", "data-label")
QUOTED = {"code", "kbd", "pre", "textarea", "iframe", "script", "style"}
LONE = {"input", "br", "img", "meta", "link", "path", "rect", "circle", "line", "hr", "polyline"}
MARKS = re.compile("[⟦⟧]")
WORD = re.compile(r"[A-Za-z]{2,}")
NAMES = [
    "Backorder", "Shopify", "WooCommerce", "Europe/Stockholm", "SKU", "EUR", "SE", "AY", "ck_", "cs_", "Message-ID",
    "SHA", "Werkzeug", "Deutsch", "https://", "https://store.example.com", "https://hooks.example.com/backorder",
    "Your order #1004: what ships when", "PO-20261123-northern-mill", "notice.due", "promise.changed", "order.ready", "UTC", "Mo", "Di", "Mi", "Do", "Fr", "Sa", "So", "Jan", "Feb",
    "März", "Apr", "Mai", "Juni", "Juli", "Aug", "Sept", "Okt", "Nov", "Dez", "und",
]  # fmt: skip
"""Names, addresses, and what Babel writes of a day."""
BETWEEN = re.compile(
    r"(?<!\w)(?:"
    + "|".join(map(re.escape, sorted((*NAMES, *HEAD), key=len, reverse=True)))
    + r")(?!\w)|[:,·→←()“”]|\. "
)


class Bracketed:
    """Words in which each piece of a sentence stands in brackets, so that what is filled in does not."""

    told = frozenset(
        entry.id
        for entry in catalogue("de")
        if isinstance(entry.id, str) and any(place.startswith(CORE) for place, _ in entry.locations)
    )

    def gettext(self, message):
        pieces = re.split(r"(%\(\w+\)s)", message)
        return "".join(piece if PLACE.fullmatch(piece) or not piece else f"⟦{piece}⟧" for piece in pieces)

    def ngettext(self, one, many, number):
        return self.gettext(one if number == 1 else many)


class Outside(HTMLParser):
    """Collects what people read outside of brackets; code, and what is quoted in another language, is left out."""

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.depth, self.quoted, self.said = 0, [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag not in LONE and (self.quoted or tag in QUOTED or given.get("lang") not in {None, "de"}):
            self.quoted.append(tag)
        for text in (given[name] for name in SPOKEN if given.get(name)):
            before, self.depth = self.depth, 0
            self.read(text)
            self.depth = before

    def handle_endtag(self, tag):
        if self.quoted and self.quoted[-1] == tag:
            self.quoted.pop()

    def handle_data(self, data):
        if not self.quoted:
            self.read(data)

    def read(self, text):
        """Keep the pieces of the text that stand outside of brackets, which may be opened and closed in other texts."""
        for piece in re.split("([⟦⟧])", text):
            if MARKS.fullmatch(piece):
                self.depth += 1 if piece == "⟦" else -1
            elif self.depth == 0 and WORD.search(piece):
                self.said.append(" ".join(piece.split()))


def unmarked(said, data):
    """Return the pieces that are neither data nor names."""
    pieces = (piece.strip(" .–?#") for text in said for piece in BETWEEN.split(text))
    return {one for one in pieces if WORD.search(one) and one.casefold() not in data}


def is_cores(text):
    """Whether core made the text: some of its templates hardly say more than what is filled in, as `law: rule`."""
    made = made_from(text, Bracketed.told)
    return made is not None and len(PLACE.sub("", made[0])) > len(" days")


def kept(books, house):
    """Everything that the shops keep, and what their connectors declare, as one text; what core made of words is no data."""
    texts = [support.how for supports in house.supports.values() for support in supports.values()]
    with books.read() as unit:
        rows = [row for shop in ("fern", "moss") for _, row in unit.retention.export(shop)]
    pending = [json.loads(json.dumps(rows, default=str))]
    while pending:
        one = pending.pop()
        if isinstance(one, str) and not is_cores(one):
            texts.append(one)
        pending += (*one, *one.values()) if isinstance(one, dict) else one if isinstance(one, list) else ()
    return "\n".join(" ".join(text.split()) for text in texts).casefold()


@pytest.mark.parametrize("populated", [True, False])
def test_no_word_of_a_page_is_unmarked_or_said_twice(populated, request, client, app_of, books, link_for):
    if populated:
        request.getfixturevalue("lively")
    app = app_of(words=lambda _: Bracketed())
    browser, data = app.test_client(), kept(books, app.extensions["backorder"])
    browser.get(f"/login?login={link_for('fern', 'token-8')}")
    wrong = []
    for path in PAGES if populated else EMPTY:
        # The customer's page speaks by a catalogue of its own.
        if not path.startswith(("/o/", "/unsubscribe/")):
            page = browser.get(path, headers={"Accept-Language": "de"}).text
            read = Outside(page)
            twice = re.findall("⟦⟦[^⟧]*", page)
            wrong += [f"{path}: {one}" for one in (*sorted(unmarked(read.said, data)), *twice)]
            wrong += [f"{path}: cut within a sentence"] if read.depth else []
    assert wrong == []
