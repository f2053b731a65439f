"""Withdrawing from the contract on the order's page: what from, then one more step that confirms it.

Nothing is stored before that step. As everywhere on the customer's page, the signed link is the proof.
"""

from collections.abc import Mapping

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from core.messages.wording import name_of
from core.orders import withdrawing
from core.records import OrderRecord, Shop
from pages import customer_words as words
from pages.changes import machine_time
from pages.customer_colours import sheet_of
from pages.customer_forms import said, typed_units
from pages.customer_links import read_link
from pages.visitor import house

blueprint = Blueprint("customer_withdrawal", __name__)


@blueprint.get("/o/<signed>/withdraw")
def begin(signed: str) -> ResponseReturnValue:
    """Ask what the customer withdraws from."""
    return _page(signed, {})


@blueprint.post("/o/<signed>/withdraw")
def look_again(signed: str) -> ResponseReturnValue:
    """Show what was chosen once more, with the button that confirms it; nothing is stored yet."""
    return _page(signed, typed_units())


@blueprint.post("/o/<signed>/withdraw/confirm")
def confirm(signed: str) -> ResponseReturnValue:
    """Take the statement down; it is final."""
    units, now, ready = typed_units(), house().now(), house().post.ready
    return said(
        signed,
        lambda unit, shop, order: withdrawing.withdraw(
            unit, shop, order, units, mail_ready=ready, as_of=now, now=machine_time()
        ),
    )


def _page(signed: str, chosen: Mapping[str, int]) -> ResponseReturnValue:
    opened = read_link(house().settings, signed)
    if opened is None:
        return words.lost()
    with house().books.read() as unit:
        shop, record = unit.shops.get(opened[0]), unit.orders.get(*opened)
    if shop is None or record is None:
        return words.lost()
    if shop.state == "uninstalled":
        return words.left(shop, record)
    allowed = may_withdraw(record, shop)
    if not allowed:
        return redirect(f"/o/{signed}?late=1", 303)
    most = {line: units for line, _, units in allowed}
    wanted = {line: units for line, units in chosen.items() if 0 < units <= most.get(line, 0)}
    return words.spoken(
        "pages/customer_withdraw.html", words.speech_for(shop, record), shop=shop, record=record, signed=signed,
        shop_name=name_of(shop), colours=sheet_of(shop), allowed=allowed, asked=request.method == "POST",
        wanted=wanted if wanted == {line: units for line, units in chosen.items() if units} else {},
    )  # fmt: skip


def may_withdraw(record: OrderRecord, shop: Shop) -> tuple[tuple[str, str, int], ...]:
    """Return (line, title, units) that the customer can withdraw from now."""
    units = withdrawing.withdrawable(record, shop, house().now(), mail_ready=house().post.ready)
    return tuple((line.id, line.title, units[line.id]) for line in record.snapshot.lines if line.id in units)
