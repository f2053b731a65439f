"""The books: a door into the database, and units of work behind it."""

import threading
from collections.abc import Collection, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager

from connectors.database import backup, check, migrate, moving, relocking, restore, traces
from connectors.database.access import AccessTables
from connectors.database.approvals import ApprovalTable
from connectors.database.arrivals import ArrivalTable
from connectors.database.audit import AuditTable
from connectors.database.census import CensusTables
from connectors.database.clockwork import ClockworkTables
from connectors.database.consolations import ConsolationTable
from connectors.database.demand import DemandTables
from connectors.database.directory import Directory
from connectors.database.engine import Door, open_door
from connectors.database.faults import understood
from connectors.database.group_commit import GroupCommit
from connectors.database.herald import Herald, listen
from connectors.database.hooks import HookTables
from connectors.database.inbox import InboxTables
from connectors.database.items import ItemTables
from connectors.database.law_cases import LawTables
from connectors.database.letterbox import Letterbox, beside
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
from core.ports.books import Queue, Ring, Unit
from core.ports.inbox import Letter
from core.records import Shop


class DatabaseBooks:
    """The books in one database, for all threads of a process.

    A forked child may use them too, when no block was open at the fork: SQLite would take the parent's for its own.
    """

    def __init__(self, door: Door, vault: Vault, ring: Ring) -> None:
        self._door = door
        self._vault = vault
        self._ring = ring
        box = beside(door)
        self._directory = Directory(self._looked_into)
        self._letterbox = Letterbox(box, self._directory) if box else None
        self._group_commit = GroupCommit(self._letterbox.open if self._letterbox else self._inbox)
        self._emptying = threading.Lock()
        self._herald = Herald(door)

    @contextmanager
    def write(self) -> Iterator[Unit]:
        """Open a writing transaction; it commits at the end of the block.

        Raises `Unavailable` when the database does not answer and `Misuse` when a row's shop is not connected.
        """
        with self._transaction(self._door.turn_to_write()) as transaction:
            yield _unit(transaction, self._letterbox)
            forgot = traces.taken(transaction.connection)
        self._directory.forget()
        if self._letterbox and forgot:
            traces.wipe(self._door, self._letterbox.door)
        self._wake(transaction.queued)

    @contextmanager
    def _inbox(self) -> Iterator[InboxTables]:
        with self._transaction(self._door.turn_before_the_line()) as transaction:
            yield InboxTables(transaction)

    @contextmanager
    def _transaction(self, turn: AbstractContextManager[object]) -> Iterator[Transaction]:
        with understood(), turn, self._door.writing.begin() as connection:
            yield Transaction(connection, self._vault)

    @contextmanager
    def read(self) -> Iterator[Unit]:
        """Open a reading transaction that sees one consistent state. Raises `Unavailable`."""
        with self._looked_into() as transaction:
            yield _unit(transaction, self._letterbox)

    @contextmanager
    def _looked_into(self) -> Iterator[Transaction]:
        with understood(), self._door.turn_to_read(), self._door.reading.begin() as connection:
            yield Transaction(connection, self._vault)

    def recognised(self, name: str) -> tuple[Shop | None, Mapping[str, str]]:
        """Return the shop of this name and its credentials, as of a moment ago; None and nothing when not known.

        Raises `Unavailable`, and ConfigurationError when no key fits.
        """
        return self._directory.recognised(name)

    def write_down(self, letter: Letter) -> Shop | None:
        """Store it, durable on return, in one transaction with others that come at the same time.

        Returns the shop that it is for, None for an unknown one. One that is there already changes nothing, and of
        those for a shop that was left only a last wish is kept. Raises what `write` raises.
        """
        shop = self._group_commit.add(letter)
        self._wake({"inbox"})
        return shop

    def empty_letterbox(self) -> None:
        """Put what lies aside since doors wrote it down among the deliveries; another thread that is at it suffices.

        Whoever dies in the middle has it done once more by others: a delivery that is there already stays as it is.
        """
        if self._letterbox and self._emptying.acquire(blocking=False):
            try:
                with closing(self._letterbox.batches()) as batches:
                    last, letters = next(batches, (0, ()))
                if letters:
                    with self._transaction(self._door.turn_to_write()) as transaction:
                        InboxTables(transaction).accept(letters)
                    self._letterbox.remove(last)
            finally:
                self._emptying.release()

    def _wake(self, queues: Collection[Queue]) -> None:
        if queues:
            self._ring(queues)
            self._herald.cry(queues)

    def hear(self, ring: Ring, stopped: threading.Event) -> None:
        """Ring whenever another process queued something, until `stopped`; returns at once where no database tells."""
        listen(self._door, ring, stopped)

    def problems(self) -> tuple[str, ...]:
        """Sentences about what is wrong with the database, none when it is ready."""
        return check.problems(self._door, self._letterbox, self._vault)

    def warnings(self) -> tuple[str, ...]:
        """Sentences about what is not wrong now and may cost what is kept one day. Raises Unavailable."""
        return check.warnings(self._door)

    def alone(self) -> bool:
        """Whether no other process has the database open, as far as that can be seen from here. Raises Unavailable."""
        return check.alone(self._door)

    def backup(self, path: str) -> None:
        """Write a consistent copy to `path`: a SQLite file, or an archive for `pg_restore`.

        Raises `Misuse` when the path cannot be written and `ConfigurationError` when `pg_dump` is missing.
        """
        backup.copy(self._door, self._letterbox, self._vault, path)

    def put_back(self, path: str) -> None:
        """Replace everything by the copy at `path`, brought up to date. Raises `Misuse`, naming what is in the way."""
        restore.put_back(self._door, path)

    def move(self, address: str) -> int:
        """Copy every row into the empty database at `address`; return how many. Raises `Misuse`."""
        return moving.move(self._door, self._letterbox, self._vault, address)

    def relock(self) -> int:
        """Lock all that is under lock with the first of the keys; return how many rows. Raises ConfigurationError."""
        with self._transaction(self._door.turn_to_write()) as transaction:
            return relocking.relock(transaction.connection, self._vault)

    def close(self) -> None:
        """Close every connection."""
        self._herald.close()
        self._door.close()
        if self._letterbox:
            self._letterbox.door.close()


def nobody_works_here(queues: Collection[Queue]) -> None:
    """Wake nobody."""


def open_books(url: str, *, encryption_keys: str, ring: Ring = nobody_works_here) -> DatabaseBooks:
    """Return the books at `url`; nothing is read yet, and one in memory is made. Raises ConfigurationError.

    `sqlite:///file`, `sqlite://` (in memory, for tests) or `postgresql://...`; Fernet keys by comma, newest first.
    `ring` wakes the workers of this process.
    """
    vault = Vault(encryption_keys)
    door = open_door(url)
    if door.in_memory:
        with door.turn_to_write(), door.writing.begin() as connection:
            migrate.upgrade_connection(connection, [])
    return DatabaseBooks(door, vault, ring)


def _unit(transaction: Transaction, letterbox: Letterbox | None) -> Unit:
    return Unit(
        shops=ShopTable(transaction),
        inbox=InboxTables(transaction, letterbox),
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
        census=CensusTables(transaction, letterbox),
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
