"""What can happen to a case. Every event brings its day, in the shop's time zone, and its evidence."""

from dataclasses import dataclass
from datetime import date

from core.delay_laws.cases import Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What we now believe: the open units ship on `ships_on` (None: no date is known)."""

    on: date
    ships_on: date | None
    lead_days: int
    evidence: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeSent:
    """A delay option notice left, with the new date (None: no date can be given)."""

    on: date
    revised_on: date | None
    evidence: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Consented:
    """The buyer agreed to wait for what the notice said."""

    on: date
    evidence: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodSet:
    """The buyer set a further period that ends with the day `until`."""

    on: date
    until: date
    evidence: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelReceived:
    """The buyer cancelled."""

    on: date
    evidence: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class SellerCancelled:
    """The seller decided not to ship."""

    on: date
    evidence: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipped:
    """The carrier took over the last open unit. A printed label is no shipment."""

    on: date
    evidence: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Refunded:
    """The money was sent back."""

    on: date
    evidence: Evidence


Event = Forecast | NoticeSent | Consented | PeriodSet | CancelReceived | SellerCancelled | Shipped | Refunded
