"""The evidence of the delay laws' clocks: of one order as a page to print, of a period as a file."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from core.delay_laws.cases import Case, Edge, State
from core.delay_laws.packs import Pack, pack_of
from core.messages.correspondence import MailRecord
from core.ports.books import Unit
from pages.languages import later
from pages.printing import printer
from pages.report_period import PeriodProblem, asked_period
from pages.spreadsheets import sheet
from pages.visitor import merchant_blueprint, visit

blueprint = merchant_blueprint("evidence", __name__)

STATES: dict[State, str] = {
    State.PROMISED: later("in time"),
    State.AT_RISK: later("at risk of being late"),
    State.NOTICE_SENT: later("the customer was asked"),
    State.CONSENTED_SILENT: later("silence counted as consent"),
    State.CONSENTED_EXPRESS: later("the customer agreed to wait"),
    State.RENEWED_NOTICE_SENT: later("the customer was asked again"),
    State.OVERDUE: later("late"),
    State.EXTRA_PERIOD: later("late, in the further time that the customer gave"),
    State.CANCEL_REQUESTED: later("the customer cancelled"),
    State.LAPSED: later("the time ran out"),
    State.CANCELLED: later("counts as cancelled"),
    State.REFUND_DUE: later("the refund is due"),
    State.REFUNDED: later("refunded"),
    State.SHIPPED: later("shipped"),
}
HEAD = (
    "day", "order_id", "order", "law", "version", "before", "after", "rule", "refund_due", "evidence", "at", "address",
    "content_sha256", "message_id",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Proceedings:
    """One order under one law: the rules that held, where it stands, and its moves, oldest first."""

    pack: Pack
    case: Case
    moves: tuple[Edge, ...]


@blueprint.get("/orders/<shop>/<order>/evidence")
def order_evidence(shop: str, order: str) -> ResponseReturnValue:
    """Show what proves each move of the order's clocks."""
    with visit().house.books.read() as unit:
        record = unit.orders.get(shop, order)
        cases = unit.laws.of_orders(shop, [order]).get(order, ())
        if record is None or not cases:
            abort(404)
        moves = unit.laws.edges(shop, order)
        letters = _letters(unit, shop, order, {edge.evidence.message_id for _, edge in moves})
    found = [
        Proceedings(
            pack=pack_of(case.law, case.version), case=case, moves=tuple(edge for law, edge in moves if law == case.law)
        )
        for case in cases
    ]
    return render_template(
        "pages/evidence.html",
        here="/orders",
        record=record,
        proceedings=found,
        letters=letters,
        states=STATES,
    )


@blueprint.get("/evidence.csv")
def evidence_sheet() -> ResponseReturnValue:
    """Give every move of the shop's clocks in the period as a file."""
    try:
        period = asked_period(request.args, printer().today)
    except PeriodProblem as problem:
        abort(422, str(problem))
    shop = visit().shop.id
    with visit().house.books.read() as unit:
        moves = unit.laws.period(shop, period.first, period.last)
        orders = {order for order, *_rest in moves}
        cases: dict[tuple[str, str], Case] = {
            (case.order, case.law): case for found in unit.laws.of_orders(shop, orders).values() for case in found
        }
        names = {order: record.snapshot.name for order in orders if (record := unit.orders.get(shop, order))}
    return sheet(f"evidence-{period.first}-{period.last}.csv", HEAD, _rows(moves, cases, names))


def _rows(
    moves: Iterable[tuple[str, str, Edge]], cases: Mapping[tuple[str, str], Case], names: Mapping[str, str]
) -> Iterator[Sequence[object]]:
    for order, law, edge in moves:
        case, proof = cases.get((order, law)), edge.evidence
        due: date | None = case.refund_due_on if case and edge.after is State.REFUND_DUE else None
        yield (
            edge.on, order, names.get(order), law, case.version if case else None, edge.before.value, edge.after.value,
            edge.rule, due, proof.what, proof.at.isoformat() if proof.at else None, proof.address, proof.content_hash,
            proof.message_id,
        )  # fmt: skip


def _letters(unit: Unit, shop: str, order: str, known: set[str | None]) -> tuple[MailRecord, ...]:
    """Return the mails that the evidence names, in their words, oldest first; those that were forgotten left out."""
    carried = dict.fromkeys(notice.mail for notice in unit.notices.of_order(shop, order) if notice.mail is not None)
    mails = [mail for number in carried if (mail := unit.mails.get(shop, number))]
    return tuple(sorted((mail for mail in mails if mail.text and mail.message_id in known), key=lambda mail: mail.id))
