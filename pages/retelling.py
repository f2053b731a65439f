"""What the engine said in English, said again in the language of the page's reader."""

import re
from datetime import date

from flask import Flask

from core.sentences import made_from, telling
from pages.languages import ENGLISH, _, language, n_, words
from pages.printing import printer

END = re.compile(r"(?<=[.?!]) (?=\S)")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
DECIMAL = re.compile(r"\d+\.\d+")
FIGURES = frozenset({"alpha", "factor", "level", "likes", "percent", "rate", "ratio", "share"})
"""What holds a number: anything else with a point in it, such as a SKU, stays as it is."""
DAY_IN_WORDS = re.compile(r"(?<![\w:/.-])\d{4}-\d\d-\d\d(?![\w:/-])")
STOPS = {"ja": "。"}


def retold(text: str) -> str:
    """Return the text in the reader's language, if core made it; what others wrote stays as it is.

    Where it is no sentence of core's, each of its sentences may be. A day or a decimal in it is printed as the reader
    writes it, and a sentence that was filled in is retold itself.
    """
    if language() == ENGLISH:
        return _with_days(text)
    told = telling(words().told)
    said = _said(text, told)
    if said is not None:
        return said
    sentences = END.split(text)
    if len(sentences) > 1:
        return " ".join(retold(one) for one in sentences)
    # What core made may have been kept as a sentence of its own: with a capital and a full stop.
    said = _said(f"{text[:1].lower()}{text[1:].removesuffix('.')}", told)
    if said is not None:
        return full_stop(said) if text.endswith(".") else capital(said)
    said = _said(text, words().told)
    return _with_days(text) if said is None else said


def capital(words: str) -> str:
    """Return the words as they begin a sentence."""
    return words[:1].upper() + words[1:]


def inside(words: str) -> str:
    """Return words that begin a sentence as they stand within one: in English only, others write nouns large."""
    return words[:1].lower() + words[1:] if language() == ENGLISH else words


def full_stop(words: str) -> str:
    """Return the words as a sentence of their own, with the full stop of the reader's language."""
    return stopped(capital(words))


def stopped(words: str) -> str:
    """Return the words with a full stop of the reader's language where they end in none."""
    return words if words.endswith((".", "。")) else words + STOPS.get(language(), ".")


def _said(text: str, templates: frozenset[str]) -> str | None:
    made = made_from(text, templates)
    if made is None:
        return None
    template, filled = made
    printed = {name: _printed(name, value) for name, value in filled.items()}
    forms = words().counted.get(template)
    if forms is None:
        return _(template, **printed)
    # What says no number says one.
    number = int(filled.get("number", "1"))
    return n_(*forms, number, **{name: value for name, value in printed.items() if name != "number"})


def _printed(name: str, value: str) -> str:
    if name in FIGURES and DECIMAL.fullmatch(value):
        return printer().exactly(value)
    return printer().day(date.fromisoformat(value)) if DAY.fullmatch(value) else retold(value)


def _with_days(text: str) -> str:
    """Return the text with its days printed as the reader writes days."""
    return DAY_IN_WORDS.sub(_day_printed, text)


def _day_printed(found: re.Match[str]) -> str:
    try:
        return printer().day(date.fromisoformat(found[0]))
    except ValueError:
        return found[0]  # such as 2026-02-30: somebody's words, and no day


def register(app: Flask) -> None:
    """Give the templates their filters."""
    app.jinja_env.filters["retold"] = retold
    app.jinja_env.filters["full_stop"] = full_stop
