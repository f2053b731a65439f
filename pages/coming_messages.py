"""Messages that leave next, each of which can be held or left out; and those that the last month would have brought."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from core.messages import post_rules
from core.messages.notices import LAW_KINDS
from core.messages.notices_past import DECIDED, WouldBe, would_have_been
from core.messages.outreach import letter
from core.messages.post_outlook import Upcoming, outlook, past_of
from core.ports.books import Unit
from core.records import AuditEntry, OrderRecord, Shop
from pages.changes import changing_shop, note_doing
from pages.languages import _
from pages.letters import kept_back
from pages.message_words import titles
from pages.visitor import merchant_blueprint, visit

MOST = 50
A_DAY, A_MONTH, BEFORE = timedelta(days=1), timedelta(days=30), timedelta(days=120)
A_PAGE, MOST_PAGES = 500, 40
PLAYED_BACK = ("waiting", "unexpected", "still_on_time", "date_changed", "ready")
"""Kinds that the log of plans tells of."""

blueprint = merchant_blueprint("coming_messages", __name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """One mail to come with what it says: its subject, and (order, name) of each message in it."""

    mail: Upcoming
    subject: str
    orders: tuple[tuple[str, str], ...]


@blueprint.get("/messages/next")
def coming() -> ResponseReturnValue:
    """Show what leaves next, to whom and when, by the rules that the worker goes by."""
    here = visit()
    with here.house.books.read() as unit:
        drafts = unit.notices.drafts(here.shop.id)
        past = past_of(unit, here.shop, drafts, here.house.now())
        queued = unit.mails.pending(here.shop.id, limit=MOST)
    found = outlook(here.shop, drafts, past, now=here.house.now(), most=MOST)
    return render_template(
        "pages/messages_next.html", here="/messages", mails=[_worded(mail, past.orders) for mail in found.mails],
        kept=kept_back(here.shop), dropped=found.dropped[:MOST],
        drafts=len(drafts), queued=queued, titles=titles(),
    )  # fmt: skip


def _worded(mail: Upcoming, orders: Mapping[str, OrderRecord | None]) -> Coming:
    here = visit()
    about = {part.order: orders.get(part.order) for part in mail.parts}
    subject, _body = here.house.post.words(letter(here.shop, about, mail.parts, mail.at))
    names = tuple((order, record.snapshot.name if record else order) for order, record in about.items())
    return Coming(mail=mail, subject=subject, orders=names)


@blueprint.post("/messages/next")
def decide() -> ResponseReturnValue:
    """Leave a mail out, or hold it for a day; what a law asks for is neither."""
    here, doing = visit(), request.form.get("do")
    if doing not in {"skip", "hold"}:
        abort(400)
    chosen = set(request.form.getlist("notice", type=int))
    with changing_shop() as unit:
        drafts = [draft for draft in unit.notices.drafts(here.shop.id) if draft.id in chosen]
        if any(draft.kind in LAW_KINDS for draft in drafts):
            abort(400, _("A law asks for this message: it is neither held nor left out."))
        if doing == "skip":
            unit.notices.settle(drafts, "skipped", error=post_rules.LEFT_OUT)
        else:
            for draft in drafts:
                unit.notices.put_off(draft, until=max(draft.due_at, here.house.now()) + A_DAY)
        for draft in drafts:
            what = "left a message out" if doing == "skip" else "held a message for a day"
            note_doing(unit, what, order=draft.order or None, outcome="done")
    done = _("It is left out.") if doing == "skip" else _("It waits for another day.")
    flash(done if drafts else _("It has left already."), "done" if drafts else "problem")
    return redirect("/messages/next", 303)


@blueprint.get("/messages/past")
def past() -> ResponseReturnValue:
    """Show whom the last month would have brought which message, by the log of plans."""
    here, kind = visit(), request.args.get("kind", "")
    now = here.house.now()
    with here.house.books.read() as unit:
        entries = plans_of(unit, here.shop, now - A_MONTH - BEFORE, now)
        made = would_have_been(entries, here.shop.policy.notices, since=now - A_MONTH, until=now)
        shown = [one for one in made if kind in {"", one.kind}]
        orders = {one.order: unit.orders.get(here.shop.id, one.order) for one in shown}
    counts = {name: sum(one.kind == name for one in made) for name in PLAYED_BACK}
    return render_template(
        "pages/messages_past.html",
        here="/messages",
        kind=kind if kind in PLAYED_BACK else "",
        counts=counts,
        shown=shown[-MOST:][::-1],
        count=len(shown),
        customers=_customers(shown, orders),
        orders=orders,
        titles=titles(),
    )


def plans_of(unit: Unit, shop: Shop, since: datetime, until: datetime) -> list[AuditEntry]:
    """Return the log of the shop's plans of a stretch of time, oldest first, as far back as one page reads."""
    found: list[AuditEntry] = []
    cursor = None
    for _page in range(MOST_PAGES):
        page = unit.audit.page(shop.id, what=DECIDED, cursor=cursor, limit=A_PAGE)
        found += page.items
        cursor = page.next
        if cursor is None or (found and found[-1].at < since):
            break
    return [entry for entry in reversed(found) if since <= entry.at <= until]


def _customers(made: list[WouldBe], orders: dict[str, OrderRecord | None]) -> int:
    """Return how many customers these messages are for, by their addresses."""
    people = (orders[one.order] for one in made)
    return len({who.snapshot.customer.email for who in people if who and who.snapshot.customer.email})
