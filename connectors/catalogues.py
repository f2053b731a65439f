"""Translations: the gettext catalogues under `templates/languages`, compiled as they are read."""

import gettext
import io
from dataclasses import dataclass
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
    return Catalogue(gettext.GNUTranslations(compiled), _told(read))


def _told(read: Catalog) -> frozenset[str]:
    """Return the messages that core says, where they are translated."""
    told = (entry for entry in read if entry.string and any(place.startswith(CORE) for place, _ in entry.locations))
    return frozenset(entry.id for entry in told if isinstance(entry.id, str))
