"""Codes of one use: those that an authenticator app makes by the clock, and those for a lost device."""

import base64
import hmac
import secrets
from datetime import UTC, datetime

import pyotp
import segno

from core.access.people import digest
from core.ports.books import Unit
from pages.languages import _

ISSUER = "Backorder"
RECOVERY_CODES = 8
RECOVERY_BYTES = 15
"""120 bits: too many to guess, so their plain SHA-256 may be kept."""
GROUP = 4
STEP = 30
"""Seconds for which a code is shown."""
MOST_TRIES = 5
WINDOW = 15 * 60 // STEP
"""Steps in which so many codes may be tried."""


def new_secret() -> str:
    """Return what a new device's codes are made of, in base32."""
    return pyotp.random_base32()


def picture_of(secret: str, *, shop: str, person: str) -> str:
    """Return the QR code that an authenticator app reads, as a data address of an SVG."""
    name = f"{shop} ({person})" if person else shop
    address = pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER)
    picture: str = segno.make(address, micro=False).svg_data_uri(scale=4, light="#fff")
    return picture


def recovery_codes() -> list[str]:
    """Return fresh codes for a lost device, in groups that can be read out."""
    made = (base64.b32encode(secrets.token_bytes(RECOVERY_BYTES)).decode().lower() for _ in range(RECOVERY_CODES))
    return ["-".join(code[at : at + GROUP] for at in range(0, len(code), GROUP)) for code in made]


def recovery_digest(code: str) -> str:
    """Return what is kept of a code for a lost device, however it was typed."""
    return digest("".join(sign for sign in code.lower() if sign.isalnum()))


def wrong_code() -> str:
    """Return what is said of a code that proved nothing."""
    return _("That is not the code of this moment. After five wrong ones there is a pause of a quarter of an hour.")


def proves(unit: Unit, shop: str, person: str, typed: str) -> bool:
    """Whether this is a code of the person's, and take it: it proves nothing a second time.

    Five may be tried in a quarter of an hour; one that is right begins it anew.
    """
    factor = unit.second_factors.of(shop, person)
    present = int(datetime.now(UTC).timestamp()) // STEP
    if factor is None or unit.second_factors.count_try(shop, person, step=present, window=WINDOW) > MOST_TRIES:
        return False
    step = step_of(factor.secret, "".join(typed.split()), present)
    if step is None:
        proven = unit.second_factors.spend_recovery(shop, person, recovery_digest(typed))
    else:
        proven = unit.second_factors.spend_step(shop, person, step)
    if proven:
        unit.second_factors.forget_tries(shop, person)
    return proven


def step_of(secret: str, code: str, present: int) -> int | None:
    """Return the step of the clock whose code this is; None for a wrong one.

    A step before and one after count as well, for clocks that are not quite right (RFC 6238, section 5.2).
    """
    made = {step: pyotp.TOTP(secret).generate_otp(step) for step in (present, present - 1, present + 1)}
    return next((step for step, right in made.items() if hmac.compare_digest(right.encode(), code.encode())), None)
