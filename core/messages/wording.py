"""The merchant's own words in messages: what may be written, where the facts stand in it, how the shop shows itself.

A text surrounds the facts, which stand where `{facts}` is written: units, dates and what a law asks for are put in by
the program and cannot be left out. Kept with the shop as `LANGUAGE.KIND` and `LANGUAGE.KIND.subject`.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from core.messages.colours import CONTRAST, contrast, darkened
from core.messages.notices import LAW_KINDS
from core.records import Shop
from core.sentences import sentence

FACTS = "{facts}"
LONGEST_BODY = 2000
LONGEST_SUBJECT = 150
LONGEST_NAME = 60
LONGEST_LOGO = 500
OURS = "#1d5c58"
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
ANYWHERE = ("order", "shop")
COUNTS = {"part_shipped": ("sent", "total")}
"""What may also be written in the subject of a kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """A message's words with their placeholders: its subject, and the text around the facts."""

    subject: str
    body: str

    @property
    def digest(self) -> str:
        """The same for the same words."""
        return hashlib.sha256(f"{self.subject}\x1f{self.body}".encode("utf-8", "surrogatepass")).hexdigest()[:16]


def may_stand(kind: str, field: str) -> tuple[str, ...]:
    """Return the placeholders that may be written in a field, `subject` or `body`, of a kind."""
    return (*ANYWHERE, *COUNTS.get(kind, ())) if field == "subject" else (*ANYWHERE, "facts")


def is_fixed(kind: str) -> bool:
    """Return whether the subject is not the merchant's: a law wants it understood at once what the message is."""
    return kind in LAW_KINDS


def tidied(text: str) -> str:
    """Return typed text with plain line ends, no blanks at the ends, and no signs that mail cannot hold."""
    plain = "".join(sign for sign in text.replace("\r\n", "\n").replace("\r", "\n") if sign == "\n" or sign >= " ")
    return "\n".join(line.rstrip() for line in plain.strip().split("\n"))


def problems(kind: str, wording: Wording) -> dict[str, str]:
    """Return what is wrong with typed words, by field, as a sentence with its mend."""
    found = {"subject": _subject_problem(kind, wording.subject), "body": _body_problem(kind, wording.body)}
    return {field: said for field, said in found.items() if said}


def _subject_problem(kind: str, text: str) -> str | None:
    if is_fixed(kind):
        return None
    if not text or "\n" in text or len(text) > LONGEST_SUBJECT:
        return sentence(
            "Write a subject of one line, of at most %(longest_subject)s characters.", longest_subject=LONGEST_SUBJECT
        )
    if "{order}" not in text:
        return sentence("Write {order} in the subject: customers must see which order it is about.")
    return _unknown(kind, "subject", text)


def _body_problem(kind: str, text: str) -> str | None:
    if len(text) > LONGEST_BODY:
        return sentence(
            "Write at most %(longest_body)s characters; these are %(text)s.",
            longest_body=f"{LONGEST_BODY:,}",
            text=f"{len(text):,}",
        )
    if text.count(FACTS) != 1:
        return sentence("Write {facts} once, where units, dates and what the customer must be told shall stand.")
    if not "".join(text.split(FACTS)).strip():
        return sentence("Write a sentence of your own before or after {facts}.")
    return _unknown(kind, "body", text)


def _unknown(kind: str, field: str, text: str) -> str | None:
    allowed = may_stand(kind, field)
    wrong = next((name for name in PLACEHOLDER.findall(text) if name not in allowed), None)
    if wrong is not None:
        return sentence(
            "{%(wrong)s} cannot be filled in here; write %(words)s.",
            wrong=wrong[:40],
            words=" or ".join(f"{{{name}}}" for name in allowed),
        )
    if "{" in PLACEHOLDER.sub("", text) or "}" in PLACEHOLDER.sub("", text):
        return sentence("A brace stands alone: { and } are only for what is filled in, such as {order}.")
    return None


def own(shop: Shop, language: str, kind: str) -> Wording | None:
    """Return the merchant's words for a kind in a language; None where the original stands. A subject may be empty."""
    body = shop.wording.get(f"{language}.{kind}")
    return (
        None
        if body is None
        else Wording(
            subject=shop.wording.get(f"{language}.{kind}.subject", ""),
            body=body,
        )
    )


