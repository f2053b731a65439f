"""What other tools are told by webhook: which events, to which addresses, when they are tried again, when we give up.

The wire follows the Standard Webhooks specification, https://www.standardwebhooks.com: `connectors.hooks` signs it.
"""

import hashlib
import json
import secrets
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol

from core.sentences import sentence

NOTICE_DUE = "notice.due"
PROMISE_CHANGED = "promise.changed"
ORDER_READY = "order.ready"
TEST = "test"
EVENTS: dict[str, str] = {
    NOTICE_DUE: sentence("A message to a customer is due, and is yours to send"),
    PROMISE_CHANGED: sentence("The day that an order is promised for has changed"),
    ORDER_READY: sentence("What an order waited for is here"),
}
"""The events that an endpoint may take, with what each tells."""
VERSION = 1
"""Of the payloads: it grows when a key goes or changes its meaning, not when one is added."""
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400))
"""Between one try and the next, as the specification proposes: three days in all."""
PATIENCE = timedelta(days=3)
"""An endpoint that takes nothing for so long is switched off."""
SHORTEST_REST, LONGEST_REST = timedelta(seconds=30), timedelta(hours=1)
"""How long an endpoint that does not answer is left alone."""
BOTH_SECRETS = timedelta(days=1)
"""So long after a rotation the secret before it signs as well."""
MOST_ENDPOINTS = 10
SHOWN = 20

EndpointState = Literal["on", "off", "failing"]
MessageState = Literal["pending", "done", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """An address of the merchant's that takes events. `failing`: we switched it off; `error` says why.

    `failing_since`: since when it has taken nothing. `rests_until`: until when nobody connects to it: it did not
    answer or asked for time. Its secrets stay in the books.
    """

    id: int
    shop: str
    url: str
    events: tuple[str, ...]
    state: EndpointState
    created_at: datetime
    failing_since: datetime | None = None
    error: str | None = None
    rests_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One event for one endpoint. `key` is its `webhook-id`: the same at every try, for the receiver to know it by.

    `status` is the HTTP status of the latest answer. `fence` is the token of the lease under which it is sent.
    """

    id: int
    shop: str
    endpoint: int
    order: str
    event: str
    key: str
    body: str
    state: MessageState
    created_at: datetime
    next_at: datetime
    attempts: int = 0
    status: int | None = None
    error: str | None = None
    fence: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What happened, for every endpoint that takes it. `once` tells it from other events of its order and type."""

    type: str
    order: str
    once: str
    at: datetime
    data: Mapping[str, Any]

    def key(self, shop: str) -> str:
        """Return the message's id: the same for the same event, however often it is told."""
        named = f"{shop}\x1f{self.type}\x1f{self.order}\x1f{self.once}"
        return f"msg_{hashlib.sha256(named.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}"

    def body(self) -> str:
        """Return the payload as JSON text: it is stored as it is sent, so that every try signs the same bytes."""
        document = {"type": self.type, "version": VERSION, "timestamp": self.at.isoformat(), "data": dict(self.data)}
        return json.dumps(document)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the receiver answered; `status` is None where none did. `error` says why, `wait` the seconds it asks for."""

    status: int | None
    error: str | None = None
    wait: float = 0.0

    @property
    def taken(self) -> bool:
        """Whether the event was taken."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def gone(self) -> bool:
        """Whether the receiver wants no more of them, ever."""
        return self.status == 410


class HookPost(Protocol):
    """Takes events to endpoints."""

    def address(self, text: str) -> str:
        """Return the address as it is kept. Raises Misuse on one that cannot be used; nobody is contacted."""

    def deliver(self, url: str, secrets: Sequence[str], message: Message, *, now: datetime) -> Answer:
        """Send one message, signed with every secret. Every failure comes back as an answer."""


class HookBook(Protocol):
    """Endpoints with their secrets, and what is on its way to them."""

    def add(self, shop: str, url: str, events: Sequence[str], secret: str, *, at: datetime) -> Endpoint:
        """Add an endpoint that is on."""

    def all(self, shop: str) -> tuple[Endpoint, ...]:
        """Every endpoint of the shop, oldest first."""

    def get(self, shop: str, endpoint: int) -> Endpoint | None:
        """Return one endpoint."""

    def secrets(self, shop: str, endpoint: int, *, at: datetime) -> tuple[str, ...]:
        """Return the secrets that sign now, the current one first."""

    def rotate(self, shop: str, endpoint: int, secret: str, *, at: datetime) -> None:
        """Give it a new secret; the one before signs as well for a day."""

    def put(self, endpoint: Endpoint) -> None:
        """Store what changed of an endpoint, its secrets aside."""

    def remove(self, shop: str, endpoint: int) -> bool:
        """Remove the endpoint with its messages; False when there is none."""

    def tell(self, shop: str, event: Event, *, now: datetime) -> int:
        """Queue the event for every endpoint that takes it, once each; return for how many."""

    def tell_all(self, shop: str, events: Sequence[Event], *, now: datetime) -> int:
        """The same of several events, in their order; return how many were queued."""

    def send(self, endpoint: Endpoint, event: Event, *, now: datetime) -> None:
        """Queue the event for this endpoint, whatever it takes."""

    def claim(self, *, now: datetime, lease: timedelta) -> Message | None:
        """Lease the next due message of an endpoint that has none in hand; a lease that ran out is free again."""

    def settle(self, message: Message, state: MessageState, answer: Answer, *, at: datetime) -> None:
        """Record how a try ended; `pending`: it is tried again at `at`. Raises `LeaseLost`."""

    def again(self, shop: str, message: int, *, now: datetime) -> bool:
        """A person asks to try a failed message again."""

    def newest(self, shop: str, endpoint: int, *, limit: int) -> tuple[Message, ...]:
        """The newest messages for the endpoint, newest first."""

    def forget(self, before: datetime) -> int:
        """Delete messages made before then that wait no longer; return how many."""

    def next_due(self) -> datetime | None:
        """When the next waiting message becomes due."""


def new_secret() -> str:
    """Return a secret as the specification writes it: 32 random bytes."""
    return f"whsec_{b64encode(secrets.token_bytes(32)).decode()}"


def pause(attempts: int) -> timedelta | None:
    """Return how long to wait after so many tries; None where that was the last."""
    return PAUSES[attempts - 1] if attempts <= len(PAUSES) else None


def rest(since: datetime, answer: Answer, now: datetime) -> datetime | None:
    """Return until when the endpoint is left alone; None where it answered, and asks for no time.

    One that is silent costs whoever sends the whole time to answer: it rests as long as it has been silent.
    """
    if answer.status is None:
        return now + min(max(now - since, SHORTEST_REST), LONGEST_REST)
    return now + timedelta(seconds=answer.wait) if answer.wait else None


def answered(endpoint: Endpoint, answer: Answer, now: datetime) -> Endpoint:
    """Return the endpoint after an answer: well again, failing since now, or switched off."""
    if answer.taken:
        return replace(endpoint, failing_since=None, error=None, rests_until=None)
    since = endpoint.failing_since or now
    endpoint = replace(endpoint, rests_until=rest(since, answer, now))
    said = answer.error or sentence("it answered %(status)s", status=answer.status)
    if answer.gone:
        return replace(
            endpoint, state="failing", failing_since=since, error=sentence("it answered 410: it is gone for good")
        )
    if endpoint.state == "on" and now - since >= PATIENCE:
        return replace(
            endpoint,
            state="failing",
            failing_since=since,
            error=sentence("it took nothing for 3 days: %(said)s", said=said)[:300],
        )
    return replace(endpoint, failing_since=since, error=said[:300])
