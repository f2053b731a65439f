"""A delivery and its answer, with as little of WSGI around them as a door needs.

A framework's request, routes and response cost more than writing the delivery down does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wsgi import get_input_stream, get_path_info

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

LARGEST = 8 * 1024 * 1024
TRACE = "backorder.trace"


@dataclass(frozen=True, slots=True)
class Delivered:
    """What was posted."""

    environ: "WSGIEnvironment"

    @property
    def path(self) -> str:
        """Return the path as text."""
        return get_path_info(self.environ)

    @property
    def trace(self) -> str | None:
        """Return the `traceparent` of the span around it; None where nothing looks (`webhooks.spans`)."""
        return self.environ.get(TRACE)

    @property
    def method(self) -> str:
        """Return the method."""
        method: str = self.environ["REQUEST_METHOD"]
        return method

    def header(self, *names: str) -> str:
        """Return the first of these headers that is there, else an empty text."""
        keys = (f"HTTP_{name.upper().replace('-', '_')}" for name in names)
        return next((self.environ[key] for key in keys if key in self.environ), "")

    def body(self) -> bytes:
        """Return the raw bytes; larger ones end in 413, with or without a Content-Length."""
        # One byte more than is taken: a longer body whose length was not announced is cut off there, not refused.
        body = get_input_stream(self.environ, max_content_length=LARGEST + 1).read()
        if len(body) > LARGEST:
            raise RequestEntityTooLarge
        return body


@dataclass(frozen=True, slots=True)
class Answer:
    """One line of text."""

    words: str
    status: int = HTTPStatus.OK
    headers: Sequence[tuple[str, str]] = ()

    def give(self, start: "StartResponse", delivered: Delivered, headers: Sequence[tuple[str, str]]) -> list[bytes]:
        """Begin the response, with these headers as well, and return its body."""
        body = f"{self.words}\n".encode()
        size = ("Content-Length", str(len(body)))
        kind = ("Content-Type", "text/plain; charset=utf-8")
        start(f"{self.status} {HTTPStatus(self.status).phrase}", [kind, size, *self.headers, *headers])
        return [] if delivered.method == "HEAD" else [body]
