"""One store's REST interface over one pooled session: signing, paging, bounded retries of reads, clear errors."""

import logging
import os
import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlencode

import orjson
import requests
from requests import PreparedRequest, Response
from requests.auth import AuthBase, HTTPBasicAuth
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, ReadTimeoutError
from woocommerce.oauth import OAuth

from connectors.guard import GuardedAdapter
from connectors.woocommerce.access import Keys
from connectors.woocommerce.refusals import no_data, refused
from core.errors import BackorderError, OutcomeUnknown, PayloadChanged, RateLimited, Unavailable
from core.in_hand import still_ours
from core.sentences import sentence

Json = dict[str, Any]
API = "wc/v3"
PER_PAGE = 100  # the most that WooCommerce gives
AT_ONCE = 4  # requests to one store at the same time, from one process: small hosts have few workers
CONNECT_SECONDS = 10.0
READ_SECONDS = 30.0
ANSWER_SECONDS = 60.0
ANSWER_BYTES = 32 * 2**20
PAUSES = (0.3, 1.0)  # before the second and the third try of a read

# Over http the signature travels in the query, and urllib3 writes queries to its debug log.
logging.getLogger("urllib3.connectionpool").setLevel(logging.INFO)


class Client:
    """Speaks to one store. Reads are tried up to three times; writes are sent once. Redirects are never followed.

    Every error is one of `core.errors`, with a sentence that names no key and no address but a store's own.
    """

    def __init__(
        self, *, origin: str, keys: Keys, allow_private: bool, pause: Callable[[float], None] = time.sleep
    ) -> None:
        self.origin = origin
        self._keys = keys
        self._pause = pause
        self._session = _session(origin, allow_private=allow_private)

    def index(self) -> Any:  # noqa: ANN401  # JSON
        """Return the site's index at /wp-json/, without our key: WordPress would take it for a user's password."""
        return self._read(f"{self.origin}/wp-json/", signed=False)

    def get(self, path: str, **params: str | int) -> Any:  # noqa: ANN401  # JSON
        """Return the JSON at `path` below /wp-json/wc/v3/."""
        return self._read(self._url(path, params), signed=True)

    def get_object(self, path: str, **params: str | int) -> Json:
        """Return the object at `path`. Raises PayloadChanged when something else is there."""
        found = self.get(path, **params)
        if not isinstance(found, dict):
            raise PayloadChanged(f"{path}: an object was expected")
        return found

    def get_list(self, path: str, **params: str | int) -> list[Json]:
        """Return the list of objects at `path`, one page of it. Raises PayloadChanged when something else is there."""
        found = self.get(path, **params)
        if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
            raise PayloadChanged(f"{path}: a list was expected")
        return found

    def pages(self, path: str, **params: str | int) -> Iterator[list[Json]]:
        """Yield the pages of a list by number. Link headers carry the consumer key over http: nobody looks at them."""
        number, before = 1, None
        while rows := self.get_list(path, per_page=PER_PAGE, page=number, **params):
            before = another_page(rows, before)
            yield rows
            if len(rows) < PER_PAGE:
                return
            number += 1

    def post(self, path: str, body: Mapping[str, Any], *, seconds: float = READ_SECONDS) -> Json:
        """Create something and return it."""
        return self._write("POST", self._url(path, {}), body, seconds=seconds)

    def put(self, path: str, body: Mapping[str, Any]) -> Json:
        """Change something and return it."""
        return self._write("PUT", self._url(path, {}), body)

    def delete(self, path: str) -> Json:
        """Delete something for good and return what it was."""
        return self._write("DELETE", self._url(path, {"force": "true"}), None)

    def _url(self, path: str, params: Mapping[str, str | int]) -> str:
        query = f"?{urlencode(params)}" if params else ""
        return f"{self.origin}/wp-json/{API}/{path}{query}"

    def _read(self, url: str, *, signed: bool) -> Any:  # noqa: ANN401  # JSON
        for wait in PAUSES:
            try:
                return self._exchange("GET", url, signed=signed)
            except Unavailable as problem:
                if not _soon(problem):
                    raise
                self._pause(max(wait, problem.retry_after or 0.0))
        return self._exchange("GET", url, signed=signed)

    def _write(self, method: str, url: str, body: Mapping[str, Any] | None, *, seconds: float = READ_SECONDS) -> Json:
        still_ours()
        answer = self._exchange(method, url, body=body, seconds=seconds)
        if not isinstance(answer, dict):
            raise OutcomeUnknown(sentence("The store's answer to a change was no object."))
        return answer

    def _exchange(
        self, method: str, url: str, *, signed: bool = True, body: Mapping[str, Any] | None = None,
        seconds: float = READ_SECONDS,
    ) -> Any:  # noqa: ANN401  # JSON  # fmt: skip
        """Send one request and return the parsed answer. The errors' origin is cut off: it would show the query."""
        writing = method != "GET"
        try:
            answer = self._session.request(
                method, url, auth=self._auth(url) if signed else None,
                data=None if body is None else orjson.dumps(body),
                headers={} if body is None else {"Content-Type": "application/json"},
                timeout=(CONNECT_SECONDS, seconds), allow_redirects=False, stream=True,
            )  # fmt: skip
            with answer:
                raw = _whole_body(answer, writing=writing)
        except requests.RequestException as problem:
            raise _lost(problem, writing=writing) from None
        return _understood(answer, raw, writing=writing)

    def _auth(self, url: str) -> AuthBase:
        if url.startswith("https://"):
            return HTTPBasicAuth(self._keys.consumer_key, self._keys.consumer_secret)
        return Signature(self._keys)


