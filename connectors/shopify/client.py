"""One shop's GraphQL door: sends documents, says plainly what came of it, and retries reads only."""

import time
from collections.abc import Iterator
from typing import Any

import requests
import structlog
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError, SSLError

from connectors.bounded import BoundedAdapter
from connectors.shopify import documents
from connectors.shopify.access import Access
from connectors.shopify.answers import Answer, Json, read_answer, read_payload, read_value, unknown
from connectors.shopify.ids import gid
from connectors.shopify.pacing import Bill, budget_of
from core.errors import (
    CredentialsRevoked,
    Frozen,
    NotFound,
    OutcomeUnknown,
    PayloadChanged,
    RateLimited,
    Rejected,
    Unavailable,
)
from core.in_hand import still_ours
from core.sentences import sentence

TIMEOUT = (5.0, 25.0)
ANSWER_SECONDS = 60.0
TRIES = 4
LONGEST_PAUSE = 8.0
FROZEN = 3600.0
MOVED = 60.0
log = structlog.get_logger(__name__)


class Client:
    """Calls one shop over one session. Used by one thread at a time."""

    def __init__(self, *, origin: str, api_version: str, access: Access) -> None:
        self._url = f"{origin}/admin/api/{api_version}/graphql.json"
        self._asked = self._version = api_version
        self._access = access
        self._budget = budget_of(origin)
        self._session = requests.Session()
        # No retries below us: urllib3 would repeat a write whose answer was lost.
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, BoundedAdapter(seconds=ANSWER_SECONDS))

    def ask(self, name: str, variables: Json) -> Answer:
        """Send a query; waits and tries again a few times when throttled, disturbed or unanswered.

        Raises what `_call` raises when patience ends, but never OutcomeUnknown.
        """
        for attempt in range(1, TRIES + 1):
            try:
                return self._call(name, variables, may_have_run=Unavailable)
            except Unavailable as problem:
                pause = problem.retry_after if problem.retry_after is not None else 0.25 * 2**attempt
                if attempt == TRIES or pause > LONGEST_PAUSE:
                    raise
                time.sleep(pause)
        raise AssertionError("unreachable")  # pragma: no cover  # the last try returns or raises

    def read(self, name: str, root: str, variables: Json) -> Any:  # noqa: ANN401  # JSON
        """Send a query and return its root field; None where the object does not exist."""
        return read_value(self.ask(name, variables), root=root)

    def order(self, name: str, order: str, **variables: object) -> Json:
        """Send a query of one order, named by its bare id, and return the order. Raises NotFound."""
        found = self.read(name, "order", {"id": gid("Order", order), **variables})
        if found is None:
            raise unknown(order)
        return dict(found)

    def write(self, name: str, root: str, variables: Json) -> Json:
        """Send a mutation once and return its payload.

        Raises Refused (user errors), Rejected, RateLimited or Unavailable (surely not done) and OutcomeUnknown.
        """
        still_ours()
        return read_payload(self._call(name, variables, may_have_run=OutcomeUnknown), root=root)

    def pages(self, name: str, root: str, variables: Json, *, after: str | None = None) -> Iterator[Json]:
        """Yield the nodes of all pages of a root connection, or of those behind the cursor `after`."""
        while True:
            page = self.read(name, root, {**variables, "after": after})
            if page is None:
                return
            yield from page["nodes"]
            if not page["pageInfo"]["hasNextPage"]:
                return
            after = page["pageInfo"]["endCursor"]

    def rest(self, connection: Json, name: str, path: tuple[str, str], variables: Json) -> Iterator[Json]:
        """Yield the nodes of a connection, then those of its further pages, read by document `name`.

        `path` is the root field and the connection's field below it.
        """
        yield from connection["nodes"]
        while connection["pageInfo"]["hasNextPage"]:
            root = self.read(name, path[0], {**variables, "after": connection["pageInfo"]["endCursor"]})
            if root is None:
                return
            connection = root[path[1]]
            yield from connection["nodes"]

    def too_old(self) -> tuple[str, ...]:
        """Return a sentence where the platform answers in another version than asked: it serves ours no longer."""
        if self._version == self._asked:
            return ()
        mend = f"set BACKORDER_SHOPIFY_API_VERSION to it once this release knows it (asked: {self._asked})"
        return (f"Shopify answers in API version {self._version}: {mend}.",)

    def _call(self, name: str, variables: Json, *, may_have_run: type[Unavailable]) -> Answer:
        """Send once (twice when a fresh token is needed). `may_have_run` is raised when the answer was lost."""
        token = self._access.token(self._session)
        with self._budget.spent(name, variables) as bill:
            answer = self._post(name, variables, token, may_have_run)
            if answer.status_code == 401 and self._access.renew_refused(self._session):
                answer = self._post(name, variables, self._access.token(self._session), may_have_run)
            raise_for_status(answer, may_have_run)
            self._notice_version(answer)
            return self._read(answer, bill, may_have_run)

    def _read(self, answer: requests.Response, bill: Bill, may_have_run: type[Unavailable]) -> Answer:
        try:
            document = answer.json()
            bill.told(document)
            return read_answer(document)
        except (requests.JSONDecodeError, RecursionError, PayloadChanged):
            raise may_have_run(sentence("Shopify's answer could not be read")) from None

    def _post(self, name: str, variables: Json, token: str, may_have_run: type[Unavailable]) -> requests.Response:
        headers = {"X-Shopify-Access-Token": token, "Accept": "application/json"}
        body = {"query": documents.text(name), "variables": variables}
        try:
            # A redirect is never followed: it would carry the token to another host.
            return self._session.post(self._url, json=body, headers=headers, timeout=TIMEOUT, allow_redirects=False)
        except requests.RequestException as problem:
            if not was_sent(problem):
                raise Unavailable(
                    sentence("Shopify could not be reached: %(name__)s", name__=type(problem).__name__)
                ) from None
            raise may_have_run(sentence("Shopify did not answer: %(name__)s", name__=type(problem).__name__)) from None

    def _notice_version(self, answer: requests.Response) -> None:
        """Say when the platform answered in another version than asked: ours is no longer supported."""
        told = answer.headers.get("X-Shopify-API-Version", self._version)
        if told != self._version:
            log.warning("api version fell forward", asked=self._version, answered=told[:20])
            self._version = told[:20]


