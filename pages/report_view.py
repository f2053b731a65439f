"""A report as its page shows it: figures in groups beside those of the period before, and rows for files."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from core.money import major
from core.planning.root_causes import SENTENCES
from core.reports.figures import Figure, figures
from core.reports.fill import Share
from core.reports.meanings import GROUPS, MEANINGS, Meaning
from core.reports.report import Report
from pages.languages import _
from pages.printing import printer
from pages.retelling import retold

Rows = Iterator[Sequence[object]]
TILES = ("unit_fill_first", "on_time_in_full", "mean_units_waiting", "cancelled")
UNKNOWN = "–"
DECIMALS = 3
"""Of a share: as many as are printed of its percentage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One figure as printed, with its counts, that of the period before, and whether it got `better` or `worse`."""

    key: str
    meaning: Meaning
    now: str
    counts: str
    before: str
    trend: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportView:
    """Tiles and groups of figures."""

    tiles: tuple[Shown, ...]
    groups: dict[str, tuple[Shown, ...]]


def view_of(now: Report, before: Report) -> ReportView:
    """Return the view of a report beside that of the period before."""
    then = {figure.key: figure for figure in figures(before)}
    shown = {figure.key: _shown(figure, then[figure.key], now.currency) for figure in figures(now)}
    groups = {group: tuple(one for one in shown.values() if one.meaning.group == group) for group in GROUPS}
    return ReportView(tiles=tuple(shown[key] for key in TILES), groups=groups)


def _shown(figure: Figure, before: Figure, currency: str) -> Shown:
    meaning = MEANINGS[figure.key]
    counts = (
        ""
        if figure.whole is None
        else _(
            "%(part)s of %(whole)s",
            part=printer().number(figure.part or 0),
            whole=printer().number(figure.whole),
        )
    )
    return Shown(
        key=figure.key,
        meaning=replace(meaning, name=retold(meaning.name), means=retold(meaning.means)),
        now=printed(figure.value, meaning, currency),
        counts=counts,
        before=printed(before.value, meaning, currency),
        trend=_trend(meaning, figure.value, before.value),
    )


def printed(value: float | None, meaning: Meaning, currency: str) -> str:
    """Return a figure's value as people read it; a dash where nothing is known."""
    if value is None:
        return UNKNOWN
    match meaning.kind:
        case "share":
            return printer().percent(value)
        case "money":
            return printer().money(round(value), currency)
        case "number":
            return printer().decimal(value)
        case "units":
            return printer().number(round(value))


def _trend(meaning: Meaning, now: float | None, before: float | None) -> str:
    if meaning.good is None or now is None or before is None or round(now, DECIMALS) == round(before, DECIMALS):
        return ""
    return "better" if (now > before) == meaning.good else "worse"


def figure_rows(now: Report, before: Report) -> Rows:
    """Yield every figure with its counts and meaning, money in whole currency units."""
    then = {figure.key: figure for figure in figures(before)}
    for figure in figures(now):
        meaning = MEANINGS[figure.key]
        values = [_plain(one.value, meaning, now.currency) for one in (figure, then[figure.key])]
        yield GROUPS[meaning.group], meaning.name, *values, figure.part, figure.whole, meaning.means


def _plain(value: float | None, meaning: Meaning, currency: str) -> object:
    if value is None:
        return None
    return float(major(round(value), currency)) if meaning.kind == "money" else round(value, 4)


def item_rows(report: Report) -> Rows:
    """Yield what had to wait, item by item."""
    for one in report.items:
        yield one.name, one.asked, one.waited, round(one.rate, 4), one.weeks, one.lost


def supplier_rows(report: Report) -> Rows:
    """Yield what had to wait by supplier, and how suppliers kept their first dates."""
    known = {one.name: one for one in report.deliveries}
    short = {one.name: one for one in report.suppliers}
    for name in sorted(known.keys() | short.keys()):
        waited, kept = short.get(name), known.get(name)
        yield (
            name, waited and waited.asked, waited and waited.waited, waited and round(waited.rate, 4),
            kept and kept.deliveries, kept and kept.on_time, kept and round(kept.mean_days_late, 2),
        )  # fmt: skip


def day_rows(report: Report) -> Rows:
    """Yield the units waiting at the end of each day."""
    yield from report.waiting.by_day


def week_rows(report: Report) -> Rows:
    """Yield the promises of each week."""
    for week, share in report.on_time_by_week:
        yield week.first, week.last, share.whole, share.part, _rate(share)


def age_rows(report: Report) -> Rows:
    """Yield what waits by days since the order was placed."""
    yield from report.waiting.ageing


def wait_rows(report: Report) -> Rows:
    """Yield how many waits ended in a cancellation, by days waited."""
    for days, share in report.cancelled_by_wait:
        yield days, share.whole, share.part, _rate(share)


def cause_rows(report: Report) -> Rows:
    """Yield why lines came to wait."""
    for cause, lines, units in report.causes:
        yield cause, SENTENCES[cause], lines, units


def _rate(share: Share) -> float | None:
    return None if share.rate is None else round(share.rate, 4)
