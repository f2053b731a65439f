"""A refused write: somebody was quicker, or the platform means it. The next read tells which."""

from connectors.shopify.answers import Refused
from connectors.shopify.fulfilment_orders import FulfilmentOrder
from core.errors import NotFound

Seen = tuple[FulfilmentOrder, ...]


class Races:
    """The refusals met while one wish is carried out in rounds of reading and writing.

    A refusal under one of `codes`, and an object that vanished, are races by themselves. Any other is one only when
    the fulfilment orders look different now: a parcel may have left between our read and our write, and the platform
    says so in sentences without a code.
    """

    def __init__(self, codes: frozenset[str]) -> None:
        self._codes = codes
        self._open: tuple[Refused, Seen] | None = None
        self.last = ""

    def lost(self, problem: Refused | NotFound, seen: Seen) -> None:
        """Remember that a write was refused that was made upon what was `seen`."""
        self.last = str(problem)
        if isinstance(problem, Refused) and not problem.codes & self._codes:
            self._open = (problem, seen)

    def settle(self, seen: Seen) -> None:
        """Compare with what is seen now. Raises the refusal again when nothing has changed that would explain it."""
        if self._open is not None:
            problem, before = self._open
            if before == seen:
                raise problem
            self._open = None
