"""Errors as `application/problem+json` (RFC 9457) for everything under /api; no traceback ever leaves."""

import logging
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, request
from werkzeug.exceptions import HTTPException, SecurityError

from core.errors import BackorderError, Misuse, NotAllowed, Unavailable
from core.policy.reading import Contradiction, PolicyProblem
from pages.api.answers import encode

PROBLEM = "application/problem+json"
STRANGE_HOST = "this service does not answer under that name"
logger = logging.getLogger(__name__)


class KeyProblem(Misuse):
    """One key of the body or the query cannot be taken; `key` names it, as in the plan file."""

    status = 422

    def __init__(self, key: str, message: str) -> None:
        super().__init__(f"{key}: {message}")
        self.key = key


class Disagreement(KeyProblem):
    """The value is as described, yet what it names is not in the books, or another value contradicts it.

    No description can tell such values apart beforehand, so they are a conflict with what there is, not a bad value.
    """

    status = 409


class Unknown(KeyProblem):
    """The address names nothing that is here."""

    status = 404


def problem(status: int, detail: str, **more: Any) -> Response:  # noqa: ANN401  # extension members of the problem
    """Return a problem answer; `more` are extension members such as `key`."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail, **more}
    return Response(encode(body), status=status, content_type=PROBLEM)


def unauthorised(detail: str, *, challenge: str) -> Response:
    """Return a 401 with the challenge that RFC 6750 asks for."""
    response = problem(401, detail)
    response.headers["WWW-Authenticate"] = f'Bearer realm="Backorder"{challenge}'
    return response


def insufficient(detail: str) -> Response:
    """Return a 403 with the challenge that RFC 6750 asks for where a token may not do this."""
    response = problem(403, detail)
    response.headers["WWW-Authenticate"] = 'Bearer realm="Backorder", error="insufficient_scope", scope="write"'
    return response


def catch(api: Blueprint) -> None:
    """Make every error raised in a view of `api` a problem answer."""
    api.register_error_handler(HTTPException, _http)
    api.register_error_handler(Misuse, _misuse)
    api.register_error_handler(NotAllowed, _not_allowed)
    api.register_error_handler(Unavailable, _unavailable)
    api.register_error_handler(Exception, _unexpected)


def misdirected() -> Response | None:
    """Answer a request under /api that no route takes (404, 405) before anything else looks at it, form checks too."""
    error = request.routing_exception
    if error is None or not _under_api() or error.code is None or error.code < 400:
        return None
    return _http(error)


def speak_json(response: Response) -> Response:
    """Return the response, its body replaced where an error under /api was answered by others."""
    if _under_api() and response.status_code >= 400 and response.mimetype != PROBLEM:
        said = problem(response.status_code, HTTPStatus(response.status_code).description or "no such page")
        response.set_data(said.get_data())
        response.content_type = PROBLEM
    return response


def _under_api() -> bool:
    return request.path == "/api" or request.path.startswith("/api/")


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    # Not the library's words for it: they repeat the name that the client made up.
    said = STRANGE_HOST if isinstance(error, SecurityError) else error.description
    response = problem(status, said or HTTPStatus(status).phrase)
    for name, value in error.get_headers():
        if name.lower() not in {"content-type", "content-length"}:
            response.headers[name] = value
    return response


def _misuse(error: Misuse) -> Response:
    if isinstance(error, KeyProblem):
        return problem(error.status, str(error), key=error.key)
    if isinstance(error, PolicyProblem):
        return problem(409 if isinstance(error, Contradiction) else 422, str(error), key=error.key)
    return problem(422, str(error))


def _not_allowed(error: BackorderError) -> Response:
    return problem(409, str(error))


def _unavailable(error: Unavailable) -> Response:
    response = problem(503, str(error))
    response.headers["Retry-After"] = str(max(1, round(error.retry_after or 1)))
    return response


def _unexpected(error: Exception) -> Response:
    logger.error("an API request failed: %s %s", request.method, request.url_rule, exc_info=error)
    return problem(500, "something went wrong on our side; it is in the log")
