"""The Idempotency-Key of a POST (draft-ietf-httpapi-idempotency-key-header): asked again, answered again, done once.

The answer is kept in the transaction of the change itself, so that no crash can come between them. What was refused
changed nothing: its key stays free.
"""

import hashlib
import re

from flask import Response, g, request

from core.errors import NotAllowed
from core.ports.books import Unit
from core.ports.replies import LEASE, Asked, Reply
from pages.api import reading
from pages.api.door import CHANGE_NOTHING, asking_shop, asking_token
from pages.api.problems import problem
from pages.changes import machine_time
from pages.visitor import house

HEADER = "Idempotency-Key"
KEY = re.compile(r'(?:"([!#-\[\]-~]{1,255})"|([!#-\[\]-~]{1,255}))')
"""Printable ASCII without space, quote, backslash; in quotes as the draft has it, or bare as most clients send it."""


def begin() -> Response | None:
    """Take the request's key, or answer at once: what was answered before, 400, 409 or 422."""
    given = request.headers.get(HEADER)
    if request.method != "POST" or given is None or request.endpoint in CHANGE_NOTHING:
        return None
    match = KEY.fullmatch(given.strip())
    if match is None:
        return problem(400, f"{HEADER}: give 1 to 255 printable ASCII characters without spaces, such as a UUID")
    asked = _asked(match[1] or match[2])
    with house().books.write() as unit:
        found = unit.replies.claim(asked, now=machine_time())
    if found is not None:
        return _answered(asked, found)
    g.api_asked = asked
    return None


def kept(unit: Unit, response: Response, *, order: str | None = None) -> Response:
    """Return the response, kept in this transaction for whoever asks again. Raises NotAllowed where another try won."""
    asked: Asked | None = g.get("api_asked")
    if asked is not None:
        body, location = response.get_data(as_text=True), response.headers.get("Location")
        reply = Reply(fingerprint=asked.fingerprint, status=response.status_code, body=body, location=location)
        if not unit.replies.keep(asked, reply, order=order):
            raise NotAllowed(f"another request with this {HEADER} was faster")
    return response


def end(response: Response) -> Response:
    """Return the response; the key of a request that was refused, and so changed nothing, is free again."""
    asked: Asked | None = g.get("api_asked")
    if asked is not None and response.status_code >= 400:
        with house().books.write() as unit:
            unit.replies.drop(asked)
    return response


def _asked(key: str) -> Asked:
    request.max_content_length = reading.MAX_BODY
    digest = hashlib.sha256(request.get_data()).hexdigest()
    return Asked(
        shop=asking_shop(), token=asking_token(), route=f"{request.method} {request.path}", key=key,
        fingerprint=digest, until=machine_time() + LEASE,
    )  # fmt: skip


def _answered(asked: Asked, found: Reply) -> Response:
    if found.fingerprint != asked.fingerprint:
        return problem(422, f"this {HEADER} was used for another body: take a new one", key=HEADER)
    if found.status is None:
        running = problem(409, f"the request with this {HEADER} is still being worked on: ask again in a moment")
        running.headers["Retry-After"] = "1"
        return running
    if found.body is None:
        return problem(409, "this was done; what was answered is forgotten with the order's customer")
    again = Response(found.body, status=found.status, content_type="application/json")
    again.headers["Idempotency-Replayed"] = "true"
    if found.location is not None:
        again.headers["Location"] = found.location
    return again
