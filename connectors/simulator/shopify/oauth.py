"""Tokens: who may call. Expiring ones last an hour and come with a refresh token that changes with every use.

The previous refresh token stays good until the token that replaced it is used, so a lost answer loses nothing.
"""

import hashlib
import hmac
import random
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from connectors.simulator.shopify.state import Json

HOUR = timedelta(hours=1)
DAY = timedelta(hours=24)
REFRESH = timedelta(days=90)


class Denied(Exception):
    """A token was refused; the message is the OAuth error code."""


@dataclass(slots=True)
class _Grant:
    """One chain of tokens: each refresh replaces its tokens, the old refresh token waits until the new pair is used."""

    access: str
    access_until: datetime | None
    refresh: str | None = None
    refresh_until: datetime | None = None
    previous_refresh: str | None = None


class Tokens:
    """The app's tokens at one shop. `clock` tells when they expire."""

    def __init__(
        self,
        *,
        client_id: str,
        client_secret: str,
        permanent: str,
        scopes: list[str],
        clock: Callable[[], datetime],
        seed: int,
    ) -> None:
        self.client_id = client_id
        self.client_secret = client_secret
        self.scopes = scopes
        self.clock = clock
        self._random = random.Random(f"tokens {seed}")  # noqa: S311  # reproducible tokens of a simulated shop
        self._grants = [_Grant(permanent, None)]
        self._codes: set[str] = set()
        self.installed = True
        self._lock = threading.Lock()

    def accepts(self, token: str) -> bool:
        """Whether this access token works now. Its first use ends the refresh token before it."""
        with self._lock:
            for grant in self._grants:
                if grant.access and hmac.compare_digest(grant.access.encode(), token.encode()):
                    grant.previous_refresh = None
                    return grant.access_until is None or self.clock() < grant.access_until
        return False

    def install(self, token: str) -> None:
        """Accept another token that never expires."""
        with self._lock:
            self.installed = True
            self._grants.append(_Grant(token, None))

    def revoke_all(self) -> None:
        """Make every token dead, as when the merchant removes the app."""
        with self._lock:
            self.installed = False
            self._grants.clear()
            self._codes.clear()

    def authorise(self, shop: str, query: Mapping[str, str]) -> str:
        """Return where the merchant's browser goes after approving: the callback with code, state and hmac."""
        if query.get("client_id") != self.client_id or not query.get("redirect_uri"):
            raise Denied("invalid_request")
        code = self._new("code")
        with self._lock:
            self._codes.add(code)
        signed = {
            "code": code,
            "shop": shop,
            "state": query.get("state", ""),
            "timestamp": str(int(self.clock().timestamp())),
        }
        text = "&".join(f"{key}={value}" for key, value in sorted(signed.items()))
        signed["hmac"] = hmac.new(self.client_secret.encode(), text.encode(), hashlib.sha256).hexdigest()
        return f"{query['redirect_uri']}?{urlencode(signed)}"

    def grant(self, asked: Mapping[str, object]) -> Json:
        """Return the answer to a token call. Raises Denied."""
        known = asked.get("client_id") == self.client_id and asked.get("client_secret") == self.client_secret
        if not known:
            raise Denied("application_cannot_be_found")
        with self._lock:
            if asked.get("code") is not None:
                return self._offline(str(asked["code"]), expiring=str(asked.get("expiring")) in {"1", "True"})
            if not self.installed:
                raise Denied("app_not_installed")
            if asked.get("grant_type") == "client_credentials":
                return self._client_credentials()
            return self._refresh(str(asked.get("refresh_token")))

    def _client_credentials(self) -> Json:
        made = _Grant(self._new("shpat"), self.clock() + DAY)
        self._grants.append(made)
        return {"access_token": made.access, "scope": ",".join(self.scopes), "expires_in": 86399}

    def _offline(self, code: str, *, expiring: bool) -> Json:
        if code not in self._codes:
            raise Denied("invalid_request")
        self._codes.discard(code)
        self.installed = True
        made = _Grant(self._new("shpat"), None)
        self._grants.append(made)
        if not expiring:
            return {"access_token": made.access, "scope": ",".join(self.scopes)}
        return self._renewed(made)

    def _refresh(self, token: str) -> Json:
        for grant in self._grants:
            if grant.refresh is None or token not in {grant.refresh, grant.previous_refresh}:
                continue
            if grant.refresh_until is not None and self.clock() >= grant.refresh_until:
                raise Denied("invalid_grant")
            grant.previous_refresh = token
            return self._renewed(grant)
        raise Denied("invalid_grant")

    def _renewed(self, grant: _Grant) -> Json:
        grant.access, grant.access_until = self._new("shpat"), self.clock() + HOUR
        grant.refresh, grant.refresh_until = self._new("shprt"), self.clock() + REFRESH
        return {
            "access_token": grant.access,
            "scope": ",".join(self.scopes),
            "expires_in": int(HOUR.total_seconds()),
            "refresh_token": grant.refresh,
            "refresh_token_expires_in": int(REFRESH.total_seconds()),
        }

    def _new(self, prefix: str) -> str:
        return f"{prefix}_{self._random.getrandbits(128):032x}"
