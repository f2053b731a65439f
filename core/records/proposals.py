"""An offer to the customer of a very large order: priced options that expire."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Literal

OptionKey = Literal["part", "only", "all", "swap"]
ProposalState = Literal["open", "lapsed", "answered", "withdrawn"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Swap:
    """Units of another item in place of a line's missing ones. `price` is for all of them, in minor units.

    `item` is the platform's id of the other item.
    """

    line: str
    sku: str
    title: str
    units: int
    price: int
    item: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One way out: `now` units leave at once, `later` ones on `on` (None: no date known).

    `price` is what the goods cost in all, `freight` what comes on top, both in minor units. `serve`: units per line
    that the customer gets of what was ordered, earlier parcels included; only where the rest is given up.
    """

    key: OptionKey
    now: int
    later: int
    on: date | None
    price: int
    freight: int = 0
    serve: Mapping[str, int] = field(default_factory=dict)
    swaps: tuple[Swap, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """The options as they were put to the customer, until when they stand, and what became of them."""

    made_at: datetime
    ends_at: datetime
    options: tuple[Option, ...]
    state: ProposalState = "open"
    answer: OptionKey | None = None
    answered_at: datetime | None = None

    @property
    def answered(self) -> Option | None:
        """The option that was chosen."""
        return next((option for option in self.options if option.key == self.answer), None)


def aged(proposal: Proposal, as_of: datetime) -> Proposal:
    """Return the proposal as it stands at that moment: open ones lapse at their end."""
    return replace(proposal, state="lapsed") if proposal.state == "open" and as_of >= proposal.ends_at else proposal


def withdrawn(proposal: Proposal | None) -> Proposal | None:
    """Return the proposal taken back, when the merchant decided otherwise meanwhile."""
    return replace(proposal, state="withdrawn") if proposal and proposal.state in {"open", "lapsed"} else proposal


def served(proposal: Proposal | None) -> Mapping[str, int]:
    """Return per line the units that the customer settled for; empty where nothing was given up."""
    return proposal.answered.serve if proposal and proposal.answered else {}
