"""Answers that end: within so many seconds in all, whatever is said meanwhile.

A socket's timeout is for one piece: who sends a byte now and then is listened to for ever, head and body alike.
"""

import io
import socket
import time
from collections.abc import Callable
from http.client import HTTPResponse
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

Connected = Callable[[HTTPConnection, Callable[[], socket.socket]], socket.socket]


def _by_itself(_connection: HTTPConnection, connect: Callable[[], socket.socket]) -> socket.socket:
    return connect()


class _Until(io.RawIOBase):
    """What comes from the socket until `end`, by the monotonic clock; then TimeoutError."""

    def __init__(self, raw: Any, source: socket.socket, end: float) -> None:  # noqa: ANN401  # the socket's own file
        self._raw = raw
        self._source = source
        self._end = end

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:  # noqa: ANN401  # whatever holds bytes
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError("the answer did not end in time")
        patience = self._source.gettimeout()
        if patience is None or patience > left:
            self._source.settimeout(left)
        read: int | None = self._raw.readinto(buffer)
        return read

    def close(self) -> None:
        self._raw.close()
        super().close()


def heard_until(source: socket.socket, end: float) -> io.BufferedReader:
    """Return what comes from the socket until `end`, by the monotonic clock, as a file; then it raises TimeoutError."""
    return io.BufferedReader(_Until(source.makefile("rb", buffering=0), source, end))


def answer_within(seconds: float) -> type[HTTPResponse]:
    """Return a class of answers that are read to their end within so many seconds, or raise TimeoutError."""

    class Answer(HTTPResponse):
        def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  # http.client's own
            super().__init__(sock, *args, **kwargs)
            self.fp.close()
            self.fp = heard_until(sock, time.monotonic() + seconds)

        def begin(self) -> None:
            """Read the head. Before it a server may say that it is at work (103): http.client takes that for all."""
            super().begin()
            while 100 < self.status < 200 and self.status != 101:
                self.headers = None  # type: ignore[assignment]  # not read yet: else `begin` does nothing
                super().begin()

    return Answer


class BoundedAdapter(HTTPAdapter):
    """Reads each answer to its end within so many seconds. Nothing is sent twice.

    `connected` makes the socket of a connection, given the connection and how it would do so by itself.
    """

    def __init__(self, *, seconds: float, connected: Connected = _by_itself, **pool: Any) -> None:  # noqa: ANN401  # requests' own
        self._seconds = seconds
        self._connected = connected
        super().__init__(max_retries=0, **pool)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  # requests' own signature
        """Make requests use our connections."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _pools(answer_within(self._seconds), self._connected)


def _pools(answer: type[HTTPResponse], connected: Connected) -> dict[str, type[HTTPConnectionPool]]:
    class Plain(HTTPConnection):
        response_class = answer

        def _new_conn(self) -> socket.socket:
            return connected(self, super()._new_conn)

    class Encrypted(HTTPSConnection):
        response_class = answer

        def _new_conn(self) -> socket.socket:
            return connected(self, super()._new_conn)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class EncryptedPool(HTTPSConnectionPool):
        ConnectionCls = Encrypted

    return {"http": PlainPool, "https": EncryptedPool}
