"""Servers that say a byte now and then: an answer is waited for so long in all, not so long for each byte."""

import socket
import threading
from contextlib import closing

import pytest
import requests

from connectors.bounded import BoundedAdapter
from connectors.guard import GuardedAdapter

HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"
WHOLE = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


class Dripping:
    """A server that says `first`, then `rest` byte by byte until nobody listens."""

    def __init__(self, first, rest):
        self._said = first, rest
        self._door = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._door.getsockname()[1]}"
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self):
        visitor, _ = self._door.accept()
        with visitor:
            try:
                visitor.recv(65_536)
                visitor.sendall(self._said[0])
                while self._said[1] and not self._over.wait(0.02):
                    visitor.sendall(self._said[1])
            except OSError:
                pass

    def close(self):
        self._over.set()
        self._thread.join(30)
        self._door.close()


@pytest.fixture(params=["bounded", "guarded"])
def session_of(request):
    """A function that opens a session which waits for an answer so many seconds in all."""
    with requests.Session() as opened:
        opened.trust_env = False

        def patient(seconds):
            made = {
                "bounded": BoundedAdapter(seconds=seconds),
                "guarded": GuardedAdapter(allow_private=True, at_once=1, seconds=seconds),
            }
            opened.mount("http://", made[request.param])
            return opened

        yield patient


@pytest.mark.parametrize(
    ("first", "rest"),
    [(b"HTTP/1.1 200 OK\r\nX-Slow: ", b"y"), (HEAD, b"y"), (b"", b"HTTP/1.1 103 Early Hints\r\n\r\n")],
    ids=["head", "body", "only hints"],
)
def test_an_answer_that_drips_is_given_up(session_of, first, rest):
    with closing(Dripping(first, rest)) as server, pytest.raises(requests.RequestException) as caught:
        session_of(0.2).get(server.url, timeout=60)
    assert requests.exceptions.ConnectTimeout not in type(caught.value).__mro__


@pytest.mark.parametrize("said", [b"103 Early Hints\r\nLink: </x>", b"102 Processing", b"100 Continue"])
def test_what_a_server_says_before_its_answer_is_not_its_answer(session_of, said):
    """Taken for it, a write would have failed for good, and the next request would have got this one's answer."""
    with closing(Dripping(b"HTTP/1.1 " + said + b"\r\n\r\n" + WHOLE, b"")) as server:
        answer = session_of(60).get(server.url, timeout=60)
    assert (answer.status_code, answer.json()) == (200, {})
