"""The merchant's pages in six languages: which one a reader gets, and that its catalogue keeps what is filled in."""

import re

import pytest
from flask import g

from connectors.catalogues import Catalogue
from core.sentences import counted, made_from, sentence
from pages.languages import _, language, n_
from pages.printing import printer_for
from pages.retelling import full_stop, retold
from tests.merchant_words import LANGUAGES, catalogue

PLACEHOLDER = re.compile(r"%\(\w+\)s")


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_translation_keeps_what_is_filled_in_and_has_every_plural_form(code):
    known = catalogue(code)
    for entry in (entry for entry in known if entry.id and any(entry.string)):
        plural = isinstance(entry.id, tuple)
        said = entry.string if plural else (entry.string,)
        assert len(said) == (known.num_plurals if plural else 1), entry.id
        asked = set(PLACEHOLDER.findall(entry.id[1] if plural else entry.id))
        for form in said:
            assert form, entry.id
            found = set(PLACEHOLDER.findall(form))
            assert not asked or form % {name[2:-2]: "x" for name in asked}, entry.id
            # One and two are words of their own in Arabic, and one is in other languages.
            assert found == asked or (plural and found == asked - {"%(number)s"}), entry.id


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_sentence_is_translated(code):
    forms = (
        (entry.id, entry.string if isinstance(entry.string, tuple) else (entry.string,)) for entry in catalogue(code)
    )
    assert [said for said, written in forms if said and not all(written)] == []


FOREIGN = {"ar": "[\u3040-\u30ff\u4e00-\u9fff]", "ja": "[\u0600-\u06ff]"}
"""The letters that a language does not have; Latin ones write neither."""


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_catalogue_is_written_in_the_letters_of_its_language(code):
    foreign = re.compile(FOREIGN.get(code, "|".join(FOREIGN.values())))
    assert [entry.id for entry in catalogue(code) if entry.id and foreign.search("".join(entry.string))] == []


def test_a_sentence_ends_as_its_language_ends_them(app):
    for wishes, end in (("de", "."), ("ja", "。"), ("en", ".")):
        with app.test_request_context("/", headers={"Accept-Language": wishes}):
            assert full_stop("mug") == f"Mug{end}"


def read_in(page):
    return re.search(r'<html lang="(\w+)" dir="(\w+)">', page).groups()


@pytest.mark.parametrize(
    ("wishes", "code", "direction"),
    [
        ("de-AT,en;q=0.5", "de", "ltr"),
        ("ar", "ar", "rtl"),
        ("fi", "en", "ltr"),
        ("fi,ja;q=0.4", "ja", "ltr"),
        ("", "en", "ltr"),
    ],
)
def test_the_browser_says_which_language_as_long_as_nobody_chose(client, wishes, code, direction):
    page = client.get("/people", headers={"Accept-Language": wishes}).text
    assert read_in(page) == (code, direction)


def test_a_chosen_language_stays_with_the_person_in_every_browser(app, client, send, link_for):
    answer = send(client, "/language", language="fr", back="/orders?state=risk")
    assert answer.location == "/orders?state=risk"
    again = app.test_client()
    again.get(f"/login?login={link_for(token='again')}")
    for browser in (client, again):
        assert read_in(browser.get("/orders", headers={"Accept-Language": "ja"}).text)[0] == "fr"
    nowhere = client.get("/nowhere").text
    assert read_in(nowhere)[0] == "fr"
    assert "It may have been removed" not in nowhere


@pytest.mark.parametrize(
    "back", ["//elsewhere.example", "/\\elsewhere.example", "https://elsewhere.example", "", "/a\nb"]
)
def test_choosing_a_language_leads_nowhere_else(client, send, back):
    assert send(client, "/language", language="xx", back=back).location == "/"
    assert read_in(client.get("/").text)[0] == "en"


