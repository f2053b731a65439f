"""Both platforms sign alike: base64 of HMAC-SHA256 over the raw body."""

import base64
import hmac
from collections.abc import Iterable


def is_signed(body: bytes, signature: str, secrets: Iterable[str]) -> bool:
    """Return whether one of the secrets (current or previous) made this signature over exactly these bytes."""
    # compare_digest raises on non-ASCII text, which would be a 500 for anyone who sends one: compare bytes.
    given = signature.encode("utf-8", "surrogateescape")
    matches = [hmac.compare_digest(_sign(body, secret), given) for secret in secrets if secret]
    return any(matches)


def _sign(body: bytes, secret: str) -> bytes:
    return base64.b64encode(hmac.digest(secret.encode(), body, "sha256"))
