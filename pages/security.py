"""What protects every page: CSRF tokens, response headers, cookies."""

from urllib.parse import urlsplit

from flask import Flask, Response, g, request
from flask_wtf.csrf import CSRFError, CSRFProtect

from core.settings import Settings

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
FRAMED_BY = {"'none'": "DENY", "'self'": "SAMEORIGIN"}
"""What the policy says of frames, said once more for what does not read policies."""
# Platforms, scripts and customers post here; they prove themselves by a signature or a token that no browser adds by
# itself.
WITHOUT_TOKEN = ("/api/", "/woocommerce/callback", "/o/", "/unsubscribe/")
DAYS_SIGNED_IN = 14
DAYS_UNUSED = 3
"""A weekend. The cookie is signed anew while it is used, and one that is older opens nothing."""
LARGEST_FORM = 256 * 1024


def register(app: Flask, settings: Settings) -> None:
    """Protect all routes of the app."""
    https = urlsplit(settings.base_url).scheme == "https"
    app.config.update(
        # Forms are small; what takes more (a file, a delivery) says so itself.
        MAX_CONTENT_LENGTH=LARGEST_FORM,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=https,
        SESSION_COOKIE_PATH="/",
        # Browsers take a __Host- cookie only over https and from this very host: a sister site cannot plant one.
        SESSION_COOKIE_NAME="__Host-backorder" if https else "backorder",
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=DAYS_UNUSED * 86_400,
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SECRET_KEY=settings.signing_keys,
    )
    csrf = CSRFProtect(app)

    @app.before_request
    def check_token() -> None:
        # Where no route matches there is no view that a forged post could reach: 404 and 405 say more than 400.
        if request.routing_exception is None and not _proves_itself():
            _check_form(csrf)

    @app.after_request
    def add_headers(response: Response) -> Response:
        return _with_headers(response, https=https)


def _check_form(csrf: CSRFProtect) -> None:
    try:
        csrf.protect()
    except ValueError as problem:
        # Over https the library reads the Referer, and breaks on one that is no address.
        raise CSRFError("The Referer is no address.") from problem


def _proves_itself() -> bool:
    """Whether the matched route is one that browsers' forms never post to."""
    rule = request.url_rule.rule if request.url_rule is not None else ""
    # A script moves the demo's clock with JSON, which no foreign page can send without asking first (CORS).
    scripted = rule == "/demo/clock" and request.is_json
    return scripted or rule.startswith(WITHOUT_TOKEN) or g.get("guest") is not None


def _with_headers(response: Response, *, https: bool) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", POLICY)
    for who, word in FRAMED_BY.items():
        if f"frame-ancestors {who}" in headers["Content-Security-Policy"]:
            headers.setdefault("X-Frame-Options", word)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    # Not `no-referrer`: over https the token check compares the Referer with our own host.
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("X-Robots-Tag", "noindex, nofollow")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    if request.endpoint != "static":
        headers.setdefault("Cache-Control", "no-store")
    if https:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response
