"""Who is signed in to a shop, letting further people in with a role, and signing them out."""

import secrets
from datetime import UTC, datetime, timedelta

from flask import flash, redirect, render_template, request, session
from flask.typing import ResponseReturnValue

from core.access.people import ROLES, Role, digest
from pages.changes import note_doing
from pages.languages import _, later
from pages.visitor import key_of, merchant_blueprint, signed_in_since, visit

LINK_LIFE = timedelta(days=2)
LONGEST = 60
ROLE_WORDS: dict[Role, tuple[str, str]] = {
    "owner": (later("Owner"), later("Owner: everything, also the policy and who may sign in")),
    "staff": (later("Staff"), later("Staff: orders, items and incoming stock")),
    "reader": (later("Read only"), later("Read only: looks, and changes nothing")),
}

BROWSERS = {"Edg/": "Edge", "OPR/": "Opera", "Firefox/": "Firefox", "Chrome/": "Chrome", "Safari/": "Safari"}
"""What tells a browser in its header, the first that stands there: each names those that it descends from as well."""
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Mac OS": "Mac",
    "Linux": "Linux",
}

blueprint = merchant_blueprint("people", __name__)


@blueprint.get("/people")
def people() -> ResponseReturnValue:
    """Show who is signed in."""
    return _page()


@blueprint.post("/people")
def invite() -> ResponseReturnValue:
    """Make a link for one person, shown this once: whoever first presses the button behind it gets the role."""
    here = visit()
    name = " ".join(request.form.get("person", "").split())[:LONGEST]
    role = next((role for role in ROLES if role == request.form.get("role")), None)
    if not name or role is None:
        flash(_("Give the person a name and choose what they may do."), "problem")
        return redirect("/people", 303)
    token = secrets.token_urlsafe(24)
    with here.house.books.write() as unit:
        until = datetime.now(UTC) + LINK_LIFE
        unit.access.add_link(
            shop=here.shop.id, link_hash=digest(token), expires_at=until, person=name,
            role=role,
        )  # fmt: skip
        note_doing(unit, "made a sign-in link", detail={"role": role})
    return _page(link=f"{here.house.settings.external}/login?invited={token}", person=name)


@blueprint.post("/people/out")
def sign_out() -> ResponseReturnValue:
    """Sign one browser out of this shop."""
    here = visit()
    with here.house.books.write() as unit:
        ended = unit.sessions.end(request.form.get("session", ""), shop=here.shop.id)
        if ended:
            note_doing(unit, "signed somebody out")
    flash(_("Signed out.") if ended else _("That browser is signed out already."), "done" if ended else "problem")
    return redirect("/people", 303)


@blueprint.post("/people/second-factor")
def end_second_factor() -> ResponseReturnValue:
    """Switch off the second factor of somebody who lost their device."""
    here, person = visit(), request.form.get("person", "")
    with here.house.books.write() as unit:
        ended = unit.second_factors.end(here.shop.id, person)
        if ended:
            note_doing(unit, "switched somebody's second factor off", detail={"person": person})
    if ended:
        flash(_("Switched off: a link alone signs them in again."), "done")
    else:
        flash(_("That second factor is off already."), "problem")
    return redirect("/people", 303)


@blueprint.app_template_filter("browser")
def browser_words(header: str) -> str:
    """Return a User-Agent as people know it, such as "Firefox on Windows"; one that is unknown stays as it is."""
    browser, system = (
        next((words for mark, words in known.items() if mark in header), "") for known in (BROWSERS, SYSTEMS)
    )
    return _("%(browser)s on %(system)s", browser=browser, system=system) if browser and system else header


def _page(*, link: str | None = None, person: str = "") -> ResponseReturnValue:
    here = visit()
    with here.house.books.read() as unit:
        found = unit.sessions.of_shop(here.shop.id, since=signed_in_since())
        proven = unit.second_factors.people(here.shop.id)
    return render_template(
        "pages/people.html",
        here="/people",
        found=found,
        mine=key_of(session),
        roles=ROLE_WORDS,
        proven=proven,
        link=link,
        person=person,
    )
