"""From a letter to words: one template folder per kind, in one frame for all, with the merchant's own opening words.

HTML is one column of tables with inlined styles, for mail programs take no others; the text twin says the same.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import css_inline
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from connectors.mail.speech import Reader
from core.messages import offer_letter, wording
from core.messages.correspondence import Letter, Told, Worded
from core.messages.notices import MARKETING, TO_MERCHANT
from core.messages.wording import COUNTS, FACTS, LONGEST_SUBJECT, Wording

TEMPLATES = Path(__file__).parents[2] / "templates" / "mail"
MOST_LINES = 60


def composed(letter: Letter, speech: Reader, link: Callable[[str, str], str], unsubscribe: str | None) -> Worded:
    """Return the letter in words. Messages about the same order keep the order in which they were drafted."""
    frame = _frame(letter, speech, link, unsubscribe)
    html = _environment(html=True).get_template("frame.html").render(frame)
    return Worded(
        subject=frame["subject"], text=_text(frame), html=_inliner().inline(html), language=speech.language,
        unsubscribe=unsubscribe,
    )  # fmt: skip


def plain(letter: Letter, speech: Reader, link: Callable[[str, str], str], unsubscribe: str | None) -> tuple[str, str]:
    """Return the letter's subject and text."""
    frame = _frame(letter, speech, link, unsubscribe)
    return frame["subject"], _text(frame)


def is_marketing(letter: Letter) -> bool:
    """Return whether the letter may be declined."""
    return any(told.kind in MARKETING for told in letter.told)


def _frame(letter: Letter, speech: Reader, link: Callable[[str, str], str], unsubscribe: str | None) -> dict[str, Any]:
    letter = replace(letter, shop=replace(letter.shop, name=wording.name_of(letter.shop)))
    parts = [_part(letter, told, speech, link) for told in letter.told]
    return {
        "to_merchant": all(told.kind == TO_MERCHANT for told in letter.told),
        "parts": parts, "shop": letter.shop, "customer": letter.customer, "language": speech.language, "speech": speech,
        "direction": speech.direction, "unsubscribe": unsubscribe,
        "colour": wording.colour_of(letter.shop), "logo": wording.logo_of(letter.shop),
        "subject": subject_of(letter, parts, speech),
    }  # fmt: skip


def _text(frame: Mapping[str, Any]) -> str:
    return tidied(_environment(html=False).get_template("frame.txt").render(frame))


def subject_of(letter: Letter, parts: list[dict[str, Any]], speech: Reader) -> str:
    """Return the subject: that of the one message, or what they have in common. One line, no longer than needed."""
    said = parts[0]["subject"]
    if len(parts) > 1:
        said = speech.say("News about your orders at %(shop)s", shop=letter.shop.name)
    return " ".join(str(said).split())[:LONGEST_SUBJECT]


def tidied(text: str) -> str:
    """Return the text with single empty lines, no blanks at the ends, and a line's end at its end."""
    lines = [line.rstrip() for line in text.strip().splitlines()]
    kept = [line for number, line in enumerate(lines) if line or lines[number - 1]]
    return "\n".join(kept) + "\n"


def _part(letter: Letter, told: Told, speech: Reader, link: Callable[[str, str], str]) -> dict[str, Any]:
    """Return one message's subject and bodies."""
    facts: dict[str, Any] = {"kind": told.kind, "order": told.name, "facts": told.facts, "shop": letter.shop}
    facts |= {"_": speech.say, "n_": speech.count, "day": lambda text: speech.day(date.fromisoformat(text))}
    facts |= {"money": speech.money, "percent": speech.percent}
    facts |= {"moment": lambda text: speech.moment(datetime.fromisoformat(text))}
    facts["options"] = [
        {"title": offer_letter.title(option, speech), "words": offer_letter.words(option, speech)}
        for option in told.facts.get("options", ())
    ]
    lines = told.facts.get("lines", ())
    facts |= {"lines": [_line(line, speech) for line in lines[:MOST_LINES]], "more": max(0, len(lines) - MOST_LINES)}
    facts |= {"link": link(letter.shop.id, told.order), "colour": wording.colour_of(letter.shop)}
    return {
        **_words(letter, told, speech, facts),
        "html": _environment(html=True).get_template(f"{told.kind}/body.html").render(facts),
        "text": _environment(html=False).get_template(f"{told.kind}/body.txt").render(facts),
        "link": facts["link"],
        "order": told.name,
    }


def _line(line: Mapping[str, Any], speech: Reader) -> dict[str, Any]:
    """Return what is said of one line: its title, and a phrase for the units of each fate."""
    said = []
    if line["now"]:
        said.append(speech.count("%(number)s can ship now", "%(number)s can ship now", line["now"]))
    if line["waits"]:
        said.append(_waits(line, speech))
    if line["kept"]:
        kept = "%(number)s in stock, kept for one parcel with the rest"
        said.append(speech.count(kept, kept, line["kept"]))
    return {"title": speech.apart(line["title"]), "said": said}


def _waits(line: Mapping[str, Any], speech: Reader) -> str:
    units, first, last = line["waits"], line["from"], line["until"]
    if not last:
        undated = "%(number)s will follow; there is no date yet"
        return speech.count(undated, undated, units)
    until = speech.day(date.fromisoformat(last))
    if not first or first == last:
        return speech.count("%(number)s will follow on %(day)s", "%(number)s will follow on %(day)s", units, day=until)
    between = "%(number)s will follow between %(first)s and %(last)s"
    return speech.count(between, between, units, first=speech.day(date.fromisoformat(first)), last=until)


def _words(letter: Letter, told: Told, speech: Reader, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return a message's subject and the paragraphs around its facts, the merchant's or the original."""
    own = wording.own(letter.shop, speech.language, told.kind)
    if own is None:
        before, after = wording.parts(_opening(told.kind, facts))
        return {"subject": _subject(told.kind, facts), "before": before, "after": after}
    values = {"order": told.name, "shop": letter.shop.name}
    before, after = (tuple(wording.filled(text, values) for text in part) for part in wording.parts(own.body))
    counts = {name: str(told.facts.get(name, "")) for name in COUNTS.get(told.kind, ())}
    subject = wording.filled(own.subject, values | counts) or _subject(told.kind, facts)
    return {"subject": subject, "before": before, "after": after}


def original(kind: str, speech: Reader) -> Wording:
    """Return the words that a message of this kind has by itself, with placeholders where facts are filled in."""
    counts = {name: f"{{{name}}}" for name in COUNTS.get(kind, ())}
    words = {"_": speech.say, "n_": speech.count, "order": "{order}", "facts": counts}
    return Wording(subject=_subject(kind, words), body=f"{_opening(kind, words)}\n\n{FACTS}")


def _subject(kind: str, words: Mapping[str, Any]) -> str:
    return _environment(html=False).get_template(f"{kind}/subject.txt").render(words).strip()


def _opening(kind: str, words: Mapping[str, Any]) -> str:
    return _environment(html=False).get_template(f"{kind}/opening.txt").render(words).strip()


@cache
def _environment(*, html: bool) -> Environment:
    # The text twin is no HTML: escaping would show the customer &amp;.
    return Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=html,  # noqa: S701  # see above
        undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip


@cache
def _inliner() -> css_inline.CSSInliner:
    # Rules for dark mode and small screens cannot be inlined: they stay in the head, for programs that read it.
    return css_inline.CSSInliner(keep_style_tags=False, keep_at_rules=True, load_remote_stylesheets=False)
