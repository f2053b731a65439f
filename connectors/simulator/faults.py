"""Faults that a simulated shop is told to have: the next calls go wrong in a chosen way."""

import random
import threading
import time
from dataclasses import dataclass
from typing import Literal, get_args

from core.errors import Misuse

FaultKind = Literal["throttle", "error", "slow", "lost", "refuse", "html", "truncated"]
"""What can go wrong with one call.

* throttle: "later" before anything happens (with `seconds`: as HTTP 429 and Retry-After)
* error: HTTP 500 before anything happens
* slow: the answer takes `seconds`, then all is well
* lost: the call is carried out, then the connection is cut
* refuse: the platform understands and says no; nothing happens
* html: an HTML page instead of an answer; nothing happens
* truncated: the call is carried out, the answer ends in the middle
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault that a call has met. `seconds` as given to `Faults.add`."""

    kind: FaultKind
    seconds: float = 0.0

    @property
    def carried_out(self) -> bool:
        """Whether the call is carried out all the same."""
        return self.kind in {"slow", "lost", "truncated"}

    def wait(self) -> None:
        """Sleep as long as a slow answer takes; other kinds do not wait."""
        if self.kind == "slow":
            time.sleep(self.seconds)


@dataclass(slots=True)
class _Planned:
    fault: Fault
    times: int
    match: str
    rate: float


class Faults:
    """The faults still to come. Safe to use from several threads."""

    def __init__(self, *, seed: int = 0) -> None:
        self._planned: list[_Planned] = []
        self._lock = threading.Lock()
        self._random = random.Random(seed)  # noqa: S311  # reproducible faults, no secrets
        self.taken = 0

    def add(self, kind: FaultKind, *, times: int = 1, match: str = "", seconds: float = 0.0, rate: float = 1.0) -> None:
        """Let the next `times` calls whose name contains `match` have this fault.

        `rate` is the chance that a matching call takes it. Raises Misuse for an unknown kind.
        """
        if kind not in get_args(FaultKind):
            raise Misuse(f"{kind!r} is not a fault; known: {', '.join(get_args(FaultKind))}")
        with self._lock:
            self._planned.append(_Planned(Fault(kind=kind, seconds=seconds), times, match, rate))

    def take(self, name: str) -> Fault | None:
        """Return the fault of this call (first added, first taken) and count it off; None when all is well."""
        with self._lock:
            for planned in self._planned:
                if planned.match in name and self._random.random() < planned.rate:
                    return self._count_off(planned)
        return None

    def _count_off(self, planned: _Planned) -> Fault:
        planned.times -= 1
        self.taken += 1
        if planned.times <= 0:
            self._planned.remove(planned)
        return planned.fault

    def left(self) -> int:
        """How many faults are still to come."""
        with self._lock:
            return sum(planned.times for planned in self._planned)

    def clear(self) -> None:
        """Forget all faults to come."""
        with self._lock:
            self._planned.clear()
