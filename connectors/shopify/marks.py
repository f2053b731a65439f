"""Our marks on an order: tags in our own namespace, and note lines with a marker, so that each stands once."""

import re

MARKER = re.compile(r"\[backorder:([0-9A-Za-z_-]{1,64})\]")
LONGEST = 5000


def markers(note: str | None) -> frozenset[str]:
    """Return the markers of our notes in the order's note."""
    return frozenset(MARKER.findall(note or ""))


def with_note(note: str | None, text: str, marker: str) -> str | None:
    """Return the order's note with ours below what stands there; None where not even the marker fits.

    The platform keeps 5,000 characters; what people wrote is never shortened, ours is.
    """
    before = f"{note.rstrip()}\n\n" if note and note.strip() else ""
    after = f"\n[backorder:{marker}]"
    room = LONGEST - len(before) - len(after)
    if room < 0:
        return None
    said = text if len(text) <= room else text[: max(0, room - 1)] + "…" * min(1, room)
    return f"{before}{said}{after}"
