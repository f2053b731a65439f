"""Where a request ends, over real connections: whoever says it twice is refused, and nothing behind it is read."""

import socket

import pytest
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser

from connectors.simulator.serving import serve
from pages.commands.framing import be_strict

HIDDEN = b"GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n"
CHUNKED = "Transfer-Encoding: chunked"


@pytest.fixture
def asked(monkeypatch):
    """Send bytes to a server and return the paths that its app saw, and all that was answered until it closed."""
    monkeypatch.setattr(HTTPChannel, "parser_class", HTTPRequestParser)
    be_strict()
    seen = []

    def app(environ, start):
        seen.append(environ["PATH_INFO"])
        start("200 OK", [("Content-Length", "0")])
        return [b""]

    def send(sent):
        # In one piece: who closes with bytes unread resets the line, and the answer is lost on the way.
        with socket.create_connection(("127.0.0.1", running.port), timeout=60) as line:
            line.sendall(sent)
            return seen, b"".join(iter(lambda: line.recv(65536), b""))

    with serve(app) as running:
        yield send


@pytest.mark.parametrize(
    ("version", "headers"),
    [
        ("1.1", ("Content-Length: 5", CHUNKED)), ("1.1", (CHUNKED, "Content-Length: 0")), ("1.1", (CHUNKED, "content-length : 5")),
        ("1.1", ("Content-Length: 5, 5", CHUNKED)), ("1.1", (CHUNKED, "Content-Length: x")), ("1.1", ("Content-Length: 5", "Content-Length: 6")),
        ("1.0", (CHUNKED, "Connection: keep-alive")), ("1.0", (CHUNKED, "Content-Length: 5", "Connection: keep-alive")),
        ("1.1", ("Transfer-Encoding: chunked, identity",)), ("1.1", ("Transfer-Encoding: \x0bchunked", "Content-Length: 5")),
    ],
)  # fmt: skip
def test_a_request_of_two_lengths_is_refused_and_what_follows_is_not_read(asked, version, headers):
    head = f"POST / HTTP/{version}\r\nHost: a\r\n" + "".join(f"{header}\r\n" for header in headers) + "\r\n"
    seen, answered = asked(head.encode() + b"0\r\n\r\n" + HIDDEN)
    assert seen == []
    assert answered.split(b" ")[1] in {b"400", b"501"}
    assert answered.count(b"HTTP/1.") == 1


def test_a_request_of_one_length_and_the_next_one_are_answered(asked):
    chunks = f"POST /a HTTP/1.1\r\nHost: a\r\n{CHUNKED}\r\n\r\n5\r\nhello\r\n0\r\n\r\n".encode()
    whole = b"POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"
    seen, answered = asked(chunks + whole)
    assert seen == ["/a", "/b"]
    assert answered.count(b"200 OK") == 2
