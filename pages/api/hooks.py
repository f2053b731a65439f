"""Webhooks to the merchant's other tools: listed, added, tested, renewed, removed. Secrets are told once."""

import re

from flask import abort
from flask.typing import ResponseReturnValue

from core.errors import Misuse
from core.hooks.outgoing import EVENTS, SHOWN, Endpoint, Message
from core.ports.books import Unit
from pages import tools
from pages.api import once, reading
from pages.api.answers import answer, instant
from pages.api.changes import ACTOR, changing_shop
from pages.api.door import asking_shop
from pages.api.problems import Disagreement, KeyProblem
from pages.row_ids import row_or_404
from pages.visitor import house

URL = r"https?://(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+)(:[0-9]{1,5})?([/?][!$-&(-;=?-\[\]_a-z~]*)?"
"""How an address is written: no user name, no fragment, nothing that a program along the way could take apart."""
DOINGS = ("test", "rotate", "on", "off")


def list_webhooks() -> ResponseReturnValue:
    """Answer with every endpoint, oldest first."""
    with house().books.read() as unit:
        return answer({"items": [_endpoint(one) for one in unit.hooks.all(asking_shop())], "next": None})


def add_webhook() -> ResponseReturnValue:
    """Add an endpoint; its secret is in this answer only."""
    body = reading.body()
    url, events = body.get("url"), body.get("events")
    if unknown := set(body) - {"url", "events"}:
        raise KeyProblem(min(unknown), "is not known here; known: events, url")
    if not isinstance(url, str) or not re.fullmatch(URL, url, re.ASCII):
        raise KeyProblem("url", "must be an address such as https://hooks.example.com/backorder")
    if not isinstance(events, list) or not events or not all(event in EVENTS for event in map(str, events)):
        raise KeyProblem("events", f"must be a list of at least one of {', '.join(EVENTS)}")
    address, wanted = _usable(url), list(dict.fromkeys(events))
    with changing_shop() as (unit, shop):
        made, secret = tools.added(unit, shop.id, address, wanted, actor=ACTOR, at=house().now())
        # Who asks again gets the same answer without the secret: that is kept nowhere else.
        once.kept(unit, answer(_endpoint(made), 201))
    return answer(_endpoint(made, secret), 201)


def act_on_webhook(webhook: str) -> ResponseReturnValue:
    """Test, switch or renew an endpoint; a new secret is in this answer only."""
    do = reading.body().get("do")
    with changing_shop() as (unit, shop):
        known = _known(unit, shop.id, webhook)
        if do not in DOINGS:
            raise KeyProblem("do", f"must be one of {', '.join(DOINGS)}")
        secret = tools.changed(unit, known, str(do), actor=ACTOR, at=house().now())
        after = _known(unit, shop.id, webhook)
        once.kept(unit, answer(_endpoint(after), 202))
    return answer(_endpoint(after, secret), 202)


def list_sent(webhook: str) -> ResponseReturnValue:
    """Answer with the newest events for the endpoint and what came back."""
    with house().books.read() as unit:
        known = _known(unit, asking_shop(), webhook)
        rows = unit.hooks.newest(known.shop, known.id, limit=SHOWN)
    return answer({"items": [_message(row) for row in rows], "next": None})


def remove_webhook(webhook: str) -> ResponseReturnValue:
    """Remove the endpoint with what is on its way to it."""
    with changing_shop() as (unit, shop):
        known = _known(unit, shop.id, webhook)
        tools.changed(unit, known, "remove", actor=ACTOR, at=house().now())
    return "", 204


def _usable(url: str) -> str:
    """Return the address as it is kept; one that is well written may still be none to call."""
    try:
        return house().hooks.address(url)
    except Misuse as problem:
        raise Disagreement("url", str(problem)) from problem


def _known(unit: Unit, shop: str, webhook: str) -> Endpoint:
    """Return the shop's endpoint of this number; anything else is a 404."""
    return unit.hooks.get(shop, row_or_404(webhook)) or abort(404)


def _endpoint(one: Endpoint, secret: str = "") -> dict[str, object]:
    return {
        "id": one.id, "url": one.url, "events": list(one.events), "state": one.state, "error": one.error,
        "failing_since": instant(one.failing_since), "created_at": instant(one.created_at), "secret": secret or None,
    }  # fmt: skip


def _message(row: Message) -> dict[str, object]:
    return {
        "webhook_id": row.key, "event": row.event, "order": row.order or None, "state": row.state,
        "attempts": row.attempts, "status": row.status, "error": row.error, "created_at": instant(row.created_at),
        "next_at": instant(row.next_at) if row.state == "pending" else None,
    }  # fmt: skip
