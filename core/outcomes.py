"""What can come back when an action was carried out."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """The platform did it now. `reference` is its id of what was made, for people to find it."""

    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Already:
    """It stood there before: nothing was written."""

    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocked:
    """It cannot be done now and trying again will not help; the platform will tell when that changes."""

    reason: str


Outcome = Done | Already | Blocked
