"""Who is looking: the merchant's session, the shops that it opens, and the one that is shown.

There are no passwords. A one-use link opens the shops that it names. The signed cookie holds a secret; the books
keep its digest with the seats that it gives, so that an owner can see who is signed in and sign them out.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import Blueprint, Response, abort, current_app, g, make_response, redirect, render_template, request, session
from flask.typing import ResponseReturnValue

from core.access.people import Role, Seat, digest
from core.house import House
from core.ports.books import Unit
from core.records import Shop
from pages.languages import _, settle
from pages.printing import printer_for
from pages.security import DAYS_SIGNED_IN

ACTOR = "merchant"
MOST_SHOPS = 10  # in one link
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
OWNERS = frozenset(
    {"people", "policy", "tools", "tokens", "woocommerce", "install", "messages", "message_editor", "offers"}
)
"""Blueprints in which only owners change anything."""
MERCHANT: set[str] = set()
"""The names of the blueprints that need somebody signed in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One request of a signed-in merchant: `shop` is the one shown, `shops` are all that the session opens.

    `role` is what the person may do in the shop shown; `person` is the name under which they were let in, if any.
    """

    house: House
    shop: Shop
    shops: tuple[Shop, ...]
    role: Role = "owner"
    person: str = ""


def house() -> House:
    """Return what the composition root handed over."""
    found = current_app.extensions["backorder"]
    if not isinstance(found, House):
        raise TypeError("app.extensions['backorder'] must be a House before pages are registered")
    return found


def visit() -> Visit:
    """Return this request's visit. Only for views behind `merchant_blueprint`."""
    found = g.visit
    if not isinstance(found, Visit):
        raise TypeError("this view is not behind merchant_blueprint")
    return found


def actor() -> str:
    """Return who acts in this visit, as the log keeps it: `merchant`, with the person's name where it is known."""
    return acting(visit().person)


def acting(person: str) -> str:
    """Return the log's word for a person of the merchant's."""
    return f"{ACTOR}:{person}" if person else ACTOR


def merchant_blueprint(name: str, import_name: str) -> Blueprint:
    """Return a blueprint whose every view needs a session; a path's `<shop>` must be one of the session's."""
    blueprint = Blueprint(name, import_name)
    MERCHANT.add(name)
    blueprint.before_request(_let_in)
    return blueprint


def _let_in() -> ResponseReturnValue | None:
    if g.get("guest") is not None:
        return None
    if "login" in request.args:
        return spend(request.args["login"])
    with house().books.read() as unit:
        seats, shops = seats_of(unit), opened(unit)
    if not shops:
        # The shop's admin opens the app by its plain address, signed: that is a wish to come in.
        wish = {"shop", "hmac"} <= request.args.keys()
        return redirect(f"/shopify/install?{request.query_string.decode()}") if wish else sign_in_page(401)
    named = (request.view_args or {}).get("shop")
    # A foreign shop answers like one that is not there: its existence is nobody else's business.
    shown = _one(shops, named) if named else _chosen(shops)
    if shown is None:
        abort(404)
    if session.get("shop") != shown.id:
        session["shop"] = shown.id
    _used()
    seat = seats[shown.id]
    welcome(Visit(house=house(), shop=shown, shops=shops, role=seat.role, person=seat.person), seat.language)
    if request.method not in SAFE and not _may_change(g.visit.role):
        abort(403, _("You may look at this, not change it: ask an owner of %(name)s.", name=shown.name))
    return None


def _used() -> None:
    """Let the session's cookie be signed anew, once an hour: it ends by itself when nobody uses it."""
    hour = datetime.now(UTC).strftime("%j %H")
    if session.get("used") != hour:
        session["used"] = hour


def _may_change(role: Role) -> bool:
    return role == "owner" or (role == "staff" and request.blueprint not in OWNERS)


def recognise() -> None:
    """Make a page that needs no session show its navigation to those who have one."""
    with house().books.read() as unit:
        seats, shops = seats_of(unit), opened(unit)
    if shops and g.get("visit") is None:
        shown = _one(shops, session.get("shop")) or shops[0]
        welcome(Visit(house=house(), shop=shown, shops=shops), seats[shown.id].language)


def welcome(visit: Visit, chosen: str) -> None:
    """Show the request's pages to this visitor, in the language that they chose; "" where they chose none."""
    settle(chosen)
    g.visit = visit
    g.printer = printer_for(visit.shop, visit.house.now())


def _chosen(shops: tuple[Shop, ...]) -> Shop | None:
    asked = request.args.get("shop")
    if asked is not None:
        return _one(shops, asked)
    return _one(shops, session.get("shop")) or shops[0]


def _one(shops: Iterable[Shop], shop: object) -> Shop | None:
    return next((one for one in shops if one.id == shop), None)


def opened(unit: Unit) -> tuple[Shop, ...]:
    """Return the shops that the session opens and that still exist, in the order they were opened."""
    found = (unit.shops.get(shop) for shop in seats_of(unit))
    return tuple(shop for shop in found if shop is not None)


def seats_of(unit: Unit) -> dict[str, Seat]:
    """Return the session's seats by shop."""
    key = key_of(session)
    return {seat.shop: seat for seat in unit.sessions.seats(key, since=signed_in_since())} if key else {}


def key_of(cookie: Mapping[str, object]) -> str:
    """Return the digest under which the books know the session; "" where nobody has signed in."""
    secret = cookie.get("secret")
    return digest(secret) if isinstance(secret, str) else ""


def signed_in_since() -> datetime:
    """Return since when a sign-in still stands. By real time: in the demo, business time runs away from it."""
    return datetime.now(UTC) - timedelta(days=DAYS_SIGNED_IN)


def open_shops(unit: Unit, seats: Sequence[Seat]) -> None:
    """Remember that this browser is let into these shops too, and show the first of them.

    Its cookie is another one from now on: whoever knew the one before, or had planted it, is not let in as well.
    """
    before, now = key_of(session), datetime.now(UTC)
    session["secret"] = secrets.token_urlsafe(24)
    session.pop("csrf_token", None)
    unit.sessions.renew(before, key_of(session))
    unit.sessions.purge(signed_in_since())
    for seat in seats:
        unit.sessions.open(key_of(session), seat, browser=request.headers.get("User-Agent", "")[:200], at=now)
    session["shop"] = seats[0].shop
    session.permanent = True


def sign_in_page(status: int, problem: str | None = None) -> Response:
    """Return the page that says how to get in."""
    return make_response(render_template("pages/sign_in.html", problem=problem), status)


def spend(token: str) -> Response:
    """Spend a one-use link and answer with a redirect to the board, or with the sign-in page.

    It is spent on GET: a link is printed by the command line on the operator's own machine and never mailed, so no
    mail scanner opens it first. HEAD, which such programs and chat previews send, never spends.
    """
    if request.method != "GET":
        return make_response("", 200)
    here = house()
    with here.books.write() as unit:
        # The demo's link opens both of its shops: it carries a token for each, separated by a comma.
        # A link's age is real time: in the demo, business time runs away from it.
        now = datetime.now(UTC)
        tried = [unit.access.use_link(digest(one), now=now) for one in token.split(",")[:MOST_SHOPS]]
        known = list({seat.shop: seat for seat in tried if seat}.values())
        for seat in known:
            unit.audit.write(shop=seat.shop, at=here.now(), actor=acting(seat.person), what="signed in", outcome="done")
        if known:
            open_shops(unit, known)
    if not known:
        return sign_in_page(403, _("This sign-in link has been used already or is too old."))
    return make_response(redirect("/", 303))
