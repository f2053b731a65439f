"""Where the doors stand: a small app beside the pages, which asks of a delivery nothing that only people need.

Sessions, form tokens and what else looks at each page cost three times as much as the doors themselves.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Flask, Response
from werkzeug.exceptions import HTTPException

from core.errors import Unavailable
from webhooks.doors import doors

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

HEADERS = (
    ("Cache-Control", "no-store"), ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("X-Content-Type-Options", "nosniff"), ("X-Robots-Tag", "noindex, nofollow"),
)  # fmt: skip


def register(app: Flask) -> None:
    """Open the doors in front of `app`, whose `extensions["backorder"]` must hold the House already."""
    porch = _porch(app)
    pages, prefix = app.wsgi_app, f"{doors.url_prefix}/"

    def way(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        delivered = environ.get("PATH_INFO", "").startswith(prefix)
        return porch.wsgi_app(environ, start) if delivered else pages(environ, start)

    app.wsgi_app = way  # type: ignore[method-assign, assignment]  # Flask's way


def _porch(app: Flask) -> Flask:
    house = app.extensions["backorder"]
    porch = Flask("webhooks", static_folder=None)
    porch.extensions["backorder"] = house
    porch.config["TRUSTED_HOSTS"] = app.config["TRUSTED_HOSTS"]
    porch.register_error_handler(HTTPException, _http)
    porch.register_error_handler(Unavailable, _unavailable)
    porch.register_blueprint(doors)
    https = urlsplit(house.settings.base_url).scheme == "https"
    headers = (*HEADERS, ("Strict-Transport-Security", "max-age=31536000")) if https else HEADERS

    @porch.after_request
    def add_headers(response: Response) -> Response:
        response.headers.extend(headers)
        return response

    return porch


def _http(problem: HTTPException) -> Response:
    kept = [(name, value) for name, value in problem.get_headers() if name == "Allow"]
    return _line(f"{problem.code} {problem.name}", problem.code or 500, kept)


def _unavailable(problem: Unavailable) -> Response:
    return _line(f"{problem}. Nothing was written down; deliver it again in a moment", 503)


def _line(words: str, status: int, headers: Iterable[tuple[str, str]] = ()) -> Response:
    return Response(f"{words}\n", status, list(headers), mimetype="text/plain")
