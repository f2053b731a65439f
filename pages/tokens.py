"""Tokens for programs that use the JSON API: made and shown once, listed with their last use, ended."""

import secrets
from datetime import UTC, datetime

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from core.access.people import SCOPES, Scope, digest
from core.ports.books import Unit
from pages.changes import note_doing
from pages.languages import _, later
from pages.visitor import merchant_blueprint, visit

MOST = 50
LONGEST = 60
SCOPE_WORDS: dict[Scope, str] = {"read": later("Reads, and changes nothing"), "write": later("Reads and changes")}

blueprint = merchant_blueprint("tokens", __name__)


@blueprint.get("/tokens")
def tokens() -> ResponseReturnValue:
    """Show every token of the shop."""
    return _page()


@blueprint.post("/tokens")
def add() -> ResponseReturnValue:
    """Make a token and show it, this once."""
    here = visit()
    name = " ".join(request.form.get("name", "").split())[:LONGEST]
    scope = next((scope for scope in SCOPES if scope == request.form.get("scope")), None)
    if not name or scope is None:
        flash(_("Say what will use the token, and choose what it may do."), "problem")
        return redirect("/tokens", 303)
    with here.house.books.write() as unit:
        unit.shops.lock(here.shop.id)
        full = len(unit.access.tokens(here.shop.id)) >= MOST
        token = "" if full else new_token(unit, here.shop.id, scope=scope, name=name)
        if not full:
            note_doing(unit, "made an API token", detail={"name": name, "scope": scope})
    if full:
        flash(_("There are %(most)s tokens: end one first.", most=MOST), "problem")
        return redirect("/tokens", 303)
    return _page(token=token, name=name)


@blueprint.post("/tokens/end")
def end() -> ResponseReturnValue:
    """End one token: whatever uses it is let in no more."""
    here = visit()
    key = request.form.get("token", "")
    with here.house.books.write() as unit:
        ended = unit.access.end_token(key, shop=here.shop.id)
        if ended is not None:
            note_doing(unit, "ended an API token", detail={"name": ended.name, "scope": ended.scope})
    if ended is None:
        flash(_("That token has been ended already."), "problem")
    else:
        flash(_("Ended. What used it is let in no more."), "done")
    return redirect("/tokens", 303)


def new_token(unit: Unit, shop: str, *, scope: Scope, name: str) -> str:
    """Return a fresh token of the shop; the books keep its digest only."""
    token = secrets.token_urlsafe(32)
    unit.access.add_token(shop=shop, token_hash=digest(token), at=datetime.now(UTC), scope=scope, name=name)
    return token


def _page(*, token: str = "", name: str = "") -> ResponseReturnValue:
    here = visit()
    with here.house.books.read() as unit:
        found = unit.access.tokens(here.shop.id)
    return render_template("pages/tokens.html", here="/tools", found=found, scopes=SCOPE_WORDS, token=token, name=name)
