"""A WSGI app on a real local port: what makes a simulated shop a shop that answers over HTTP."""

import socket
import threading
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Self

from waitress import create_server, wasyncore
from waitress.channel import ClientDisconnected

from core.errors import Misuse

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

CUT = "X-Simulator-Cut"
"""An answer with this header is never sent: the connection is cut instead, as when an answer is lost."""

POLL_SECONDS = 0.5


class PortTaken(Misuse, OSError):
    """Another program listens on the wanted port."""


class Server:
    """A running server. `url` has no trailing slash; `close()` stops it and frees the port."""

    def __init__(self, app: "WSGIApplication", bound: socket.socket, threads: int) -> None:
        self._map: dict[int, Any] = {}
        self._server = create_server(
            _cutting(app),
            map=self._map,
            sockets=[bound],
            threads=threads,
            ident=None,
            connection_limit=1000,
            clear_untrusted_proxy_headers=False,
        )
        host, self.port = bound.getsockname()[:2]
        self.url = f"http://{f'[{host}]' if ':' in host else host}:{self.port}"
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name=f"simulator:{self.port}", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._stopping:
            wasyncore.loop(timeout=POLL_SECONDS, use_poll=True, map=self._map, count=1)

    def close(self) -> None:
        """Stop serving, drop open connections and free the port; closing twice does nothing."""
        if self._stopping:
            return
        self._stopping = True
        self._server.pull_trigger()
        self._thread.join(timeout=5)
        self._server.task_dispatcher.shutdown(timeout=5)
        wasyncore.close_all(self._map, ignore_all=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def serve(app: "WSGIApplication", *, host: str = "127.0.0.1", port: int = 0, threads: int = 8) -> Server:
    """Return a running server of `app`; port 0 takes a free one.

    Raises PortTaken when another program listens on the port, in one line that says so.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
        bound.listen(128)
    except OSError as problem:
        bound.close()
        raise PortTaken(
            f"port {port} on {host} cannot be used ({problem.strerror}): stop the other program or choose another port"
        ) from None
    return Server(app, bound, threads)


def _cutting(app: "WSGIApplication") -> "WSGIApplication":
    def cutting(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        cut = False

        def watch(status: str, headers: list[tuple[str, str]], *rest: Any) -> Callable[[bytes], object]:  # noqa: ANN401  # exc_info, passed through
            nonlocal cut
            cut = any(name == CUT for name, _ in headers)
            return start_response(status, headers, *rest)

        body = app(environ, watch)
        if not cut:
            return body
        if (close := getattr(body, "close", None)) is not None:
            close()
        raise ClientDisconnected

    return cutting
