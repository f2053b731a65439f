"""The summary report: how well the shop serves its orders, counted from the books at the moment of asking."""

from datetime import timedelta

from flask.typing import ResponseReturnValue

from core.actions import Code
from core.ports import Unit
from core.records import OrderRecord
from pages.api.answers import answer
from pages.api.door import house, shop_of
from pages.api.summary import RECENT_DAYS, summary


def show_summary() -> ResponseReturnValue:
    """Answer with the figures and what each of them means."""
    as_of = house().now()
    with house().books.read() as unit:
        shop = shop_of(unit)
        waiting = unit.orders.open_all(shop.id)
        recent = unit.orders.ended(shop.id, since=as_of - timedelta(days=RECENT_DAYS))
        codes = [code for record in (*waiting, *recent) for code in _codes(unit, record)]
    return answer(summary(waiting, recent, codes, currency=shop.currency, as_of=as_of))


def _codes(unit: Unit, record: OrderRecord) -> list[Code]:
    """Return the consolations that were really made for the order."""
    if not record.offers:
        return []
    actions = unit.outbox.of_order(record.shop, record.id)
    return [row.action for row in actions if isinstance(row.action, Code) and row.state == "done"]
