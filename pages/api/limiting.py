"""How often one token may ask: counted in memory, so each web process counts for itself."""

import time

from flask import Flask, Response, current_app
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from pages.api.problems import problem

OFTEN: RateLimitItem = RateLimitItemPerMinute(600)


def register(app: Flask) -> None:
    """Give the app its counter."""
    app.extensions["backorder_api_limit"] = MovingWindowRateLimiter(MemoryStorage())


def too_often(token: str) -> Response | None:
    """Count a request of this token (its digest); return a 429 where there were too many within a minute."""
    counter: MovingWindowRateLimiter = current_app.extensions["backorder_api_limit"]
    if counter.hit(OFTEN, token):
        return None
    seconds = max(1, round(counter.get_window_stats(OFTEN, token).reset_time - time.time()))
    answer = problem(429, f"more than {OFTEN.amount} requests in a minute: try again in {seconds} seconds")
    answer.headers["Retry-After"] = str(seconds)
    return answer
