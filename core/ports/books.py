"""The books as a whole: every part of them within one transaction, and what is done to all at once."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from threading import Event
from typing import Protocol

from core.access.approvals import Approvals
from core.consolation.consolations import ConsolationBook
from core.forecast.ports import Demand, Planning
from core.hooks.outgoing import HookBook
from core.messages.correspondence import LawBook, MailBook
from core.ports.audit import Audit
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
    """Where everything is kept. `write` commits at the end of the block, or nothing of it when the block raises."""

    def write(self) -> AbstractContextManager[Unit]:
        """Open a writing transaction (SQLite: one writer at a time, others wait in line)."""

    def read(self) -> AbstractContextManager[Unit]:
        """Open a reading transaction that sees one consistent state."""

    def write_down(self, letter: Letter) -> Shop | None:
        """Store it, durable on return, and return its shop; many that come at once share a transaction."""

    def tell(self) -> None:
        """Wake the workers of other processes soon, where the database can; returns at once."""

    def hear(self, ring: Callable[[], None], stopped: Event) -> None:
        """Ring whenever another process tells, until `stopped`; returns at once where the database cannot."""

    def problems(self) -> tuple[str, ...]:
        """Sentences about what is wrong with the database, none when it is ready."""

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
