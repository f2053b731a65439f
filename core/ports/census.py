"""How much there is of what, of all shops at once: what is counted shop by shop takes too long where there are many."""

from collections.abc import Mapping
from typing import Protocol

ByState = Mapping[tuple[str, str], int]
"""How many by shop and state; nothing where there are none."""


class Census(Protocol):
    """Counts rows."""

    def deliveries(self) -> ByState:
        """Deliveries that wait (`new`) and that could not be taken in (`dead`)."""

    def actions(self) -> ByState:
        """Actions by state."""

    def orders(self) -> ByState:
        """Open orders by column of the board."""

    def actions_put_back(self) -> Mapping[str, int]:
        """Actions that were tried, did not come through, and wait to be tried again."""

    def mails_put_back(self) -> Mapping[str, int]:
        """Mails that the server did not take yet and are to be tried again."""
