"""A report as JSON: every figure with its definition, in the period and in the one before, and the tables behind."""

from typing import Any

from core.reports.figures import Figure, figures
from core.reports.fill import Share, Shortage
from core.reports.meanings import MEANINGS
from core.reports.records import Period
from core.reports.report import Report
from pages.api.answers import day


def report_document(now: Report, before: Report) -> dict[str, Any]:
    """Return the document. Money is in minor units of `currency`; what nobody knows is null."""
    then = {figure.key: figure for figure in figures(before)}
    return {
        "period": _period(now.period),
        "before": _period(before.period),
        "currency": now.currency,
        "figures": {figure.key: _figure(figure, then[figure.key]) for figure in figures(now)},
        "waiting": [{"on": day(on), "units": units} for on, units in now.waiting.by_day],
        "ageing": [{"days": days, "lines": lines, "units": units} for days, lines, units in now.waiting.ageing],
        "items": [_shortage("sku", one) for one in now.items],
        "suppliers": [_shortage("supplier", one) for one in now.suppliers],
        "deliveries": [
            {"supplier": one.name, "received": one.deliveries, "on_time": one.on_time, "days_late": one.mean_days_late}
            for one in now.deliveries
        ],
        "weeks": [{**_period(week), **_share(share)} for week, share in now.on_time_by_week],
        "waits": [{"days": days, **_share(share)} for days, share in now.cancelled_by_wait],
        "causes": [{"cause": cause, "lines": lines, "units": units} for cause, lines, units in now.causes],
    }


def _period(period: Period) -> dict[str, str | None]:
    return {"first": day(period.first), "last": day(period.last)}


def _figure(now: Figure, before: Figure) -> dict[str, Any]:
    meaning = MEANINGS[now.key]
    return {
        "kind": meaning.kind, "value": _rounded(now.value), "part": now.part, "whole": now.whole,
        "before": _rounded(before.value), "definition": meaning.means,
    }  # fmt: skip


def _shortage(kind: str, one: Shortage) -> dict[str, Any]:
    return {
        kind: one.name, "asked": one.asked, "waited": one.waited, "rate": _rounded(one.rate), "weeks": one.weeks,
        "cancelled": one.lost,
    }  # fmt: skip


def _share(share: Share) -> dict[str, Any]:
    return {"part": share.part, "whole": share.whole, "rate": _rounded(share.rate)}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
