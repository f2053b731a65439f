"""Money in whole minor units, with the currency's number of decimals (ISO 4217)."""

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from core.errors import PayloadChanged
from core.sentences import sentence

# fmt: off
NO_DECIMALS = frozenset({
    "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF",
    "XPF",
})
THREE_DECIMALS = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})
# fmt: on


def exponent(currency: str) -> int:
    """Return how many decimals the currency has: 0, 2 or 3."""
    if currency in NO_DECIMALS:
        return 0
    return 3 if currency in THREE_DECIMALS else 2


def minor(amount: str | float | Decimal, currency: str) -> int:
    """Return the amount in minor units, half up. Raises PayloadChanged on what is no finite number."""
    try:
        value = Decimal(str(amount))
        return int(value.scaleb(exponent(currency)).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    except (InvalidOperation, ValueError, OverflowError) as problem:
        raise PayloadChanged(
            sentence("not an amount of money: %(amount)s", amount=f"{str(amount)[:40]!r}")
        ) from problem


def share_of(amount: int, share: Decimal) -> int:
    """Return so large a share of minor units, half up."""
    return int((amount * share).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def major(units: int, currency: str) -> str:
    """Return minor units as plain text with the currency's decimals, such as `12.50`."""
    return f"{Decimal(units).scaleb(-exponent(currency)):f}"
