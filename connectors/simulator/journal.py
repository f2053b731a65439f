"""What a simulated shop was asked, in order: the evidence of tests and the demo's list of calls."""

import threading
from collections import deque
from dataclasses import dataclass
from datetime import datetime

LIMIT = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One call. `name` is the operation or path, `order` the bare id it is about, `write` whether it changes things.

    `status` is the HTTP status of the answer, 0 when the connection was cut.
    """

    at: datetime
    name: str
    order: str | None
    detail: str
    status: int
    write: bool


class Journal:
    """The newest 100,000 calls, oldest first. Safe to use from several threads."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=LIMIT)
        self._lock = threading.Lock()

    def record(
        self, *, at: datetime, name: str, detail: str, status: int, write: bool, order: str | None = None
    ) -> None:
        """Append one call."""
        entry = Entry(at=at, name=name, order=order, detail=detail, status=status, write=write)
        with self._lock:
            self._entries.append(entry)

    def entries(self) -> tuple[Entry, ...]:
        """Return every call, oldest first."""
        with self._lock:
            return tuple(self._entries)

    def writes(self) -> tuple[Entry, ...]:
        """Return the calls that change things, oldest first."""
        return tuple(entry for entry in self.entries() if entry.write)

    def clear(self) -> None:
        """Forget all calls."""
        with self._lock:
            self._entries.clear()
