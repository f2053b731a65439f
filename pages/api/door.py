"""Who is asking, and what the view may use: the token's shop and the house."""

import hashlib
import re
from collections.abc import Mapping

from flask import Response, abort, current_app, g, request

from core.actions import Capability, Support
from core.house import House
from core.ports import Unit
from core.records import Shop
from pages.api.problems import KeyProblem, unauthorised

TOKEN = re.compile(r"Bearer ([\x21-\x7e]{1,200})", re.IGNORECASE)
OPEN_TO_ALL = frozenset({"api.show_description"})


def house() -> House:
    """Return what the composition root handed to the rooms."""
    given: House = current_app.extensions["backorder"]
    return given


def asking_shop() -> str:
    """Return the id of the shop that the request's token opens."""
    shop: str = g.api_shop
    return shop


def shop_of(unit: Unit) -> Shop:
    """Return the asking shop as the books have it now."""
    shop = unit.shops.get(asking_shop())
    if shop is None:
        # Erased between the check of the token and now.
        abort(404)
    return shop


def support_of(platform: str) -> Mapping[Capability, Support]:
    """Return what the platform's connector declares that it can do."""
    declared = house().supports.get(platform)
    return declared if isinstance(declared, Mapping) else {}


def check_token() -> Response | None:
    """Let the request in, or answer 401. OPTIONS tells only which methods there are, so it needs no token."""
    if request.method == "OPTIONS":
        return None
    _refuse_nul()
    if request.endpoint in OPEN_TO_ALL:
        return None
    header = request.headers.get("Authorization")
    if header is None:
        return unauthorised("give a token: Authorization: Bearer TOKEN", challenge="")
    match = TOKEN.fullmatch(header.strip())
    shop = _shop_of_token(match[1]) if match else None
    if shop is None:
        return unauthorised("this token opens no shop", challenge=', error="invalid_token"')
    g.api_shop = shop
    return None


def keep_private(response: Response) -> Response:
    """Return the response, marked so that nothing between us and the asker keeps a copy."""
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def _shop_of_token(token: str) -> str | None:
    with house().books.read() as unit:
        shop = unit.access.shop_of_token(hashlib.sha256(token.encode()).hexdigest())
        return shop if shop is not None and unit.shops.get(shop) is not None else None


def _refuse_nul() -> None:
    """PostgreSQL's text cannot hold NUL: nothing stored can have it in its name."""
    if "\0" in request.path:
        abort(404)
    for name, value in request.args.items(multi=True):
        if "\0" in name + value:
            raise KeyProblem(name.replace("\0", "") or "query", "must not hold a NUL")
