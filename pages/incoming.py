"""Incoming supply: what is on its way, entered, received and corrected by people."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.dates.arrivals import Arrival
from core.dates.supply_dates import SupplyBook, SupplyDate
from core.planning.experience import arrivals_of
from core.ports.books import Unit
from core.records import IncomingRecord, SupplyKey
from pages import incoming_form as form
from pages.changes import changing_shop, note_change
from pages.languages import _
from pages.visitor import merchant_blueprint, visit

A_PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Belief:
    """When a row's units can leave by how late its supplier has been, and what was told of it first."""

    told: SupplyDate
    arrival: Arrival | None

    @property
    def slipped(self) -> int:
        """Days between the date told first and the one that stands."""
        first, last = (self.arrival.first_on, self.arrival.last_on) if self.arrival else (None, None)
        return (last - first).days if first and last else 0


blueprint = merchant_blueprint("incoming", __name__)


@blueprint.get("/incoming")
def incoming_list() -> ResponseReturnValue:
    """Show what is on its way, the next arrival first, then what is finished."""
    return _list_page(form.Typed(values=form.blank(form.places_of(visit().shop)[0][0])), 200)


@blueprint.post("/incoming")
def add() -> ResponseReturnValue:
    """Add a row, or show the form again with the problems beside its fields."""
    typed = form.Typed(values=request.form.to_dict())
    with changing_shop() as unit:
        row = form.parsed(
            typed, visit().shop.id, form.known_in(unit, visit().shop), fresh_id=f"IN-{secrets.token_hex(4)}"
        )
        if row is not None and _find(unit, row.key) is not None:
            typed.problems["id"] = _("This number, item and location are in the list already: edit that row.")
        if row is not None and not typed.problems:
            _put(unit, row, "added incoming stock")
    return _list_page(typed, 422) if typed.problems else _back(_("Added. The plan is being made anew."))


@blueprint.get("/incoming/<shop>/row")
def edit(shop: str) -> ResponseReturnValue:  # noqa: ARG001  # the path's shop is checked before every view
    """Show one row's form."""
    record = _asked()
    return _row_page(record, form.Typed(values=form.values_of(record)), 200)


@blueprint.post("/incoming/<shop>/row")
def save(shop: str) -> ResponseReturnValue:
    """Store the row as typed; its number, item and location stay what they are."""
    typed = form.Typed(values={**request.form.to_dict(), **request.args.to_dict()})
    with changing_shop() as unit:
        record = _entered(unit)
        known = form.known_in(unit, visit().shop).keeping(record)
        row = form.parsed(typed, shop, known, fresh_id=record.incoming.id)
        if row is not None:
            _put(unit, row, "changed incoming stock")
    return _row_page(record, typed, 422) if typed.problems else _back(_("Saved. The plan is being made anew."))


@blueprint.post("/incoming/<shop>/receive")
def receive(shop: str) -> ResponseReturnValue:  # noqa: ARG001  # the path's shop is checked before every view
    """Add units that came in to those received before."""
    typed = form.Typed(values=request.form.to_dict())
    with changing_shop() as unit:
        record = _entered(unit)
        row = form.received(typed, record)
        if row is not None:
            _put(unit, row, "received incoming stock")
    if typed.problems:
        values = {**form.values_of(record), "units": typed.text("units")}
        return _row_page(record, form.Typed(values=values, problems=typed.problems), 422)
    return _back(_("Received. Set the stock in the shop too, if your shop does not do that by itself."))


@blueprint.post("/incoming/<shop>/split")
def split(shop: str) -> ResponseReturnValue:  # noqa: ARG001  # the path's shop is checked before every view
    """Move units that come on another day to a row of their own; how late they are is told by the first date still."""
    typed = form.Typed(values=request.form.to_dict())
    with changing_shop() as unit:
        record = _entered(unit)
        parts = form.split(typed, record, taken={row.incoming.id for row in unit.supply.all(visit().shop.id)})
        for row in parts:
            _put(unit, row, "split incoming stock")
        if parts:
            for arrival in unit.arrivals.open(visit().shop.id):
                if arrival.key == record.key:
                    unit.arrivals.put(replace(arrival, supply=parts[1].incoming.id))
    if typed.problems:
        values = {**form.values_of(record), **{f"part_{name}": typed.text(f"part_{name}") for name in form.PART}}
        return _row_page(record, form.Typed(values=values, problems=typed.problems), 422)
    return _back(_("Split: %(id)s is a row of its own. The plan is being made anew.", id=parts[1].incoming.id))


