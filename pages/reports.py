"""Reports: how well the shop serves those who wait, over a period and beside the one before."""

from collections.abc import Callable

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from core.planning.root_causes import SENTENCES
from core.reports.gathering import reported
from core.reports.meanings import GROUPS
from core.reports.report import Report
from pages import report_view as view
from pages.printing import printer
from pages.report_charts import promise_columns, waiting_steps
from pages.report_period import CHOICES, PeriodProblem, asked_period, last_days
from pages.spreadsheets import sheet
from pages.visitor import merchant_blueprint, visit

ROWS_SHOWN = 10

blueprint = merchant_blueprint("reports", __name__)

SHEETS: dict[str, tuple[tuple[str, ...], Callable[[Report], view.Rows]]] = {
    "items": (("sku", "asked_for", "had_to_wait", "share", "weeks_with_any", "cancelled"), view.item_rows),
    "suppliers": (
        ("supplier", "asked_for", "had_to_wait", "share", "deliveries", "on_time", "mean_days_late"),
        view.supplier_rows,
    ),
    "days": (("day", "units_waiting"), view.day_rows),
    "weeks": (("first", "last", "due", "on_time_in_full", "share"), view.week_rows),
    "ageing": (("days_since_placed", "lines", "units"), view.age_rows),
    "waits": (("days_waited", "waits_ended", "cancelled", "share"), view.wait_rows),
    "causes": (("cause", "meaning", "lines", "units"), view.cause_rows),
}
FIGURES = ("group", "figure", "value", "period_before", "part", "whole", "definition")


@blueprint.get("/reports")
def report_page() -> ResponseReturnValue:
    """Show the report of the period asked for; of the usual one where the dates make no sense."""
    today, errors = printer().today, {}
    try:
        period = asked_period(request.args, today)
    except PeriodProblem as problem:
        period, errors = last_days(today), {problem.key: str(problem)}
    with visit().house.books.read() as unit:
        shop = visit().shop
        now, before = (reported(unit, shop, one, today) for one in (period, period.before))
    typed = {name: request.args.get(name, "") for name in ("from", "to")} if errors else {}
    page = render_template(
        "pages/reports.html",
        here="/reports",
        report=now,
        before=before,
        view=view.view_of(now, before),
        groups=GROUPS,
        causes=SENTENCES,
        steps=waiting_steps(now),
        columns=promise_columns(now),
        errors=errors,
        values={"from": period.first.isoformat(), "to": period.last.isoformat()} | typed,
        choices=CHOICES,
        asked={"from": period.first.isoformat(), "to": period.last.isoformat()},
        shown=ROWS_SHOWN,
        opened=request.args.get("print") == "1",
    )
    return page, 422 if errors else 200


@blueprint.get("/reports.csv")
def report_sheet() -> ResponseReturnValue:
    """Give the figures, or one of the report's tables (`of`), as a file."""
    today, of = printer().today, request.args.get("of", "figures")
    if of != "figures" and of not in SHEETS:
        abort(404)
    try:
        period = asked_period(request.args, today)
    except PeriodProblem as problem:
        abort(422, str(problem))
    name = f"{of}-{period.first}-{period.last}.csv"
    with visit().house.books.read() as unit:
        now = reported(unit, visit().shop, period, today)
        if of == "figures":
            before = reported(unit, visit().shop, period.before, today)
            return sheet(name, FIGURES, view.figure_rows(now, before))
    head, rows = SHEETS[of]
    return sheet(name, head, rows(now))