def effective(mine: Wording | None, original: Wording) -> Wording:
    """Return the words that a message leaves in."""
    if mine is None:
        return original
    return Wording(subject=mine.subject or original.subject, body=mine.body)


def with_own(shop: Shop, language: str, kind: str, wording: Wording) -> Shop:
    """Return the shop with the merchant's words in place of the original, which count as read."""
    key = f"{language}.{kind}"
    said = {key: wording.body, f"{key}.read": wording.digest}
    if not is_fixed(kind):
        said[f"{key}.subject"] = wording.subject
    return replace(shop, wording={**shop.wording, **said})


def restored(shop: Shop, language: str, kind: str) -> Shop:
    """Return the shop with the original words of a kind in a language."""
    gone = {
        f"{language}.{kind}",
        f"{language}.{kind}.subject",
        f"{language}.{kind}.read",
    }
    return replace(shop, wording={key: text for key, text in shop.wording.items() if key not in gone})


def marked_read(shop: Shop, language: str, words: Mapping[str, Wording]) -> Shop:
    """Return the shop with these words, by kind, taken down as read in the language."""
    seen = {f"{language}.{kind}.read": wording.digest for kind, wording in words.items()}
    return replace(shop, wording={**shop.wording, **seen})


def is_read(shop: Shop, language: str, kind: str, wording: Wording) -> bool:
    """Return whether the merchant has read just these words."""
    return shop.wording.get(f"{language}.{kind}.read") == wording.digest


def parts(body: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the paragraphs before the facts and those after them."""
    before, _, after = body.partition(FACTS)
    return _paragraphs(before), _paragraphs(after)


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(found.strip() for found in re.split(r"\n\s*\n", text) if found.strip())


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return the text with its placeholders filled in; what is not known stays as it is."""
    return PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), text)


def colour_of(shop: Shop) -> str:
    """Return the shop's colour in what customers see, or ours where it has none."""
    colour = shop.wording.get("colour", "")
    return colour if COLOUR.fullmatch(colour) else OURS


def name_of(shop: Shop) -> str:
    """Return the name under which customers know the shop."""
    return shop.wording.get("name") or shop.name


def logo_of(shop: Shop) -> str | None:
    """Return the address of the shop's picture; None where it has none."""
    return shop.wording.get("logo") or None


def look_problems(name: str, colour: str, logo: str) -> dict[str, str]:
    """Return what is wrong with how the shop wants to show itself, by field. Empty fields are the shop's own."""
    found = {"name": _name_problem(name), "colour": _colour_problem(colour), "logo": _logo_problem(logo)}
    return {field: said for field, said in found.items() if said}


def _name_problem(name: str) -> str | None:
    good = len(name) <= LONGEST_NAME and name.isprintable()
    return (
        None
        if good
        else sentence("Write a name of one line, of at most %(longest_name)s characters.", longest_name=LONGEST_NAME)
    )


def _colour_problem(colour: str) -> str | None:
    if not colour:
        return None
    if not COLOUR.fullmatch(colour):
        return sentence("Write a colour as # and six digits or letters from a to f, such as #1d5c58.")
    ratio = contrast(colour, "#ffffff")
    if ratio >= CONTRAST:
        return None
    return sentence(
        "White words cannot be read well on this colour: contrast is %(ratio)s to 1, and %(contrast)s is "
        "needed. The nearest darker one is %(darkened)s.",
        ratio=f"{ratio:.1f}",
        contrast=CONTRAST,
        darkened=darkened(colour),
    )


def _logo_problem(logo: str) -> str | None:
    if not logo:
        return None
    try:
        parts_ = urlsplit(logo)
        good = parts_.scheme == "https" and bool(parts_.hostname) and len(logo) <= LONGEST_LOGO
    except ValueError:
        good = False
    good = good and logo.isascii() and not any(sign.isspace() or sign in "\"'<>\\" for sign in logo)
    return None if good else sentence("Write the address of a picture that begins with https://.")


def with_look(shop: Shop, look: Mapping[str, str]) -> Shop:
    """Return the shop with `name`, `colour` and `logo`; empty ones are taken away."""
    kept = {key: text for key, text in shop.wording.items() if key not in look}
    return replace(shop, wording={**kept, **{key: text for key, text in look.items() if text}})
