"""Our marks on an order: tags in our own namespace, and lines of our own in its note, which else is people's.

A line ends with its marker and a digest of its words. One that does not fit its digest was changed by a person: it is
theirs now, and stays.
"""

import hashlib
import re

MARKER = re.compile(r"\[backorder:([0-9A-Za-z_-]{1,64})\]")
LINE = re.compile(r"(\r?\n)?^([^\r\n]*) \[backorder:([0-9A-Za-z_-]{1,50})-([0-9a-f]{8})\]$(?=(\r?\n)?)", re.MULTILINE)
LONGEST = 5000


def markers(note: str | None) -> frozenset[str]:
    """Return the markers of our notes in the order's note."""
    return frozenset(MARKER.findall(note or ""))


def with_line(note: str | None, text: str, marker: str) -> str | None:
    """Return the order's note with our line of this marker saying `text` (of nothing: without it), all else as it is.

    A line that a person changed stays, and no other is written beside it. None where the platform's 5,000 characters
    do not suffice.
    """
    before = note or ""
    words = " ".join(text.split())
    line = f"{words} [backorder:{marker}-{_digest(words)}]" if words else ""
    found = [match for match in LINE.finditer(before) if match[3] == marker]
    if any(_digest(match[2]) != match[4] for match in found):
        return before
    if line and any(match[0].lstrip("\r\n") == line for match in found):
        return before
    kept = before
    for match in reversed(found):
        kept = _without(kept, match)
    after = f"{kept}\n{line}" if kept and line else kept + line
    return after if len(after) <= LONGEST or len(after) <= len(before) else None


def without_lines(note: str | None) -> str:
    """Return the order's note without any line of ours."""
    kept = note or ""
    for match in reversed(list(LINE.finditer(kept))):
        if _digest(match[2]) == match[4]:
            kept = _without(kept, match)
    return kept


def _without(note: str, match: re.Match[str]) -> str:
    """Take a line out, with the break before it; that of a first line is the one behind it."""
    end = match.end() + (len(match[5]) if match[5] and not match[1] else 0)
    return note[: match.start()] + note[end:]


def _digest(words: str) -> str:
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:8]
