"""Signing in by a one-use link, with a code where the person has a second factor; and signing out.

There are no passwords. Whoever runs the service prints an owner's first link, which signs in at once. Owners make those
of others, which travel by mail and chat and are opened by scanners and previews on the way: these ask first.
"""

from datetime import UTC, datetime

from flask import Blueprint, Response, make_response, redirect, render_template, request, session
from flask.typing import ResponseReturnValue

from core.access.people import Seat, digest
from core.ports.books import Unit
from pages.languages import _
from pages.one_time_codes import proves, wrong_code
from pages.visitor import (
    MERCHANT,
    acting,
    has_second_factor,
    house,
    key_of,
    open_shops,
    opened,
    seats_of,
    sign_in_page,
    signed_in_since,
)

MOST_SHOPS = 10  # in one link
blueprint = Blueprint("sign_in", __name__)


@blueprint.before_app_request
def by_link() -> ResponseReturnValue | None:
    """Let somebody in by a link to any of the merchant's pages."""
    by_link = request.blueprint in MERCHANT and "login" in request.args
    return _come_in(request.args["login"]) if by_link else None


@blueprint.get("/login")
def login() -> ResponseReturnValue:
    """Spend the printed link in `?login=`, ask about the one in `?invited=`; without one, say how to get it."""
    if "login" in request.args:
        return _come_in(request.args["login"])
    if "invited" in request.args:
        return _asked_in(request.args["invited"])
    with house().books.read() as unit:
        signed_in = bool(opened(unit))
    return redirect("/", 303) if signed_in else sign_in_page(200)


@blueprint.post("/login")
def prove() -> ResponseReturnValue:
    """Spend the link, together with a code from the person's own device where they have one."""
    return _come_in(request.form.get("login", ""), request.form.get("code"))


@blueprint.post("/logout")
def logout() -> ResponseReturnValue:
    """Forget everything that the session opens, also where its cookie was copied; or end another of the person's."""
    if "session" in request.form:
        return _end_another(request.form["session"])
    with house().books.write() as unit:
        unit.sessions.end(key_of(session))
    session.clear()
    return sign_in_page(200, _("You are signed out."))


def _end_another(key: str) -> ResponseReturnValue:
    """Sign another browser out of the shops in which it has the same person's seat as this one."""
    since = signed_in_since()
    with house().books.write() as unit:
        for shop, mine in seats_of(unit).items():
            theirs = [one for one in unit.sessions.of_shop(shop, since=since) if one.key == key]
            if mine.person and any(one.seat.person == mine.person for one in theirs):
                unit.sessions.end(key, shop=shop)
                unit.audit.write(shop=shop, at=house().now(), actor=acting(mine.person), what="signed somebody out")
    return redirect("/people", 303)


def _asked_in(token: str) -> Response:
    """Answer with the page on which the invited person says that it is them: looking spends nothing."""
    with house().books.read() as unit:
        seat = unit.access.look_at_link(digest(token), now=datetime.now(UTC))
        shop = unit.shops.get(seat.shop) if seat else None
        locked = seat is not None and has_second_factor(unit, seat)
    if seat is None or shop is None:
        return sign_in_page(403, _gone())
    if locked:
        return _code_page(token)
    return make_response(render_template("pages/sign_in_asked.html", token=token, person=seat.person, shop=shop.name))


def _come_in(token: str, code: str | None = None) -> Response:
    """Spend a one-use link and answer with a redirect to the board, or with the page that says what is missing.

    A printed link is spent on GET: the command line says it on the operator's own machine. HEAD never spends.
    """
    if request.method == "HEAD":
        return make_response("", 200)
    # The demo's link opens both of its shops: it carries a token for each, separated by a comma.
    links = [digest(one) for one in token.split(",")[:MOST_SHOPS]]
    # A link's age is real time: in the demo, business time runs away from it.
    now = datetime.now(UTC)
    with house().books.write() as unit:
        locked = _locked(unit, links, now)
        if locked and code is None:
            return _code_page(token)
        shut = {link for link, seat in locked.items() if not proves(unit, seat.shop, seat.person, code or "")}
        spent = [unit.access.use_link(link, now=now) for link in links if link not in shut]
        seats = {seat.shop: seat for seat in spent if seat}
        _let_in(unit, list(seats.values()))
    if seats:
        return make_response(redirect("/", 303))
    return _code_page(token, wrong_code()) if shut else sign_in_page(403, _gone())


def _locked(unit: Unit, links: list[str], now: datetime) -> dict[str, Seat]:
    """Return those of the links that open only with a code as well, with whom they let in."""
    seats = {link: unit.access.look_at_link(link, now=now) for link in links}
    return {link: seat for link, seat in seats.items() if seat and has_second_factor(unit, seat)}


def _let_in(unit: Unit, seats: list[Seat]) -> None:
    for seat in seats:
        unit.audit.write(
            shop=seat.shop, at=house().now(), actor=acting(seat.person), what="signed in", outcome="done"
        )  # fmt: skip
    if seats:
        open_shops(unit, seats)


def _code_page(token: str, problem: str = "") -> Response:
    page = render_template("pages/sign_in_code.html", token=token, problem=problem)
    return make_response(page, 403 if problem else 200)


def _gone() -> str:
    return _("This sign-in link has been used already or is too old.")
