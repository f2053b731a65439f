"""Codes that are a pure function of (shop, order, kind, n): made twice, they are the same code."""

import base64
import hashlib
import hmac

CODE_BITS_BYTES = 8  # 64 bits: far beyond guessing within a code's life


def offer_code(key: str, *, shop: str, order: str, kind: str, n: int) -> str:
    """Return the n-th consolation code of the order: lower case, letters and digits, hard to guess.

    A gift card's code is of letters and digits alone, and of at most twenty.
    """
    joint = "" if kind == "gift_card" else "-"
    message = "\x1f".join(("offer", shop, order, kind, str(n))).encode("utf-8", "surrogatepass")
    digest = hmac.new(key.encode(), message, hashlib.sha256).digest()[:CODE_BITS_BYTES]
    return f"sorry{joint}" + base64.b32encode(digest).decode().rstrip("=").lower()
