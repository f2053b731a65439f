"""The plan on an axis of days: from today to the last day on which something of the order may leave."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from core.dates.promise_ranges import PromiseRange
from pages.order_view import LineView

WIDTH = 1000
"""What the axis measures across, in the picture's own units."""
LEAST_DAYS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """When the last waiting units of a line leave: where its range lies on the axis, in the picture's units."""

    title: str
    ships: PromiseRange
    start: int
    likely: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DayAxis:
    """The lines that wait with a date. `promised` is where the promise that stands lies; None where there is none."""

    spans: tuple[Span, ...]
    promised: int | None


def day_axis(
    lines: Sequence[LineView], ships: Mapping[str, PromiseRange], promised_on: date | None, today: date
) -> DayAxis | None:
    """Return the axis; None where no waiting line has a date."""
    waiting = [line for line in lines if line.id in ships and line.units("waits")]
    if not waiting:
        return None
    days = [ships[line.id].latest for line in waiting] + ([promised_on] if promised_on else [])
    length = max(LEAST_DAYS, *((day - today).days + 1 for day in days))

    def place(day: date) -> int:
        return round(min(max(0, (day - today).days), length) * WIDTH / length)

    spans = (
        Span(
            title=line.title, ships=ships[line.id], start=place(ships[line.id].earliest),
            likely=place(ships[line.id].likely), end=max(place(ships[line.id].latest), WIDTH // 100),
        )
        for line in waiting
    )  # fmt: skip
    return DayAxis(spans=tuple(spans), promised=place(promised_on) if promised_on else None)