@pytest.fixture
def arabic(app_of, make):
    """A request whose reader reads Arabic, of which two sentences are translated."""
    words = {
        "%(sku)s was due on %(day)s: %(what)s": "[%(what)s] %(sku)s / %(day)s",
        "It is late.": "متأخر",
        "On hand": "متوفر",
    }

    class Given:
        def gettext(self, message):
            return words.get(message, message)

        def ngettext(self, one, many, number):
            return one if number == 1 else many

    app = app_of(words=lambda language: Catalogue(Given(), frozenset(words)))
    with app.test_request_context("/", headers={"Accept-Language": "ar"}):
        g.printer = printer_for(make.shop(), make.now)
        yield g.printer


def test_what_core_said_is_told_again_with_the_same_things_filled_in(arabic):
    late = sentence("%(sku)s was due on %(day)s: %(what)s", sku="mug: 5%", day="2026-12-01", what="It is late.")
    assert late == "mug: 5% was due on 2026-12-01: It is late."
    assert retold(late).startswith("[\u2068متأخر\u2069] \u2068mug: 5%\u2069 / \u2068")
    assert "2026" not in retold(late)
    assert retold("what the shop wrote: On hand") == "what the shop wrote: On hand"
    assert _("On hand") == "متوفر"
    assert (
        n_("%(number)s day of %(sku)s", "%(number)s days of %(sku)s", 2, sku="mug")
        == "\u20682\u2069 days of \u2068mug\u2069"
    )


@pytest.mark.parametrize(
    ("days", "german", "arabic"),
    [
        (1, "1 Tag später", "يومًا واحدًا"),
        (2, "2 Tage später", "يومين"),
        (5, "5 Tage später", "أيام"),
        (30, "30 Tage später", "يومًا"),
    ],
)
def test_what_core_counted_is_told_again_in_the_form_that_the_number_needs(app, days, german, arabic):
    said = counted(
        "count on deliveries %(number)s day later than first said",
        "count on deliveries %(number)s days later than first said",
        days,
    )
    for code, words in (("de", german), ("ar", arabic)):
        with app.test_request_context("/", headers={"Accept-Language": code}):
            assert words in retold(said)
            assert retold(f"{said.capitalize()}.").endswith(".")


def test_a_template_without_words_of_its_own_is_taken_only_where_no_other_fits(app):
    """It fits nearly any text with a colon, also what another template made into a sentence of its own."""
    with app.test_request_context("/", headers={"Accept-Language": "de"}):
        assert "no delivery was measured" not in retold(
            "Delivery takes 14 days, give or take 4: no delivery was measured yet, the setting is used."
        )
        assert retold("435.2(c)(5): no notice by the limit") == "435.2(c)(5): keine Mitteilung bis zur Frist"


def test_a_day_in_what_core_said_is_printed_in_english_as_well(app):
    with app.test_request_context("/", headers={"Accept-Language": "en"}):
        assert "2026-" not in retold("It was due on 2026-02-01, and on 2026-02-28.")
        assert retold("PO-2026-02-01, 2026-02-30") == "PO-2026-02-01, 2026-02-30"


def test_a_decimal_in_what_core_said_is_printed_as_the_reader_writes_it_and_a_sku_is_none(app):
    with app.test_request_context("/", headers={"Accept-Language": "de"}):
        told = retold("4.00 a week expected, by exponential smoothing (0.08), the shop's usual method.")
        assert "4,00 je Woche" in told
        assert "Glättung (0,08)" in told
        assert "10.50" in retold(sentence("%(sku)s: the shop does not count its stock", sku="10.50"))


def test_of_two_templates_the_one_with_more_words_of_its_own_is_found():
    known = frozenset({"%(a)s waits", "%(a)s and %(b)s waits", "%(a)s, %(a)s"})
    assert made_from("mug and cup waits", known) == ("%(a)s and %(b)s waits", {"a": "mug", "b": "cup"})
    assert made_from("mug, cup", known) is None


def test_the_api_speaks_english(app):
    with app.test_request_context("/api/v1/orders", headers={"Accept-Language": "ar"}):
        assert language() == "en"
