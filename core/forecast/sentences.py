"""Why a number is what it is, in one sentence each, for the item's page and the API."""

from collections.abc import Iterator
from dataclasses import dataclass

from core.forecast.records import LeadTime, Pattern
from core.forecast.smoothing import Method

PATTERN_WORDS: dict[Pattern, str] = {
    "smooth": "sells steadily",
    "erratic": "sells often, in very different amounts",
    "intermittent": "sells now and then, in similar amounts",
    "lumpy": "sells now and then, in very different amounts",
    "new": "is new",
    "dying": "has stopped selling",
    "none": "has never sold",
}
METHOD_WORDS = {
    "smoothing": "exponential smoothing",
    "average": "the plain average",
    "croston": "Croston's method",
    "sba": "Croston's method with the correction of Syntetos and Boylan",
    "tsb": "the method of Teunter, Syntetos and Babai",
    "season": "smoothing with the season of a year ago",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the sentences of one item are made of; units and weeks."""

    pattern: Pattern
    method: Method
    usual: bool
    relative: float
    weeks: int
    sales: int
    rate: float
    likes: float
    leaning: float
    spiked: bool
    cut_orders: int
    cut_units: int
    closed_weeks: float
    lead: LeadTime
    level: float
    factor: float
    target: str
    stretched: bool


def method_words(method: Method) -> str:
    """Return the method with its constant."""
    words = METHOD_WORDS[method.name] + ("" if method.name == "average" else f" ({method.alpha:.2f})")
    return f"{words} at the pace of the whole shop" if method.pace else words


def why(told: Told) -> tuple[str, ...]:
    """Return the sentences, the most important first."""
    return tuple(sentence[:1].upper() + sentence[1:] + "." for sentence in _sentences(told))


def _sentences(told: Told) -> Iterator[str]:
    yield from _history(told)
    if told.spiked:
        yield "one week many times larger than any other was cut down to the second largest"
    if told.cut_orders:
        orders = "one very large order" if told.cut_orders == 1 else f"{told.cut_orders} very large orders"
        yield f"{orders} counted only as far as usual: {told.cut_units} units left out"
    if told.closed_weeks >= 1 / 7:
        days = round(told.closed_weeks * 7)
        yield f"{days} day{'' if days == 1 else 's'} sold out without backorders tell no demand and were left out"
    yield from _method(told)
    yield from _supply(told.lead)
    yield from _level(told)


def _history(told: Told) -> Iterator[str]:
    weeks = f"{told.weeks} week{'' if told.weeks == 1 else 's'}"
    if told.sales == 0:
        yield f"no sale in {weeks}" if told.weeks else "no history yet"
        return
    sold = "a single week" if told.sales == 1 else f"{told.sales} of {weeks}"
    yield f"{PATTERN_WORDS[told.pattern]}: sold in {sold}" + (f" of {weeks}" if told.sales == 1 else "")


def _method(told: Told) -> Iterator[str]:
    pace = f"{told.rate:.2f} a week" if told.rate < 10 else f"{told.rate:.0f} a week"
    if told.leaning > 0:
        share = round(100 * told.leaning)
        yield f"{pace} expected: {share}% of that guess comes from similar items, which sell {told.likes:.2f} a week"
    elif told.usual:
        yield f"{pace} expected, by {method_words(told.method)}, the shop's usual method"
    else:
        better = max(1, round(100 * (1 - told.relative)))
        yield f"{pace} expected, by {method_words(told.method)}: {better}% less loss here than the shop's usual method"


def _supply(lead: LeadTime) -> Iterator[str]:
    days = f"delivery takes {lead.days:.0f} days, give or take {lead.variance**0.5:.0f}"
    if lead.own:
        yield f"{days}, from {lead.own} of its own deliveries and the supplier's {lead.supplier}"
    elif lead.supplier:
        yield f"{days}, from the supplier's {lead.supplier} deliveries"
    else:
        yield f"{days}: no delivery was measured yet, the setting is used"
    if lead.closed:
        yield f"{lead.closed} of these days the supplier is closed"
    if lead.slip >= 1:
        yield f"deliveries come {lead.slip:.0f} days later than first said"


def _level(told: Told) -> Iterator[str]:
    if told.stretched:
        yield (
            f"to reach {told.target}, stock is {told.factor:.2f} times what covers {100 * told.level:.0f}% of cases:"
            " the replay of the last months showed larger surprises than the distribution"
        )
    else:
        yield f"to reach {told.target}, stock covers demand in {100 * told.level:.1f}% of cases"
