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
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
STAFF = frozenset({
    "activity", "coming_messages", "drafts", "first_steps", "incoming", "incoming_import", "items", "orders",
    "personal_data", "reorder", "several", "shop_health", "substitutes", "views",
})  # fmt: skip
"""Blueprints in which staff change things: the day's work. What is not named here only owners change."""
OWN = frozenset({"second_factor"})
"""Blueprints in which everybody changes what concerns themselves."""
OF_SHOP = "of_shop"
"""The field in which each form names the shop that it was shown for."""
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
    with house().books.read() as unit:
        seats, shops = seats_of(unit), opened(unit)
        lacking = _without_second_factor(unit, seats)
    if not shops:
        # The shop's admin opens the app by its plain address, signed: that is a wish to come in.
        wish = {"shop", "hmac"} <= request.args.keys()
        return redirect(f"/shopify/install?{request.query_string.decode()}") if wish else sign_in_page(401)
    # A form is about the shop whose page it stands on, whichever another tab shows since.
    named = (request.view_args or {}).get("shop") or request.form.get(OF_SHOP)
    # A foreign shop answers like one that is not there: its existence is nobody else's business.
    shown = _one(shops, named) if named else _chosen(shops)
    if shown is None:
        abort(404)
    if session.get("shop") != shown.id:
        session["shop"] = shown.id
    _used()
    seat = seats[shown.id]
    welcome(Visit(house=house(), shop=shown, shops=shops, role=seat.role, person=seat.person), seat.language)
    if shown.id in lacking:
        return redirect("/second-factor", 303)
    if request.method not in SAFE and not may_change(seat.role, request.blueprint):
        abort(403, _("You may look at this, not change it: ask an owner of %(name)s.", name=shown.name))
    return None


def _used() -> None:
    """Let the session's cookie be signed anew, once an hour: it ends by itself when nobody uses it."""
    hour = datetime.now(UTC).strftime("%j %H")
    if session.get("used") != hour:
        session["used"] = hour


def may_change(role: Role, blueprint: str | None) -> bool:
    """Return whether people of this role change what this blueprint is about."""
    return role == "owner" or blueprint in OWN or (role == "staff" and blueprint in STAFF)


def _without_second_factor(unit: Unit, seats: Mapping[str, Seat]) -> set[str]:
    """Return the shops of which the person sees nothing before they set up what the installation asks for."""
    if not house().settings.asks_second_factor or request.blueprint in OWN:
        return set()
    return {shop for shop, seat in seats.items() if not has_second_factor(unit, seat)}


def has_second_factor(unit: Unit, seat: Seat) -> bool:
    """Return whether this person's sign-in takes a code as well."""
    return seat.person in unit.second_factors.people(seat.shop)


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
    return make_response(render_template("pages/sign_in.html", problem=problem, demo=house().story is not None), status)
