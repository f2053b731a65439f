"""What the engine said in English, said again in the language of the page's reader."""

import re
from datetime import date

from flask import Flask

from core.sentences import made_from
from pages.languages import ENGLISH, _, language, words
from pages.printing import printer

DAY = re.compile(r"\d{4}-\d\d-\d\d")


def retold(text: str) -> str:
    """Return the text in the reader's language, if core made it; what others wrote stays as it is.

    A day in it is printed as the reader writes days, and a sentence that was filled in is retold itself.
    """
    if language() == ENGLISH:
        return text
    made = made_from(text, words().told)
    if made is None:
        return text
    template, filled = made
    return _(template, **{name: _printed(value) for name, value in filled.items()})


def _printed(value: str) -> str:
    return printer().day(date.fromisoformat(value)) if DAY.fullmatch(value) else retold(value)


def register(app: Flask) -> None:
    """Give the templates their filter."""
    app.jinja_env.filters["retold"] = retold
