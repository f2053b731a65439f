"""Installing at Shopify itself: off to the shop's consent page, and back with a code that becomes the shop's key.

The way back is bound to the browser that began, by a signed cookie that lives for ten minutes.
"""

import hmac
import secrets
from urllib.parse import urlsplit

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.exceptions import NotFound

from core.access.entrance import Entrance
from core.access.people import Seat
from core.errors import BackorderError, Untrusted
from pages.languages import _, later
from pages.retelling import retold
from pages.visitor import ACTOR, house, open_shops

LASTS = 600
COOKIE = "backorder-install"
BACK = "/shopify/callback"
ANEW = later("Begin again at /shopify/install?shop=name.myshopify.com in this browser.")

blueprint = Blueprint("install", __name__)


@blueprint.get("/shopify/install")
def install() -> ResponseReturnValue:
    """Send the merchant to the consent page of their shop."""
    door = entrance()
    try:
        domain = door.asked(request.args, signed=False)
    except Untrusted as problem:
        return refused(retold(str(problem)), 400)
    state = secrets.token_urlsafe(24)
    answer = make_response(redirect(door.consent(domain, state=state, back=house().settings.external + BACK), 302))
    _remember(answer, {"state": state, "shop": domain})
    return answer


@blueprint.get(BACK)
def callback() -> ResponseReturnValue:
    """Take the merchant back from the consent page: connect the shop, sign them in, show the board."""
    if request.method != "GET":
        # A preview of the address must not spend the code.
        return ""
    door = entrance()
    try:
        domain = door.asked(request.args, signed=True)
        _check_state(domain)
    except Untrusted as problem:
        return refused(retold(str(problem)), 400)
    code = request.args.get("code", "")
    if not code:
        return refused(_("The shop did not agree, so nothing was connected. %(anew)s", anew=_(ANEW)), 400)
    try:
        shop = house().desk.connect("shopify", domain, door.grant(domain, code))
    except BackorderError as problem:
        return refused(
            _("%(domain)s could not be connected: %(problem)s.", domain=domain, problem=retold(str(problem))), 502
        )
    with house().books.write() as unit:
        unit.audit.write(shop=shop.id, at=house().now(), actor=ACTOR, what="installed the app", outcome="done")
        open_shops(unit, [Seat(shop=shop.id, person="", role="owner")])
    flash(
        _("%(name)s is connected. Its open orders are being read now; the board fills by itself.", name=shop.name),
        "done",
    )
    answer = make_response(redirect("/", 303))
    answer.delete_cookie(_cookie(), secure=_https(), httponly=True, samesite="Lax")
    return answer


def entrance() -> Entrance:
    """Return the app's door at Shopify; 404 with the mend where no app is set up here."""
    found = house().entrances.get("shopify")
    if found is None:
        raise NotFound(
            _(
                "No Shopify app is set up here: whoever runs this service sets BACKORDER_SHOPIFY_CLIENT_ID and "
                "BACKORDER_SHOPIFY_CLIENT_SECRET."
            )
        )
    return found


def refused(why: str, status: int) -> Response:
    """Return a page that says why this way in is closed."""
    page = render_template("pages/error.html", headline=_("Not installed"), advice=why)
    return make_response(page, status)


def _check_state(domain: str) -> None:
    """Raise Untrusted unless this browser began this shop's installation within ten minutes."""
    try:
        kept = _signer().loads(request.cookies.get(_cookie(), ""), max_age=LASTS)
    except BadSignature:
        raise Untrusted(
            _("This browser did not begin this installation, or too long ago. %(anew)s", anew=_(ANEW))
        ) from None
    given = request.args.get("state", "").encode("utf-8", "surrogatepass")
    if not hmac.compare_digest(str(kept["state"]).encode(), given) or kept["shop"] != domain:
        raise Untrusted(_("This is not the installation that was begun in this browser. %(anew)s", anew=_(ANEW)))


def _remember(answer: Response, began: dict[str, str]) -> None:
    answer.set_cookie(
        _cookie(), _signer().dumps(began), max_age=LASTS, path="/", secure=_https(), httponly=True, samesite="Lax"
    )


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(house().settings.signing_keys, salt="shopify-install")


def _cookie() -> str:
    return f"__Host-{COOKIE}" if _https() else COOKIE


def _https() -> bool:
    return urlsplit(house().settings.base_url).scheme == "https"
