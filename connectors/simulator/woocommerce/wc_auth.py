"""The page on which a store's owner lets an application in, and the posting of the new keys to it.

The store posts before it sends the browser back. The post is not signed and does not name the store; an answer
other than 200 takes the key back.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from urllib.parse import urlencode, urlsplit, urlunsplit

import requests

from connectors.simulator.woocommerce.rows import Key
from connectors.simulator.woocommerce.state import State

REQUIRED = ("app_name", "user_id", "return_url", "callback_url", "scope")
SCOPES = ("read", "write", "read_write")
OWNER = 1
TIMEOUT = 10.0


@dataclass(frozen=True, slots=True)
class Page:
    """What the browser gets: an HTML page, or a redirect to `location`."""

    html: str = ""
    status: int = 200
    location: str = ""


class Consent:
    """The consent pages of one store. With `http_callbacks` a local application without a certificate may ask."""

    def __init__(self, state: State, *, http_callbacks: bool) -> None:
        self._state = state
        self._http_callbacks = http_callbacks
        self._asked: set[str] = set()

    def authorize(self, query: Mapping[str, str]) -> Page:
        """The page with Approve and Deny, or an error page with status 401."""
        if problem := self._problem(query):
            return _error(problem)
        nonce = secrets.token_hex(8)
        self._asked.add(nonce)
        approve = f"{self._state.home}/wc-auth/v1/access_granted/?{urlencode({**query, 'wc_auth_nonce': nonce})}"
        deny = _back(query, success=0)
        name, scope = escape(query["app_name"]), escape(query["scope"].replace("_", "/"))
        return Page(
            f"<h1>{name} would like to connect to your store</h1><p>It asks for {scope} access to "
            f"{escape(self._state.name)}.</p>"
            f'<a class="button wc-auth-approve" href="{escape(approve)}">Approve</a> '
            f'<a class="button wc-auth-deny" href="{escape(deny)}">Deny</a>'
        )

    def grant(self, query: Mapping[str, str]) -> Page:
        """Make a key, post it to the application, and send the browser back; a nonce works once."""
        nonce = query.get("wc_auth_nonce", "")
        if (problem := self._problem(query)) or nonce not in self._asked:
            return _error(problem or "Invalid nonce verification")
        self._asked.discard(nonce)
        with self._state.lock:
            key = add_key(self._state, query["scope"])
        if not self._handed_over(key, query):
            with self._state.lock:
                del self._state.keys[key.consumer_key]
            return _error("An error occurred in the request and at the time were unable to send the consumer data")
        return Page(status=302, location=_back(query, success=1))

    def _problem(self, query: Mapping[str, str]) -> str:
        for name in REQUIRED:
            if not query.get(name):
                return f"Missing parameter {name}"
        if query["scope"] not in SCOPES:
            return f"Invalid scope {query['scope']}"
        allowed = {"https", "http"} if self._http_callbacks else {"https"}
        if urlsplit(_callback(query)).scheme not in allowed:
            return "The callback_url needs to be over SSL"
        return ""

    def _handed_over(self, key: Key, query: Mapping[str, str]) -> bool:
        body = {
            "key_id": key.id,
            "user_id": query["user_id"],
            "consumer_key": key.consumer_key,
            "consumer_secret": key.consumer_secret,
            "key_permissions": key.permissions,
        }
        headers = {
            "Content-Type": "application/json;charset=UTF-8",
            "User-Agent": f"WordPress/6.9.1; {self._state.home}",
        }
        try:
            answer = requests.post(_callback(query), json=body, headers=headers, timeout=TIMEOUT)
        except requests.RequestException:
            return False
        return answer.status_code == 200


def add_key(state: State, permissions: str, *, user_id: int = OWNER) -> Key:
    """A new REST key of one user; older ones stay."""
    key = Key(
        id=state.new_id("key"),
        consumer_key=f"ck_{secrets.token_hex(20)}",
        consumer_secret=f"cs_{secrets.token_hex(20)}",
        permissions=permissions,
        user_id=user_id,
    )
    state.keys[key.consumer_key] = key
    return key


def _callback(query: Mapping[str, str]) -> str:
    """The address for the keys; one without a scheme is taken as https."""
    url = query["callback_url"]
    return url if "://" in url else f"https://{url}"


def _back(query: Mapping[str, str], *, success: int) -> str:
    parts = urlsplit(query["return_url"])
    more = urlencode({"success": success, "user_id": query["user_id"]})
    return urlunsplit(parts._replace(query=f"{parts.query}&{more}" if parts.query else more))


def _error(problem: str) -> Page:
    return Page(f"<h1>Error: {escape(problem)}.</h1>", 401)
