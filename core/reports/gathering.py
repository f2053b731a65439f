"""Reading one period's facts from the books. A use case over the books' promises (`core.ports`): it counts nothing."""

from datetime import date

from core.actions import Code
from core.items.suppliers import sellers
from core.ports.books import Unit
from core.records import Shop
from core.reports.records import Consolation, Period
from core.reports.report import Facts, Report, report
from core.zones import local_day


def reported(unit: Unit, shop: Shop, period: Period, today: date) -> Report:
    """Return the shop's report of the period."""
    return report(facts_of(unit, shop, period, today))


def facts_of(unit: Unit, shop: Shop, period: Period, today: date) -> Facts:
    """Return everything that the report of a period is made of."""
    lines = tuple(unit.reports.planned_lines(shop.id, period))
    items = unit.items.by_platform_id(shop.id, {row.item for row in lines})
    known = sellers(unit, shop, unit.supply.all(shop.id), unit.planning.terms(shop.id))
    return Facts(
        period=period, today=today, currency=shop.currency, lines=lines, orders=unit.reports.waited(shop.id, period),
        changes=unit.reports.waiting_changes(shop.id, until=period.last),
        waiters=unit.reports.waiting_at(shop.id, period.last), consolations=_consolations(unit, shop),
        arrivals=unit.arrivals.between(shop.id, period.first, period.last),
        skus={item: record.sku for item, record in items.items()},
        suppliers={item: known[record.sku] for item, record in items.items() if record.sku in known},
    )  # fmt: skip


def _consolations(unit: Unit, shop: Shop) -> tuple[Consolation, ...]:
    """Return the offers that were really made, by the business day on which they began.

    The outbox is dated by the machine's clock, which a simulated shop's runs away from: all are read.
    """
    made = (row.action for row in unit.outbox.codes(shop.id) if row.state == "done")
    codes = (action for action in made if isinstance(action, Code))
    return tuple(Consolation(on=local_day(code.starts_at, shop.timezone), worth=code.worth or None) for code in codes)
