"""The platform's global ids and the bare numbers by which the rest of the house knows the same things."""

import re
from typing import Any

from core.errors import PayloadChanged

GID = re.compile(r"gid://shopify/[A-Za-z]+/([0-9]{1,19})(?:\?[^\s]*)?")
BARE = re.compile(r"[0-9]{1,19}")
LARGEST = 2**63 - 1


def gid(kind: str, number: str) -> str:
    """Return the global id of the `kind` with this bare number."""
    return f"gid://shopify/{kind}/{number}"


def bare(value: Any) -> str:  # noqa: ANN401  # read from JSON
    """Return the bare number, as text, of a global id, a number or digits. Raises PayloadChanged on anything else."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= LARGEST:
        return str(value)
    if isinstance(value, str):
        if (match := GID.fullmatch(value)) and int(match[1]) <= LARGEST:
            return match[1]
        if BARE.fullmatch(value) and 0 < int(value) <= LARGEST:
            return value
    raise PayloadChanged(f"not an id: {str(value)[:60]!r}")


def reference(made: Any) -> str:  # noqa: ANN401  # read from JSON
    """Return the bare number of what a write made, for people to find it; empty where the answer does not say."""
    told = made.get("id") if isinstance(made, dict) else None
    return str(told or "").rsplit("/", 1)[-1].partition("?")[0]
