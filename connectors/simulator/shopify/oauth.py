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
from typing import Any
from urllib.parse import urlencode

import jwt

from connectors.simulator.shopify.state import Json

HOUR = timedelta(hours=1)
DAY = timedelta(hours=24)
REFRESH = timedelta(days=90)
PROOF_LASTS = timedelta(minutes=1)
EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
OFFLINE = "urn:shopify:params:oauth:token-type:offline-access-token"


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
        told = self.signed({"code": code, "shop": shop, "state": query.get("state", "")})
        return f"{query['redirect_uri']}?{urlencode(told)}"

    def signed(self, query: Mapping[str, str]) -> dict[str, str]:
        """Return the parameters with the time and the signature that the shop's admin puts on an address."""
        told = {"timestamp": str(int(self.clock().timestamp())), **query}
        text = "&".join(f"{key}={value}" for key, value in sorted(told.items()))
        return {**told, "hmac": hmac.new(self.client_secret.encode(), text.encode(), hashlib.sha256).hexdigest()}

    def proof(self, shop: str, person: str = "42", **claims: object) -> str:
        """Return the proof that the admin hands to an embedded page: good for a minute. `claims` replace its own."""
        now = self.clock()
        told = {
            "iss": f"https://{shop}/admin",
            "dest": f"https://{shop}",
            "aud": self.client_id,
            "sub": person,
            "exp": int((now + PROOF_LASTS).timestamp()),
            "nbf": int(now.timestamp()),
            "iat": int(now.timestamp()),
            "jti": self._new("jti"),
            "sid": self._new("sid"),
        }
        return jwt.encode({**told, **claims}, self.client_secret, algorithm="HS256")

    def grant(self, asked: Mapping[str, object]) -> Json:
        """Return the answer to a token call. Raises Denied."""
        known = asked.get("client_id") == self.client_id and asked.get("client_secret") == self.client_secret
        if not known:
            raise Denied("application_cannot_be_found")
        with self._lock:
            if asked.get("code") is not None:
                return self._offline(str(asked["code"]), expiring=_is_expiring(asked))
            if not self.installed:
                raise Denied("app_not_installed")
            if asked.get("grant_type") == "client_credentials":
                return self._client_credentials()
            if asked.get("grant_type") == EXCHANGE:
                return self._exchange(asked)
            return self._refresh(str(asked.get("refresh_token")))

    def _client_credentials(self) -> Json:
        made = _Grant(self._new("shpat"), self.clock() + DAY)
        self._grants.append(made)
        return {"access_token": made.access, "scope": ",".join(self.scopes), "expires_in": 86399}

    def _exchange(self, asked: Mapping[str, object]) -> Json:
        """Give a token for a proof. Only offline ones are given here."""
        if asked.get("requested_token_type") != OFFLINE:
            raise Denied("invalid_request")
        required: Any = {"require": ["exp", "nbf", "iss", "dest", "sub"], "verify_exp": False, "verify_nbf": False}
        try:
            told = jwt.decode(
                str(asked.get("subject_token")), self.client_secret, ["HS256"], required, audience=self.client_id
            )
        except jwt.PyJWTError:
            raise Denied("invalid_subject_token") from None
        if not told["nbf"] - 10 <= self.clock().timestamp() <= told["exp"] + 10:
            raise Denied("invalid_subject_token")
        return self._given(expiring=_is_expiring(asked))

    def _offline(self, code: str, *, expiring: bool) -> Json:
        if code not in self._codes:
            raise Denied("invalid_request")
        self._codes.discard(code)
        self.installed = True
        return self._given(expiring=expiring)

    def _given(self, *, expiring: bool) -> Json:
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


def _is_expiring(asked: Mapping[str, object]) -> bool:
    return str(asked.get("expiring")) in {"1", "True"}
