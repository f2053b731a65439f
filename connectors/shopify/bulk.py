"""Everything at once: the platform writes what a query finds into one file, which is read line by line.

A shop of many thousands of orders is read so in minutes, outside the call limit. The file is made by the platform, one
operation for each text of a query: one that is there already is taken up, so that neither a lost answer nor a kill
makes a second one.
"""

import json
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import requests

from connectors.shopify.answers import Json, Refused
from connectors.shopify.client import TIMEOUT, Client
from connectors.shopify.order_snapshot import instant
from core.errors import NotFound, PayloadChanged, Rejected, Unavailable
from core.sentences import sentence
from core.settings import LOOPBACK

UNDER_WAY = frozenset({"CREATED", "RUNNING"})
BUSY = frozenset({"OPERATION_IN_PROGRESS", "LIMIT_REACHED"})
LOOKED_AT = 20
POLLS, PAUSE = 10, 2.0
COME_BACK = 30.0
LONGEST_LINE = 5_000_000
LONGEST_RUN = timedelta(days=1)
PARENT = "__parentId"
Family = tuple[Json, list[Json]]
"""A row of the file with the rows that belong to it, in whatever depth."""


class Bulk:
    """The bulk operations of one shop."""

    def __init__(self, client: Client, now: Callable[[], datetime]) -> None:
        self._client = client
        self._now = now

    def begin(self, query: str, *, fresh: timedelta) -> tuple[str, datetime]:
        """Return the operation that answers this query, and an instant before which it cannot have looked.

        One that runs, or has ended well within the last `fresh`, is taken up. Raises Unavailable where too many run.
        """
        began = self._now()
        found = self._client.read("bulk_recent", "bulkOperations", {"first": LOOKED_AT}) or {"nodes": []}
        for node in found["nodes"]:
            if node["query"] == query and _can_be_taken_up(node, began, fresh):
                return str(node["id"]), min(began, instant(node["createdAt"])) - CLOCKS_DIFFER
        try:
            payload = self._client.write("bulk_run", "bulkOperationRunQuery", {"query": query})
        except Refused as problem:
            if problem.codes & BUSY or "already in progress" in str(problem):
                raise Unavailable(sentence("another bulk reading is under way at the shop"), retry_after=60.0) from None
            raise
        return str(payload["bulkOperation"]["id"]), began

    def families(self, operation: str) -> Iterator[Family]:
        """Yield the rows of the operation's file, each with its own; wait a moment for the file.

        Raises Unavailable with a time to come back while the platform still writes, NotFound once the file is gone.
        """
        url = self._file(operation)
        return iter(()) if url is None else families(self._lines(url))

    def _file(self, operation: str) -> str | None:
        for _ in range(POLLS):
            node = self._client.read("bulk_poll", "bulkOperation", {"id": operation})
            if node is None or node["status"] in {"EXPIRED", "CANCELED", "CANCELING"}:
                raise NotFound(sentence("the bulk reading is no longer there"))
            if node["status"] == "COMPLETED":
                return str(node["url"]) if node["url"] else None
            if node["status"] == "FAILED":
                raise Rejected(sentence("Shopify could not make the bulk reading: %(node)s", node=node["errorCode"]))
            time.sleep(PAUSE)
        raise Unavailable(sentence("Shopify is still writing the bulk reading"), retry_after=COME_BACK)

    def _lines(self, url: str) -> Iterator[Json]:
        """Yield the file's lines. Its address is a secret of its own: no key of ours goes there."""
        parts = urlsplit(url)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
            raise PayloadChanged(sentence("the bulk reading's address is not https"))
        try:
            with requests.get(url, stream=True, timeout=TIMEOUT, allow_redirects=False) as answer:
                if answer.status_code in {403, 404, 410}:
                    raise NotFound(sentence("the bulk reading's file is gone"))
                if answer.status_code != 200:
                    raise Unavailable(
                        sentence("the bulk reading's file answered %(status_code)s", status_code=answer.status_code)
                    )
                for line in answer.iter_lines(chunk_size=65_536):
                    if line:
                        yield _row(line)
        except requests.RequestException as problem:
            raise Unavailable(
                sentence("the bulk reading's file broke off: %(name__)s", name__=type(problem).__name__)
            ) from None


CLOCKS_DIFFER = timedelta(minutes=5)


def _can_be_taken_up(node: Json, now: datetime, fresh: timedelta) -> bool:
    """Whether an operation is of use. Its end counts, not its beginning: a large file takes its time."""
    if node["status"] in UNDER_WAY:
        return now - instant(node["createdAt"]) < LONGEST_RUN
    return node["status"] == "COMPLETED" and now - instant(node["completedAt"] or node["createdAt"]) < fresh


def families(rows: Iterator[Json]) -> Iterator[Family]:
    """Group rows under their ancestor without a parent; the platform writes them one behind the other."""
    head: Json | None = None
    below: list[Json] = []
    for row in rows:
        if PARENT in row:
            below.append(row)
            continue
        if head is not None:
            yield head, below
        head, below = row, []
    if head is not None:
        yield head, below


def _row(line: bytes) -> Json:
    try:
        row = json.loads(line) if len(line) <= LONGEST_LINE else None
    except ValueError:
        row = None
    if not isinstance(row, dict):
        raise Unavailable(sentence("the bulk reading's file broke off in a line"))
    return row
