"""Who may look at a shop, and what they may change."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

Role = Literal["owner", "staff", "reader"]
ROLES: tuple[Role, ...] = ("owner", "staff", "reader")
Scope = Literal["read", "write"]
SCOPES: tuple[Scope, ...] = ("read", "write")


def digest(secret: str) -> str:
    """Return what is kept of a token, link or cookie that lets somebody in: its SHA-256 as hex digits.

    They are long and random, so nothing slower is needed to keep them from being guessed.
    """
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """A token of the API, known by its digest: what it opens, what for, since when, and the last day it was used on."""

    digest: str
    shop: str
    scope: Scope
    name: str
    created_at: datetime
    used_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """One person's place in one shop. `person` is a name that whoever let them in gave; it may be empty.

    `language` is the one that they chose for the pages; "" as long as they chose none.
    """

    shop: str
    person: str
    role: Role
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondFactor:
    """A device of a person's that makes codes of one use by the clock (RFC 6238); it counts once it is `confirmed`.

    `secret` is what its codes are made of, in base32; `recovery_left` how many codes for a lost device are left.
    """

    secret: str
    confirmed: bool
    recovery_left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """A browser in which somebody is signed in to a shop. `key` is a digest of what its cookie holds."""

    key: str
    seat: Seat
    browser: str
    at: datetime
