"""Consolations as the books keep them: one row for each that was given, or that was held back to compare."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol

from core.actions import OfferKind
from core.consolation.offer_sum import OfferSum
from core.reports.records import Period

Arm = Literal["offered", "held_out", "by_hand", "planned"]
State = Literal["promised", "made", "used", "void", "none"]
NOBODY = ""
"""In the place of a customer who was forgotten."""
BY_HAND = 0
"""The rung of what a person gave."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consolation:
    """The `number`-th decision about an order to console its customer, on the shop's day `on`.

    `arm`: given by the shop's rule, held out from it, given by a person, or only planned by the rule while the shop is
    observed. `rung` counts from 1. `customer` is a
    digest (`core.codes.customer_key`). `worth`: what it costs at most, in minor units of the shop's currency; `value`:
    what waited then. `state`: `promised` until the shop has the code, `made` then, `used` by the order `used_by`,
    `void` where it can never be used; `none` where nothing was given.
    """

    shop: str
    order: str
    number: int
    arm: Arm
    rung: int
    state: State
    on: date
    customer: str
    code: str
    kind: OfferKind
    percent: int
    amount: str
    minimum: str
    combines: bool
    worth: int
    value: int
    currency: str
    starts_at: datetime
    ends_at: datetime
    weighed: OfferSum | None = None
    used_by: str | None = None

    @property
    def counts(self) -> bool:
        """Whether the caps and the budget count it: what was given, and can be used, or was."""
        return self.arm != "held_out" and self.state != "void"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of an order of which the shop's rule decided: `until` is None while it waits."""

    order: str
    customer: str
    held_out: bool
    on: date
    value: int
    until: date | None
    lost: bool


class ConsolationBook(Protocol):
    """What the books promise about consolations. Sums are right for whoever alone may plan the shop."""

    def put(self, row: Consolation) -> None:
        """Insert or replace by (shop, order, number)."""

    def of_order(self, shop: str, order: str) -> tuple[Consolation, ...]:
        """All of one order, by number."""

    def of_orders(self, shop: str, orders: Collection[str]) -> Mapping[str, Sequence[Consolation]]:
        """All of these orders, by number; an order without any is left out."""

    def by_code(self, shop: str, code: str) -> Consolation | None:
        """The one with this code."""

    def promised(self, shop: str, month: Period) -> int:
        """What those given on days of the month are worth in all; those that can never be used left out."""

    def of_customer(self, shop: str, customer: str, month: Period) -> int:
        """How many the customer was given on days of the month; those that can never be used left out."""

    def by_customer(self, shop: str, month: Period) -> Mapping[str, int]:
        """The same of every customer who was given any."""

    def by_state(self, shop: str, month: Period, today: date) -> Mapping[str, tuple[int, int]]:
        """How many, and worth how much, were given in the month, by state; `expired` is what ended unused before today.

        `held_out` counts decisions without a gift.
        """

    def newest(self, shop: str, *, limit: int) -> tuple[Consolation, ...]:
        """The newest that were given, newest first."""

    def outcomes(self, shop: str, period: Period) -> tuple[Outcome, ...]:
        """What became of the orders that the shop's rule decided about in the period, the first decision of each."""
