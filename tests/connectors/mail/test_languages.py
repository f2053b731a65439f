"""Mails in every language: nothing stays English by oversight, and no catalogue promises what the code does not give."""

import gettext
import re
from datetime import UTC, date, datetime
from itertools import product

import pytest
from babel.messages.pofile import read_po

from connectors.catalogues import MERCHANTS
from connectors.mail import speech
from connectors.mail.speech import CATALOGUES, LANGUAGES
from core.messages.notices import KINDS
from tests.connectors.mail.test_mail import OFFICE, letter

OTHERS = sorted(set(LANGUAGES) - {"en"})
PLACEHOLDER = re.compile(r"%\(\w+\)s")
# Facts that call for each sentence of a kind.
VARIANTS = [
    {}, {"was": None}, {"on": None}, {"silence": "consents", "revised": "2026-12-20"}, {"silence": "nothing"}, {"offer": "free_shipping"},
    *({"offer": offer, "sum": 1250, "currency": "EUR"} for offer in ("discount_code", "store_credit", "gift_card")),
    *({"options": [{"key": key, "now": now, "later": later, "on": on, "price": 8000, "freight": freight, "currency": "EUR",
                    "swaps": [{"units": 1, "title": "Bowl"}]}]}
      for key, now, later, on, freight in [("part", 5, 3, None, 490), ("only", 5, 0, None, 0), ("all", 0, 8, "2026-12-06", 0),
                                           ("swap", 0, 8, None, 0), ("part", 1, 1, "2026-12-06", 0)]),
]  # fmt: skip
LINES = [
    {"now": 1, "kept": 2, "waits": 11, "until": None}, {"now": 3, "kept": 0, "waits": 2, "from": "2026-12-06", "until": "2026-12-06"},
]  # fmt: skip


class Untranslated(gettext.NullTranslations):
    """What the catalogue leaves out."""

    def gettext(self, message):
        raise AssertionError(f"not translated: {message!r}")

    def ngettext(self, one, many, number):
        raise AssertionError(f"not translated: {one!r} ({number})")


@pytest.fixture(params=OTHERS)
def language(request, monkeypatch):
    speech.catalogue.cache_clear()
    strict = speech.catalogue(request.param)
    strict.add_fallback(Untranslated())
    monkeypatch.setattr(speech, "catalogue", lambda code: strict)
    yield request.param
    monkeypatch.undo()
    speech.catalogue.cache_clear()


def read(code):
    with (CATALOGUES / f"{code}.po").open("rb") as source:
        return read_po(source, locale=code)


@pytest.mark.parametrize("folder", [CATALOGUES, MERCHANTS])
def test_no_french_line_begins_with_a_sign(folder):
    with (folder / "fr.po").open("rb") as source:
        said = [
            form
            for entry in read_po(source, locale="fr")
            for form in (entry.string if entry.pluralizable else [entry.string])
        ]
    assert [words for words in said if re.search(r" [;:!?»](?!\S)|« ", words)] == []


def test_every_sentence_of_every_mail_is_translated(language):
    for kind, facts in product(KINDS, VARIANTS):
        for customer in ("Customer 12", None):
            OFFICE.compose(letter(kind, locale=language, facts=facts, customer=customer))
    many = OFFICE.compose(letter("ready", "part_shipped", lines=90, locale=language))
    assert many.language == language
    assert "News about" not in many.subject


@pytest.mark.parametrize(("locale", "name"), [("ar", "\u2068#1001\u2069"), ("de", "#1001")])
def test_a_name_keeps_its_own_way_among_words_that_run_from_the_right(locale, name):
    """Unicode's bidirectional algorithm (UAX #9) would else put the number's sign on its other side."""
    said = speech.reader(locale, None, zone="UTC", now=datetime(2026, 11, 23, tzinfo=UTC))
    assert name in said.say("Your order %(order)s: what ships when", order="#1001")
    assert ("\u2068" in OFFICE.compose(letter("waiting", locale=locale)).text) is (locale == "ar")


@pytest.mark.parametrize("line", LINES)
def test_every_phrase_about_a_line_is_translated_in_every_plural_form(language, line):
    for units in (0, 1, 2, 5, 11, 100):
        facts = {"title": "Mug", "from": None, **line, "now": units}
        told = OFFICE.compose(letter("waiting", locale=language, line=facts))
        assert "Mug" in told.text


def test_thirty_lines_stay_within_the_budget_and_run_the_readers_way(language):
    made = OFFICE.compose(letter("waiting", lines=30, locale=language, title="A very long name " * 12))
    assert len(made.html.encode()) < 90_000
    direction = "rtl" if language == "ar" else "ltr"
    assert f'lang="{language}" dir="{direction}"' in made.html


def test_a_day_that_ends_with_a_full_stop_ends_the_sentence():
    said = speech.reader("de", "DE", zone="Europe/Berlin", now=datetime(2026, 11, 27, tzinfo=UTC))
    day = said.day(date(2026, 12, 5))
    assert said.say("We expect to ship by %(day)s.", day=day).endswith("5. Dez.")
    assert said.say("%(listed)s. %(cost)s", listed=day, cost="x") == "Sa., 5. Dez. x"


@pytest.mark.parametrize("code", OTHERS)
def test_a_catalogue_keeps_what_is_filled_in_and_has_every_plural_form(code):
    catalogue = read(code)
    for entry in catalogue:
        if not entry.id:
            continue
        plural = isinstance(entry.id, tuple)
        said = entry.string if plural else (entry.string,)
        assert len(said) == (catalogue.num_plurals if plural else 1)
        asked = set(PLACEHOLDER.findall(entry.id[1] if plural else entry.id))
        for form in said:
            assert form, entry.id
            found = set(PLACEHOLDER.findall(form))
            # One and two are words of their own in Arabic.
            assert found == asked or (code == "ar" and plural and found == asked - {"%(number)s"}), entry.id
