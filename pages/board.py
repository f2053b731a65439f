"""The board: where every waiting order stands, and what a merchant does next."""

import hashlib

from flask import render_template, request
from flask.typing import ResponseReturnValue

from core.house import Call
from core.ports import Unit
from pages.cards import Card, cards
from pages.counts import counts_of
from pages.gate_view import stopped_items
from pages.visitor import merchant_blueprint, visit
from pages.words import COLUMNS

CARDS_A_COLUMN = 12
CALLS_SHOWN = 14
EVENTS_SHOWN = 4

blueprint = merchant_blueprint("board", __name__)


@blueprint.get("/")
def board() -> ResponseReturnValue:
    """Show the board, with the demo's story where there is one."""
    fragment, counts = _fragment()
    return render_template(
        "pages/board.html", here="/", fragment=fragment, counts=counts, trouble=_trouble(counts),
        seen=_digest(fragment),
    )  # fmt: skip


@blueprint.get("/board")
def board_fragment() -> ResponseReturnValue:
    """Answer with the live part of the board, or with 204 where the page shows it already (`?seen=`)."""
    fragment, counts = _fragment()
    seen = _digest(fragment)
    if request.args.get("seen") == seen:
        return "", 204
    return fragment, {"X-Seen": seen, "X-Trouble": _trouble(counts) or "calm"}


def _fragment() -> tuple[str, dict[str, int]]:
    here = visit()
    with here.house.books.read() as unit:
        counts = unit.orders.board_counts(here.shop.id)
        columns = {column: _column(unit, here.shop.id, column) for column in COLUMNS}
        numbers = counts_of(unit, here.shop.id)
        failed = unit.outbox.counts(here.shop.id).get("failed", 0)
        stopped = len(stopped_items(unit, here.shop.id))
    story = here.house.story
    html = render_template(
        "pages/board_live.html",
        counts=counts,
        columns=columns,
        numbers=numbers,
        failed=failed,
        stopped=stopped,
        story=story,
        events=list(story.events())[1 : 1 + EVENTS_SHOWN] if story else [],
        calls=list(story.calls()) if story else [],
        calls_shown=CALLS_SHOWN,
        call_id=_call_id,
    )
    return html, counts


def _column(unit: Unit, shop: str, column: str) -> tuple[Card, ...]:
    return cards(unit.orders.board(shop, column, limit=CARDS_A_COLUMN))


def _trouble(counts: dict[str, int]) -> str | None:
    """Return the board's worst news: `needs` before `risk`."""
    return next((column for column in ("needs", "risk") if counts.get(column)), None)


def _call_id(call: Call) -> str:
    """Return an id that stays with the call while others come in, so that what is open stays open."""
    return f"call-{call.platform}-{call.number}"


def _digest(fragment: str) -> str:
    return hashlib.sha256(fragment.encode()).hexdigest()[:16]
