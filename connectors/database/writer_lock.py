"""One writer at a time, among the threads of this process and among processes. SQLite's own waiting starves."""

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from core.errors import Unavailable
from core.sentences import sentence

LONG = 60.0
"""Seconds for which nobody writes who is well, but where the tables are brought up to date."""


class WriterLock:
    """A mutex over threads and, with a `path`, over processes. The system releases it when its holder dies."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._mutex = threading.Lock()
        self._line = threading.Lock()
        self._holder = 0
        self._file = -1

    @contextmanager
    def in_line(self) -> Iterator[None]:
        """Hold the lock, waiting in a line of which one thread at a time comes as far as the lock.

        So whoever takes the lock itself has one of them before it, as a rule, and not all.
        """
        self._not_twice()
        with self._line, self:
            yield

    def __enter__(self) -> Self:
        self._not_twice()
        self._mutex.acquire()
        self._holder = threading.get_ident()
        try:
            if self._path:
                self._file = _locked(self._path)
        except BaseException:
            self._leave()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file >= 0:
            os.close(self._file)
        self._leave()

    def _not_twice(self) -> None:
        if self._holder == threading.get_ident():
            raise RuntimeError("this thread is writing already: pass its unit on instead of opening a second one")

    def _leave(self) -> None:
        self._file = -1
        self._holder = 0
        self._mutex.release()

    def held_up(self) -> str | None:
        """Return who has kept all other processes from writing for very long, as a sentence; None when nobody has."""
        if self._path is None or not self._path.exists():
            return None
        with self._path.open("rb") as file:
            if _is_free(file.fileno()) or (seconds := time.time() - os.fstat(file.fileno()).st_mtime) < LONG:
                return None
            process = file.read().decode("ascii", "replace").strip()
        return (
            f"process {process} has kept all others from writing to the database for {seconds:.0f} seconds: "
            f"if it was stopped let it go on (kill -CONT {process}), or end it"
        )

    def forked(self) -> None:
        """In a new child: let go of what the parent held at the moment of the fork, without unlocking it there."""
        if self._file >= 0:
            os.close(self._file)
        self._mutex = threading.Lock()
        self._line = threading.Lock()
        self._holder = 0
        self._file = -1


def _locked(path: Path) -> int:
    """Open anew each time: a lock belongs to the open file, and a forked child would share its parent's.

    Raises Unavailable where it cannot be opened: the disk is read-only or full, or too many files are open.
    """
    try:
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as problem:
        told = f"{path}: {problem.strerror}"
        raise Unavailable(sentence("the database cannot be used now: %(first_line)s", first_line=told)) from problem
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        # By its time too it is told from when the lock was held.
        with suppress(OSError):  # on a full disk nobody is named, and what makes room must be written all the same
            os.pwrite(file, f"{os.getpid():<10}".encode(), 0)
    except BaseException:
        os.close(file)
        raise
    return file


def _is_free(file: int) -> bool:
    """Whether nobody holds the lock. Nobody does for being asked: what is shared for this moment ends at once."""
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


class Presence:
    """Says whether other processes have the same database open; they all hold a shared lock while they do.

    Where the file cannot be made (what is wrong with the folder is told by others) nobody is seen.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError:
            self._file = -1
        else:
            fcntl.flock(self._file, fcntl.LOCK_SH)

    def alone(self) -> bool:
        """Whether nobody else has the database open now."""
        if self._file < 0:
            return True
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        finally:
            fcntl.flock(self._file, fcntl.LOCK_SH)
        return True

    def close(self) -> None:
        """Be gone."""
        if self._file >= 0:
            os.close(self._file)
        self._file = -1


@contextmanager
def no_lock() -> Iterator[None]:
    """Nothing to wait for: the database sorts its writers out by itself."""
    yield
