"""Reports: how well the shop serves its orders over a period, and a summary of where it stands at this moment."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from itertools import chain
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from core.actions import Code
from core.consolation.offers import month_of
from core.ports.books import Unit
from core.records import OrderRecord, Shop
from core.reports.gathering import reported
from core.reports.records import Period
from core.reports.trial import TRIAL_DAYS, trial
from core.zones import local_day
from pages.api.answers import answer
from pages.api.door import shop_of
from pages.api.offer_document import budget_document, trial_document
from pages.api.problems import Disagreement, KeyProblem
from pages.api.report_document import report_document
from pages.api.summary import RECENT_DAYS, Counted, counted, summary
from pages.report_period import OutOfReach, PeriodProblem, asked_period
from pages.visitor import house


def show_report() -> ResponseReturnValue:
    """Answer with the report of a period (`from`, `to`, or `days` until today) and its figures in the one before."""
    with house().books.read() as unit:
        shop = shop_of(unit)
        today = local_day(house().now(), shop.timezone)
        if blank := [name for name, value in request.args.items() if not value or value != value.strip()]:
            raise KeyProblem(blank[0], "must not be empty, nor begin or end with a blank")
        try:
            period = asked_period(request.args, today)
        except OutOfReach as problem:
            raise Disagreement(problem.key, str(problem)) from problem
        except PeriodProblem as problem:
            raise KeyProblem(problem.key, str(problem)) from problem
        now, before = (reported(unit, shop, one, today) for one in (period, period.before))
    return answer(report_document(now, before))


def show_summary() -> ResponseReturnValue:
    """Answer with the figures and what each of them means."""
    as_of = house().now()
    with house().books.read() as unit:
        shop = shop_of(unit)
        offered: list[str] = []
        waiting = _counted(unit.orders.open_each(shop.id), offered)
        recent = _counted(unit.orders.ended(shop.id, since=as_of - timedelta(days=RECENT_DAYS)), offered)
        codes = _codes(unit, shop, offered)
        learned = _learned(unit, shop, local_day(as_of, shop.timezone))
    return answer(summary(waiting, recent, codes, learned, currency=shop.currency, as_of=as_of))


def _learned(unit: Unit, shop: Shop, today: date) -> dict[str, Any]:
    """Return what offers changed over the last year, and this month's budget."""
    last_year = Period(first=today - timedelta(days=TRIAL_DAYS - 1), last=today)
    found = trial(unit.consolations.outcomes(shop.id, last_year))
    sums = unit.consolations.by_state(shop.id, month_of(today), today)
    return {
        "trial": trial_document(found, shop.currency, TRIAL_DAYS),
        "budget": budget_document(sums, shop.policy.offers.monthly_budget, shop.currency),
    }


def _counted(records: Iterable[OrderRecord], offered: list[str]) -> list[Counted]:
    """Return what the orders add to the figures, and name those of them that were offered something."""
    found: list[Counted] = []
    for record in records:
        found.append(counted(record))
        if record.offers:
            offered.append(record.id)
    return found


def _codes(unit: Unit, shop: Shop, orders: Collection[str]) -> list[Code]:
    """Return the consolations that were really made for the orders."""
    rows = chain.from_iterable(unit.outbox.of_orders(shop.id, orders).values())
    return [row.action for row in rows if isinstance(row.action, Code) and row.state == "done"]
