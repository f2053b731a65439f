"""Who may look at a shop, and what they may change."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Role = Literal["owner", "staff", "reader"]
ROLES: tuple[Role, ...] = ("owner", "staff", "reader")


Scope = Literal["read", "write"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """What a token of the API opens."""

    shop: str
    scope: Scope


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
class SignedIn:
    """A browser in which somebody is signed in to a shop. `key` is a digest of what its cookie holds."""

    key: str
    seat: Seat
    browser: str
    at: datetime
