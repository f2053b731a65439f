"""Codes that are a pure function of (shop, order, kind, n): made twice, they are the same code."""

import base64
import hashlib
import hmac
from collections.abc import Iterable
from decimal import Decimal

OURS = "sorry"
CODE_BITS_BYTES = 8  # 64 bits: far beyond guessing within a code's life


def offer_code(key: str, *, shop: str, order: str, kind: str, n: int) -> str:
    """Return the n-th consolation code of the order: lower case, letters and digits, hard to guess.

    A gift card's code is of letters and digits alone, and of at most twenty.
    """
    joint = "" if kind == "gift_card" else "-"
    return f"{OURS}{joint}{_digest(key, 'offer', shop, order, kind, str(n))}"


def ours(codes: Iterable[str]) -> tuple[str, ...]:
    """Return those of these codes, however they were typed, that look like ours: in lower case and sorted."""
    return tuple(sorted({code.strip().lower() for code in codes if code.strip().lower().startswith(OURS)}))


def customer_key(key: str, *, shop: str, customer: str) -> str:
    """Return the name under which a shop's customer is counted: nobody's id or address can be read off it."""
    return _digest(key, "customer", shop, customer)


def is_held_out(key: str, *, shop: str, customer: str, share: Decimal) -> bool:
    """Return whether the customer, by `customer_key`, is one of the share who get no offers: always the same ones.

    Who is in at one share is in at every larger one. Nobody can choose their side without the key.
    """
    drawn = int.from_bytes(_hmac(key, "hold-out", shop, customer)[:CODE_BITS_BYTES])
    return bool(drawn < share * 2 ** (8 * CODE_BITS_BYTES))


def _digest(key: str, *parts: str) -> str:
    return base64.b32encode(_hmac(key, *parts)[:CODE_BITS_BYTES]).decode().rstrip("=").lower()


def _hmac(key: str, *parts: str) -> bytes:
    message = "\x1f".join(parts).encode("utf-8", "surrogatepass")
    return hmac.new(key.encode(), message, hashlib.sha256).digest()
