"""All of HTTP in one thread: a call is answered before the next line runs, unless the seed has other plans."""

import re
from urllib.parse import urlsplit

import requests
import responses
from werkzeug.test import Client

from connectors.simulator.serving import CUT

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")


class Lost(requests.ConnectionError):
    """The answer never came."""


class OneHand:
    """Stands in for a pool of threads: what several would do at once is done in turn, so that the seed decides all."""

    def __init__(self, *_arguments, **_options):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    @staticmethod
    def map(work, things):
        """Do it for each, now."""
        return [work(thing) for thing in things]


class Network:
    """Calls WSGI apps by address. `before` and `after` are told of each call and may let anything happen."""

    def __init__(self, before, after):
        self._before, self._after = before, after
        self._apps = {}
        self._wires = responses.RequestsMock(assert_all_requests_are_fired=False)

    def serve(self, app, *, port=0, threads=8):
        """Stand in for the real server: an address, and nothing to close."""
        url = f"http://127.0.0.1:{port or 50_000 + len(self._apps)}"
        self._apps[url] = app
        return Address(url)

    def __enter__(self):
        self._wires.start()
        for method in METHODS:
            self._wires.add_callback(method, re.compile(r"http://127\.0\.0\.1:.*"), self._call, content_type=None)
        return self

    def __exit__(self, *_):
        self._wires.stop(allow_assert=False)
        self._wires.reset()

    def _call(self, request):
        parts = urlsplit(request.url)
        origin = f"{parts.scheme}://{parts.netloc}"
        self._before(request)
        answer = Client(self._apps[origin]).open(
            parts.path, method=request.method, base_url=origin, query_string=parts.query, data=request.body or b"",
            headers=dict(request.headers),
        )  # fmt: skip
        self._after(request, answer)
        self._wires.calls.reset()
        if CUT in answer.headers:
            raise Lost("cut")
        headers = {name: value for name, value in answer.headers.items() if name != "Content-Length"}
        return answer.status_code, headers, answer.get_data()


class Address:
    """What a server is to those who call it."""

    def __init__(self, url):
        self.url = url

    def close(self):
        """Nothing listens: there is nothing to close."""
