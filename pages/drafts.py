"""Purchase drafts: what to order from one supplier, as a page, a file and a mail's text; sent ones become supply."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from urllib.parse import quote

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.facts import MAX_UNITS, Incoming
from core.forecast.lot_sizes import price_at
from core.money import major
from core.names import folded
from core.planning import wake_ups
from core.ports.books import Unit
from core.records import IncomingRecord
from pages.api.buying_rows import MAX_TEXT
from pages.changes import changing_shop, machine_time, note_doing
from pages.incoming_form import places_of
from pages.languages import _, n_
from pages.printing import printer
from pages.reorder_rows import Desk, Line
from pages.security import LARGEST_FORM
from pages.spreadsheets import sheet
from pages.visitor import merchant_blueprint, visit

HEAD = ("order", "supplier", "sku", "title", "units", "pack", "unit_cost", "currency", "wanted_on")
FIELD = "units-"
ROOM = LARGEST_FORM * 3 // 4
"""Bytes that a draft's fields may take when they come back."""
A_FIELD = 20
LONGEST_NAME = 40
A_MARK = 16

blueprint = merchant_blueprint("drafts", __name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordered:
    """One row of a draft with its units, as typed or as suggested."""

    line: Line
    units: int

    @property
    def unit_cost(self) -> int | None:
        """What a unit costs in an order of so many, in minor units; None where nobody has said it."""
        return price_at(self.line.terms, self.units) if self.line.terms else None


@blueprint.get("/reorder/<shop>/draft")
def draft(shop: str) -> ResponseReturnValue:  # noqa: ARG001  # the path's shop is checked before every view
    """Show what to order from the supplier now."""
    with visit().house.books.read() as unit:
        lines, number = _draft(unit), _fresh_number(unit)
    shown = list(_fitting(lines))
    return _page(shown, {"number": number}, {}, more=len(lines) - len(shown))


@blueprint.get("/reorder/<shop>/draft.csv")
def draft_sheet(shop: str) -> ResponseReturnValue:  # noqa: ARG001  # the path's shop is checked before every view
    """Give the draft as it is suggested as a file for the supplier."""
    with visit().house.books.read() as unit:
        lines, number = _draft(unit), _fresh_number(unit)
    return _sheet(number, [Ordered(line=line, units=line.suggestion.units) for line in lines])


@blueprint.post("/reorder/<shop>/draft")
def sent(shop: str) -> ResponseReturnValue:
    """Enter what was ordered as incoming supply under one number; or give it as a file or a text first."""
    problems: dict[str, str] = {}
    wanted = request.form.get("as", "")
    with changing_shop() as unit:
        lines = _asked(unit, problems)
        rows = _ordered(lines, problems)
        number = request.form.get("number", "").strip()[:100] or _fresh_number(unit)
        if not problems and not rows:
            problems["number"] = _("Nothing is ordered: give at least one item a number of units.")
        if not problems and not wanted:
            known = unit.supply.get(shop, number)
            refused = "" if _is_told_by(known, rows) else _refused(known, lines)
            problems |= {"number": refused} if refused else {}
            if not known and not refused:
                _enter(unit, number, rows)
    if problems:
        return _page(lines, request.form, problems)
    if wanted:
        return _sheet(number, rows) if wanted == "csv" else _text(number, rows)
    flash(
        n_("%(order)s is entered as incoming stock: %(number)s item. The plan is being made anew.",
           "%(order)s is entered as incoming stock: %(number)s items. The plan is being made anew.", len(rows),
           order=number),
        "done",
    )  # fmt: skip
    return redirect(url_for("incoming.incoming_list"), 303)


def _supplier() -> str | None:
    return request.args.get("supplier", "")[:MAX_TEXT].strip() or None


def _coming(lines: Iterable[Line]) -> str:
    """Return a mark of what is on its way: another one when two people have the same draft open and one enters it."""
    told = "\n".join(f"{line.record.sku}={line.coming}" for line in lines)
    return hashlib.sha256(told.encode()).hexdigest()[:A_MARK]


def _draft(unit: Unit) -> list[Line]:
    return Desk(unit, visit().shop, printer().today).draft(_supplier())


def _fitting(lines: Iterable[Line]) -> Iterator[Line]:
    """Yield the first lines, as many as one form brings back."""
    room = ROOM
    for line in lines:
        room -= len(quote(line.record.sku)) + A_FIELD
        if room < 0:
            return
        yield line


def _asked(unit: Unit, problems: dict[str, str]) -> list[Line]:
    """Return the lines that the form shows: what a person saw is ordered, whatever the draft would be by now."""
    skus = [name.removeprefix(FIELD) for name in request.form if name.startswith(FIELD)]
    lines = Desk(unit, visit().shop, printer().today).lines(skus)
    gone = sorted(set(skus) - {line.record.sku for line in lines})
    if gone:
        problems["number"] = _("%(sku)s is no longer in the shop and was left out: look again.", sku=gone[0])
    return lines


def _ordered(lines: Sequence[Line], problems: dict[str, str]) -> list[Ordered]:
    rows = []
    for number, line in enumerate(lines):
        text = request.form.get(f"{FIELD}{line.record.sku}", "").strip()
        if not re.fullmatch(r"[0-9]{1,10}", text) or int(text) > MAX_UNITS:
            problems[f"units-{number}"] = _("Give a whole number of units, 0 to leave it out.")
        elif int(text):
            rows.append(Ordered(line=line, units=int(text)))
    return rows


def _refused(known: Sequence[IncomingRecord], lines: Sequence[Line]) -> str:
    """Return why the order is not entered; of two reasons the one that keeps all of it from being ordered twice."""
    if request.form.get("coming", _coming(lines)) != _coming(lines):
        return _("Other supply of these was entered since you opened this: look at the units again.")
    return _("This number is in the list of incoming stock already: choose another.") if known else ""


def _is_told_by(known: Iterable[IncomingRecord], rows: Iterable[Ordered]) -> bool:
    """Return whether the order was entered already: a button pressed twice, or a page sent again, enters it once."""
    entered = {(row.incoming.sku, row.incoming.ordered) for row in known if row.source == "entered"}
    return entered == {(row.line.record.sku, row.units) for row in rows}


def _fresh_number(unit: Unit) -> str:
    """Return a number that stands for this supplier and day, so that a draft sent twice is noticed."""
    name = f"PO-{printer().today:%Y%m%d}-{_slug()}"
    tried = (name if again == 1 else f"{name}-{again}" for again in count(1))
    return next(one for one in tried if not unit.supply.get(visit().shop.id, one))


def _slug() -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", _supplier() or "order").strip("-").lower()[:LONGEST_NAME] or "order"


def _enter(unit: Unit, number: str, rows: Sequence[Ordered]) -> None:
    shop = visit().shop
    place = places_of(shop)[0][0]
    for row in rows:
        sku, eta = row.line.record.sku, row.line.suggestion.arrives_on
        fact = Incoming(id=number, sku=sku, location=place, ordered=row.units, eta=eta)
        unit.supply.put(IncomingRecord(shop=shop.id, incoming=fact, supplier=_as_known(row.line)))
        detail = {"id": number, "ordered": row.units, "eta": eta.isoformat()}
        note_doing(unit, "sent an order to a supplier", sku=sku, outcome="done", detail=detail)
    # Thousands of rows are one wake-up.
    wake_ups.replan(unit, shop.id, at=machine_time())
    unit.planning.ask(shop.id)


def _as_known(line: Line) -> str | None:
    """Return the supplier's name as the shop writes it; one that is not the item's own as it was asked for."""
    own, asked = line.supplier, _supplier()
    return own if folded(own) == folded(asked) else asked


def _page(
    lines: Sequence[Line], typed: object, problems: dict[str, str], *, more: int = 0
) -> ResponseReturnValue:  # fmt: skip
    if not lines and not problems and "supplier" not in request.args:
        abort(404)
    page = render_template(
        "pages/draft.html", here="/reorder", lines=lines, supplier=_supplier(), errors=problems, typed=typed, more=more,
        coming=_coming(lines), total=_total(Ordered(line=line, units=line.suggestion.units) for line in lines),
    )  # fmt: skip
    return page, 422 if problems else 200


def _sheet(number: str, rows: Sequence[Ordered]) -> Response:
    return sheet(f"order-{_slug()}-{printer().today}.csv", HEAD, (_cells(number, row) for row in rows))


def _cells(number: str, row: Ordered) -> tuple[object, ...]:
    line, cost, currency = row.line, row.unit_cost, visit().shop.currency
    return (
        number, _supplier(), line.record.sku, line.record.snapshot.title, row.units,
        line.terms.pack if line.terms else 1, None if cost is None else major(cost, currency),
        None if cost is None else currency, line.suggestion.arrives_on,
    )  # fmt: skip


def _text(number: str, rows: Sequence[Ordered]) -> Response:
    """Return the order as the text of a mail to the supplier, in the language of the page."""
    head = _("Order %(number)s of %(shop)s", number=number, shop=visit().shop.name)
    total = _total(rows)
    ends = [] if total is None else [_("Together: %(amount)s", amount=_money(total)), ""]
    text = "\n".join([head, "", *map(_in_words, rows), "", *ends])
    response = Response(text, content_type="text/plain; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="order-{_slug()}-{printer().today}.txt"'
    return response


def _in_words(row: Ordered) -> str:
    seen, cost = row.line.record.snapshot, row.unit_cost
    words = _(
        "%(units)s x %(item)s (SKU %(sku)s), wanted on %(day)s", units=row.units, sku=row.line.record.sku,
        item=" ".join(seen.title.split()), day=printer().day(row.line.suggestion.arrives_on),
    )  # fmt: skip
    return words if cost is None else _("%(wanted)s, at %(price)s each", wanted=words, price=_money(cost))


def _total(rows: Iterable[Ordered]) -> int | None:
    """Return what all of it costs, in minor units; None where the cost of one is not known."""
    found = [None if row.unit_cost is None else row.unit_cost * row.units for row in rows]
    return sum(cost for cost in found if cost is not None) if found and None not in found else None


def _money(amount: int) -> str:
    return printer().money(amount, visit().shop.currency)
