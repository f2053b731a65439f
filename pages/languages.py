"""The language of the merchant's pages: which one a reader gets, and how a sentence is said in it.

A reader gets the language that they chose (kept with their sign-in), else that of the platform's admin around us, else
the first of the browser's that we have, else English. The API, commands and the worker speak English.

English is what stands in the code and the key of the catalogues in `templates/languages/merchant`:

* `_("Saved.")` and `_("%(name)s was placed.", name=name)` say a sentence now; `n_("%(number)s unit",
  "%(number)s units", count)` says one that a number decides about. The first arguments are literals, never f-strings:
  they are collected from the source. What is filled in is filled in after the translation.
* `later("Saved.")` and `plural("%(number)s day", "%(number)s days")` mark words of a table that are said where they are
  shown, by `_(TABLE[key])` or `n_(*TABLE[key], count)`. A table is made when no reader is known yet.
* `core` makes what it says by `core.sentences.sentence("%(sku)s is sold out", sku=sku)` or by `counted("%(number)s day
  late", "%(number)s days late", days)`, an English text, which is stored and given to the API as it is. A page says
  such a text by `retold(text)` (`pages.retelling`), a template by `{{ text | retold }}`.

What `_` returns is for the eyes of this reader alone: what goes into the books stays English.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from flask import Flask, current_app, g, has_request_context, request

from core.sentences import Words

ENGLISH = "en"
MACHINES = "/api/"
RIGHT_TO_LEFT = frozenset({"ar"})


def _(message: str, /, **filled: object) -> str:
    """Return the message in the reader's language, its %(names)s filled in."""
    said = words().gettext(message) if message else ""
    return said % _apart(filled) if filled else said


def n_(one: str, many: str, number: int, /, **filled: object) -> str:
    """Return the message in the plural form that the number needs; it may use %(number)s."""
    return words().ngettext(one, many, number) % _apart({"number": _printed(number), **filled})


def later(message: str) -> str:
    """Mark the words of a table, which are said where they are shown."""
    return message


def plural(one: str, many: str) -> tuple[str, str]:
    """Mark words of a table that a number decides about."""
    return one, many


def language() -> str:
    """Return the code of the language that this request's reader gets."""
    if not has_request_context():
        return ENGLISH
    if "language" not in g:
        g.language = _asked()
    found: str = g.language
    return found


def settle(chosen: str) -> None:
    """Take the language that the reader once chose; "" where they did not."""
    g.language = chosen if chosen in _names() else _asked()


def words() -> Words:
    """Return what the pages say in the reader's language."""
    spoken = language()
    found: Words = SOURCE if spoken == ENGLISH else current_app.extensions["backorder"].words(spoken)
    return found


def register(app: Flask) -> None:
    """Teach the templates: `{% trans %}`, `_()` and `n_()`, and what the frame says of the language."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    # Not "newstyle": that takes what `_` returns for HTML, and would let through what a table or a shop puts into it.
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # given by the extension
        _, lambda one, many, number: words().ngettext(one, many, number), newstyle=False
    )
    app.jinja_env.globals |= {
        "n_": n_, "page_language": language, "page_direction": direction, "page_languages": _names,
    }  # fmt: skip


def direction() -> Literal["ltr", "rtl"]:
    """Return where the reader's lines begin."""
    return "rtl" if language() in RIGHT_TO_LEFT else "ltr"


def _asked() -> str:
    """Return the language that the request asks for: by the admin around it, or by the browser's wishes."""
    if request.path.startswith(MACHINES):
        return ENGLISH
    wishes = (request.args.get("locale", ""), *request.accept_languages.values())
    spoken = (wish.replace("_", "-").partition("-")[0].lower() for wish in wishes)
    return next((one for one in spoken if one in _names()), ENGLISH)


def _names() -> Mapping[str, str]:
    found: Mapping[str, str] = current_app.extensions["backorder"].post.languages
    return found


def _apart(filled: Mapping[str, object]) -> Mapping[str, object]:
    """Return what is filled in; among words that run from the right, each keeps its direction (UAX #9)."""
    if direction() == "ltr":
        return filled
    return {name: f"\N{FIRST STRONG ISOLATE}{one}\N{POP DIRECTIONAL ISOLATE}" for name, one in filled.items()}


def _printed(number: int) -> str:
    printer = g.get("printer") if has_request_context() else None
    return str(printer.number(number)) if printer else str(number)


class _English:
    """What stands in the code, as it stands there."""

    told: frozenset[str] = frozenset()
    counted: Mapping[str, tuple[str, str]] = MappingProxyType({})

    def gettext(self, message: str) -> str:
        return message

    def ngettext(self, one: str, many: str, number: int) -> str:
        return one if number == 1 else many


SOURCE = _English()
