"""Rows of what a shop gives its customers: discount codes, store credit, gift cards."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal


@dataclass(slots=True, kw_only=True)
class CreditEntry:
    """A credit, or as a negative sum a debit. `left` of a credit is not spent yet; after `ends` it cannot be."""

    id: int
    amount: Decimal
    at: datetime
    event: str
    ends: datetime | None
    left: Decimal


@dataclass(slots=True, kw_only=True)
class CreditAccount:
    """A customer's store credit in one currency, oldest entry first."""

    id: int
    customer: int
    currency: str
    entries: list[CreditEntry] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class GiftCard:
    """A gift card; its code in lower case."""

    id: int
    code: str
    currency: str
    worth: Decimal
    left: Decimal
    ends: date | None
    note: str | None
    at: datetime
    ended_at: datetime | None = None


@dataclass(slots=True, kw_only=True)
class Discount:
    """A discount code. `percent` is a fraction; without it and an `amount` shipping is free.

    `minimum` is the value of goods it asks for; `combines`: with other codes off the order; `customers` are global
    ids, empty for all.
    """

    id: int
    code: str
    title: str
    starts_at: datetime
    ends_at: datetime | None
    percent: float | None
    amount: Decimal | None
    minimum: Decimal
    combines: bool
    usage_limit: int | None
    once: bool
    customers: tuple[str, ...]
    used: int = 0
    active: bool = True
