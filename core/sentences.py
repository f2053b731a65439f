"""Sentences that leave the engine in English, made so that pages can say them again in another language.

What core says is kept (in plans, in the log) and given to other programs: it stays English text there. A page looks
for the template that the text was made from and says that in its reader's language, with the same things filled in.
"""

import re
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Protocol

PLACE = re.compile(r"%\((\w+)\)s")


class Words(Protocol):
    """The merchant pages' words in one language."""

    @property
    def told(self) -> Collection[str]:
        """What core can say, as English templates."""

    def gettext(self, message: str) -> str:
        """Return the message in this language."""

    def ngettext(self, one: str, many: str, number: int) -> str:
        """Return the message in the plural form that the number needs."""


def sentence(template: str, **filled: object) -> str:
    """Return an English sentence; its template is collected for translation, so it must stand here as it is."""
    return template % filled if filled else template


def made_from(text: str, templates: Collection[str]) -> tuple[str, Mapping[str, str]] | None:
    """Return the template that the text was made from, and what was filled in; None where it was made from none."""
    if text in templates:
        return text, {}
    found = (
        (template, made.groupdict()) for template, shape in _shapes(tuple(templates)) if (made := shape.fullmatch(text))
    )
    return next(found, None)


@lru_cache(maxsize=16)
def _shapes(templates: tuple[str, ...]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return what texts of each template look like; the one with the most words of its own is tried first."""
    filled = [template for template in templates if PLACE.search(template)]
    return tuple((template, _shape(template)) for template in sorted(filled, key=_own_letters, reverse=True))


def _own_letters(template: str) -> int:
    return len(PLACE.sub("", template))


def _shape(template: str) -> re.Pattern[str]:
    pieces = PLACE.split(template)
    words = [re.escape(piece.replace("%%", "%")) for piece in pieces[::2]]
    seen: set[str] = set()
    shape = words[0]
    for name, after in zip(pieces[1::2], words[1:], strict=True):
        shape += (f"(?P={name})" if name in seen else f"(?P<{name}>.+)") + after
        seen.add(name)
    return re.compile(shape, re.DOTALL)
