"""What the books promise about the facts of reports. No code, only promises."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Protocol

from core.forecast.records import DemandRow
from core.reports.records import Period, WaitedOrder, Waiter, WaitingRow


class Reports(Protocol):
    """Facts over time, read for one period."""

    def note_waiting(self, rows: Sequence[WaitingRow]) -> None:
        """Remember how many units of lines wait; the last word of a day stands."""

    def waits_of(self, shop: str, *, placed_since: date) -> tuple[WaitingRow, ...]:
        """What was noted of the waits of lines that were placed that day and later."""

    def planned_lines(self, shop: str, period: Period) -> Iterator[DemandRow]:
        """Lines placed in the period whose order was planned by us at least once."""

    def waited(self, shop: str, period: Period) -> tuple[WaitedOrder, ...]:
        """Orders that wait, or of which anything that a report counts fell into the period, by id.

        That is: the wait's end, the day promised first, the last day of the range told, or a part sent ahead.
        """

    def waiting_changes(self, shop: str, *, until: date, item: str | None = None) -> dict[date, int]:
        """By how many units the number of those waiting changed, day by day, from the first day on."""

    def waiting_at(self, shop: str, day: date) -> tuple[Waiter, ...]:
        """The lines that waited at the end of a day."""
