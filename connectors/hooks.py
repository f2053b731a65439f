"""Events to the merchant's other tools: signed after the Standard Webhooks specification, to public addresses only."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from http.cookiejar import DefaultCookiePolicy
from urllib.parse import urlsplit, urlunsplit

import requests
from standardwebhooks import Webhook

from connectors.guard import DEFAULT_PORTS, GuardedAdapter, checked_host, checked_port
from core.errors import Misuse, Rejected
from core.hooks.outgoing import Answer, Message
from core.sentences import sentence

SECONDS = (5.0, 15.0)
"""To connect, and to answer: the specification asks for 15 to 30 seconds in all."""
IN_ALL = 25.0
AT_ONCE = 4
ENOUGH = 300
"""Bytes of an answer that are read."""
LONGEST_SHOWN = 180
LONGEST = 2000
LONGEST_WAIT = 3600.0
ADDRESS = sentence("The endpoint's address")
ODD = re.compile(r"[\s\\<>\"'`{}|^]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hooks:
    """Implements `core.hooks.outgoing.HookPost`. `allow_private`: endpoints at home and over http are fine as well."""

    allow_private: bool

    def address(self, text: str) -> str:
        """Return the address as it is kept. Raises Misuse on one that cannot be used; nobody is contacted."""
        text = text.strip()
        if not text or len(text) > LONGEST or not text.isprintable() or not text.isascii() or ODD.search(text):
            raise Misuse(sentence("Type the endpoint's address, such as https://hooks.example.com/backorder"))
        try:
            parts = urlsplit(text)
        except ValueError as problem:
            raise Misuse(sentence("%(named)s is none: look at its host and port again.", named=ADDRESS)) from problem
        if parts.scheme not in DEFAULT_PORTS or (parts.scheme == "http" and not self.allow_private):
            raise Misuse(sentence("%(named)s must begin with https://", named=ADDRESS))
        if "@" in parts.netloc or parts.fragment:
            raise Misuse(sentence("%(named)s must hold no user name, password or #.", named=ADDRESS))
        host = checked_host(parts.hostname or "", allow_private=self.allow_private, named=ADDRESS)
        return urlunsplit((parts.scheme, f"{host}{checked_port(parts, named=ADDRESS)}", parts.path, parts.query, ""))

    def deliver(self, url: str, secrets: Sequence[str], message: Message, *, now: datetime) -> Answer:
        """Send one message, signed with every secret. Redirects are not followed; every failure is an answer."""
        signatures = " ".join(Webhook(secret).sign(message.key, now, message.body) for secret in secrets)
        headers = {
            "Content-Type": "application/json", "webhook-id": message.key, "webhook-signature": signatures,
            "webhook-timestamp": str(int(now.timestamp())),
        }  # fmt: skip
        try:
            with _session(allow_private=self.allow_private).post(
                url, data=message.body.encode(), headers=headers, timeout=SECONDS, allow_redirects=False, stream=True
            ) as answer:
                said = answer.raw.read(ENOUGH, decode_content=True)
                return _understood(answer, said.decode("utf-8", "replace"))
        except Rejected as problem:
            return Answer(status=None, error=str(problem))
        except (requests.RequestException, OSError) as problem:
            return Answer(status=None, error=_lost(problem))


def _understood(answer: requests.Response, said: str) -> Answer:
    if 200 <= answer.status_code < 300:
        return Answer(status=answer.status_code)
    shown = " ".join("".join(sign if sign.isprintable() else " " for sign in said).split())
    wait, status = answer.headers.get("Retry-After", ""), answer.status_code
    told = sentence("it answered %(status)s: %(said)s", status=status, said=shown[:LONGEST_SHOWN])
    return Answer(
        status=status, error=told if shown else sentence("it answered %(status)s", status=status),
        wait=min(float(wait), LONGEST_WAIT) if wait.isascii() and wait.isdecimal() and len(wait) < 7 else 0.0,
    )  # fmt: skip


def _lost(problem: Exception) -> str:
    """Return why no answer came, without the address: its query may hold a secret."""
    if isinstance(problem, requests.exceptions.SSLError):
        return sentence("its certificate is not valid")
    if isinstance(problem, requests.Timeout):
        return sentence("it did not answer in time")
    return sentence("it cannot be reached")


class _Straight(requests.Session):
    """Goes nowhere else: requests would read a redirect's whole body before it looks whether to follow."""

    def get_redirect_target(self, resp: requests.Response) -> str | None:  # noqa: ARG002  # requests' own signature
        """Return None: no answer leads on."""
        return None


@lru_cache(maxsize=2)
def _session(*, allow_private: bool) -> requests.Session:
    """Return this process' one session. No proxy and no .netrc: the address connected to is the one checked."""
    session = _Straight()
    session.trust_env = False
    session.headers["User-Agent"] = "Backorder"
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    for scheme in ("https://", "http://"):
        session.mount(scheme, GuardedAdapter(allow_private=allow_private, at_once=AT_ONCE, seconds=IN_ALL))
    return session
