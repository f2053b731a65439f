"""Purchase drafts: what to order from one supplier, as a page and a file; sent ones become incoming supply."""

import re
import secrets
from dataclasses import dataclass
from datetime import date

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.facts import MAX_UNITS, Incoming
from core.planning.shop_facts import SOMEWHERE
from core.ports.books import Unit
from core.records import IncomingRecord
from pages.changes import changing_shop, note_change
from pages.languages import _
from pages.printing import printer
from pages.reorder_rows import Desk, Line
from pages.spreadsheets import sheet
from pages.visitor import merchant_blueprint, visit

HEAD = ("supplier", "sku", "title", "units", "pack", "unit_cost", "wanted_on")
MOST_LINES = 1000

blueprint = merchant_blueprint("drafts", __name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordered:
    """One row of a draft as it was sent."""

    sku: str
    units: int
    arrives_on: date


@blueprint.get("/reorder/<shop>/draft")
def draft(shop: str) -> ResponseReturnValue:  # noqa: ARG001  # the path's shop is checked before every view
    """Show what to order from the supplier now."""
    with visit().house.books.read() as unit:
        lines = _lines(unit)
    return _page(lines, {}, 200)


@blueprint.get("/reorder/<shop>/draft.csv")
def draft_sheet(shop: str) -> ResponseReturnValue:  # noqa: ARG001  # the path's shop is checked before every view
    """Give the draft as a file for the supplier."""
    with visit().house.books.read() as unit:
        lines = _lines(unit)
    name = re.sub(r"[^A-Za-z0-9]+", "-", _supplier() or "order").strip("-").lower() or "order"
    return sheet(f"order-{name}-{printer().today}.csv", HEAD, (_cells(line) for line in lines))


@blueprint.post("/reorder/<shop>/draft")
def sent(shop: str) -> ResponseReturnValue:
    """Enter what was ordered as incoming supply, under one number."""
    problems: dict[str, str] = {}
    with changing_shop() as unit:
        lines = _lines(unit)
        rows = _ordered(lines, problems)
        number = request.form.get("number", "").strip()[:100] or f"PO-{secrets.token_hex(3)}"
        if unit.supply.get(shop, number):
            problems["number"] = _("This number is in the list of incoming stock already: choose another.")
        if not problems and not rows:
            problems["number"] = _("Nothing is ordered: give at least one item a number of units.")
        if not problems:
            _enter(unit, number, rows)
    if problems:
        return _page(lines, problems, 422)
    flash(_("%(number)s is entered as incoming stock. The plan is being made anew.", number=number), "done")
    return redirect(url_for("incoming.incoming_list"), 303)


def _supplier() -> str | None:
    return request.args.get("supplier") or None


def _lines(unit: Unit) -> list[Line]:
    return Desk(unit, visit().shop, printer().today).draft(_supplier())[:MOST_LINES]


def _ordered(lines: list[Line], problems: dict[str, str]) -> list[Ordered]:
    """Return the rows with units, as typed where something was typed."""
    rows = []
    for number, line in enumerate(lines):
        text = request.form.get(f"units-{line.record.sku}", str(line.suggestion.units)).strip()
        if not re.fullmatch(r"[0-9]{1,10}", text) or int(text) > MAX_UNITS:
            problems[f"units-{number}"] = _("Give a whole number of units, 0 to leave it out.")
        elif int(text):
            rows.append(Ordered(sku=line.record.sku, units=int(text), arrives_on=line.suggestion.arrives_on))
    return rows


def _enter(unit: Unit, number: str, rows: list[Ordered]) -> None:
    shop = visit().shop
    place = next((place.id for place in shop.places if place.active), SOMEWHERE)
    for row in rows:
        fact = Incoming(id=number, sku=row.sku, location=place, ordered=row.units, eta=row.arrives_on)
        unit.supply.put(IncomingRecord(shop=shop.id, incoming=fact, supplier=_supplier()))
        detail = {"id": number, "ordered": row.units, "eta": row.arrives_on.isoformat()}
        note_change(unit, "sent an order to a supplier", sku=row.sku, detail=detail)
    unit.planning.ask(shop.id)


def _page(lines: list[Line], problems: dict[str, str], status: int) -> ResponseReturnValue:
    if not lines and status == 200 and "supplier" not in request.args:
        abort(404)
    page = render_template(
        "pages/draft.html", here="/reorder", lines=lines, supplier=_supplier(), errors=problems, typed=request.form
    )
    return page, status


def _cells(line: Line) -> tuple[object, ...]:
    cost = line.suggestion.unit_cost
    return (
        _supplier(), line.record.sku, line.record.snapshot.title, line.suggestion.units,
        line.terms.pack if line.terms else 1, None if cost is None else printer().money(cost, visit().shop.currency),
        line.suggestion.arrives_on,
    )  # fmt: skip
