"""Pages inside the platform's own admin: no cookies, a fresh proof with every page, framed by that shop alone.

A page that comes without a proof is sent by way of the platform's script, which fetches one. So every address within
the frame names the shop, and what a redirect has to say travels in it, signed.
"""

import re
from collections.abc import Mapping
from html import escape, unescape
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import Flask, Request, Response, abort, current_app, g, make_response, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeTimedSerializer

from core.access.entrance import Detour, Entrance, Guest
from core.errors import BackorderError
from core.records import Shop
from pages.install import entrance, refused
from pages.languages import _
from pages.own_places import is_ours
from pages.retelling import retold
from pages.security import POLICY
from pages.visitor import MERCHANT, Visit, house, welcome

RELOAD, WANTED = "/shopify/patch-id-token", "shopify-reload"
SAID, SAID_LASTS = "said", 120
LINK = re.compile(r'\b(href|action)="(/(?!/|assets/|o/)[^"]*)"')


def register(app: Flask) -> None:
    """Let the platform's admin show our pages. Before all else: what it proves stands for the form's token."""
    if "shopify" not in app.extensions["backorder"].entrances:
        return
    app.session_interface = _Session()
    app.before_request(_let_in)
    app.after_request(_framed)
    app.add_url_rule(RELOAD, "install.reload", reload_page)

    @app.context_processor
    def skin() -> dict[str, object]:
        door = entrance() if g.get("guest") else None
        return {"embedded": door and {"client_id": door.client_id, "scripts": door.frame.split()}}


def reload_page() -> ResponseReturnValue:
    """Show the page on which the platform's script fetches a fresh proof and takes it to a page of ours."""
    detour = entrance().reload_page(url=request.url) if all(map(is_ours, request.args.getlist(WANTED))) else None
    if detour is None:
        return refused(_("The address names no shop: open the app in the shop's admin again."), 400)
    return _answer(detour)


def is_embedded(asked: Request) -> bool:
    """Whether the request comes from within the platform's admin: it shows a proof, or a frame asks for a page."""
    proof = asked.headers.get("Authorization", "").startswith("Bearer ") or "id_token" in asked.args
    return proof or asked.headers.get("Sec-Fetch-Dest") == "iframe"


def _let_in() -> ResponseReturnValue | None:
    """Show the pages of the shop whose admin proves who asks; a shop not connected yet is connected first."""
    if request.blueprint not in MERCHANT or not is_embedded(request):
        return None
    door = entrance()
    came = door.guest(method=request.method, url=request.url, headers=_headers())
    if isinstance(came, Detour):
        return _answer(came)
    g.guest = came
    try:
        shop = _shop(door, came)
    except BackorderError as problem:
        return refused(
            _("%(domain)s could not be connected: %(problem)s.", domain=came.domain, problem=retold(str(problem))), 502
        )
    named = (request.view_args or {}).get("shop")
    if named and named != shop.id:
        abort(404)
    welcome(Visit(house=house(), shop=shop, shops=(shop,)), chosen="")
    return None


def _shop(door: Entrance, guest: Guest) -> Shop:
    with house().books.read() as unit:
        known = unit.shops.find(guest.domain)
        works = known is not None and known.state == "connected" and bool(unit.shops.credentials(known.id))
    if known is not None and works:
        return known
    return house().desk.connect("shopify", guest.domain, door.exchange(guest))


def _headers() -> Mapping[str, str]:
    """Return the headers that can prove something. A form brings its proof as a field: its address is in every log."""
    given = {name: request.headers[name] for name in ("Authorization",) if name in request.headers}
    if request.method == "POST" and "id_token" in request.form:
        given["Authorization"] = f"Bearer {request.form['id_token']}"
    return given


def _answer(detour: Detour) -> Response:
    answer = make_response(detour.body, detour.status)
    for name, value in detour.headers.items():
        answer.headers[name] = value
    return answer


def _framed(answer: Response) -> Response:
    """Let the shop's own admin frame the page, and keep the shop's name in every address of it."""
    guest: Guest | None = g.get("guest")
    if guest is None:
        return answer
    door = entrance()
    hosts = " ".join(sorted({"https://" + urlsplit(script).netloc for script in door.frame.split()}))
    policy = answer.headers.get("Content-Security-Policy", POLICY)
    policy = policy.replace("frame-ancestors 'none'", f"frame-ancestors {door.ancestors(guest.domain)}")
    policy = policy.replace("frame-ancestors 'self'", f"frame-ancestors 'self' {door.ancestors(guest.domain)}")
    policy = policy.replace("script-src 'self'", f"script-src 'self' {hosts}")
    answer.headers["Content-Security-Policy"] = policy.replace("connect-src 'self'", f"connect-src 'self' {hosts}")
    for name in ("Cross-Origin-Opener-Policy", "X-Frame-Options"):
        answer.headers.pop(name, None)
    place = {"shop": guest.domain, "host": request.args.get("host", ""), "embedded": "1"}
    if "locale" in request.args:
        place["locale"] = request.args["locale"]
    if answer.location and answer.location.startswith("/"):
        answer.location = _at(answer.location, {**place, **_said()})
    elif answer.mimetype == "text/html" and not answer.direct_passthrough:
        answer.set_data(LINK.sub(lambda found: _linked(found, place), answer.get_data(as_text=True)))
    return answer


def _linked(found: re.Match[str], place: Mapping[str, str]) -> str:
    return f'{found[1]}="{escape(_at(unescape(found[2]), place))}"'


def _at(address: str, place: Mapping[str, str]) -> str:
    parts = urlsplit(address)
    kept = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name not in place]
    return parts._replace(query=urlencode([*place.items(), *kept])).geturl()


def _said() -> dict[str, str]:
    words = session.get("_flashes")
    return {SAID: _signer(current_app).dumps(words)} if words else {}


class _Session(SecureCookieSessionInterface):
    """Sessions in a cookie, but none within a frame: browsers give a framed page no cookie to rely on."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Return the cookie's session; for a framed page an empty one with what the last page had to say."""
        if not is_embedded(request):
            return super().open_session(app, request)
        try:
            words: Any = _signer(app).loads(request.args.get(SAID, ""), max_age=SAID_LASTS)
        except BadSignature:
            return SecureCookieSession()
        return SecureCookieSession({"_flashes": [tuple(pair) for pair in words]})

    def save_session(self, app: Flask, session: Any, response: Response) -> None:  # noqa: ANN401  # Flask's own type
        """Write the cookie, except for a framed page."""
        if not is_embedded(request):
            super().save_session(app, session, response)


def _signer(app: Flask) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(app.extensions["backorder"].settings.signing_keys, salt="embedded-said")
