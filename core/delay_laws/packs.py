"""The rules of each law, as data with a version and the day from which it holds."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from core.delay_laws.calendars import CALENDARS, working_days_after
from core.errors import Misuse
from core.policy.shop_policy import Law
from core.sentences import sentence

Measures = Literal["shipment", "delivery"]
Unit = Literal["working_days", "days"]
MEASURED = (sentence("shipment"), sentence("delivery"))
"""What a law measures, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """One version of one law.

    `default_days` after the order are the limit where no time was stated; `seller_credit_days` where the buyer applies
    to the seller for credit. `short_delay_days`: silence consents to a first delay of up to so many days (0: never).
    `silence_cancels`: silence to any other notice ends the order by itself; else a person must act.
    `refund_days` of `refund_unit` run from the day after the right vested. Where the law names no number
    (`refund_is_law` False) it is a target of ours.
    """

    law: Law
    version: str
    effective_on: date
    title: str
    measures: Measures
    default_days: int
    seller_credit_days: int | None
    short_delay_days: int
    silence_cancels: bool
    refund_days: int
    refund_unit: Unit
    refund_is_law: bool
    holidays: str
    countries: frozenset[str]

    def refund_due(self, vested_on: date) -> date:
        """Return the last day on which the refund may be sent, in money."""
        if self.refund_unit == "working_days":
            return working_days_after(vested_on, self.refund_days, CALENDARS[self.holidays])
        return vested_on + timedelta(days=self.refund_days)

    def limit(self, ordered_on: date, *, stated_on: date | None = None, seller_credit: bool = False) -> date:
        """Return T: the last day for what the law measures. A stated day replaces the default."""
        if stated_on is not None:
            return stated_on
        days = self.seller_credit_days if seller_credit and self.seller_credit_days else self.default_days
        return ordered_on + timedelta(days=days)


# The directive is of relevance for the European Economic Area: Iceland, Liechtenstein and Norway keep it too.
EEA = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK".split()  # noqa: SIM905  # a list of 30 is read better as one line
)
UNITED_STATES = frozenset({"US", "PR", "GU", "VI", "AS", "MP", "UM"})

PACKS: tuple[Pack, ...] = (
    Pack(
        law="us_ftc_435", version="2014-12", effective_on=date(2014, 12, 8),
        title=sentence("United States, 16 CFR 435"), measures="shipment", default_days=30, seller_credit_days=50,
        short_delay_days=30, silence_cancels=True,
        refund_days=7, refund_unit="working_days", refund_is_law=True, holidays="us_federal", countries=UNITED_STATES,
    ),
    Pack(
        law="eu_2011_83", version="2014-06", effective_on=date(2014, 6, 13),
        title=sentence("European Union, directive 2011/83, article 18"), measures="delivery", default_days=30,
        seller_credit_days=None, short_delay_days=0, silence_cancels=False,
        refund_days=7, refund_unit="days", refund_is_law=False, holidays="weekends", countries=EEA,
    ),
    Pack(
        law="uk_cra_2015", version="2015-10", effective_on=date(2015, 10, 1),
        title=sentence("United Kingdom, Consumer Rights Act 2015, section 28"), measures="delivery", default_days=30,
        seller_credit_days=None, short_delay_days=0, silence_cancels=False,
        refund_days=7, refund_unit="days", refund_is_law=False, holidays="weekends", countries=frozenset({"GB"}),
    ),
)  # fmt: skip


def pack_of(law: Law, version: str) -> Pack:
    """Return the version of the law under which a case was opened. Raises Misuse on one that is not known."""
    for pack in PACKS:
        if (pack.law, pack.version) == (law, version):
            return pack
    raise Misuse(f"laws: {law} has no version {version}")


def governing(country: str | None, chosen: Collection[Law], day: date) -> tuple[Pack, ...]:
    """Return the chosen packs that govern an order to this country; all of them where the country is not known.

    A law that did not hold on the day governs nothing: a shop may have an open order that is older.
    """
    packs = filter(None, (_held_on(law, day) for law in chosen))
    return tuple(pack for pack in packs if country is None or country.upper() in pack.countries)


def _held_on(law: Law, day: date) -> Pack | None:
    held = (pack for pack in PACKS if pack.law == law and pack.effective_on <= day)
    return max(held, key=lambda pack: pack.effective_on, default=None)
