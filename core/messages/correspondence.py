"""What the rooms ask of each other about customers: mails, addresses that want none, law cases; and the post.

Records and promises (`Protocol`s) beside those of `core.records` and `core.ports`.
"""

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Literal, Protocol

from core.delay_laws.cases import Case, Edge
from core.messages.wording import Wording
from core.records import Shop

MailState = Literal["pending", "sent", "failed", "handed"]
Scope = Literal["all", "marketing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One message within a mail: about which order, of which kind, with the facts that its wording speaks of."""

    kind: str
    order: str
    name: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One mail before it has words. `locale` and `country` are the customer's, as the platform knows them."""

    shop: Shop
    told: tuple[Told, ...]
    locale: str | None
    country: str | None
    now: datetime
    customer: str | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Worded:
    """A mail with its words, in the language that was chosen. `unsubscribe`: the link that declines mails like it."""

    subject: str
    text: str
    html: str
    language: str
    unsubscribe: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MailRecord:
    """One mail in the books. `message_id` is its natural key; `fence` the token of the lease under which it is sent."""

    id: int
    shop: str
    to: str
    language: str
    subject: str
    text: str
    html: str
    message_id: str
    reply_to: str | None
    sender: str
    unsubscribe: str | None
    state: MailState
    created_at: datetime
    next_at: datetime
    attempts: int = 0
    sent_at: datetime | None = None
    error: str | None = None
    fence: int = 0

    @property
    def content_hash(self) -> str:
        """The SHA-256 of subject and both bodies: evidence of what was said."""
        whole = f"{self.subject}\x1f{self.text}\x1f{self.html}"
        return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()


class Speech(Protocol):
    """How one reader is spoken to: language, direction, dates, money, counts."""

    @property
    def language(self) -> str:
        """The language's code, such as `en`."""

    @property
    def tag(self) -> str:
        """The name that the CLDR has for how the language is written at the reader's place, such as `en_GB`."""

    @property
    def direction(self) -> Literal["ltr", "rtl"]:
        """Where a line begins."""

    def say(self, message: str, **named: object) -> str:
        """Return the message in the reader's language, its %(names)s filled in."""

    def count(self, one: str, many: str, number: int, **named: object) -> str:
        """Return the message in the plural form that the number needs; it may use %(number)s."""

    def day(self, day: date) -> str:
        """Return a calendar day, with the year where it is not this one."""

    def moment(self, at: datetime) -> str:
        """Return an instant as date and time at the shop's place, to the minute."""

    def number(self, number: int) -> str:
        """Return a whole number as the reader writes it."""

    def money(self, amount: int, currency: str) -> str:
        """Return minor units with the currency's sign."""

    def percent(self, percent: int) -> str:
        """Return hundredths as the reader writes them."""


class PostOffice(Protocol):
    """Words mails and sends them."""

    @property
    def ready(self) -> bool:
        """Whether mails can leave: a mail server is set."""

    @property
    def languages(self) -> Mapping[str, str]:
        """The languages that customers are written to in, by code, each with its own name."""

    def original(self, kind: str, language: str) -> Wording:
        """Return the words that a message of this kind has by itself, with placeholders where facts are filled in."""

    def link(self, shop: str, order: str) -> str:
        """Return the address of a customer's page."""

    def speak(self, locale: str | None, country: str | None, *, zone: str, now: datetime) -> Speech:
        """Return how a reader of this locale is spoken to."""

    def words(self, letter: Letter) -> tuple[str, str]:
        """Return the letter's subject and text as its reader would get them. Pure."""

    def compose(self, letter: Letter) -> Worded:
        """Return the letter in words, its HTML ready for mail programs. Pure."""

    def send(self, mail: MailRecord) -> None:
        """Hand one mail to the server.

        Raises `Rejected` when it never takes this mail, `Unavailable` when it may take it later.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounced:
    """A report that a mail did not arrive. `permanent`: its address takes none; else it was full or away for long."""

    message_id: str
    permanent: bool
    why: str


class BounceBox(Protocol):
    """The mailbox to which reports come."""

    def visit(self, take: Callable[[Bounced], None]) -> int:
        """Hand every new report over; return how many. The same may come twice. Raises `Unavailable`."""


class MailBook(Protocol):
    """Mails on their way and sent, and the addresses that get none."""

    def add(
        self, shop: str, to: str, worded: Worded, *, headers: Mapping[str, str | None], now: datetime
    ) -> int | None:
        """Queue a mail and return its id; None when one with this Message-ID is there already.

        `headers`: `message_id`, `sender`, and where there is one `reply_to`.
        """

    def handed(self, shop: str, to: str, *, message_id: str, now: datetime) -> int:
        """Remember, without its words, a letter that the merchant's tool sends: it counts like one of ours."""

    def claim(self, *, now: datetime, lease: timedelta) -> MailRecord | None:
        """Lease the next due mail; a lease that ran out is free to be claimed again."""

    def sent(self, mail: MailRecord, *, now: datetime) -> None:
        """Record that the server took it. Raises `LeaseLost`."""

    def retry(self, mail: MailRecord, *, at: datetime, error: str) -> None:
        """Try again at `at`. Raises `LeaseLost`."""

    def fail(self, mail: MailRecord, *, error: str) -> None:
        """Give up for good. Raises `LeaseLost`."""

    def get(self, shop: str, mail: int) -> MailRecord | None:
        """Return one mail."""

    def named(self, shop: str, message_id: str) -> MailRecord | None:
        """Return the mail with this Message-ID."""

    def came_back(self, mail: MailRecord, *, error: str) -> None:
        """Record that a mail that the server took did not arrive."""

    def next_due(self) -> datetime | None:
        """When the next waiting mail becomes due."""

    def times(self, shop: str, address: str, *, since: datetime) -> tuple[datetime, ...]:
        """When letters to this address were queued at or after `since`, oldest first; those that failed left out."""

    def stop(self, shop: str, address: str, scope: Scope, *, why: str, at: datetime) -> None:
        """Send nothing, or no marketing, to this address any more."""

    def stopped(self, shop: str, address: str) -> dict[str, str]:
        """Return scope -> why, of what this address does not get."""

    def resume(self, shop: str, address: str) -> bool:
        """Send to an address again that got nothing because mail did not arrive; return whether it was stopped."""

    def silent(self, shop: str, *, limit: int) -> tuple[tuple[str, str, datetime], ...]:
        """(address, why, since when) of the addresses that get no mail at all, newest first."""

    def pending(self, shop: str, *, limit: int) -> tuple[MailRecord, ...]:
        """Mails that are queued and not taken by the server yet, the next one first."""

    def withdraw(self, shop: str) -> tuple[int, ...]:
        """Forget every mail that waits for the server; return their ids."""

    def bounced(self, shop: str, addresses: Collection[str]) -> dict[str, str]:
        """Return why mail does not arrive, by address, of those of them that get no mail at all."""


class LawBook(Protocol):
    """Cases under the delay laws, and their moves, which are never changed."""

    def of_orders(self, shop: str, orders: Collection[str]) -> dict[str, tuple[Case, ...]]:
        """Return the cases of these orders."""

    def put(self, shop: str, case: Case, *, wakes_at: datetime | None) -> None:
        """Insert or replace a case; the clock looks at it again at `wakes_at`."""

    def log(self, shop: str, case: Case, edges: Sequence[Edge], *, at: datetime) -> None:
        """Append moves."""

    def edges(self, shop: str, order: str) -> tuple[tuple[str, Edge], ...]:
        """The moves of one order with the law of each, oldest first."""

    def period(self, shop: str, first: date, last: date) -> tuple[tuple[str, str, Edge], ...]:
        """(order, law, move) of every move on these days, oldest first."""

    def running(self, shop: str) -> tuple[int, datetime | None]:
        """How many orders have a clock that will ask for something, and when the next one does."""

    def due(self, now: datetime) -> tuple[tuple[str, str], ...]:
        """(shop, order) of the cases that must be looked at, each order once."""
