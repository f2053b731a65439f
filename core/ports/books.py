"""The books as a whole: every part of them within one transaction, and what is done to all at once."""

from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from threading import Event
from typing import Literal, Protocol

from core.access.approvals import Approvals
from core.consolation.consolations import ConsolationBook
from core.forecast.ports import Demand, Planning
from core.hooks.outgoing import HookBook
from core.messages.correspondence import LawBook, MailBook
from core.ports.audit import Audit
from core.ports.census import Census
from core.ports.clockwork import Clockwork
from core.ports.inbox import Inbox, Letter
from core.ports.notices import NoticeBook
from core.ports.orders import Orders
from core.ports.outbox import Outbox
from core.ports.people import Access, SecondFactors, Sessions, Views
from core.ports.replies import Replies
from core.ports.retention import Retention
from core.ports.shops import Shops
from core.ports.stock import Arrivals, Items, Supply
from core.records import Shop
from core.reports.ports import Reports

Queue = Literal["inbox", "outbox", "mails", "hooks"]
"""What workers take from."""
Ring = Callable[[Collection[Queue]], None]
"""Wakes who works at these queues in this process."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """The books within one transaction."""

    shops: Shops
    inbox: Inbox
    orders: Orders
    items: Items
    supply: Supply
    arrivals: Arrivals
    outbox: Outbox
    audit: Audit
    notices: NoticeBook
    mails: MailBook
    laws: LawBook
    consolations: ConsolationBook
    access: Access
    approvals: Approvals
    census: Census
    clockwork: Clockwork
    retention: Retention
    hooks: HookBook
    demand: Demand
    planning: Planning
    replies: Replies
    reports: Reports
    second_factors: SecondFactors
    sessions: Sessions
    views: Views


class Books(Protocol):
    """Where everything is kept. `write` commits at the end of the block, or nothing of it when the block raises.

    Whoever puts something in a queue need wake nobody: the commit does, in this process and, where the database can, in
    all others.
    """

    def write(self) -> AbstractContextManager[Unit]:
        """Open a writing transaction (SQLite: one writer at a time, others wait in line)."""

    def read(self) -> AbstractContextManager[Unit]:
        """Open a reading transaction that sees one consistent state."""

    def recognised(self, name: str) -> tuple[Shop | None, Mapping[str, str]]:
        """Return the shop of this name and its credentials, as of a moment ago; None and nothing when not known."""

    def write_down(self, letter: Letter) -> Shop | None:
        """Store it, durable on return, and return its shop; many that come at once share a transaction."""

    def empty_letterbox(self) -> None:
        """Put what `write_down` keeps aside among the deliveries, where it keeps any aside."""

    def hear(self, ring: Ring, stopped: Event) -> None:
        """Ring whenever another process queued something, until `stopped`; returns at once where no database tells."""

    def problems(self) -> tuple[str, ...]:
        """Sentences about what is wrong with the database, none when it is ready."""

    def warnings(self) -> tuple[str, ...]:
        """Sentences about what is not wrong now and may cost what is kept one day."""

    def alone(self) -> bool:
        """Whether no other process has the database open, as far as that can be seen from here."""

    def backup(self, path: str) -> None:
        """Write a consistent copy of the database to `path` while others go on working."""

    def put_back(self, path: str) -> None:
        """Replace everything by the copy at `path`, brought up to date."""

    def move(self, address: str) -> int:
        """Copy every row into the empty database at `address`; return how many."""

    def relock(self) -> int:
        """Lock all that is under lock with the first of the keys; return how many rows."""

    def close(self) -> None:
        """Close every connection."""
