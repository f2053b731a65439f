"""How a language is written where its reader is, by CLDR: the one place that knows, for mails and pages alike."""

import re
from decimal import Decimal
from functools import cache

from babel import Locale, localedata
from babel.languages import get_official_languages
from babel.numbers import NumberPattern, parse_pattern

from core.money import exponent, major

# CLDR wants a space where a currency has letters for a sign (KWD 1.250); Babel leaves it out.
LETTER_BEFORE_DIGIT = re.compile(r"(?<=[^\W\d_])(?=\d)")
WITHOUT_REGION = {"en": "en_GB"}
"""What stands for a language of which no region is known, where it is not the language itself."""


@cache
def written(language: str, *territories: str | None) -> Locale:
    """Return how the language is written in the first of these territories where people speak it, else at large.

    CLDR also has English as in Germany, with Germany's commas: within English sentences `1.234 €` reads as one euro.
    """
    for territory in filter(None, territories):
        name = f"{language}_{territory.upper()}"
        spoken = get_official_languages(territory.upper(), regional=True, de_facto=True)
        if language in spoken and localedata.exists(name):
            return Locale.parse(name)
    return Locale.parse(WITHOUT_REGION.get(language, language))


def price(amount: int, currency: str, locale: Locale) -> str:
    """Return minor units with the currency's sign and as many decimals as the currency has."""
    # Babel's own number of decimals differs from ISO 4217 for a few currencies (it prints dinars whole).
    pattern, value = _price_pattern(locale, exponent(currency)), Decimal(major(amount, currency))
    printed = str(pattern.apply(value, locale, currency=currency, currency_digits=False))
    return LETTER_BEFORE_DIGIT.sub("\N{NO-BREAK SPACE}", printed)


def _price_pattern(locale: Locale, decimals: int) -> NumberPattern:
    pattern = parse_pattern(locale.currency_formats["standard"].pattern)
    pattern.frac_prec = (decimals, decimals)
    return pattern
