"""The audit log: who or what did which thing, when, why, with which outcome."""

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from core.records import AuditEntry
from pages.api.answers import instant
from pages.api.door import asking_shop
from pages.api.paging import asked_page, listed
from pages.visitor import house


def list_activity() -> ResponseReturnValue:
    """Answer with a page of the log, newest first; `?order=` keeps to one order."""
    order = request.args.get("order")
    with house().books.read() as unit:
        audit, shop = unit.audit, asking_shop()
        found = asked_page(lambda cursor, limit: audit.page(shop, order=order, cursor=cursor, limit=limit))
        return listed([_entry(entry) for entry in found.items], found.next)


def _entry(entry: AuditEntry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "at": instant(entry.at),
        "actor": entry.actor,
        "what": entry.what,
        "order": entry.order,
        "sku": entry.sku,
        "why": entry.why,
        "outcome": entry.outcome,
        "detail": entry.detail,
    }
