"""How often one client may guess: wrong links cost, right ones are free; what makes us ask a shop costs always.

Counted in memory, so each web process counts for itself.
"""

import time

import structlog
from flask import Flask, Response, make_response, render_template, request
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from werkzeug.middleware.proxy_fix import ProxyFix

from core.settings import Settings
from pages.customer_words import later
from pages.errors import CUSTOMERS
from pages.languages import _

WRONG: RateLimitItem = RateLimitItemPerMinute(60)
ASKED: RateLimitItem = RateLimitItemPerMinute(30)
REFUSED = frozenset({400, 401, 403, 404})
TOLD = frozenset({400, 401, 403, 429})
LINKS = frozenset({"sign_in", "customer", "customer_offer", "customer_withdrawal"})
"""Blueprints whose pages are opened by something secret in the address."""
ERRANDS = frozenset({"woocommerce.begin"})
"""Views that let a stranger make us ask somebody else."""
log = structlog.get_logger(__name__)


def register(app: Flask, settings: Settings) -> None:
    """Answer 429 to who guesses too often. Behind proxies the client is who the trusted ones name."""
    if settings.proxies_in_front:
        number = settings.proxies_in_front
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=number, x_proto=number)  # type: ignore[method-assign]  # Flask's way
    counter = MovingWindowRateLimiter(MemoryStorage())

    @app.before_request
    def refuse_the_restless() -> Response | None:
        costs = _costs()
        if costs is None:
            return None
        allowed = counter.hit(costs, _client()) if costs is ASKED else counter.test(costs, _client())
        return None if allowed else _later(counter, costs)

    @app.after_request
    def count(response: Response) -> Response:
        if response.status_code in TOLD:
            # Who guesses is seen; what was guessed, and by whom, stays out of the log.
            log.info("refused", status=response.status_code, method=request.method, endpoint=request.endpoint)
        if _costs() is WRONG and response.status_code in REFUSED:
            counter.hit(WRONG, _client())
        return response


def _costs() -> RateLimitItem | None:
    if request.blueprint in LINKS or "login" in request.args:
        return WRONG
    return ASKED if request.endpoint in ERRANDS else None


def _client() -> str:
    return request.remote_addr or ""


def _for_merchants() -> str:
    advice = _("Try again in a minute. A link that works once is not used up by this.")
    return render_template("pages/error.html", headline=_("Too many tries from this address"), advice=advice)


def _later(counter: MovingWindowRateLimiter, costs: RateLimitItem) -> Response:
    free_at = counter.get_window_stats(costs, _client()).reset_time
    page = later() if request.path.startswith(CUSTOMERS) else _for_merchants()
    answer = make_response(page, 429)
    answer.headers["Retry-After"] = str(max(1, round(free_at - time.time())))
    return answer
