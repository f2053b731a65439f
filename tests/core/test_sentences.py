"""Sentences of the engine are found again by the template that they were made from."""

import pytest

from core.sentences import made_from, sentence, telling

TOLD = frozenset({
    "nothing waits", "%(units)s wait", "%(units)s wait for %(sku)s", "%(day)s again: %(day)s", "%(share)s%% of %(whole)s",
})  # fmt: skip


@pytest.mark.parametrize(
    ("template", "filled"),
    [
        ("nothing waits", {}),
        ("%(units)s wait", {"units": "3"}),
        ("%(units)s wait for %(sku)s", {"units": "3", "sku": "a\nmug"}),
        ("%(day)s again: %(day)s", {"day": "Monday"}),
        ("%(share)s%% of %(whole)s", {"share": "50", "whole": "4"}),
    ],
)
def test_a_sentence_leads_back_to_its_template_and_what_was_filled_in(template, filled):
    assert made_from(sentence(template, **filled), TOLD) == (template, filled)


@pytest.mark.parametrize("text", ["", "Monday again: Tuesday", "somebody else's words", "nothing waits!"])
def test_what_was_made_from_none_is_told_apart(text):
    assert made_from(text, TOLD) is None


def test_what_has_no_words_of_its_own_tells_nothing():
    """Such a template fits nearly any text: it is looked for last, by whoever asks."""
    assert telling(TOLD | {"%(law)s: %(rule)s", "%(share)s%%"}) == TOLD
