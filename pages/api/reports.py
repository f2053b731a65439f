"""The summary report: how well the shop serves its orders, counted from the books at the moment of asking."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from flask.typing import ResponseReturnValue

from core.actions import Code
from core.ports import Unit
from core.records import OrderRecord
from pages.api.answers import answer
from pages.api.door import house, shop_of
from pages.api.paging import MAX_LIMIT
from pages.api.summary import RECENT_DAYS, summary


def show_summary() -> ResponseReturnValue:
    """Answer with the figures and what each of them means."""
    as_of = house().now()
    with house().books.read() as unit:
        shop = shop_of(unit)
        waiting = unit.orders.open_all(shop.id)
        recent = tuple(_ended(unit, shop.id, since=as_of - timedelta(days=RECENT_DAYS)))
        codes = [code for record in (*waiting, *recent) for code in _codes(unit, record)]
    return answer(summary(waiting, recent, codes, currency=shop.currency, as_of=as_of))


def _ended(unit: Unit, shop: str, *, since: datetime) -> Iterator[OrderRecord]:
    """Yield the orders placed since then that are closed, cancelled or gone."""
    cursor = None
    while True:
        found = unit.orders.page(shop, state="closed", cursor=cursor, limit=MAX_LIMIT)
        yield from (record for record in found.items if record.snapshot.placed_at >= since)
        cursor = found.next
        if cursor is None:
            return


def _codes(unit: Unit, record: OrderRecord) -> list[Code]:
    """Return the consolations that were really made for the order."""
    if not record.offers:
        return []
    actions = unit.outbox.of_order(record.shop, record.id)
    return [row.action for row in actions if isinstance(row.action, Code) and row.state == "done"]
