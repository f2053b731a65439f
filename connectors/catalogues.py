"""Translations: the gettext catalogues under `templates/languages`, compiled as they are read."""

import gettext
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

CUSTOMERS = Path(__file__).parents[1] / "templates" / "languages"
MERCHANTS = CUSTOMERS / "merchant"
CORE = ("core/", "connectors/", "worker/")
"""Where sentences come from that pages find again in English text."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Implements `core.sentences.Words` for one language."""

    words: gettext.NullTranslations
    told: frozenset[str] = frozenset()
    counted: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def gettext(self, message: str) -> str:
        """Return the message in this language; what is not translated stays English."""
        return self.words.gettext(message)

    def ngettext(self, one: str, many: str, number: int) -> str:
        """Return the message in the plural form that the number needs."""
        return self.words.ngettext(one, many, number)


@cache
def merchant_words(language: str) -> Catalogue:
    """Return the merchant pages' words in this language, read once in a process."""
    return catalogue(MERCHANTS, language)


def catalogue(folder: Path, language: str) -> Catalogue:
    """Return the language's catalogue of this folder; an empty one, which says English, where there is none."""
    path = folder / f"{language}.po"
    if not path.exists():
        return Catalogue(gettext.NullTranslations())
    with path.open("rb") as source:
        read = read_po(source, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, read)
    compiled.seek(0)
    told = _told(read)
    counted = {form: both for both in told if isinstance(both, tuple) for form in both}
    plain = {one for one in told if isinstance(one, str)}
    return Catalogue(gettext.GNUTranslations(compiled), frozenset(plain | counted.keys()), counted)


def _told(read: Catalog) -> list[str | tuple[str, str]]:
    """Return the messages that core says, where they are translated; both forms where a number decides."""
    told = (entry for entry in read if entry.string and any(place.startswith(CORE) for place, _ in entry.locations))
    return [entry.id if isinstance(entry.id, str) else (entry.id[0], entry.id[1]) for entry in told]