@blueprint.post("/incoming/<shop>/delete")
def delete(shop: str) -> ResponseReturnValue:
    """Take a row out of the list, or all that stand under its number."""
    with changing_shop() as unit:
        record = _entered(unit)
        number = record.incoming.id
        rows = unit.supply.get(shop, number)
        gone = [row for row in rows if row.key == record.key or ("whole" in request.form and row.source == "entered")]
        # The books forget a number as a whole: what else stands under it is put back at once.
        unit.supply.delete(shop, number)
        for row in rows:
            if row not in gone:
                unit.supply.put(row)
        for row in gone:
            note_change(unit, "deleted incoming stock", sku=row.incoming.sku, detail={"id": number})
        unit.planning.ask(shop)
    return _back(_("Deleted. The plan is being made anew."))


def _put(unit: Unit, row: IncomingRecord, what: str) -> None:
    unit.supply.put(row)
    detail = {"id": row.incoming.id, "ordered": row.incoming.ordered, "received": row.incoming.received}
    dates = {"eta": row.incoming.eta and row.incoming.eta.isoformat()}
    note_change(unit, what, sku=row.incoming.sku, detail=detail | dates)


def _find(unit: Unit, key: SupplyKey) -> IncomingRecord | None:
    return next((row for row in unit.supply.get(visit().shop.id, key[0]) if row.key == key), None)


def _asked() -> IncomingRecord:
    with visit().house.books.read() as unit:
        return _row(unit)


def _row(unit: Unit) -> IncomingRecord:
    found = _find(unit, (request.args.get("id", ""), request.args.get("sku", ""), request.args.get("location", "")))
    if found is None:
        abort(404)
    return found


def _entered(unit: Unit) -> IncomingRecord:
    record = _row(unit)
    if record.source != "entered":
        abort(403, _("This row comes from the shop itself: change it there, and it will follow here."))
    return record


def _list_page(typed: form.Typed, status: int) -> ResponseReturnValue:
    start = max(0, request.args.get("start", 0, type=int))
    with visit().house.books.read() as unit:
        rows = sorted(unit.supply.all(visit().shop.id), key=_urgency)
        shown = rows[start : start + A_PAGE]
        items = unit.items.many(visit().shop.id, {row.incoming.sku for row in shown})
        beliefs = _beliefs(unit, shown)
    further = url_for("incoming.incoming_list", start=start + A_PAGE) if len(rows) > start + A_PAGE else None
    page = render_template(
        "pages/incoming.html", here="/incoming", rows=shown, further=further, total=len(rows),
        values=typed.values, errors=typed.problems, names=form.names_of(visit().shop),
        places=form.places_of(visit().shop), beliefs=beliefs,
        titles={sku: item.snapshot.title for sku, item in items.items()},
    )  # fmt: skip
    return page, status


def _beliefs(unit: Unit, rows: Sequence[IncomingRecord]) -> dict[SupplyKey, Belief]:
    """Return what is believed of each row, by its key."""
    book = SupplyBook(visit().shop, arrivals_of(unit, visit().shop), visit().house.now())
    return {row.key: Belief(told=book.date_of(row), arrival=book.arrival_of(row)) for row in rows}


def _row_page(record: IncomingRecord, typed: form.Typed, status: int) -> ResponseReturnValue:
    with visit().house.books.read() as unit:
        belief = _beliefs(unit, [record])[record.key]
        together = sum(row.source == "entered" for row in unit.supply.get(record.shop, record.incoming.id))
    page = render_template(
        "pages/incoming_row.html", here="/incoming", record=record, values=typed.values, errors=typed.problems,
        places=form.places_of(visit().shop), names=form.names_of(visit().shop), belief=belief, together=together,
        key=dict(zip(("id", "sku", "location"), record.key, strict=True)),
    )  # fmt: skip
    return page, status


def _urgency(record: IncomingRecord) -> tuple[bool, bool, str, str]:
    row = record.incoming
    return not row.remaining, row.eta is None, row.eta.isoformat() if row.eta else "", row.id


def _back(said: str) -> ResponseReturnValue:
    flash(said, "done")
    return redirect(url_for("incoming.incoming_list"), 303)
