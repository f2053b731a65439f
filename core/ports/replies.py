"""Answers that are kept, so that what is asked for twice under one key is done once."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

KEPT = timedelta(hours=24)
"""How long an answer is given again."""
LEASE = timedelta(seconds=60)
"""How long a request may take; then its key is free for another try."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One change that is asked for: who asks (`token` is a digest), where (method and path), under which key.

    `fingerprint` is a digest of the body. `until` ends the time to answer, and tells this try from others.
    """

    shop: str
    token: str
    route: str
    key: str
    fingerprint: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What was answered under a key. `status` is None while it is being worked on.

    `body` is None once it was forgotten with its customer.
    """

    fingerprint: str
    status: int | None = None
    body: str | None = None
    location: str | None = None


class Replies(Protocol):
    """What was answered to whoever may ask again."""

    def claim(self, asked: Asked, *, now: datetime) -> Reply | None:
        """Take the key for this try and return None, or return what was answered under it already.

        A key is free again 24 hours after it was taken, and once its time to answer is over without an answer.
        """

    def keep(self, asked: Asked, reply: Reply, *, order: str | None) -> bool:
        """Keep the answer, which tells of this order; False where another try has taken the key meanwhile."""

    def drop(self, asked: Asked) -> None:
        """Free the key where this try has it and has not answered."""

    def forget(self, before: datetime) -> int:
        """Delete what was asked before then; return how many."""
