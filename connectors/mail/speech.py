"""How a reader is spoken to: gettext catalogues for the words, Babel for dates, money and plural forms."""

import gettext
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal
from functools import cache
from typing import Literal

from babel import Locale
from babel.core import get_global
from babel.dates import format_skeleton, format_time, get_datetime_format
from babel.numbers import format_decimal, format_percent

from connectors import catalogues
from connectors.mail.locales import price, written
from core.zones import zone_of

CATALOGUES = catalogues.CUSTOMERS
LANGUAGES: dict[str, str] = {
    "en": "English", "de": "Deutsch", "fr": "Français", "es": "Español", "ja": "日本語", "ar": "العربية",
}  # fmt: skip
RIGHT_TO_LEFT = frozenset({"ar"})
BEFORE_STOP = re.compile(r"%\((\w+)\)s\.(?!\w)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Implements `core.messages.correspondence.Speech` for one reader."""

    language: str
    locale: Locale
    zone: tzinfo
    now: datetime

    @property
    def tag(self) -> str:
        """How the language is written here, by its name in the CLDR."""
        return str(self.locale)

    @property
    def direction(self) -> Literal["ltr", "rtl"]:
        """Where a line begins."""
        return "rtl" if self.language in RIGHT_TO_LEFT else "ltr"

    def say(self, message: str, **named: object) -> str:
        """Return the message in the reader's language, its %(names)s filled in."""
        return self._filled(catalogue(self.language).gettext(message), named)

    def count(self, one: str, many: str, number: int, **named: object) -> str:
        """Return the message in the plural form that the number needs; it may use %(number)s."""
        said = catalogue(self.language).ngettext(one, many, number)
        return self._filled(said, {"number": self.number(number), **named})

    def apart(self, text: str) -> str:
        """Return a name as it stands among the reader's words: where those run from the right, its own way (UAX #9)."""
        return text if self.direction == "ltr" else f"\N{FIRST STRONG ISOLATE}{text}\N{POP DIRECTIONAL ISOLATE}"

    def _filled(self, said: str, named: Mapping[str, object]) -> str:
        if not named:
            return said
        # A German day ends with a full stop of its own (`5. Dez.`): the sentence then needs no second one.
        stopped = BEFORE_STOP.sub(
            lambda at: at[0].removesuffix(".") if str(named[at[1]]).endswith(".") else at[0], said
        )
        return stopped % {name: self.apart(str(one)) for name, one in named.items()}

    def number(self, number: int) -> str:
        """Return a whole number as the reader writes it."""
        return str(format_decimal(number, locale=self.locale))

    def percent(self, percent: int) -> str:
        """Return hundredths as the reader writes them: `10%` in English, `10 %` in German."""
        return str(format_percent(Decimal(percent) / 100, locale=self.locale))

    def day(self, day: date) -> str:
        """Return a calendar day such as `Tue 1 Dec`, with the year where it is not this one."""
        this_year = self.now.astimezone(self.zone).year
        skeleton = "MMMEd" if day.year == this_year else "yMMMEd"
        return str(format_skeleton(skeleton, datetime(day.year, day.month, day.day), locale=self.locale))  # noqa: DTZ001  # a calendar day has no zone

    def moment(self, at: datetime) -> str:
        """Return an instant as date and time at the shop's place, to the minute."""
        there = at.astimezone(self.zone)
        time = format_time(there.time(), "short", locale=self.locale)
        joined = str(get_datetime_format("medium", locale=self.locale)).replace("'", "")
        return joined.replace("{0}", time).replace("{1}", self.day(there.date()))

    def money(self, amount: int, currency: str) -> str:
        """Return minor units with the currency's sign, with as many decimals as the currency has."""
        return price(amount, currency, self.locale)


def reader(locale: str | None, country: str | None, *, zone: str, now: datetime) -> Reader:
    """Return the reader of this locale; where it is not known, of the language most spoken in the country."""
    language = language_of(locale, country)
    region = (locale or "").replace("-", "_").partition("_")[2]
    return Reader(language=language, locale=written(language, region, country), zone=zone_of(zone), now=now)


def language_of(locale: str | None, country: str | None) -> str:
    """Return one of `LANGUAGES`: that of the locale, else that of the country, else English."""
    spoken = (locale or "").replace("-", "_").partition("_")[0].lower()
    if not spoken and country:
        spoken = get_global("likely_subtags").get(f"und_{country.upper()}", "").partition("_")[0]
    # A language without a catalogue would get English words with foreign dates.
    return spoken if spoken in LANGUAGES and (CATALOGUES / f"{spoken}.po").exists() else "en"


@cache
def catalogue(language: str) -> gettext.NullTranslations:
    """Return the language's catalogue; English says what the program says."""
    return catalogues.catalogue(CATALOGUES, language).words
