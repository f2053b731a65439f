"""Deliveries that a test keeps back, to hand them over when, in which order and as often as it likes."""

from contextlib import contextmanager

import requests

from connectors.simulator.serving import serve


class Letterbox:
    """Takes what a shop sends instead of the service."""

    def __init__(self, side):
        self.side = side
        self._letters = []
        self._server = serve(self._take)
        self._post = requests.Session()
        side.deliver_to(self._server.url)

    def _take(self, environ, start_response):
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        headers = {
            name.removeprefix("HTTP_").replace("_", "-").title(): value
            for name, value in environ.items()
            if name.startswith("HTTP_X_")
        }
        self._letters.append((environ["PATH_INFO"], headers, body))
        start_response("200 OK", [])
        return [b""]

    def empty(self):
        """What came in since the last time."""
        assert self.side.shop.hooks.flush()
        came, self._letters = self._letters, []
        return came

    def deliver(self, letters):
        """Hand letters over to the service."""
        for path, headers, body in letters:
            answer = self._post.post(self.side.service.server.url + path, headers=headers, data=body, timeout=60)
            assert answer.status_code == 200

    def close(self):
        """Let the shop speak to the service again."""
        self.side.deliver_to(self.side.service.server.url)
        self._post.close()
        self._server.close()


@contextmanager
def kept_back(side):
    """Put a letterbox between the shop and the service while the block runs."""
    box = Letterbox(side)
    try:
        yield box
    finally:
        box.close()
