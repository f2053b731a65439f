"""How long what is kept, and handing out or forgetting what is kept of somebody."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Protocol


class Retention(Protocol):
    """What time and people demand of the books. `most` keeps one transaction short; all return how many rows."""

    def forget_bodies(self, before: datetime) -> int:
        """Blank the bodies of deliveries received before then that are done or could not be taken in."""

    def forget_people(self, before: datetime, *, most: int) -> int:
        """Blank the customers of ended orders placed before then; quantities stay."""

    def forget_log(self, before: datetime, *, most: int) -> int:
        """Delete log entries, settled deliveries and ended orders' settled actions from before then."""

    def export(
        self, shop: str, *, orders: Collection[str] = (), customer: str | None = None, email: str | None = None
    ) -> Iterator[tuple[str, Mapping[str, object]]]:
        """Yield (table, row) of all that is kept of one customer, or of the whole shop when nobody is named.

        Without keys, tokens and links.
        """
