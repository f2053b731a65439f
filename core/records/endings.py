"""Units that a customer will not get, decided for good: what was given up, by whom, and whether the shop knows."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from core.records.proposals import Swap

Giver = Literal["person", "customer", "policy", "law", "withdrawal"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """One decision to end what waits, or the whole order. It cannot be undone once the shop carried it out.

    `units` per line are given up, `serve` are those that the customer gets of the line in all, earlier parcels
    included: both bound what is taken off, so that an edit in the shop meanwhile makes it neither more nor twice.
    `key` is a UUID that names the decision at the platform. `until`: so long its customer may take it back; the units
    keep their place, do not leave, and the shop is told nothing. None: it stands. `swap`: what takes the units' place.
    """

    key: str
    by: Giver
    at: datetime
    whole: bool
    units: dict[str, int] = field(default_factory=dict)
    serve: dict[str, int] = field(default_factory=dict)
    done: bool = False
    until: datetime | None = None
    swap: Swap | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """What a consumer withdrew from, for which no reason is owed. `units` per line, sent ones included.

    `keep`: units per line that they keep or still get of what was not given back by then; what the shop still has of
    them beyond that is to be given back. `sent`: units per line that had left, or were being picked.
    """

    at: datetime
    units: dict[str, int]
    keep: dict[str, int]
    sent: dict[str, int] = field(default_factory=dict)
