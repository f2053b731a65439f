"""Where the doors stand: beside the pages, so that a delivery is asked nothing that only people need.

Sessions, form tokens and what else looks at each page cost several times as much as the doors themselves.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import structlog
from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.wsgi import get_host

from core.errors import Unavailable
from core.house import House
from webhooks import doors, spans
from webhooks.exchange import Answer, Delivered
from webhooks.refusals import Refusals, Refused

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

SHOPIFY = "/webhooks/shopify"
WOOCOMMERCE = "/webhooks/woocommerce/"
ROUTES = (SHOPIFY, WOOCOMMERCE)
HEADERS = (
    ("Cache-Control", "no-store"), ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("X-Content-Type-Options", "nosniff"), ("X-Robots-Tag", "noindex, nofollow"),
)  # fmt: skip
log = structlog.get_logger(__name__)


def register(app: Flask) -> None:
    """Open the doors in front of `app`, whose `extensions["backorder"]` must hold the House already."""
    house = app.extensions["backorder"]
    https = urlsplit(house.settings.base_url).scheme == "https"
    headers = (*HEADERS, ("Strict-Transport-Security", "max-age=31536000")) if https else HEADERS
    porch, pages = spans.seen(app, Porch(house, app.config["TRUSTED_HOSTS"], headers), ROUTES), app.wsgi_app

    def way(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        delivered = environ.get("PATH_INFO", "").startswith("/webhooks/")
        return porch(environ, start) if delivered else pages(environ, start)

    app.wsgi_app = way  # type: ignore[method-assign, assignment]  # Flask's way


@dataclass(frozen=True, slots=True)
class Porch:
    """Answers whatever comes below /webhooks/; `hosts` are those under which this service is known, None for any."""

    house: House
    hosts: Sequence[str] | None
    headers: Sequence[tuple[str, str]]
    refusals: Refusals = field(default_factory=Refusals)

    def __call__(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        """Be a WSGI application."""
        delivered = Delivered(environ)
        return self._answer(delivered).give(start, delivered, self.headers)

    def _answer(self, delivered: Delivered) -> Answer:
        try:
            get_host(delivered.environ, self.hosts)
            return self._at_its_door(delivered)
        except Refused as refused:
            self.refusals.tell(refused.refusal)
            # Which of them it was is for the log: who guesses learns nothing.
            return Answer("signature or shop not known", HTTPStatus.UNAUTHORIZED)
        except HTTPException as problem:
            return _bare(HTTPStatus(problem.code or 500))
        except Unavailable as problem:
            return Answer(f"{problem}. Nothing was written down; deliver it again in a moment", 503)
        except Exception:
            log.exception("a delivery broke a door")
            return _bare(HTTPStatus.INTERNAL_SERVER_ERROR)

    def _at_its_door(self, delivered: Delivered) -> Answer:
        path = delivered.path
        store = path.removeprefix(WOOCOMMERCE) if path.startswith(WOOCOMMERCE) else ""
        if path != SHOPIFY and (not store or "/" in store):
            return _bare(HTTPStatus.NOT_FOUND)
        if delivered.method != "POST":
            return _bare(HTTPStatus.METHOD_NOT_ALLOWED, ("Allow", "POST"))
        return doors.woocommerce(self.house, delivered, store) if store else doors.shopify(self.house, delivered)


def _bare(status: HTTPStatus, *headers: tuple[str, str]) -> Answer:
    return Answer(f"{status} {status.phrase}", status, headers)
