"""Approvals on a store's own page: asked for, answered by the store, finished by its owner.

See `core.access.approvals`.
"""

import hmac
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog

from core.access.approvals import Approval
from core.access.people import digest
from core.errors import BackorderError, CredentialsRevoked, Misuse, Rejected, Unavailable
from core.house import House
from core.records import Platform, Shop
from core.sentences import sentence
from worker.errands import Address

LIFE = timedelta(minutes=20)
MOST = 200
STATE_BYTES = 20
RETURN = "/woocommerce/connected"
CALLBACK = "/woocommerce/callback"
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreDoor:
    """What the composition root hands over of the platform whose stores have such a page.

    `look(origin)` contacts the store without keys, `page(origin, state, return_url, callback_url)` is its address,
    `handed(body)` reads what it posts as (state, credentials), `prove(origin, credentials)` reads with the keys.
    """

    platform: Platform
    address: Callable[[str], Address]
    look: Callable[[str], None]
    page: Callable[[str, str, str, str], str]
    handed: Callable[[bytes], tuple[str, dict[str, str]]]
    prove: Callable[[str, Mapping[str, str]], object]


class Approvals:
    """Implements `core.access.approvals.ApprovalDesk`."""

    def __init__(self, house: Callable[[], House], door: StoreDoor) -> None:
        self._house = house
        self._door = door

    def ask(self, address: str, *, browser: str) -> str:
        """Look at the store, remember who asks, and return the address of the page on which its owner approves."""
        house, where = self._house(), self._door.address(address)
        self._door.look(where.origin)
        state, now = secrets.token_hex(STATE_BYTES), datetime.now(UTC)
        approval = Approval(
            state=digest(state), browser=digest(browser), platform=self._door.platform, address=where.origin,
            expires_at=now + LIFE,
        )  # fmt: skip
        with house.books.write() as unit:
            if not unit.approvals.begin(approval, now=now, most=MOST):
                raise Unavailable(sentence("too many stores are being connected just now: try again in a few minutes"))
        base = house.settings.external
        return self._door.page(where.origin, state, base + RETURN, base + CALLBACK)

    def receive(self, body: bytes) -> None:
        """Take the keys that a store posts, once they are proven by a read on the store that was asked.

        The state is spent by the attempt, whatever comes of it. Raises CredentialsRevoked for an unknown one.
        """
        house = self._house()
        state, credentials = self._door.handed(body)
        with house.books.write() as unit:
            waiting = unit.approvals.answer(digest(state), now=datetime.now(UTC))
        if waiting is None:
            raise CredentialsRevoked(sentence("nobody here waits for these keys: begin again on our page"))
        try:
            self._door.prove(waiting.address, credentials)
        except BackorderError as problem:
            log.warning("keys refused", store=waiting.address, problem=str(problem)[:200])
            with house.books.write() as unit:
                unit.approvals.refuse(waiting.state, str(problem)[:500])
            raise
        with house.books.write() as unit:
            unit.approvals.keep(waiting.state, credentials)

    def finish(self, state: str, *, approved: bool, browser: str) -> Shop:
        """Connect the store when its owner comes back in the browser that began.

        Whoever else brings the state burns it: keys that one person asked for and another approved are used by neither.
        """
        house = self._house()
        with house.books.write() as unit:
            taken = unit.approvals.take(digest(state), now=datetime.now(UTC))
        if taken is None:
            raise Misuse(sentence("this approval was used already or is too old: begin again"))
        if not hmac.compare_digest(taken.browser, digest(browser)):
            log.warning("approval came back in another browser", store=taken.address)
            raise Misuse(sentence("the approval was begun in another browser: begin again in this one"))
        if not approved:
            raise Rejected(sentence("the store's owner did not approve: nothing was connected"))
        if not taken.credentials:
            raise Rejected(
                taken.problem or sentence("the store sent no keys: is this service's public address reachable from it?")
            )
        return house.desk.connect(taken.platform, taken.address, taken.credentials)

    def problem(self, browser: str) -> str | None:
        """Return why this browser's latest approval came to nothing: the store's own page does not tell."""
        with self._house().books.read() as unit:
            return unit.approvals.problem_of(digest(browser), now=datetime.now(UTC))
