"""What to order, and why: the list by urgency and value, one item's forecast with its picture, its terms."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlencode

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.forecast.records import BuyingTerms, Run
from core.money import major
from core.ports.books import Unit
from core.records import ItemRecord
from pages import terms_form as form
from pages.changes import changing_shop, note_change, note_doing
from pages.demand_chart import chart_of
from pages.incoming_form import Typed
from pages.languages import _
from pages.printing import printer
from pages.reorder_rows import Desk, Line
from pages.spreadsheets import sheet
from pages.visitor import merchant_blueprint, visit

A_PAGE = 50
RANKED = {"now": "0", "soon": "1"}
"""How the rank of an item begins that is to be ordered so."""
ALARMS_SHOWN = 12
HEAD = ("sku", "title", "supplier", "urgency", "order", "on_hand", "owed", "on_the_way", "reorder_point", "order_up_to",
        "runs_out_on", "would_wait", "would_wait_value", "order_costs", "currency", "reasons", "why")  # fmt: skip

blueprint = merchant_blueprint("reorder", __name__)


@blueprint.get("/reorder")
def reorder_list() -> ResponseReturnValue:
    """Show what to order, the most urgent first, with the drafts by supplier and the habit alarms."""
    start = max(0, request.args.get("start", 0, type=int))
    with visit().house.books.read() as unit:
        desk = Desk(unit, visit().shop, printer().today)
        places = desk.places()
        skus = _sought(desk, places)
        lines = desk.needed(skus[start : start + A_PAGE])
        drafts = desk.drafts(sku for _, sku in places)
        run = unit.planning.run(visit().shop.id)
    further = _address("/reorder", start=str(start + A_PAGE)) if len(skus) > start + A_PAGE else None
    report = json.loads(run.report)
    return render_template(
        "pages/reorder.html", here="/reorder", lines=lines, total=len(skus), further=further, drafts=drafts, run=run,
        alarms=report.get("alarms", [])[:ALARMS_SHOWN], made_at=_made_at(report), busy=_busy(run),
        when=request.args.get("when", ""), sought=request.args.get("q", ""), sheet=_address("/reorder.csv"),
        whens={when: _address("/reorder", when=when) for when in ("", *RANKED)},
    )  # fmt: skip


@blueprint.get("/reorder.csv")
def reorder_sheet() -> ResponseReturnValue:
    """Give the list, all that is asked for of it, as a file."""
    with visit().house.books.read() as unit:
        desk = Desk(unit, visit().shop, printer().today)
        lines = desk.needed(_sought(desk, desk.places()))
    return sheet(f"reorder-{printer().today}.csv", HEAD, (_cells(line) for line in lines))


@blueprint.get("/reorder/<shop>/item/<rest_of_path:sku>", merge_slashes=False)
def reorder_item(shop: str, sku: str) -> ResponseReturnValue:  # noqa: ARG001  # the path's shop is checked before every view
    """Show one item's forecast, and why."""
    with visit().house.books.read() as unit:
        return _item_page(unit, sku, None, 200)


@blueprint.post("/reorder/<shop>/item/<rest_of_path:sku>", merge_slashes=False)
def save_terms(shop: str, sku: str) -> ResponseReturnValue:
    """Store how the item is bought, and ask for a new forecast."""
    typed = Typed(values=request.form.to_dict())
    with changing_shop() as unit:
        _record(unit, sku)
        before = unit.planning.terms_of(shop, sku) or BuyingTerms(shop=shop, sku=sku)
        terms = form.parsed(typed, before, visit().shop.currency)
        if terms is None:
            return _item_page(unit, sku, typed, 422)
        if terms != before:
            unit.planning.put_terms(terms)
            unit.planning.ask(shop)
            note_change(unit, "changed how an item is bought", sku=sku)
    flash(_("Saved. The forecast is being made again."), "done")
    return redirect(url_for("reorder.reorder_item", shop=shop, sku=sku), 303)


@blueprint.post("/reorder")
def ask_again() -> ResponseReturnValue:
    """Ask for a new forecast now, and for reading the shop's past as far back as it goes, where that is asked."""
    past = visit().house.now() - timedelta(days=visit().shop.past_days) if "past" in request.form else None
    with changing_shop() as unit:
        unit.planning.ask(visit().shop.id, history_from=past)
        current = unit.shops.get(visit().shop.id)
        if past and current:
            unit.shops.save(replace(current, past_reading=None))
        what = "asked to read the shop's past" if past else "asked for a new forecast"
        note_doing(unit, what, outcome="done")
    flash(
        _("Asked for: look again in a moment.")
        if past is None
        else _("The past is being read; that may take a while."),
        "done",
    )
    return redirect(url_for("reorder.reorder_list"), 303)


def _sought(desk: Desk, places: Sequence[tuple[str, str]]) -> list[str]:
    """Return the SKUs of those places that the request asks for: of one urgency, or with words in them."""
    first, words = RANKED.get(request.args.get("when", ""), ""), request.args.get("q", "").strip().casefold()
    skus = [sku for rank, sku in places if rank.startswith(first)]
    if not words:
        return skus
    items = desk.unit.items.many(desk.shop.id, skus)
    told = ((sku, f"{sku}\n{items[sku].snapshot.title}\n{desk.suppliers.get(sku, '')}") for sku in skus if sku in items)
    return [sku for sku, text in told if words in text.casefold()]


def _address(path: str, **changed: str) -> str:
    """Return the list's or the file's address with what is asked for now, but for what is changed."""
    asked = {name: request.args.get(name, "") for name in ("when", "q")} | changed
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"{path}?{query}" if query else path


def _item_page(unit: Unit, sku: str, typed: Typed | None, status: int) -> ResponseReturnValue:
    record = _record(unit, sku)
    forecast = unit.planning.get(visit().shop.id, sku)
    line = Desk(unit, visit().shop, printer().today).line(record, forecast)
    terms = line.terms or BuyingTerms(shop=visit().shop.id, sku=sku)
    values = typed.values if typed else form.values_of(replace(terms, supplier=line.supplier), visit().shop.currency)
    page = render_template(
        "pages/reorder_item.html", here="/reorder", line=line, chart=chart_of(forecast) if forecast else None,
        values=values, errors=typed.problems if typed else {}, policy=visit().shop.policy.reorder,
    )  # fmt: skip
    return page, status


def _record(unit: Unit, sku: str) -> ItemRecord:
    record = unit.items.get(visit().shop.id, sku)
    if record is None:
        abort(404)
    return record


def _made_at(report: dict[str, str]) -> datetime | None:
    return datetime.fromisoformat(report["made_at"]) if "made_at" in report else None


def _busy(run: Run) -> bool:
    return run.wanted or run.position is not None or run.history_from is not None


def _cells(line: Line) -> tuple[object, ...]:
    made, known = line.suggestion, line.forecast
    return (
        line.record.sku, line.record.snapshot.title, line.supplier, made.urgency, made.units, line.position.on_hand,
        line.position.owed, line.coming, known.reorder_point if known else None, known.order_up_to if known else None,
        made.runs_out_on, made.would_wait, _amount(made.value), _amount(made.cost), visit().shop.currency,
        "; ".join(made.reasons), " ".join(known.why) if known else None,
    )  # fmt: skip


def _amount(units: int | None) -> str | None:
    return None if units is None else major(units, visit().shop.currency)
