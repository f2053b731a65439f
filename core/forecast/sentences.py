"""Why a number is what it is, in one sentence each, for the item's page and the API."""

from collections.abc import Iterator
from dataclasses import dataclass

from core.forecast.records import LeadTime, Pattern
from core.forecast.smoothing import Method
from core.sentences import counted, sentence

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
SILENT_BUT_FREQUENT = 4
"""The same of what sells in most weeks, such as one that another item has replaced."""
LEAST = 1 / 52
WORTH_TELLING = 0.1
"""Share of a guess that comes from similar items."""
METHOD_WORDS = {
    "smoothing": sentence("exponential smoothing (%(alpha)s)"),
    "average": sentence("the plain average"),
    "croston": sentence("Croston's method (%(alpha)s)"),
    "sba": sentence("Croston's method with the correction of Syntetos and Boylan (%(alpha)s)"),
    "tsb": sentence("the method of Teunter, Syntetos and Babai (%(alpha)s)"),
    "season": sentence("smoothing with the season of a year ago (%(alpha)s)"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the sentences of one item are made of; units and weeks.

    `silent`: weeks since the last sale; `paused`: it was silent so long before, and sold again; `fell`: weeks at half
    the pace or less, 0 if it did not. So many `fewer` are kept for what packs and least orders leave over.
    """

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
    promotions: int
    promoted: int
    closed_weeks: float
    lead: LeadTime
    level: float
    factor: float
    target: str
    stretched: bool
    stocked: bool
    paused: bool = False
    fewer: int = 0
    fell: int = 0


def method_words(method: Method) -> str:
    """Return the method with its constant; of a blend the heaviest part."""
    if method.name == "blend":
        words = sentence("a weighted mean of methods, most of all %(words)s", words=method_words(method.parts[0][1]))
    else:
        words = METHOD_WORDS[method.name] % {"alpha": f"{method.alpha:.2f}"}
    return sentence("%(words)s at the pace of the whole shop", words=words) if method.pace else words


def why(told: Told) -> tuple[str, ...]:
    """Return the sentences, the most important first."""
    return tuple(sentence[:1].upper() + sentence[1:] + "." for sentence in _sentences(told))


def _sentences(told: Told) -> Iterator[str]:
    yield from _history(told)
    if told.fell:
        yield sentence("sells half of what it did or less: only the last %(weeks)s weeks count", weeks=told.fell)
    if told.spiked:
        yield sentence("one week many times larger than any other was cut down to the second largest")
    if told.cut_orders:
        yield counted(
            "one very large order counted only as far as usual: %(units)s left out",
            "%(number)s very large orders counted only as far as usual: %(units)s left out",
            told.cut_orders,
            units=counted("%(number)s unit", "%(number)s units", told.cut_units),
        )
    if told.promotions:
        yield counted(
            "one week at a low price counted only as far as the best at the usual price: %(units)s left out",
            "%(number)s weeks at a low price counted only as far as the best at the usual price: %(units)s left out",
            told.promotions,
            units=counted("%(number)s unit", "%(number)s units", told.promoted),
        )
    if told.closed_weeks >= 1 / 7:
        yield counted(
            "%(number)s day sold out without backorders tells no demand and was left out",
            "%(number)s days sold out without backorders tell no demand and were left out",
            round(told.closed_weeks * 7),
        )
    yield from _method(told)
    yield from _supply(told.lead)
    yield from _level(told)


def _history(told: Told) -> Iterator[str]:
    weeks = counted("%(number)s week", "%(number)s weeks", told.weeks)
    if told.sales == 0:
        yield sentence("no sale in %(weeks)s", weeks=weeks) if told.weeks else sentence("no history yet")
        return
    pattern = PATTERN_WORDS[told.pattern]
    if told.weeks == 1:
        yield sentence("%(pattern)s: sold in its first week", pattern=pattern)
    elif told.sales == 1:
        # One sale tells no pattern: only whether it was lately.
        yield (
            sentence("%(pattern)s: sold in a single week of %(weeks)s", pattern=pattern, weeks=weeks)
            if told.pattern in {"new", "dying"}
            else sentence("sold in a single week of %(weeks)s", weeks=weeks)
        )
    else:
        sold = {"pattern": pattern, "sales": told.sales, "weeks": weeks}
        yield sentence("%(pattern)s: sold in %(sales)s of %(weeks)s", **sold)
    if told.silent >= (SILENT_BUT_FREQUENT if told.pattern in {"smooth", "erratic"} else SILENT):
        silence = counted("no sale in the last week", "no sale in the last %(number)s weeks", told.silent)
        yield sentence("%(silence)s, as before it last came back", silence=silence) if told.paused else silence


def _method(told: Told) -> Iterator[str]:
    if told.rate < LEAST:
        pace = sentence("less than one a year")
    else:
        pace = sentence("%(rate)s a week", rate=f"{told.rate:.2f}" if told.rate < 10 else f"{told.rate:.0f}")
    if told.leaning >= WORTH_TELLING:
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
    days = counted(
        "delivery takes %(number)s day, give or take %(variance)s",
        "delivery takes %(number)s days, give or take %(variance)s",
        round(lead.days),
        variance=f"{lead.variance**0.5:.0f}",
    )
    if lead.own and not lead.supplier:
        yield counted(
            "%(days)s, from one delivery of its own",
            "%(days)s, from %(number)s deliveries of its own",
            lead.own,
            days=days,
        )
    elif lead.own:
        yield sentence(
            "%(days)s, from %(own)s of its own deliveries and the supplier's %(supplier)s",
            days=days,
            own=lead.own,
            supplier=lead.supplier,
        )
    elif lead.supplier:
        yield counted(
            "%(days)s, from one delivery of the supplier",
            "%(days)s, from %(number)s deliveries of the supplier",
            lead.supplier,
            days=days,
        )
    else:
        yield sentence("%(days)s: no delivery was measured yet, the setting is used", days=days)
    if lead.closed:
        yield sentence("%(closed)s of these days the supplier is closed", closed=lead.closed)
    if lead.slip >= 1:
        yield counted(
            "count on deliveries %(number)s day later than first said",
            "count on deliveries %(number)s days later than first said",
            round(lead.slip),
        )


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
    if told.fewer:
        yield counted(
            "packs and least orders leave units over, which is spare stock too: %(number)s less is kept for it",
            "packs and least orders leave units over, which is spare stock too: %(number)s fewer are kept for it",
            told.fewer,
        )
