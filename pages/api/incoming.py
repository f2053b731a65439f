"""Incoming supply: entered here for shops whose platform has none, shown together with the platform's own."""

import secrets
from collections.abc import Sequence
from operator import attrgetter

from flask import abort, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import Conflict

from core.ports.books import Unit
from core.records import IncomingRecord
from pages.api import reading
from pages.api.answers import answer
from pages.api.changes import changing_shop, note_change
from pages.api.door import asking_shop
from pages.api.once import kept
from pages.api.paging import listed, page_of
from pages.api.problems import Disagreement
from pages.api.supply_rows import changed_row, new_row, supply_document
from pages.incoming_form import known_in
from pages.visitor import house

KEY = attrgetter("key")


def list_incoming() -> ResponseReturnValue:
    """Answer with a page of incoming supply by id, SKU and location."""
    with house().books.read() as unit:
        found = page_of(sorted(unit.supply.all(asking_shop()), key=KEY), KEY)
    return listed(map(supply_document, found.items), found.next)


def show_incoming(supply: str) -> ResponseReturnValue:
    """Answer with the rows of one id: one per SKU and location."""
    with house().books.read() as unit:
        return listed(map(supply_document, _rows(unit, asking_shop(), supply)))


def add_incoming() -> ResponseReturnValue:
    """Add one row; answer 201 with it, 409 where it is there already."""
    body = reading.body()
    with changing_shop() as (unit, shop):
        record = new_row(shop.id, body, known_in(unit, shop), fresh_id=f"in-{secrets.token_hex(6)}")
        there = unit.supply.get(shop.id, record.incoming.id)
        _refuse_platform(there)
        if any(row.key == record.key for row in there):
            raise Conflict("incoming supply with this id, SKU and location is there already: change it with PUT")
        unit.supply.put(record)
        note_change(unit, shop, "added incoming supply", sku=record.incoming.sku, detail=supply_document(record))
        response = answer(supply_document(record), 201)
        response.headers["Location"] = url_for("api.show_incoming", supply=record.incoming.id)
        return kept(unit, response)


def change_incoming(supply: str) -> ResponseReturnValue:
    """Replace the keys given of one row and answer with it."""
    body = reading.body()
    with changing_shop() as (unit, shop):
        rows = _rows(unit, shop.id, supply)
        _refuse_platform(rows)
        before = _one_of(rows, body)
        after = changed_row(before, body, known_in(unit, shop).keeping(before))
        if after != before:
            _swap(unit, before, after)
            was, now = supply_document(before), supply_document(after)
            changed = {key: {"before": was[key], "after": now[key]} for key in now if was[key] != now[key]}
            detail = {"id": supply, "changed": changed}
            note_change(unit, shop, "changed incoming supply", sku=after.incoming.sku, detail=detail)
    return answer(supply_document(after))


def remove_incoming(supply: str) -> ResponseReturnValue:
    """Remove all rows of one id."""
    with changing_shop() as (unit, shop):
        rows = _rows(unit, shop.id, supply)
        _refuse_platform(rows)
        unit.supply.delete(shop.id, supply)
        for row in rows:
            sku = row.incoming.sku
            note_change(unit, shop, "removed incoming supply", sku=sku, detail=supply_document(row))
    return "", 204


def _rows(unit: Unit, shop: str, supply: str) -> tuple[IncomingRecord, ...]:
    rows = unit.supply.get(shop, supply)
    if not rows:
        abort(404, "no incoming supply with this id")
    return rows


def _refuse_platform(rows: Sequence[IncomingRecord]) -> None:
    if any(row.source == "platform" for row in rows):
        raise Conflict("this supply is kept at the platform: change it there")


def _one_of(rows: Sequence[IncomingRecord], body: dict[str, object]) -> IncomingRecord:
    """Return the row meant: the only one of its id, else the one that the body's SKU and location name."""
    if len(rows) == 1:
        return rows[0]
    named = [
        row
        for row in rows
        if body.get("sku", row.incoming.sku) == row.incoming.sku
        and body.get("location", row.incoming.location) == row.incoming.location
    ]
    if len(named) != 1:
        raise Disagreement("sku", f"this id has {len(rows)} rows: say by sku and location which one is meant")
    return named[0]


def _swap(unit: Unit, before: IncomingRecord, after: IncomingRecord) -> None:
    """Store `after` in the place of `before`; only one that is alone under its id gets another SKU or location."""
    if before.key != after.key:
        unit.supply.delete(before.shop, before.incoming.id)
    unit.supply.put(after)
