"""Orders with their plans, and what a person may ask for one of them."""

from collections.abc import Sequence
from typing import Any, get_args

from flask import Response, abort, request
from flask.typing import ResponseReturnValue

from core.dates import hand_promises
from core.dates.hand_promises import LONGEST_WHY, HandPromise
from core.large.impact import who_waits
from core.orders import choices
from core.ports.books import Unit
from core.records import OrderRecord, Shop
from core.records.finding import Wanted
from core.records.proposals import OptionKey
from pages.api import reading
from pages.api.answers import answer
from pages.api.changes import changing_shop
from pages.api.door import asking_shop, shop_of
from pages.api.evidence_document import move_document
from pages.api.once import kept
from pages.api.order_document import order_document
from pages.api.order_facts import beside
from pages.api.paging import asked_page, listed
from pages.api.problems import Disagreement, KeyProblem
from pages.api.proposal_document import hit_document
from pages.changes import machine_time
from pages.consoled import consoler_of
from pages.typed_days import A_DAY, typed_day
from pages.visitor import house

STATES = ("backordered", "open", "closed")
MOST_LINES = 1000


def list_orders() -> ResponseReturnValue:
    """Answer with a page of orders, oldest first."""
    state = request.args.get("state")
    if state is not None and state not in STATES:
        raise KeyProblem("state", f"must be one of {', '.join(STATES)}")
    wanted = Wanted(tag=request.args.get("tag", ""))
    with house().books.read() as unit:
        orders, shop = unit.orders, shop_of(unit)
        found = asked_page(
            lambda cursor, limit: orders.page(shop.id, state=state, cursor=cursor, limit=limit, wanted=wanted)
        )
        return listed(_documents(unit, shop, found.items), found.next)


def show_order(order: str) -> ResponseReturnValue:
    """Answer with one order."""
    with house().books.read() as unit:
        shop = shop_of(unit)
        return answer(_document(unit, shop, order))


def show_impact(order: str) -> ResponseReturnValue:
    """Answer with the orders that wait because of this one."""
    with house().books.read() as unit:
        hits = who_waits(unit, shop_of(unit), _order(unit, order), house().now())
        return listed(hit_document(hit) for hit in hits)


def show_evidence(order: str) -> ResponseReturnValue:
    """Answer with every move of the order's clocks under the delay laws, oldest first."""
    with house().books.read() as unit:
        moves = unit.laws.edges(asking_shop(), _order(unit, order).id)
        return listed(move_document(law, edge) for law, edge in moves)


def answer_offer(order: str) -> ResponseReturnValue:
    """Take the customer's answer to an offer, and answer with the order."""
    with house().books.read() as unit:
        _order(unit, order)
    option = _option(reading.body())
    with changing_shop() as (unit, shop):
        _order(unit, order)
        choices.answer(unit, shop, order, option, actor="api", as_of=house().now(), now=machine_time())
        return _taken(unit, shop, order)


def act_on_order(order: str) -> ResponseReturnValue:
    """Do what a person asked for the order, as far as its plan allows it, and answer with the order."""
    do, lines, promise = _wish(reading.body())
    key = house().settings.code_key
    with changing_shop() as (unit, shop):
        _know_lines(_order(unit, order), lines)
        choices.apply(
            unit, shop, order, do, lines, actor="api", as_of=house().now(), now=machine_time(), code_key=key,
            promise=promise, support=house().support_of(shop.platform),
        )  # fmt: skip
        return _taken(unit, shop, order)


def _taken(unit: Unit, shop: Shop, order: str) -> Response:
    """Return the answer to a wish that was carried into the books: the order as it is now."""
    return kept(unit, answer(_document(unit, shop, order), 202), order=order)


def _document(unit: Unit, shop: Shop, order: str) -> dict[str, Any]:
    (shown,) = _documents(unit, shop, [_order(unit, order)])
    return shown


def _documents(unit: Unit, shop: Shop, records: Sequence[OrderRecord]) -> list[dict[str, Any]]:
    known, consoler = beside(unit, shop.id, [record.id for record in records]), consoler_of(unit, shop)
    return [order_document(record, known[record.id], shop, house().settings, consoler) for record in records]


def _order(unit: Unit, order: str) -> OrderRecord:
    record = unit.orders.get(asking_shop(), order)
    if record is None:
        abort(404, "no order with this id")
    return record


def _know_lines(record: OrderRecord, lines: tuple[str, ...]) -> None:
    known = {line.id for line in record.snapshot.lines}
    for place, line in enumerate(lines):
        if line not in known:
            raise Disagreement(f"lines[{place}]", "is not a line of this order")


def _option(body: dict[str, object]) -> str:
    unknown = sorted(set(body) - {"option"})
    if unknown:
        raise KeyProblem(unknown[0][:100], "is not known here; known: option")
    option = body.get("option")
    if not isinstance(option, str) or option not in get_args(OptionKey):
        raise KeyProblem("option", f"must be one of {', '.join(get_args(OptionKey))}")
    return option


def _wish(body: dict[str, object]) -> tuple[str, tuple[str, ...], HandPromise | None]:
    known = ("do", "lines", "on", "why")
    unknown = sorted(set(body) - set(known))
    if unknown:
        raise KeyProblem(unknown[0][:100], f"is not known here; known: {', '.join(known)}")
    do, lines = body.get("do"), body.get("lines", [])
    if not isinstance(do, str) or do not in choices.CHOICES:
        raise KeyProblem("do", f"must be one of {', '.join(choices.CHOICES)}")
    if not isinstance(lines, list) or len(lines) > MOST_LINES:
        raise KeyProblem("lines", "must be a list of line ids")
    return do, tuple(_line(place, line) for place, line in enumerate(lines)), _promise(do, body)


def _promise(do: str, body: dict[str, object]) -> HandPromise | None:
    """Return the day to be promised; only `promise` takes one."""
    if do != hand_promises.SET:
        for name in sorted({"on", "why"} & set(body)):
            raise KeyProblem(name, f"goes with {hand_promises.SET} only")
        return None
    on, why = body.get("on"), body.get("why", "")
    day = typed_day(on) if isinstance(on, str) else None
    if day is None:
        raise KeyProblem("on", f"must be {A_DAY}")
    if not isinstance(why, str) or len(why) > LONGEST_WHY:
        raise KeyProblem("why", f"must be text of {LONGEST_WHY} characters at most")
    return HandPromise(on=day, why=why)


def _line(place: int, line: object) -> str:
    if not isinstance(line, str):
        raise KeyProblem(f"lines[{place}]", "must be the id of a line, as text")
    return line
