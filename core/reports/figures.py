"""A report as one list of named figures: what pages, files and the API show alike."""

from collections.abc import Iterator
from dataclasses import dataclass

from core.reports.fill import Share
from core.reports.meanings import MEANINGS
from core.reports.report import Report


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number. `value` is None where nothing is known; a share from 0 to 1 comes with its part and whole."""

    key: str
    value: float | None
    part: int | None = None
    whole: int | None = None


def figures(report: Report) -> tuple[Figure, ...]:
    """Return every figure of the report, in the order of MEANINGS."""
    found = {one.key: one for one in (*_shares(report), *_numbers(report))}
    return tuple(found[key] for key in MEANINGS)


def _shares(report: Report) -> Iterator[Figure]:
    first, final, told, apart = report.first, report.final, report.calibration, report.preorders
    whole = told.share.whole
    shares = {
        "unit_fill_first": first.units, "line_fill_first": first.lines, "order_fill_first": first.orders,
        "unit_fill_final": final.units, "line_fill_final": final.lines, "order_fill_final": final.orders,
        "backorder_rate": report.backordered, "on_time_in_full": report.on_time,
        "before_range": Share(part=told.early, whole=whole), "within_range": told.share,
        "after_range": Share(part=told.late, whole=whole), "cancelled": report.cancelled,
        "cancelled_with_offer": report.offers.cancelled_with,
        "cancelled_without_offer": report.offers.cancelled_without,
        "split_kept": Share(part=report.splits.kept, whole=report.splits.made),
        "lost_split": report.splits.lost_split, "lost_whole": report.splits.lost_whole,
        "preorder_shipped": Share(part=apart.shipped, whole=apart.units),
        "preorder_lost": Share(part=apart.lost, whole=apart.units),
    }  # fmt: skip
    for key, share in shares.items():
        yield Figure(key=key, value=share.rate, part=share.part, whole=share.whole)


def _numbers(report: Report) -> Iterator[Figure]:
    waiting, offers, splits, apart = report.waiting, report.offers, report.splits, report.preorders
    numbers: dict[str, float | None] = {
        "units_waiting": waiting.last, "mean_units_waiting": waiting.mean, "unit_days": waiting.unit_days,
        "consolations": offers.made, "consolation_cost": offers.cost, "splits": splits.made,
        "split_freight": splits.freight, "freight_per_kept": splits.freight_per_kept,
        "preorder_orders": apart.orders, "preorder_units": apart.units,
    }  # fmt: skip
    for key, value in numbers.items():
        yield Figure(key=key, value=value)
