"""The merchant pages' sentences, as they stand in the code: `make words` brings the catalogues up to them."""

import io
from contextlib import chdir
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from babel.messages.catalog import Catalog
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po, write_po

from connectors.catalogues import MERCHANTS

ROOT = Path(__file__).parents[1]
LANGUAGES = ("ar", "de", "es", "fr", "ja")
NAMES = ("_", "n_", "later", "plural", "sentence", "counted", "gettext", "ngettext")
MARKS = ("_", "n_:1,2", "later", "plural:1,2", "sentence", "counted:1,2", "gettext", "ngettext:1,2")
FOR_TRANSLATORS = "For translators:"
"""A comment above a sentence that begins so stands beside it in every catalogue."""
HEADER = """\
# What merchants read in this language. The English text is the key; `make words` adds what is new.
msgid ""
msgstr ""
"Project-Id-Version: Backorder 1\\n"
"Language: {language}\\n"
"Plural-Forms: {plurals}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


@cache
def collected():
    """Every sentence that is marked in the code, by Babel's own readers of Python and Jinja."""
    with TemporaryDirectory() as folder:
        found = Path(folder) / "merchant.pot"
        marks = [part for mark in MARKS for part in ("-k", mark)]
        mapping = ["-F", str(ROOT / "pyproject.toml")]
        quiet = ["pybabel", "-q", "extract", "--no-default-keywords", "--add-location=file"]
        quiet += ["--add-comments", FOR_TRANSLATORS, "--strip-comment-tags"]
        # From here, so that the places are paths within the project.
        with chdir(ROOT):
            CommandLineInterface().run([*quiet, *mapping, *marks, "-o", str(found), "."])
        with found.open("rb") as source:
            return read_po(source)


def catalogue(language):
    """What is translated into the language now."""
    path = MERCHANTS / f"{language}.po"
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as source:
        return read_po(source, locale=language)


def renewed(language):
    """The language's catalogue with exactly the sentences of the code, translated as far as they were."""
    known = catalogue(language)
    known.update(collected(), no_fuzzy_matching=True, update_creation_date=False)
    written = io.BytesIO()
    write_po(written, known, width=0, omit_header=True, sort_by_file=True, ignore_obsolete=True, include_lineno=False)
    return HEADER.format(language=language, plurals=known.plural_forms) + written.getvalue().decode().lstrip("\n")


if __name__ == "__main__":
    MERCHANTS.mkdir(exist_ok=True)
    for language in LANGUAGES:
        (MERCHANTS / f"{language}.po").write_text(renewed(language), "utf-8")
        missing = sum(not entry.string or not all(entry.string) for entry in catalogue(language) if entry.id)
        print(f"{language}: {missing} of {len(catalogue(language))} sentences wait for their translation")  # noqa: T201  # told to whoever runs it
