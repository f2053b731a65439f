"""Sentences that leave the engine in English, made so that pages can say them again in another language.

What core says is kept (in plans, in the log) and given to other programs: it stays English text there. A page looks
for the template that the text was made from and says that in its reader's language, with the same things filled in.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

PLACE = re.compile(r"%\((\w+)\)s")
SHAPES = {"number": "-?[0-9]+"}
"""What some places hold; any other one may hold anything."""


class Words(Protocol):
    """The merchant pages' words in one language."""

    @property
    def told(self) -> frozenset[str]:
        """What core can say, as English templates."""

    @property
    def counted(self) -> Mapping[str, tuple[str, str]]:
        """Those of them that a number decides about: both English forms by each."""

    def gettext(self, message: str) -> str:
        """Return the message in this language."""

    def ngettext(self, one: str, many: str, number: int) -> str:
        """Return the message in the plural form that the number needs."""


def sentence(template: str, **filled: object) -> str:
    """Return an English sentence; its template is collected for translation, so it must stand here as it is."""
    return template % filled if filled else template


def counted(one: str, many: str, number: int, **filled: object) -> str:
    """Return an English sentence in the form that the number needs; either may say %(number)s. Collected as above."""
    return (one if number == 1 else many) % {"number": number, **filled}


@lru_cache(maxsize=4096)
def made_from(text: str, templates: frozenset[str]) -> tuple[str, Mapping[str, str]] | None:
    """Return the template that the text was made from, and what was filled in; None where it was made from none."""
    if text in templates:
        return text, {}
    found = (
        (shape.template, made.groupdict())
        for shape in _shapes(templates)
        if shape.anchor in text and (made := shape.pattern.fullmatch(text))
    )
    return next(found, None)


@lru_cache(maxsize=16)
def telling(templates: frozenset[str]) -> frozenset[str]:
    """Return the templates with words of their own; the others, such as `%(law)s: %(rule)s`, fit nearly any text."""
    return frozenset(template for template in templates if any(map(str.isalpha, PLACE.sub("", template))))


@dataclass(frozen=True, slots=True)
class _Shape:
    """What texts of a template look like. `anchor` is the longest of its own words in a row: found fast, or not."""

    template: str
    anchor: str
    pattern: re.Pattern[str]


@lru_cache(maxsize=16)
def _shapes(templates: frozenset[str]) -> tuple[_Shape, ...]:
    """Return the shapes of the templates that are filled in; the one with the most words of its own is tried first."""
    filled = sorted((template for template in templates if PLACE.search(template)), key=_own_letters, reverse=True)
    return tuple(_Shape(template, max(_own_words(template), key=len), _pattern(template)) for template in filled)


def _own_letters(template: str) -> int:
    return len(PLACE.sub("", template))


def _own_words(template: str) -> list[str]:
    """Return the template's words between what is filled in, as they are read."""
    return [piece.replace("%%", "%") for piece in PLACE.split(template)[::2]]


def _pattern(template: str) -> re.Pattern[str]:
    words = [re.escape(piece) for piece in _own_words(template)]
    seen: set[str] = set()
    shape = words[0]
    for name, after in zip(PLACE.findall(template), words[1:], strict=True):
        shape += (f"(?P={name})" if name in seen else f"(?P<{name}>{SHAPES.get(name, '.+')})") + after
        seen.add(name)
    return re.compile(shape, re.DOTALL)
