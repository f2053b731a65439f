"""The board: where every waiting order stands, and what a merchant does next."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue

from core.house import Call, Story
from core.ports.books import Unit
from core.records.finding import Wanted
from pages.cards import Card, cards
from pages.finder import Finder, finder, query, wanted
from pages.first_steps import Step, steps_to_show
from pages.gate_view import stopped_items
from pages.languages import _, n_, plural
from pages.visitor import merchant_blueprint, visit
from pages.words import COLUMNS

CARDS_A_COLUMN = 12
CALLS_SHOWN = 14
EVENTS_SHOWN = 4

blueprint = merchant_blueprint("board", __name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A page of a column's cards. `further` is the address of the next ones, `first` that of the first ones."""

    count: int
    cards: tuple[Card, ...]
    further: str | None
    first: str | None
    all: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """The board's live part. `trouble` is the shop's worst news, `title` what the window is called."""

    html: str
    trouble: str | None
    title: str
    finder: Finder
    steps: tuple[Step, ...]

    @property
    def seen(self) -> str:
        """A digest: the same for the same part."""
        return hashlib.sha256(self.html.encode()).hexdigest()[:16]


@blueprint.get("/")
def board() -> ResponseReturnValue:
    """Show the board, with the demo's story where there is one."""
    live, here = _live(), visit()
    with here.house.books.read() as unit:
        clocks = unit.laws.running(here.shop.id) if here.shop.policy.notices.paused else None
    address = query(
        {"shop": visit().shop.id, **live.finder.asked, **_starts(), "locale": request.args.get("locale", "")}
    )
    return render_template(
        "pages/board.html", here="/", live=live, trouble=live.trouble, finder=live.finder, address=f"/board{address}",
        clocks=clocks,
    )  # fmt: skip


@blueprint.get("/board")
def board_fragment() -> ResponseReturnValue:
    """Answer with the live part of the board, or with 204 where the page shows it already (`?seen=`)."""
    live = _live()
    if request.args.get("seen") == live.seen:
        return "", 204
    return live.html, {"X-Seen": live.seen, "X-Trouble": live.trouble or "calm"}


def _live() -> Live:
    here = visit()
    with here.house.books.read() as unit:
        form = finder(unit, here.shop)
        sought = unit.orders.narrowed(here.shop.id, wanted(here.shop, here.house.now()))
        columns = _columns(unit, form, sought)
        counts = unit.orders.board_counts(here.shop.id)
        numbers = unit.orders.waiting(here.shop.id, sought)
        failed = unit.outbox.counts(here.shop.id).get("failed", 0)
        failing = sum(one.state == "failing" for one in unit.hooks.all(here.shop.id))
        steps = () if here.house.story else steps_to_show(unit, here.shop)
        stopped = len(stopped_items(unit, here.shop.id))
    trouble = next((column for column in ("needs", "risk") if counts[column]), None)
    title = _title(trouble, counts)
    html = render_template(
        "pages/board_live.html", columns=columns, numbers=numbers, failed=failed, failing=failing, stopped=stopped,
        finder=form, title=title, **_story(here.house.story),
    )  # fmt: skip
    return Live(html=html, trouble=trouble, title=title, finder=form, steps=steps)


def _columns(unit: Unit, form: Finder, sought: Wanted) -> dict[str, Column]:
    shop, starts = visit().shop.id, _starts()
    counts = unit.orders.board_counts(shop, sought)
    found = {}
    for name in COLUMNS | {"preorder": ()}:
        start = _start(name)
        limit = CARDS_A_COLUMN if name in COLUMNS else 1
        page = unit.orders.page(shop, state=name, cursor=starts.get(start), limit=limit, wanted=sought)
        found[name] = Column(
            count=counts[name],
            cards=cards(page.items),
            further=f"/{form.query(**starts | {start: page.next})}" if page.next else None,
            first=f"/{form.query(**starts | {start: ''})}" if start in starts else None,
            all=f"/orders{form.query(state=name)}",
        )
    return found


def _starts() -> dict[str, str]:
    """Return where the columns begin that do not begin at their first order."""
    given = ((_start(name), request.args.get(_start(name), "")) for name in COLUMNS)
    return {start: cursor for start, cursor in given if cursor}


def _start(column: str) -> str:
    return f"{column}_from"


def _title(trouble: str | None, counts: Mapping[str, int]) -> str:
    """Return the window's title: the worst news come first."""
    number = counts[trouble] if trouble else 0
    news = {"needs": plural("(%(number)s) needs you", "(%(number)s) need you"),
            "risk": plural("(%(number)s) at risk", "(%(number)s) at risk")}  # fmt: skip
    return " – ".join([*([n_(*news[trouble], number)] if trouble else []), _("Board"), "Backorder"])


def _story(story: Story | None) -> dict[str, object]:
    return {
        "story": story,
        "events": list(story.events())[1 : 1 + EVENTS_SHOWN] if story else [],
        "calls": _each_once(story.calls()) if story else [],
        "calls_shown": CALLS_SHOWN,
        "call_id": _call_id,
    }


def _each_once(calls: Sequence[Call]) -> list[Call]:
    """Return the newest of those that say the same and ended alike: one for each product would hide all others."""
    newest: dict[tuple[str, str, int], Call] = {}
    for call in calls:
        newest.setdefault((call.platform, call.said or call.what, call.status), call)
    return list(newest.values())


def _call_id(call: Call) -> str:
    """Return an id that stays with the call while others come in, so that what is open stays open."""
    return f"call-{call.platform}-{call.number}"
