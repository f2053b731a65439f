"""How money, dates, waits and units are printed: by Babel, as the reader's language has it, in the shop's time zone.

Where the language is spoken at the shop's place, that region decides within it, such as on the order of day and month.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from typing import Literal

from babel import Locale
from babel.core import get_global
from babel.dates import format_skeleton, format_time, get_datetime_format
from babel.lists import format_list
from babel.numbers import format_decimal, parse_pattern
from flask import Flask, current_app, g, has_app_context

from core.dates.promise_ranges import PromiseRange
from core.messages.correspondence import Speech
from core.money import minor
from core.records import Shop
from core.zones import zone_of
from pages.languages import _, language, n_, plural

Counted = Literal[
    "unit", "order", "item", "customer", "action", "draft", "mail", "offer", "time", "day", "hour", "minute"
]
UNITS: dict[Counted, tuple[str, str]] = {
    "unit": plural("%(number)s unit", "%(number)s units"),
    "order": plural("%(number)s order", "%(number)s orders"),
    "item": plural("%(number)s item", "%(number)s items"),
    "customer": plural("%(number)s customer", "%(number)s customers"),
    "action": plural("%(number)s action", "%(number)s actions"),
    "draft": plural("%(number)s draft", "%(number)s drafts"),
    "mail": plural("%(number)s mail", "%(number)s mails"),
    "offer": plural("%(number)s offer", "%(number)s offers"),
    "time": plural("%(number)s time", "%(number)s times"),
    "day": plural("%(number)s day", "%(number)s days"),
    "hour": plural("%(number)s hour", "%(number)s hours"),
    "minute": plural("%(number)s minute", "%(number)s minutes"),
}
"""What is counted, by its word in English."""
SECONDS_A_MINUTE, SECONDS_AN_HOUR, SECONDS_A_DAY = 60, 3600, 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Printer:
    """Prints for one reader: their language and region, their time zone, and the day that is today there."""

    speech: Speech
    locale: Locale
    zone: tzinfo
    now: datetime

    @property
    def today(self) -> date:
        """Return the calendar day at the reader's place."""
        return self.now.astimezone(self.zone).date()

    def money(self, amount: int | None, currency: str) -> str:
        """Return minor units with the currency's sign and as many decimals as the currency has."""
        if amount is None:
            return _("no price")
        return self.speech.money(amount, currency)

    def day(self, day: date | None) -> str:
        """Return a calendar day such as `Tue 1 Dec`, with the year where it is not this one."""
        if day is None:
            return _("no date yet")
        skeleton = "MMMEd" if day.year == self.today.year else "yMMMd"
        return format_skeleton(skeleton, datetime(day.year, day.month, day.day), locale=self.locale)  # noqa: DTZ001  # a calendar day has no zone

    def month(self, day: date) -> str:
        """Return the day's month such as `December 2026`."""
        return format_skeleton("yMMMM", datetime(day.year, day.month, day.day), locale=self.locale)  # noqa: DTZ001  # the same

    def days(self, ships: PromiseRange) -> str:
        """Return a range as its first and last day; one day stands for itself."""
        if not ships.is_open:
            return self.day(ships.likely)
        return _("between %(first)s and %(last)s", first=self.day(ships.earliest), last=self.day(ships.latest))

    def moment(self, at: datetime | None) -> str:
        """Return an instant as day and time at the reader's place."""
        if at is None:
            return _("never")
        there = at.astimezone(self.zone)
        skeleton = "MMMd" if there.year == self.today.year else "yMMMd"
        day = format_skeleton(skeleton, there.replace(tzinfo=None), locale=self.locale)
        time = format_time(there.time(), "short", locale=self.locale)
        joined = str(get_datetime_format("medium", locale=self.locale)).replace("'", "")
        return joined.replace("{0}", time).replace("{1}", day)

    def wait(self, since: datetime | None) -> str:
        """Return how long ago an instant is, in the one unit that people would use."""
        if since is None:
            return _("no wait")
        seconds = max(0, int((self.now - since).total_seconds()))
        if seconds >= SECONDS_A_DAY:
            return self.units(seconds // SECONDS_A_DAY, "day")
        if seconds >= SECONDS_AN_HOUR:
            return self.units(seconds // SECONDS_AN_HOUR, "hour")
        return self.units(max(1, seconds // SECONDS_A_MINUTE), "minute")

    def until(self, day: date) -> str:
        """Return how far a calendar day is from today, such as `in 8 days` or `3 days late`."""
        days = (day - self.today).days
        if days == 0:
            return _("today")
        if days > 0:
            return n_("in %(number)s day", "in %(number)s days", days)
        return n_("%(number)s day late", "%(number)s days late", -days)

    def awaited(self, day: date) -> str:
        """Return how far a plan's date is from today.

        One that has passed is no lateness: plans are made by UTC days, and the next one gives a new date in a moment.
        """
        if day < self.now.astimezone(UTC).date():
            return _("a new date follows")
        return self.until(max(day, self.today))

    def all_of(self, words: Sequence[str]) -> str:
        """Return these words in a row, with the reader's "and" before the last."""
        return str(format_list(words, locale=self.locale))

    def number(self, number: int) -> str:
        """Return a whole number with its thousands apart."""
        return self.speech.number(number)

    def decimal(self, number: float) -> str:
        """Return a number with one decimal."""
        return str(format_decimal(round(number, 1), "#,##0.0", locale=self.locale))

    def exactly(self, digits: str) -> str:
        """Return a decimal number, given as digits with a point, with all its decimals as the region writes it."""
        decimals = "0" * len(digits.partition(".")[2])
        return str(format_decimal(Decimal(digits), f"#,##0.{decimals}", locale=self.locale))

    def hundredths(self, percent: int) -> str:
        """Return a whole percentage."""
        return self.speech.percent(percent)

    def amount(self, amount: str, currency: str) -> str:
        """Return money given in major units as text, such as `12.50`, with the currency's sign."""
        return self.money(minor(amount, currency), currency)

    def percent(self, share: float) -> str:
        """Return a share from 0 to 1 as a percentage with one decimal."""
        pattern = parse_pattern(self.locale.percent_formats[None].pattern)
        pattern.frac_prec = (1, 1)
        return str(pattern.apply(share, self.locale))

    def units(self, count: int, word: Counted = "unit") -> str:
        """Return a count with its word, one of `UNITS`, in the plural form that the count needs."""
        return n_(*UNITS[word], count, number=self.number(count))


def printer_for(shop: Shop, now: datetime) -> Printer:
    """Return the printer of a shop's pages for their reader."""
    home = get_global("zone_territories").get(shop.timezone)
    return _printer(home, shop.timezone, now)


def printer() -> Printer:
    """Return this request's printer; one without a region and in UTC where no shop is known (error pages)."""
    known = g.get("printer") if has_app_context() else None
    if isinstance(known, Printer):
        return known
    return _printer(None, "UTC", datetime.now(UTC))


def _printer(territory: str | None, zone: str, now: datetime) -> Printer:
    """Return the printer for the reader's language, written as in this territory where it is spoken there."""
    speech = current_app.extensions["backorder"].post.speak(language(), territory, zone=zone, now=now)
    return Printer(speech=speech, locale=Locale.parse(speech.tag), zone=zone_of(zone), now=now)


def register(app: Flask) -> None:
    """Give the templates their filters."""
    filters = app.jinja_env.filters
    filters["money"] = lambda amount, currency: printer().money(amount, currency)
    filters["day"] = lambda day: printer().day(day)
    filters["month"] = lambda day: printer().month(day)
    filters["days"] = lambda ships: printer().days(ships)
    filters["moment"] = lambda at: printer().moment(at)
    filters["wait"] = lambda since: printer().wait(since)
    filters["until"] = lambda day: printer().until(day)
    filters["awaited"] = lambda day: printer().awaited(day)
    filters["decimal"] = lambda number: printer().decimal(number)
    filters["percent"] = lambda share: "–" if share is None else printer().percent(share)
    filters["number"] = lambda number: printer().number(number)
    filters["units"] = lambda count, word="unit": printer().units(count, word)
