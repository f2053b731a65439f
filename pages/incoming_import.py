"""Incoming supply from a file: first what it would do, row by row, then, when asked, the rows that are right."""

import secrets
from dataclasses import replace

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.ports.books import Unit
from core.records import IncomingRecord
from pages.changes import changing_shop, note_change
from pages.incoming_form import known_in, names_of, places_of
from pages.incoming_sheet import HEAD, MOST_TEXT, SheetProblem, SheetRow, Shelf, cells, rows_of
from pages.languages import _, n_
from pages.printing import printer
from pages.spreadsheets import sheet
from pages.visitor import merchant_blueprint, visit

ROWS_SHOWN = 200

blueprint = merchant_blueprint("incoming_import", __name__)


@blueprint.get("/incoming.csv")
def incoming_sheet() -> ResponseReturnValue:
    """Give every row as a file; it can be changed and read back."""
    with visit().house.books.read() as unit:
        rows = unit.supply.all(visit().shop.id)
    return sheet("incoming.csv", HEAD, cells(rows))


@blueprint.url_value_preprocessor
def _take_a_file(endpoint: str | None, _values: object) -> None:
    # Before the form's token is looked for: that reads the whole form already.
    if endpoint == f"{blueprint.name}.{import_rows.__name__}":
        request.max_content_length = request.max_form_memory_size = 3 * MOST_TEXT


@blueprint.get("/incoming/import")
def import_form() -> ResponseReturnValue:
    """Show where a file is chosen or pasted."""
    return _page()


@blueprint.post("/incoming/import")
def import_rows() -> ResponseReturnValue:
    """Show what the file would do; with `apply`, store the rows that are right."""
    try:
        text, apply = _text(), bool(request.form.get("apply"))
        with changing_shop() if apply else visit().house.books.read() as unit:
            rows = rows_of(text, _shelf(unit))
            if apply:
                return _stored(unit, rows)
    except SheetProblem as problem:
        return _page(problem=str(problem)), 422
    return _page(rows=rows, text=text)


def _text() -> str:
    """Return the file's or the field's text. Raises SheetProblem."""
    file = request.files.get("file")
    raw = file.read(MOST_TEXT + 1) if file and file.filename else request.form.get("text", "").encode()
    if len(raw) > MOST_TEXT:
        raise SheetProblem(
            _("The file is larger than %(most_text)s bytes: import it in parts.", most_text=printer().number(MOST_TEXT))
        )
    if not raw.strip():
        raise SheetProblem(_("Choose a file, or paste its lines."))
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        # What spreadsheets on Windows write when nobody asks for UTF-8.
        return raw.decode("cp1252", "replace")


def _shelf(unit: Unit) -> Shelf:
    shop = visit().shop
    rows = {row.key: row for row in unit.supply.all(shop.id)}
    return Shelf(shop=shop.id, rows=rows, places=places_of(shop), known=known_in(unit, shop))


def _stored(unit: Unit, rows: tuple[SheetRow, ...]) -> ResponseReturnValue:
    good = [row for row in rows if row.record and row.state in {"new", "changed"}]
    for row in good:
        if row.record:
            unit.supply.put(_numbered(row.record, row))
    left_out = sum(row.state == "wrong" for row in rows)
    if good:
        note_change(unit, "imported incoming stock", detail={"rows": len(good), "left_out": left_out})
    said = n_(
        "%(number)s row was imported. The plan is being made anew.",
        "%(number)s rows were imported. The plan is being made anew.",
        len(good),
    )
    flash(said if good else _("Nothing was new in the file."), "done")
    if left_out:
        flash(
            n_(
                "%(number)s row was left out: mend it and import again.",
                "%(number)s rows were left out: mend them and import again.",
                left_out,
            ),
            "problem",
        )
    return redirect(url_for("incoming.incoming_list"), 303)


def _numbered(record: IncomingRecord, row: SheetRow) -> IncomingRecord:
    """Return the record with a number of ours where the file gives none."""
    if row.values.get("id"):
        return record
    return replace(record, incoming=replace(record.incoming, id=f"IN-{secrets.token_hex(4)}"))


def _page(rows: tuple[SheetRow, ...] = (), text: str = "", problem: str = "") -> str:
    counts = {state: sum(row.state == state for row in rows) for state in ("new", "changed", "same", "wrong")}
    wrong_first = sorted(rows, key=lambda row: row.state != "wrong")
    return render_template(
        "pages/incoming_import.html", here="/incoming", rows=wrong_first[:ROWS_SHOWN], counts=counts, total=len(rows),
        text=text, pasted=request.form.get("text", ""), head=HEAD, problem=problem, names=names_of(visit().shop),
    )  # fmt: skip
