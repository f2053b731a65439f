"""Charts of a report as shapes for SVG: a step line of units waiting, bars of promises kept by week. Pure."""

from dataclasses import dataclass

from core.reports.report import Report

HEIGHT = 100
STEP = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """An area under a step line, as an SVG path in a box `width` wide and HEIGHT tall; `most` units are its top."""

    path: str
    width: int
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a chart: where it begins and how tall the kept part and all of it are, of HEIGHT."""

    left: int
    kept: float
    whole: float


def waiting_steps(report: Report) -> Steps:
    """Return the picture of units waiting at the end of each day."""
    days = report.waiting.by_day
    most = max(1, report.waiting.most)
    parts = [f"M0 {HEIGHT}"]
    for place, (_, units) in enumerate(days):
        parts.append(f"V{_down(units, most)}H{(place + 1) * STEP}")
    return Steps(path="".join(parts) + f"V{HEIGHT}Z", width=len(days) * STEP, most=report.waiting.most)


def promise_columns(report: Report) -> tuple[Column, ...]:
    """Return a column for each week: orders due, and how many of them were on time and in full."""
    most = max(1, *(share.whole for _, share in report.on_time_by_week))
    return tuple(
        Column(left=place * STEP + 1, kept=_tall(share.part, most), whole=_tall(share.whole, most))
        for place, (_, share) in enumerate(report.on_time_by_week)
    )


def _down(units: int, most: int) -> float:
    return round(HEIGHT - HEIGHT * units / most, 2)


def _tall(units: int, most: int) -> float:
    return round(HEIGHT * units / most, 2)