def was_sent(problem: requests.RequestException) -> bool:
    """Whether the call may have reached the shop: not when no connection came about."""
    if isinstance(problem, requests.ConnectTimeout):
        return False
    cause: Any = problem.args[0] if problem.args else None
    reason = getattr(cause, "reason", cause)
    return not isinstance(reason, NewConnectionError | ConnectTimeoutError | SSLError)


def raise_for_status(answer: requests.Response, may_have_run: type[Unavailable]) -> None:
    """Raise what an HTTP status other than success means."""
    status = answer.status_code
    if 200 <= status < 300:
        return
    if status >= 500 or status in {408, 425}:
        raise may_have_run(sentence("Shopify failed with %(status)s", status=status))
    if status == 429:
        raise RateLimited(sentence("Shopify asked for a pause"), retry_after=retry_after(answer))
    if status in {402, 423}:
        raise Frozen(sentence("Shopify has frozen this shop: its owner must log in there"), retry_after=FROZEN)
    if status == 401:
        raise CredentialsRevoked(sentence("Shopify no longer takes this shop's key: connect the shop again"))
    if status == 403:
        raise Rejected(sentence("Shopify forbids this to our key (403): check the app's scopes and the shop's plan"))
    if status == 404:
        raise NotFound(sentence("no shop answers at this address (404): check the domain and the API version"))
    if 300 <= status < 400:
        # Whoever stands between may have sent it, for a while: nothing is given up because of it.
        raise Unavailable(
            sentence(
                "Shopify answered with a redirect (%(status)s), which is never followed: check the domain",
                status=status,
            ),
            retry_after=MOVED,
        )
    raise Rejected(sentence("Shopify refused the call with %(status)s", status=status))


def retry_after(answer: requests.Response) -> float:
    """Return the pause that the answer asks for, in seconds; 2 where it does not say."""
    try:
        return min(600.0, max(0.0, float(answer.headers["Retry-After"])))
    except (KeyError, ValueError):
        return 2.0