@lru_cache(maxsize=256)
def _session(origin: str, *, allow_private: bool) -> requests.Session:  # noqa: ARG001  # one session for each store
    """Return the store's one session in this process: kept connections, and no more than AT_ONCE of them in use.

    Keys travel with each request and no cookie is kept, so nobody inherits what somebody else may do.
    """
    session = requests.Session()
    # No proxy: the address that is connected to must be the one that was checked. No .netrc: we have keys.
    session.trust_env = False
    session.verify = os.environ.get("REQUESTS_CA_BUNDLE") or True
    session.headers["User-Agent"] = "Backorder"
    session.headers["Accept"] = "application/json"
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    for scheme in ("https://", "http://"):
        session.mount(scheme, GuardedAdapter(allow_private=allow_private, at_once=AT_ONCE, seconds=ANSWER_SECONDS))
    return session


class Signature(AuthBase):
    """OAuth 1.0a, one-legged, in the query: the only proof that WooCommerce takes over plain http."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Sign the request with the machine's clock; the store allows 15 minutes of difference."""
        oauth = OAuth(
            url=request.url, consumer_key=self._keys.consumer_key, consumer_secret=self._keys.consumer_secret,
            version=API, method=request.method,
        )  # fmt: skip
        # The library draws from 10^8 nonces, and a store refuses one that it saw within 15 minutes.
        oauth.generate_nonce = lambda: secrets.token_hex(16)
        request.url = oauth.get_oauth_url()
        return request


def _soon(problem: Unavailable) -> bool:
    """Whether trying again at once may help: not after a timeout, nor when the store asks for a longer pause."""
    brief = problem.retry_after is None or problem.retry_after <= PAUSES[-1]
    return brief and type(problem) in {Unavailable, RateLimited}


class _Slow(Unavailable):
    """The store took too long."""


def _lost(problem: requests.RequestException, *, writing: bool) -> BackorderError:
    if _never_sent(problem):
        kind = _Slow if isinstance(problem, requests.ConnectTimeout) else Unavailable
        return kind(sentence("The store cannot be reached."))
    if isinstance(problem, requests.exceptions.SSLError) and "certificate" in str(problem).lower():
        return Unavailable(sentence("The store's certificate is not valid."))
    if writing:
        return OutcomeUnknown(sentence("The store's answer to a change was lost."))
    if isinstance(problem, requests.Timeout) or isinstance(problem.args[0] if problem.args else None, ReadTimeoutError):
        return _Slow(sentence("The store took too long to answer."))
    return Unavailable(sentence("The connection to the store broke."))


def _never_sent(problem: requests.RequestException) -> bool:
    """Whether no connection came about, so that nothing can have been done (a refused one is a kind of timeout)."""
    inner = problem.args[0] if problem.args else None
    return isinstance(inner, MaxRetryError) and isinstance(inner.reason, ConnectTimeoutError)


def _whole_body(answer: Response, *, writing: bool) -> bytes:
    """Return the body, bounded in size: a store may be broken or hostile. The connection bounds its time."""
    parts, size = [], 0
    for part in answer.iter_content(64 * 1024):
        parts.append(part)
        size += len(part)
        if size > ANSWER_BYTES:
            said = sentence("The store's answer did not end.")
            raise OutcomeUnknown(said) if writing else _Slow(said)
    return b"".join(parts)


def _understood(answer: Response, raw: bytes, *, writing: bool) -> Any:  # noqa: ANN401  # JSON
    body = parsed(raw)
    if 200 <= answer.status_code < 300:
        if body is None:
            raise no_data(answer.status_code, writing=writing)
        return body
    raise refused(answer.status_code, answer.headers, body, writing=writing, now=datetime.now(UTC))


def parsed(raw: bytes) -> Any:  # noqa: ANN401  # JSON
    """Return the JSON, or None for what is none. Some stores put a byte order mark before it."""
    try:
        return orjson.loads(raw.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError:
        return None


def another_page(rows: Sequence[Json], before: object) -> object:
    """Return what the page begins with. Raises PayloadChanged where that is `before`, what the last one began with.

    A cache that leaves out what is asked for shows one page for ever.
    """
    first: object = rows[0].get("id") if rows else None
    if first is not None and first == before:
        raise PayloadChanged("the store shows the same page again, whichever is asked for: look at its caches")
    return first
