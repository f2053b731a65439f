"""Why a number is what it is, in one sentence each, for the item's page and the API."""

from collections.abc import Iterator
from dataclasses import dataclass

from core.forecast.records import LeadTime, Pattern
from core.forecast.smoothing import Method
from core.sentences import sentence

PATTERN_WORDS: dict[Pattern, str] = {
    "smooth": sentence("sells steadily"),
    "erratic": sentence("sells often, in very different amounts"),
    "intermittent": sentence("sells now and then, in similar amounts"),
    "lumpy": sentence("sells now and then, in very different amounts"),
    "new": sentence("is new"),
    "dying": sentence("has stopped selling"),
    "none": sentence("has never sold"),
}
SILENT = 8
"""Weeks without a sale that are worth a sentence."""
LEAST = 1 / 52
METHOD_WORDS = {
    "smoothing": sentence("exponential smoothing"),
    "average": sentence("the plain average"),
    "croston": sentence("Croston's method"),
    "sba": sentence("Croston's method with the correction of Syntetos and Boylan"),
    "tsb": sentence("the method of Teunter, Syntetos and Babai"),
    "season": sentence("smoothing with the season of a year ago"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the sentences of one item are made of; units and weeks. `silent`: weeks since the last sale."""

    pattern: Pattern
    method: Method
    usual: bool
    relative: float
    weeks: int
    sales: int
    silent: int
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
    stocked: bool


def method_words(method: Method) -> str:
    """Return the method with its constant."""
    words = METHOD_WORDS[method.name] + ("" if method.name == "average" else f" ({method.alpha:.2f})")
    return sentence("%(words)s at the pace of the whole shop", words=words) if method.pace else words


def why(told: Told) -> tuple[str, ...]:
    """Return the sentences, the most important first."""
    return tuple(sentence[:1].upper() + sentence[1:] + "." for sentence in _sentences(told))


def _sentences(told: Told) -> Iterator[str]:
    yield from _history(told)
    if told.spiked:
        yield sentence("one week many times larger than any other was cut down to the second largest")
    if told.cut_orders:
        orders = (
            sentence("one very large order")
            if told.cut_orders == 1
            else sentence("%(cut_orders)s very large orders", cut_orders=told.cut_orders)
        )
        yield sentence(
            "%(orders)s counted only as far as usual: %(cut_units)s units left out",
            orders=orders,
            cut_units=told.cut_units,
        )
    if told.closed_weeks >= 1 / 7:
        days = round(told.closed_weeks * 7)
        yield (
            sentence("1 day sold out without backorders tells no demand and was left out")
            if days == 1
            else sentence("%(days)s days sold out without backorders tell no demand and were left out", days=days)
        )
    yield from _method(told)
    yield from _supply(told.lead)
    yield from _level(told)


def _history(told: Told) -> Iterator[str]:
    weeks = sentence("1 week") if told.weeks == 1 else sentence("%(weeks)s weeks", weeks=told.weeks)
    if told.sales == 0:
        yield sentence("no sale in %(weeks)s", weeks=weeks) if told.weeks else sentence("no history yet")
        return
    pattern = PATTERN_WORDS[told.pattern]
    if told.weeks == 1:
        yield sentence("%(pattern)s: sold in its first week", pattern=pattern)
    elif told.sales == 1:
        yield sentence("%(pattern)s: sold in a single week of %(weeks)s", pattern=pattern, weeks=weeks)
    else:
        sold = {"pattern": pattern, "sales": told.sales, "weeks": weeks}
        yield sentence("%(pattern)s: sold in %(sales)s of %(weeks)s", **sold)
    if told.silent >= SILENT:
        yield sentence("no sale in the last %(silent)s weeks", silent=told.silent)


def _method(told: Told) -> Iterator[str]:
    if told.rate < LEAST:
        pace = sentence("less than one a year")
    else:
        pace = sentence("%(rate)s a week", rate=f"{told.rate:.2f}" if told.rate < 10 else f"{told.rate:.0f}")
    if told.leaning > 0:
        share = round(100 * told.leaning)
        yield sentence(
            "%(pace)s expected: %(share)s%% of that guess comes from similar items, which sell %(likes)s a week",
            pace=pace,
            share=share,
            likes=f"{told.likes:.2f}",
        )
    elif told.usual:
        yield sentence(
            "%(pace)s expected, by %(method_words)s, the shop's usual method",
            pace=pace,
            method_words=method_words(told.method),
        )
    else:
        better = max(1, round(100 * (1 - told.relative)))
        yield sentence(
            "%(pace)s expected, by %(method_words)s: %(better)s%% less loss here than the shop's usual method",
            pace=pace,
            method_words=method_words(told.method),
            better=better,
        )


def _supply(lead: LeadTime) -> Iterator[str]:
    days = sentence(
        "delivery takes %(days)s days, give or take %(variance)s",
        days=f"{lead.days:.0f}",
        variance=f"{lead.variance**0.5:.0f}",
    )
    if lead.own:
        yield sentence(
            "%(days)s, from %(own)s of its own deliveries and the supplier's %(supplier)s",
            days=days,
            own=lead.own,
            supplier=lead.supplier,
        )
    elif lead.supplier:
        yield sentence("%(days)s, from the supplier's %(supplier)s deliveries", days=days, supplier=lead.supplier)
    else:
        yield sentence("%(days)s: no delivery was measured yet, the setting is used", days=days)
    if lead.closed:
        yield sentence("%(closed)s of these days the supplier is closed", closed=lead.closed)
    if lead.slip >= 1:
        yield sentence("count on deliveries %(slip)s days later than first said", slip=f"{lead.slip:.0f}")


def _level(told: Told) -> Iterator[str]:
    if not told.stocked:
        return
    if told.stretched:
        yield (
            sentence(
                "to reach %(target)s, stock is %(factor)s times what covers %(level)s%% of cases: the replay of the "
                "last months showed larger surprises than the distribution",
                target=told.target,
                factor=f"{told.factor:.2f}",
                level=f"{100 * told.level:.0f}",
            )
        )
    else:
        yield sentence(
            "to reach %(target)s, stock covers demand in %(level)s%% of cases",
            target=told.target,
            level=f"{100 * told.level:.1f}",
        )
