"""Who is asking: the shop that the request's token opens."""

import re
from datetime import UTC, datetime

from flask import Response, abort, g, request

from core.access.people import Pass, digest
from core.ports.books import Unit
from core.records import Shop
from pages.api.limiting import too_often
from pages.api.problems import KeyProblem, insufficient, unauthorised
from pages.visitor import house

TOKEN = re.compile(r"Bearer ([\x21-\x7e]{1,200})", re.IGNORECASE)
SAFE = frozenset({"GET", "HEAD"})
CHANGE_NOTHING = frozenset({"api.preview_policy", "api.what_if"})
"""Views that take a body and only answer with what would be."""
OPEN_TO_ALL = frozenset({"api.show_description"})


def asking_shop() -> str:
    """Return the id of the shop that the request's token opens."""
    shop: str = g.api_shop
    return shop


def asking_token() -> str:
    """Return the digest of the request's token."""
    token: str = g.api_token
    return token


def shop_of(unit: Unit) -> Shop:
    """Return the asking shop as the books have it now."""
    shop = unit.shops.get(asking_shop())
    if shop is None:
        # Erased between the check of the token and now.
        abort(404)
    return shop


def check_token() -> Response | None:
    """Let the request in, or answer 401, 403 or 429. OPTIONS tells only which methods there are: it needs no token."""
    if request.method == "OPTIONS":
        return None
    _refuse_nul()
    if request.endpoint in OPEN_TO_ALL:
        return None
    header = request.headers.get("Authorization")
    if header is None:
        return unauthorised("give a token: Authorization: Bearer TOKEN", challenge="")
    match = TOKEN.fullmatch(header.strip())
    opened = _pass_of(digest(match[1])) if match else None
    if opened is None:
        return unauthorised("this token opens no shop", challenge=', error="invalid_token"')
    g.api_shop, g.api_token = opened.shop, opened.digest
    _note_use(opened)
    if opened.scope == "read" and request.method not in SAFE and request.endpoint not in CHANGE_NOTHING:
        return insufficient("this token is for reading only: make one with `api-token SHOP`")
    return too_often(opened.digest)


def keep_private(response: Response) -> Response:
    """Return the response, marked so that nothing between us and the asker keeps a copy."""
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def _pass_of(token: str) -> Pass | None:
    with house().books.read() as unit:
        return unit.access.pass_of_token(token)


def _note_use(opened: Pass) -> None:
    """Keep the last day of use, by machine time: a token's one write a day."""
    today = datetime.now(UTC).date()
    if opened.used_on != today:
        with house().books.write() as unit:
            unit.access.note_use(opened.digest, today)


def _refuse_nul() -> None:
    """PostgreSQL's text cannot hold NUL: nothing stored can have it in its name."""
    if "\0" in request.path:
        abort(404)
    for name, value in request.args.items(multi=True):
        if "\0" in name + value:
            raise KeyProblem(name.replace("\0", "") or "query", "must not hold a NUL")
