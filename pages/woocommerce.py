"""Connecting a WooCommerce store: by the store's own approval page, or by a pair of keys pasted in.

These pages need no session: whoever can let us into a store is its owner, and a first shop has nobody signed in yet.
"""

import secrets
from collections.abc import Mapping

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, session
from flask.typing import ResponseReturnValue

from core.access.approvals import ApprovalDesk
from core.access.people import Seat
from core.errors import BackorderError, CredentialsRevoked, Misuse, Unavailable
from core.records import Shop
from pages.languages import _, later
from pages.security import POLICY
from pages.visitor import ACTOR, house, open_shops, recognise

ADDRESS = later("Give the store's address, such as https://store.example.com.")
KEYS = {
    "key": later("Give the consumer key; it begins with ck_."),
    "secret": later("Give the consumer secret; it begins with cs_."),
}
TOO_LONG = 500
LARGEST_BODY = 64 * 1024
BROWSER = "approvals"

blueprint = Blueprint("woocommerce", __name__, url_prefix="/woocommerce")


@blueprint.get("/connect")
def connect() -> ResponseReturnValue:
    """Say how a store is connected, and why the last approval came to nothing."""
    browser = session.get(BROWSER)
    refused = _desk().problem(browser) if isinstance(browser, str) else None
    return _page({"url": request.args.get("url", "")[:TOO_LONG]}, {}, refused, status=200)


@blueprint.post("/connect")
def begin() -> ResponseReturnValue:
    """Send the store's owner to the store's own page, or connect by the keys that were pasted in."""
    typed = {name: request.form.get(name, "").strip() for name in ("url", *KEYS)}
    asked = ["url", *KEYS] if request.form.get("by") == "keys" or typed["key"] or typed["secret"] else ["url"]
    words = {"url": ADDRESS, **KEYS}
    errors = {name: words[name] for name in asked if not 0 < len(typed[name]) <= TOO_LONG}
    if errors:
        return _page(typed, errors, None)
    try:
        if len(asked) > 1:
            given = {"consumer_key": typed["key"], "consumer_secret": typed["secret"]}
            return _welcome(house().desk.connect("woocommerce", typed["url"], given))
        return redirect(_desk().ask(typed["url"], browser=_browser()), 303)
    except BackorderError as refused:
        return _page(typed, {}, str(refused))


@blueprint.post("/callback")
def callback() -> ResponseReturnValue:
    """Take the keys that a store posts. It counts nothing but exactly 200 as taken, and withdraws the keys else."""
    request.max_content_length = LARGEST_BODY
    try:
        _desk().receive(request.get_data(cache=False))
    except CredentialsRevoked as problem:
        return _said(401, problem)
    except Misuse as problem:
        return _said(400, problem)
    except Unavailable as problem:
        return _said(503, problem)
    except BackorderError as problem:
        return _said(422, problem)
    return Response("taken\n", 200, mimetype="text/plain")


@blueprint.get("/connected")
def connected() -> ResponseReturnValue:
    """Connect the store now that its owner came back; GET, because the store's page sends the browser here."""
    state, browser = request.args.get("user_id", "")[:TOO_LONG], session.get(BROWSER)
    approved = request.args.get("success") == "1"
    try:
        return _welcome(_desk().finish(state, approved=approved, browser=browser if isinstance(browser, str) else ""))
    except Misuse as refused:
        return _page({}, {}, str(refused), status=403)
    except BackorderError as refused:
        return _page({}, {}, str(refused))


def _desk() -> ApprovalDesk:
    desk = house().approvals
    if desk is None:
        raise Misuse(_("approvals are not set up here: paste the store's keys instead"))
    return desk


def _browser() -> str:
    """Return this browser's own secret; it goes nowhere but into its signed cookie."""
    known = session.get(BROWSER)
    if not isinstance(known, str):
        known = session[BROWSER] = secrets.token_urlsafe(24)
    return known


def _welcome(shop: Shop) -> ResponseReturnValue:
    with house().books.write() as unit:
        unit.audit.write(shop=shop.id, at=house().now(), actor=ACTOR, what="connected the shop", outcome="done")
        open_shops(unit, [Seat(shop=shop.id, person="", role="owner")])
    session.pop(BROWSER, None)
    flash(
        _("%(name)s is connected. Its open orders are being read now; the board fills by itself.", name=shop.name),
        "done",
    )
    return redirect("/", 303)


def _page(
    typed: Mapping[str, str], errors: Mapping[str, str], refused: str | None, *, status: int = 422
) -> ResponseReturnValue:
    recognise()
    # The secret is not sent back to the browser: it has to be pasted once more.
    values = {name: text for name, text in typed.items() if name != "secret"}
    by_keys = bool(values.get("key")) or any(name in errors for name in KEYS)
    page = render_template(
        "pages/connect_woocommerce.html", here="/connect", values=values, errors=errors, refused=refused,
        by_keys=by_keys, plain=house().settings.external.startswith("http://"),
    )  # fmt: skip
    answer = make_response(page, status)
    # The form's answer leads to the store's own page; browsers follow it only to places that the policy names.
    stores = "https: http:" if house().settings.private_stores else "https:"
    answer.headers["Content-Security-Policy"] = POLICY.replace("form-action 'self'", f"form-action 'self' {stores}")
    return answer


def _said(status: int, problem: BackorderError) -> Response:
    return Response(f"{problem}\n", status, mimetype="text/plain")
