"""What the engine answers: the plan, with a decision and its reasons for every order."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from core.reasons import Reason

Decision = Literal["ship_all", "ship_part", "wait", "review", "decline", "none"]

ON_HAND = "on_hand"


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocated:
    """`units` of one supply pegged to one line; `supply` is `on_hand` or the id of incoming supply.

    `on` is the date from which the units can leave; None for supply without a usable date.
    """

    supply: str
    location: str
    units: int
    on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinePlan:
    """One line's share. `on_hand + backordered == open`; `release_now` may leave today."""

    id: str
    sku: str
    open: int
    ahead: int
    on_hand: int
    backordered: int
    release_now: int
    completes_on: date | None
    allocations: tuple[Allocated, ...] = ()

    @property
    def waits(self) -> int:
        """Units that stock does not cover and that cannot leave today on units lent by an earlier order either."""
        return min(self.backordered, self.open - self.release_now)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPlan:
    """One order's decision. `release_now` says whether anything of it may leave today."""

    id: str
    decision: Decision
    reasons: tuple[Reason, ...]
    release_now: bool
    completes_on: date | None
    lines: tuple[LinePlan, ...]

    @property
    def backordered(self) -> int:
        """Units of the order that stock on hand does not cover."""
        return sum([line.backordered for line in self.lines])

    def because(self, *reasons: Reason) -> "OrderPlan":
        """Return the plan with these reasons as well, each once."""
        more = tuple(reason for reason in reasons if reason not in self.reasons)
        return replace(self, reasons=(*self.reasons, *more)) if more else self


@dataclass(frozen=True, slots=True, kw_only=True)
class Free:
    """Units of one SKU in one pool that nobody claims."""

    sku: str
    pool: str
    on_hand: int
    incoming: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanException:
    """Something a person should know; the keys that do not apply are None."""

    code: str
    detail: str
    sku: str | None = None
    order: str | None = None
    line: str | None = None
    incoming: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The engine's whole answer, orders in the order of the facts."""

    as_of: datetime
    orders: tuple[OrderPlan, ...]
    free: tuple[Free, ...]
    exceptions: tuple[PlanException, ...]
