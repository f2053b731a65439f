"""The books: a door into the database, and units of work behind it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from connectors.database import backup, check, migrate, moving, relocking, restore
from connectors.database.access import AccessTables
from connectors.database.approvals import ApprovalTable
from connectors.database.arrivals import ArrivalTable
from connectors.database.audit import AuditTable
from connectors.database.clockwork import ClockworkTables
from connectors.database.consolations import ConsolationTable
from connectors.database.demand import DemandTables
from connectors.database.engine import Door, open_door
from connectors.database.faults import understood
from connectors.database.group_commit import GroupCommit
from connectors.database.herald import Herald, listen
from connectors.database.hooks import HookTables
from connectors.database.inbox import InboxTables
from connectors.database.items import ItemTables
from connectors.database.law_cases import LawTables
from connectors.database.mails import MailTables
from connectors.database.notices import NoticeTable
from connectors.database.orders import OrderTables
from connectors.database.outbox import OutboxTables
from connectors.database.planning import PlanningTables
from connectors.database.replies import ReplyTable
from connectors.database.reports import ReportTables
from connectors.database.retention import RetentionTables
from connectors.database.second_factors import SecondFactorTables
from connectors.database.secrets import Vault
from connectors.database.sessions import SessionTable
from connectors.database.shops import ShopTable
from connectors.database.supply import SupplyTable
from connectors.database.transaction import Transaction
from connectors.database.views import ViewTable
from core.ports.books import Unit
from core.ports.inbox import Letter
from core.records import Shop


class DatabaseBooks:
    """The books in one database, for all threads of a process.

    A forked child may use them too, when no block was open at the fork: SQLite would take the parent's for its own.
    """

    def __init__(self, door: Door, vault: Vault) -> None:
        self._door = door
        self._vault = vault
        self._group_commit = GroupCommit(lambda: self._transaction(door.turn_before_the_line()))
        self._herald = Herald(door)

    @contextmanager
    def write(self) -> Iterator[Unit]:
        """Open a writing transaction; it commits at the end of the block.

        Raises `Unavailable` when the database does not answer and `Misuse` when a row's shop is not connected.
        """
        with self._transaction(self._door.turn_to_write()) as transaction:
            yield _unit(transaction)

    @contextmanager
    def _transaction(self, turn: AbstractContextManager[object]) -> Iterator[Transaction]:
        with understood(), turn, self._door.writing.begin() as connection:
            yield Transaction(connection, self._vault)

    @contextmanager
    def read(self) -> Iterator[Unit]:
        """Open a reading transaction that sees one consistent state. Raises `Unavailable`."""
        with understood(), self._door.turn_to_read(), self._door.reading.begin() as connection:
            yield _unit(Transaction(connection, self._vault))

    def write_down(self, letter: Letter) -> Shop | None:
        """Store it, durable on return, in one transaction with others that come at the same time.

        Returns the shop that it is for, None for an unknown one. One that is there already changes nothing, and of
        those for a shop that was left only a last wish is kept. Raises what `write` raises.
        """
        return self._group_commit.add(letter)

    def tell(self) -> None:
        """Wake the workers of other processes soon, where the database can; returns at once."""
        self._herald.cry()

    def hear(self, ring: Callable[[], None], stopped: threading.Event) -> None:
        """Ring whenever another process tells, until `stopped`; returns at once where the database cannot."""
        listen(self._door, ring, stopped)

    def problems(self) -> tuple[str, ...]:
        """Sentences about what is wrong with the database, none when it is ready."""
        return check.problems(self._door, self._vault)

    def backup(self, path: str) -> None:
        """Write a consistent copy to `path`: a SQLite file, or an archive for `pg_restore`.

        Raises `Misuse` when the path cannot be written and `ConfigurationError` when `pg_dump` is missing.
        """
        backup.copy(self._door, path)

    def put_back(self, path: str) -> None:
        """Replace everything by the copy at `path`, brought up to date. Raises `Misuse`, naming what is in the way."""
        restore.put_back(self._door, path)

    def move(self, address: str) -> int:
        """Copy every row into the empty database at `address`; return how many. Raises `Misuse`."""
        return moving.move(self._door, address)

    def relock(self) -> int:
        """Lock all that is under lock with the first of the keys; return how many rows. Raises ConfigurationError."""
        with self._transaction(self._door.turn_to_write()) as transaction:
            return relocking.relock(transaction.connection, self._vault)

    def close(self) -> None:
        """Close every connection."""
        self._herald.close()
        self._door.close()


def open_books(url: str, *, encryption_keys: str) -> DatabaseBooks:
    """Return the books at `url`; nothing is read yet, and one in memory is made. Raises ConfigurationError.

    `sqlite:///file`, `sqlite://` (in memory, for tests) or `postgresql://...`; Fernet keys by comma, newest first.
    """
    vault = Vault(encryption_keys)
    door = open_door(url)
    if door.in_memory:
        with door.turn_to_write(), door.writing.begin() as connection:
            migrate.upgrade_connection(connection, [])
    return DatabaseBooks(door, vault)


def _unit(transaction: Transaction) -> Unit:
    return Unit(
        shops=ShopTable(transaction),
        inbox=InboxTables(transaction),
        orders=OrderTables(transaction),
        items=ItemTables(transaction),
        supply=SupplyTable(transaction),
        arrivals=ArrivalTable(transaction),
        outbox=OutboxTables(transaction),
        audit=AuditTable(transaction),
        notices=NoticeTable(transaction),
        mails=MailTables(transaction),
        laws=LawTables(transaction),
        consolations=ConsolationTable(transaction),
        access=AccessTables(transaction),
        approvals=ApprovalTable(transaction),
        clockwork=ClockworkTables(transaction),
        retention=RetentionTables(transaction),
        hooks=HookTables(transaction),
        demand=DemandTables(transaction),
        planning=PlanningTables(transaction),
        replies=ReplyTable(transaction),
        reports=ReportTables(transaction),
        second_factors=SecondFactorTables(transaction),
        sessions=SessionTable(transaction),
        views=ViewTable(transaction),
    )
