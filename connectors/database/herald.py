"""Waking the workers of other processes: PostgreSQL's NOTIFY and LISTEN. Elsewhere they look by themselves, often."""

import os
import threading
from collections.abc import Collection
from typing import get_args

import structlog
from sqlalchemy import bindparam, func, select
from sqlalchemy.exc import SQLAlchemyError

from connectors.database.engine import Door
from connectors.database.postgresql import OURS, PATIENCE, is_pooled
from core.ports.books import Queue, Ring

CHANNEL = "backorder"
PAUSE = 0.02
"""Seconds between two cries: a commit that notifies waits for all others that do, so many share one."""
# A cry is nothing to keep: its commit must not ask for the disk that deliveries are waiting for.
CRY = select(func.set_config("synchronous_commit", "off", True), func.pg_notify(CHANNEL, bindparam("queues")))  # noqa: FBT003  # for this transaction
QUEUES: frozenset[Queue] = frozenset(get_args(Queue))
LOOK_UP = 1.0
AGAIN = 2.0
FAREWELL = 10.0
"""Seconds that the last cry may take: longer than a connection is waited for."""
log = structlog.get_logger(__name__)


class Herald:
    """Cries for one process. The thread that does is begun with the first cry, and anew in a forked child."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._news = threading.Event()
        self._closed = threading.Event()
        self._lock = threading.Lock()
        self._queues: set[Queue] = set()
        self._process = 0
        self._thread: threading.Thread | None = None

    def cry(self, queues: Collection[Queue]) -> None:
        """Wake who works at these queues, in all processes, soon; returns at once."""
        if self._door.sqlite:
            return
        with self._lock:
            if self._process != os.getpid():
                self._process, self._news, self._queues = os.getpid(), threading.Event(), set()
                self._thread = threading.Thread(target=self._cry, args=(self._news,), name="herald", daemon=True)
                self._thread.start()
            self._queues.update(queues)
        self._news.set()

    def close(self) -> None:
        """Fall silent: a cry under way has ended when this returns, or its connection would outlive its pool."""
        self._closed.set()
        self._news.set()
        if self._thread and self._process == os.getpid():
            self._thread.join(FAREWELL)

    def _cry(self, news: threading.Event) -> None:
        while news.wait() and not self._closed.is_set():
            news.clear()
            with self._lock:
                queues, self._queues = self._queues, set()
            try:
                with self._door.writing.begin() as connection:
                    connection.execute(CRY, {"queues": ",".join(sorted(queues))})
            except SQLAlchemyError as problem:
                # Others look by themselves as well: nothing is lost, it only takes longer.
                log.warning("others were not woken", problem=type(problem).__name__)
            self._closed.wait(PAUSE)


def listen(door: Door, ring: Ring, stopped: threading.Event) -> None:
    """Ring at every cry until `stopped`; returns at once where the database or a pooler in front has no heralds."""
    if door.sqlite:
        return
    import psycopg  # noqa: PLC0415  # only where it is spoken

    address = door.url.set(drivername="postgresql").render_as_string(hide_password=False)
    while not stopped.is_set():
        try:
            with psycopg.connect(address, autocommit=True, application_name=OURS, **PATIENCE) as ear:
                if is_pooled(ear):
                    return
                ear.execute(f"LISTEN {CHANNEL}")
                # What was cried while nobody listened.
                ring(QUEUES)
                while not stopped.is_set():
                    for cry in ear.notifies(timeout=LOOK_UP, stop_after=1):
                        # Another release, as during an upgrade, may name none of ours.
                        ring(QUEUES.intersection(cry.payload.split(",")) or QUEUES)
        except psycopg.Error as problem:
            log.warning("not listening", problem=type(problem).__name__)
            stopped.wait(AGAIN)
