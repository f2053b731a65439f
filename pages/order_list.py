"""The list of all orders, open and ended, and the same as a file for a spreadsheet."""

from collections.abc import Iterator

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from core.money import major
from core.ports.books import Books
from core.records import OrderRecord
from core.records.finding import Wanted
from pages.cards import card, cards
from pages.finder import finder, wanted
from pages.languages import later
from pages.spreadsheets import sheet
from pages.visitor import merchant_blueprint, visit
from pages.words import COLUMNS

A_PAGE = 50
A_READ = 250
STATES = {
    "backordered": later("With backorders"),
    "open": later("Open"),
    "closed": later("Closed"),
    "all": later("All"),
}
COLUMN_WORDS = {name: words[0] for name, words in COLUMNS.items()} | {"preorder": later("Pre-orders")}
HEAD = (
    "Order", "Id", "Customer", "Country", "Tags", "Placed", "Decision", "Ordered", "Waiting", "Can ship now",
    "Value waiting", "Currency", "First promise", "Promise now", "Complete by", "Why",
)  # fmt: skip

blueprint = merchant_blueprint("order_list", __name__)


@blueprint.get("/orders")
def order_list() -> ResponseReturnValue:
    """Show the orders of a state or board column that match what is looked for, oldest first."""
    here, state = visit(), _state()
    with here.house.books.read() as unit:
        form = finder(unit, here.shop)
        page = unit.orders.page(
            here.shop.id, state=_stored(state), cursor=request.args.get("cursor") or None, limit=A_PAGE,
            wanted=wanted(here.shop, here.house.now()),
        )  # fmt: skip
    return render_template(
        "pages/orders.html",
        here="/orders",
        cards=cards(page.items),
        state=state,
        finder=form,
        states=STATES | COLUMN_WORDS,
        further=page.next and f"/orders{form.query(state=state, cursor=page.next)}",
    )


@blueprint.get("/orders.csv")
def order_sheet() -> ResponseReturnValue:
    """Send the same orders, all of them, as a file."""
    here, state = visit(), _state()
    sought = wanted(here.shop, here.house.now())
    rows = _all(here.house.books, here.shop.id, _stored(state), sought)
    return sheet(f"orders-{state}.csv", HEAD, (row(record) for record in rows))


def row(record: OrderRecord) -> tuple[object, ...]:
    """Return one order as a line of the file; dates as a spreadsheet reads them."""
    seen, shown = record.snapshot, card(record)
    return (
        seen.name, seen.platform_id, seen.customer.name, seen.customer.country, ", ".join(sorted(seen.merchant_tags)),
        f"{seen.placed_at:%Y-%m-%d %H:%M} UTC", shown.badge.word, shown.ordered, shown.waiting, shown.ready,
        major(shown.value, seen.currency), seen.currency, record.first_promise_on, record.promised_on,
        shown.completes_on, shown.why,
    )  # fmt: skip


def _all(books: Books, shop: str, state: str | None, sought: Wanted) -> Iterator[OrderRecord]:
    """Yield the orders, a bounded number at a time: each page is a transaction of its own."""
    cursor: str | None = None
    while True:
        with books.read() as unit:
            page = unit.orders.page(shop, state=state, cursor=cursor, limit=A_READ, wanted=sought)
        yield from page.items
        cursor = page.next
        if cursor is None:
            return


def _state() -> str:
    """Return the state that is shown: what is searched is searched everywhere, unless a state is named."""
    state = request.args.get("state") or ("all" if request.args.get("q", "").strip() else "backordered")
    return state if state in STATES or state in COLUMN_WORDS else abort(404)


def _stored(state: str) -> str | None:
    return None if state == "all" else state
