"""Webhooks as a platform sends them: signed, posted in the background, sometimes twice, late or never."""

import base64
import hashlib
import hmac
import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

import requests

Outcome = Literal["delivered", "failed", "dropped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Retries:
    """How a platform treats a receiver that fails.

    `delays`: seconds before each further try of the same body; none means that it never tries again.
    `disable_after`: so many deliveries in a row that failed for good end the subscription; None never does.
    """

    delays: tuple[float, ...] = ()
    disable_after: int | None = None


SHOPIFY_RETRIES = Retries(delays=(0.5, 1, 2, 4, 8, 16, 32, 64), disable_after=1)
"""Eight retries of the original body, then the subscription is deleted. The platform's four hours take two minutes."""

WOOCOMMERCE_RETRIES = Retries(delays=(), disable_after=7)
"""No retry at all; the seventh failure in a row disables the webhook."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One webhook to send. `subscription` is the platform's id of the webhook that asked for it.

    The signature is base64(HMAC-SHA256(secret, raw body)) and goes into the header `signed_as`; without a
    secret the message is not signed. `build` makes body and further headers when it is sent (for a platform
    that renders late); without it `body` is what is sent. A message whose `merge` equals that of one still
    waiting is not queued.
    """

    url: str
    topic: str
    subscription: str
    signed_as: str
    secret: str | None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    build: Callable[[], tuple[bytes, Mapping[str, str]]] | None = None
    merge: str = ""
    redirects_succeed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One try to deliver. `status` is None when nobody answered; `attempt` counts from 1."""

    at: datetime
    topic: str
    url: str
    subscription: str
    headers: Mapping[str, str]
    body: bytes
    attempt: int
    status: int | None
    outcome: Outcome


@dataclass(slots=True)
class _Waiting:
    message: Message
    due: float
    attempt: int = 1


def signature(secret: str, body: bytes) -> str:
    """Return base64(HMAC-SHA256(secret, body)): how both platforms sign a webhook's raw body."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


class Hooks:
    """The sending side of a shop's webhooks.

    Options may be changed at any time: `duplicate` and `drop` are rates from 0 to 1, `delay` is in seconds,
    `shuffle` sends what waits in any order. `disabled` is called with a subscription whose receiver failed
    too often. `deliveries` is every try so far.
    """

    def __init__(
        self,
        *,
        retries: Retries,
        now: Callable[[], datetime],
        disabled: Callable[[str], None],
        seed: int = 0,
        timeout: float = 5.0,
        senders: int = 2,
    ) -> None:
        self.retries = retries
        self.duplicate = 0.0
        self.drop = 0.0
        self.delay = 0.0
        self.shuffle = False
        self.timeout = timeout
        self._now = now
        self._disabled = disabled
        self._senders = senders
        self._random = random.Random(seed)  # noqa: S311  # reproducible mishaps, no secrets
        self._waiting: list[_Waiting] = []
        self._sent: list[Sent] = []
        self._failures: dict[str, int] = {}
        self._busy = 0
        self._paused = False
        self._closed = False
        self._threads: list[threading.Thread] = []
        self._changed = threading.Condition()

    @property
    def deliveries(self) -> tuple[Sent, ...]:
        """Every try to deliver so far, oldest first."""
        with self._changed:
            return tuple(self._sent)

    def send(self, message: Message) -> None:
        """Queue one message; returns at once. Some are dropped or queued twice, as the options say."""
        with self._changed:
            if self._closed or (message.merge and any(w.message.merge == message.merge for w in self._waiting)):
                return
            if self._random.random() < self.drop:
                self._log(message, message.headers, attempt=1, status=None, outcome="dropped")
                return
            copies = 2 if self._random.random() < self.duplicate else 1
            due = time.monotonic() + self.delay
            self._waiting.extend(_Waiting(message, due) for _ in range(copies))
            self._start()
            self._changed.notify_all()

    def pause(self) -> None:
        """Keep everything back until `resume`: what waits can then be shuffled as a whole."""
        with self._changed:
            self._paused = True

    def resume(self) -> None:
        """Go on sending."""
        with self._changed:
            self._paused = False
            self._changed.notify_all()

    def flush(self, timeout: float = 30.0) -> bool:
        """Wait until everything queued was delivered or given up; False when `timeout` seconds were not enough."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._waiting and not self._busy, timeout)

    def clear(self) -> None:
        """Forget the tries so far."""
        with self._changed:
            self._sent.clear()

    def reset(self, subscription: str) -> None:
        """Forget that a subscription's receiver failed."""
        with self._changed:
            self._failures.pop(subscription, None)

    def close(self) -> None:
        """Stop sending; what still waits is thrown away."""
        with self._changed:
            self._closed = True
            self._waiting.clear()
            self._changed.notify_all()
        for thread in self._threads:
            thread.join(timeout=self.timeout + 1)

    def _start(self) -> None:
        while len(self._threads) < self._senders:
            thread = threading.Thread(target=self._work, name="simulator:hooks", daemon=True)
            self._threads.append(thread)
            thread.start()

    def _work(self) -> None:
        with requests.Session() as session:
            session.trust_env = False
            while (waiting := self._next()) is not None:
                self._deliver(session, waiting)

    def _next(self) -> _Waiting | None:
        with self._changed:
            while not self._closed:
                due = [] if self._paused else [w for w in self._waiting if w.due <= time.monotonic()]
                if due:
                    chosen = self._random.choice(due) if self.shuffle else due[0]
                    self._waiting.remove(chosen)
                    self._busy += 1
                    return chosen
                self._changed.wait(self._pause_length())
        return None

    def _pause_length(self) -> float | None:
        if self._paused or not self._waiting:
            return None
        return max(0.0, min(waiting.due for waiting in self._waiting) - time.monotonic())

    def _deliver(self, session: requests.Session, waiting: _Waiting) -> None:
        try:
            waiting.message = _built(waiting.message)
            if self._try(session, waiting):
                self._disabled(waiting.message.subscription)
        finally:
            with self._changed:
                self._busy -= 1
                self._changed.notify_all()

    def _try(self, session: requests.Session, waiting: _Waiting) -> bool:
        """Post once and say whether the subscription ends with it."""
        message = waiting.message
        headers = dict(message.headers)
        if message.secret is not None:
            headers[message.signed_as] = signature(message.secret, message.body)
        status = self._post(session, message, headers)
        delivered = status is not None and 200 <= status < (303 if message.redirects_succeed else 300)
        outcome: Outcome = "delivered" if delivered else "failed"
        with self._changed:
            self._log(message, headers, attempt=waiting.attempt, status=status, outcome=outcome)
            return self._settle(waiting, delivered=delivered)

    def _post(self, session: requests.Session, message: Message, headers: Mapping[str, str]) -> int | None:
        try:
            answer = session.post(
                message.url, data=message.body, headers=headers, timeout=self.timeout, allow_redirects=False
            )
        except requests.RequestException:
            return None
        return answer.status_code

    def _settle(self, waiting: _Waiting, *, delivered: bool) -> bool:
        """Count the outcome, queue the next try, and say whether the subscription ends."""
        subscription = waiting.message.subscription
        if delivered:
            self._failures.pop(subscription, None)
            return False
        if waiting.attempt <= len(self.retries.delays) and not self._closed:
            waiting.due = time.monotonic() + self.retries.delays[waiting.attempt - 1]
            waiting.attempt += 1
            self._waiting.append(waiting)
            return False
        self._failures[subscription] = self._failures.get(subscription, 0) + 1
        limit = self.retries.disable_after
        return limit is not None and self._failures[subscription] >= limit

    def _log(
        self, message: Message, headers: Mapping[str, str], *, attempt: int, status: int | None, outcome: Outcome
    ) -> None:
        self._sent.append(
            Sent(
                at=self._now(),
                topic=message.topic,
                url=message.url,
                subscription=message.subscription,
                headers=headers,
                body=message.body,
                attempt=attempt,
                status=status,
                outcome=outcome,
            )
        )


def _built(message: Message) -> Message:
    """Return the message with its body made: a retry then carries the original one."""
    if message.build is None:
        return message
    body, headers = message.build()
    return replace(message, body=body, headers={**message.headers, **headers}, build=None)
