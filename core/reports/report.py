"""All figures of one shop and one period, from the facts of that period."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from core.dates.arrivals import Arrival
from core.forecast.records import DemandRow
from core.reports import fill, losses, promises, waiting
from core.reports.fill import Fill, Preorders, Share, Shortage
from core.reports.losses import Offers, Splits
from core.reports.promises import Calibration, SupplierRecord
from core.reports.records import Consolation, Period, WaitedOrder, Waiter
from core.reports.waiting import Waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a report is made of. `skus` and `suppliers` name items by their platform id.

    `arrivals` were received in the period.
    """

    period: Period
    today: date
    currency: str
    lines: tuple[DemandRow, ...]
    orders: tuple[WaitedOrder, ...]
    changes: Mapping[date, int]
    waiters: tuple[Waiter, ...]
    consolations: tuple[Consolation, ...]
    arrivals: tuple[Arrival, ...]
    skus: Mapping[str, str]
    suppliers: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The figures. Money is in minor units of `currency`."""

    period: Period
    currency: str
    orders: int
    first: Fill
    final: Fill
    backordered: Share
    items: tuple[Shortage, ...]
    suppliers: tuple[Shortage, ...]
    waiting: Waiting
    on_time: Share
    on_time_by_week: tuple[tuple[Period, Share], ...]
    calibration: Calibration
    deliveries: tuple[SupplierRecord, ...]
    cancelled: Share
    cancelled_by_wait: tuple[tuple[str, Share], ...]
    offers: Offers
    splits: Splits
    causes: tuple[tuple[str, int, int], ...]
    preorders: Preorders


def report(facts: Facts) -> Report:
    """Return the figures of the facts' period."""
    period, today, orders = facts.period, facts.today, facts.orders
    lines = fill.backorders_only(facts.lines)
    days = waiting.by_day(facts.changes, period)
    return Report(
        period=period, currency=facts.currency, orders=len({row.order for row in lines}),
        first=fill.first_fill(lines), final=fill.final_fill(lines), backordered=fill.backorder_rate(lines),
        items=fill.shortages(lines, facts.skus), suppliers=fill.shortages(lines, facts.suppliers),
        waiting=Waiting(by_day=days, ageing=waiting.ageing(facts.waiters, period.last)),
        on_time=promises.on_time_in_full(orders, period, today),
        on_time_by_week=promises.by_week(orders, period, today),
        calibration=promises.calibration(orders, period, today),
        deliveries=promises.supplier_records(facts.arrivals),
        cancelled=losses.cancelled(orders, period), cancelled_by_wait=losses.cancellations(orders, period),
        offers=losses.offers(orders, facts.consolations, period), splits=losses.splits(orders, period, facts.currency),
        causes=fill.root_causes(lines), preorders=fill.preorders(facts.lines),
    )  # fmt: skip
