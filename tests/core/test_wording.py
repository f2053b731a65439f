"""The merchant's own words: what may be written, and that the facts cannot be written away."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.messages import colours, wording
from core.messages.notices import KINDS, LAW_KINDS
from core.messages.wording import Wording
from tests.pages.builders import shop

GOOD = Wording(subject="About {order}", body="Hello from {shop}.\n\n{facts}")


@pytest.mark.parametrize(
    ("kind", "subject", "body", "field", "words"),
    [
        ("waiting", "", GOOD.body, "subject", "Write a subject of one line"),
        ("waiting", "x" * 151 + "{order}", GOOD.body, "subject", "at most 150"),
        ("waiting", "News", GOOD.body, "subject", "Write {order} in the subject"),
        ("waiting", "{order}: {sent} shipped", GOOD.body, "subject", "{sent} cannot be filled in here; write {order} or {shop}."),
        ("waiting", "{order} {facts}", GOOD.body, "subject", "{facts} cannot be filled in here"),
        ("waiting", GOOD.subject, "All is well.", "body", "Write {facts} once"),
        ("waiting", GOOD.subject, "{facts} and {facts}", "body", "Write {facts} once"),
        ("waiting", GOOD.subject, "\n{facts}\n", "body", "Write a sentence of your own"),
        ("waiting", GOOD.subject, "Dear {first_name} {facts}", "body", "{first_name} cannot be filled in here"),
        ("waiting", GOOD.subject, "Dear {} {facts}", "body", "{} cannot be filled in here"),
        ("waiting", GOOD.subject, "One { alone {facts}", "body", "A brace stands alone"),
        ("waiting", GOOD.subject, "x" * 2001 + "{facts}", "body", "at most 2,000 characters; these are 2,008"),
        ("delay_option", "", "Soon.", "body", "Write {facts} once"),
    ],
)  # fmt: skip
def test_words_that_leave_out_a_fact_or_name_an_unknown_one_are_one_clear_problem(kind, subject, body, field, words):
    found = wording.problems(kind, Wording(subject=subject, body=body))
    assert list(found) == [field]
    assert words in found[field]


@pytest.mark.parametrize("kind", KINDS)
def test_good_words_are_taken_for_every_kind(kind):
    assert wording.problems(kind, GOOD) == {}


def test_counts_may_stand_in_the_subject_that_has_them():
    assert wording.problems("part_shipped", Wording(subject="{order}: {sent} of {total}", body=GOOD.body)) == {}


@given(st.text(max_size=200), st.sampled_from(KINDS))
def test_whatever_is_taken_keeps_its_facts_once_and_fills_in_whole(body, kind):
    typed = Wording(subject=GOOD.subject, body=wording.tidied(body + "{facts}"))
    if not wording.problems(kind, typed):
        before, after = wording.parts(typed.body)
        said = " ".join(wording.filled(text, {"order": "#1", "shop": "S"}) for text in (*before, *after))
        assert said
        assert "{" not in said
        assert "}" not in said


def test_the_subject_of_what_a_law_asks_for_stays():
    kept = wording.with_own(shop(), "en", "delay_option", GOOD)
    assert wording.own(kept, "en", "delay_option") == Wording(subject="", body=GOOD.body)
    assert {kind for kind in KINDS if wording.is_fixed(kind)} == LAW_KINDS


def test_own_words_stand_in_one_language_until_the_original_is_restored():
    kept = wording.with_own(shop(), "de", "waiting", GOOD)
    assert wording.own(kept, "de", "waiting") == GOOD
    assert wording.own(kept, "en", "waiting") is None
    assert wording.is_read(kept, "de", "waiting", GOOD)
    assert wording.restored(kept, "de", "waiting") == shop()


def test_words_count_as_read_until_they_change():
    kept = wording.marked_read(shop(), "en", {"waiting": GOOD})
    assert wording.is_read(kept, "en", "waiting", GOOD)
    assert not wording.is_read(kept, "en", "waiting", Wording(subject=GOOD.subject, body="Changed. {facts}"))
    assert not wording.is_read(kept, "de", "waiting", GOOD)


@pytest.mark.parametrize(
    ("name", "colour", "logo", "field", "words"),
    [
        ("x" * 61, "", "", "name", "at most 60"),
        ("Two\nlines", "", "", "name", "one line"),
        ("", "teal", "", "colour", "such as #1d5c58"),
        ("", "#ffd400", "", "colour", "contrast is 1.4 to 1, and 4.5 is needed"),
        ("", "", "http://x.example.com/a.png", "logo", "https://"),
        ("", "", 'https://x.example.com/"a.png', "logo", "https://"),
        ("", "", "https://[x", "logo", "https://"),
    ],
)
def test_a_look_that_cannot_be_read_or_fetched_is_one_clear_problem(name, colour, logo, field, words):
    found = wording.look_problems(name, colour, logo)
    assert list(found) == [field]
    assert words in found[field]


def test_a_look_is_kept_and_empty_fields_are_the_shops_own():
    look = {"name": "Fern", "colour": "#aa0000", "logo": "https://x.example.com/a.png"}
    assert wording.look_problems(**look) == {}
    kept = wording.with_look(shop(), look)
    assert (wording.name_of(kept), wording.colour_of(kept), wording.logo_of(kept)) == tuple(look.values())
    assert wording.with_look(kept, dict.fromkeys(look, "")) == shop()


# From the table of examples in WCAG's understanding documents: 21 for black on white, and 4.48 for #777777.
@pytest.mark.parametrize(("colour", "ratio"), [("#000000", 21.0), ("#ffffff", 1.0), ("#777777", 4.48)])
def test_contrast_is_that_of_the_guidelines(colour, ratio):
    assert round(colours.contrast(colour, "#ffffff"), 2) == ratio


@given(st.integers(0, 0xFFFFFF))
def test_every_colour_has_a_darker_one_on_which_white_can_be_read(number):
    assert colours.contrast(colours.darkened(f"#{number:06x}"), "#ffffff") >= colours.CONTRAST
