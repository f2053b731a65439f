"""How often a customer's page may be asked for, by link and by address: a mail scanner or a script is slowed down.

Counted in memory, so each web process counts for itself.
"""

from collections.abc import Iterator

from flask import Flask, Response, make_response, request
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from pages.customer_words import later
from pages.visitor import SAFE

FROM_AN_ADDRESS: RateLimitItem = RateLimitItemPerMinute(240)
"""Whole offices and mobile networks share one."""
OF_A_LINK: RateLimitItem = RateLimitItemPerMinute(60)
CHOICES: RateLimitItem = RateLimitItemPerMinute(20, 10)
"""Posts of one link: who changes their mind more often is no person."""
PAGES = frozenset({"customer", "customer_offer", "customer_withdrawal"})


def register(app: Flask) -> None:
    """Answer 429 to who asks too often, before anything is read or changed."""
    counter = MovingWindowRateLimiter(MemoryStorage())

    @app.before_request
    def slow_down() -> Response | None:
        over = next((item for item, key in _counted() if not counter.hit(item, *key)), None)
        return None if over is None else _later(over)


def _counted() -> Iterator[tuple[RateLimitItem, tuple[str, str]]]:
    if request.blueprint not in PAGES:
        return
    # The signature's end tells links apart, however long a forged one is.
    link = str((request.view_args or {}).get("signed", ""))[-40:]
    yield FROM_AN_ADDRESS, ("customer address", request.remote_addr or "")
    yield OF_A_LINK, ("customer link", link)
    if request.method not in SAFE:
        yield CHOICES, ("customer choices", link)


def _later(over: RateLimitItem) -> Response:
    answer = make_response(later(), 429)
    answer.headers["Retry-After"] = str(over.get_expiry())
    return answer
