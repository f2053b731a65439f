"""The merchant's other tools: endpoints that take events, with their secrets, tests and last deliveries."""

from dataclasses import replace
from datetime import UTC, datetime

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from core.errors import Misuse, NotAllowed
from core.hooks import announcing, outgoing
from core.hooks.outgoing import EVENTS, MOST_ENDPOINTS, SHOWN, Endpoint
from core.ports.books import Unit
from pages.changes import machine_time
from pages.languages import _, later
from pages.retelling import full_stop, retold
from pages.row_ids import row_id, row_or_404
from pages.visitor import ACTOR, merchant_blueprint, visit

blueprint = merchant_blueprint("tools", __name__)
ASKED = {
    "on": "switched a webhook on",
    "off": "switched a webhook off",
    "rotate": "renewed a webhook's secret",
    "remove": "removed a webhook",
    "test": "tested a webhook",
}
"""What may be asked of an endpoint, as the log tells it."""
DONE = {
    "test": later("A test is on its way: reload in a moment to see what came back."),
    "on": later("Switched on."),
    "off": later("Switched off. What is on its way to it is dropped."),
    "remove": later("Removed."),
}


@blueprint.get("/tools")
def tools() -> ResponseReturnValue:
    """Show every endpoint with its last deliveries."""
    return _page()


@blueprint.post("/tools")
def add() -> ResponseReturnValue:
    """Add an endpoint and show its secret, this once."""
    here = visit()
    try:
        url, events = checked(here.house.hooks, request.form.get("url", ""), request.form.getlist("events"))
        with here.house.books.write() as unit:
            made, secret = added(unit, here.shop.id, url, events, actor=ACTOR, at=here.house.now())
    except (Misuse, NotAllowed) as problem:
        return _page(problem=full_stop(retold(str(problem)))), 422
    return _page(secret=secret, about=made)


@blueprint.post("/tools/<endpoint>/<do>")
def change(endpoint: str, do: str) -> ResponseReturnValue:
    """Test, switch or remove an endpoint, or give it a new secret, which is shown this once."""
    here = visit()
    if do not in ASKED:
        abort(404)
    with here.house.books.write() as unit:
        known = unit.hooks.get(here.shop.id, row_or_404(endpoint)) or abort(404)
        secret = changed(unit, known, do, actor=ACTOR, at=here.house.now())
    if secret:
        return _page(secret=secret, about=known)
    flash(_(DONE[do]), "done")
    return redirect("/tools", 303)


@blueprint.post("/tools/again")
def again() -> ResponseReturnValue:
    """Put one failed event in line once more."""
    here = visit()
    with here.house.books.write() as unit:
        queued = unit.hooks.again(here.shop.id, request.form.get("message", 0, type=row_id), now=machine_time())
    flash(_("In line again.") if queued else _("There is nothing to try again."), "done" if queued else "problem")
    return redirect("/tools", 303)


def checked(post: outgoing.HookPost, url: str, events: list[str]) -> tuple[str, list[str]]:
    """Return the address and the events as they are kept. Raises Misuse, with what to do."""
    unknown = [event for event in events if event not in EVENTS]
    if unknown or not events:
        raise Misuse(_("events: choose at least one of %(events)s", events=", ".join(EVENTS)))
    return post.address(url), list(dict.fromkeys(events))


def added(unit: Unit, shop: str, url: str, events: list[str], *, actor: str, at: datetime) -> tuple[Endpoint, str]:
    """Add an endpoint; return it with its secret. Raises NotAllowed where there are too many."""
    unit.shops.lock(shop)
    if len(unit.hooks.all(shop)) >= MOST_ENDPOINTS:
        raise NotAllowed(_("at most %(most_endpoints)s webhooks: remove one first", most_endpoints=MOST_ENDPOINTS))
    secret = outgoing.new_secret()
    made = unit.hooks.add(shop, url, events, secret, at=at)
    unit.audit.write(shop=shop, at=at, actor=actor, what="added a webhook", detail={"endpoint": made.id})
    return made, secret


def changed(unit: Unit, endpoint: Endpoint, do: str, *, actor: str, at: datetime) -> str:
    """Carry out what a person asks of an endpoint; return the new secret where it got one."""
    secret, now = "", datetime.now(UTC)
    if do == "test":
        unit.hooks.send(endpoint, announcing.test(now.isoformat(), at), now=now)
    elif do == "rotate":
        secret = outgoing.new_secret()
        unit.hooks.rotate(endpoint.shop, endpoint.id, secret, at=now)
    elif do == "remove":
        unit.hooks.remove(endpoint.shop, endpoint.id)
    else:
        unit.hooks.put(replace(endpoint, state="on" if do == "on" else "off", failing_since=None, error=None))
    unit.audit.write(shop=endpoint.shop, at=at, actor=actor, what=ASKED[do], detail={"endpoint": endpoint.id})
    return secret


def _page(*, secret: str = "", about: Endpoint | None = None, problem: str = "") -> str:
    here = visit()
    with here.house.books.read() as unit:
        found = [(one, unit.hooks.newest(here.shop.id, one.id, limit=SHOWN)) for one in unit.hooks.all(here.shop.id)]
    takes = any(one.state == "on" and outgoing.NOTICE_DUE in one.events for one, _ in found)
    unsent = here.shop.policy.notices.sent_by == "tool" and not takes
    return render_template(
        "pages/tools.html", here="/tools", found=found, events=EVENTS, secret=secret, about=about, unsent=unsent,
        errors={"url": problem} if problem else {}, typed=request.form if problem else None,
    )  # fmt: skip
