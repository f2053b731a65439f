"""An item's shelf as SVG paths: areas above zero for units there, below it for those that wait, lines for the rest."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from core.items.shelf import Shelf, Steps

HEIGHT = 100
A_DAY = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class ShelfChart:
    """Paths in a box `width` wide and HEIGHT tall. `zero` and `reorder` are heights, `today` is how far right.

    `top` and `bottom` are the units at its upper and lower edge.
    """

    width: int
    today: int
    zero: float
    reorder: float | None
    on_hand: str
    waiting: str
    coming: str
    free: str
    band: str
    expected: str
    top: int
    bottom: int


class _Paper:
    """Where a day and a number of units lie."""

    def __init__(self, shelf: Shelf, top: float, bottom: float) -> None:
        self.first, self.top, self.bottom = shelf.first, top, bottom

    def across(self, on: date) -> int:
        return (on - self.first).days * A_DAY

    def down(self, units: float) -> float:
        return round(HEIGHT * (self.top - units) / (self.top - self.bottom), 1)

    def steps(self, steps: Steps, until: date) -> str:
        """Return the step line from the first step until a day; "" without steps."""
        if not steps:
            return ""
        parts = [f"M{self.across(steps[0][0])} {self.down(steps[0][1])}"]
        parts += [f"H{self.across(on)}V{self.down(units)}" for on, units in steps[1:]]
        return "".join(parts) + f"H{self.across(until)}"

    def area(self, steps: Steps, until: date) -> str:
        """Return the area between the step line and zero."""
        line = self.steps(steps, until)
        return f"{line}V{self.down(0)}H{self.across(steps[0][0])}Z" if line else ""

    def line(self, points: Iterable[tuple[date, float]]) -> str:
        return "".join(
            f"{'L' if place else 'M'}{self.across(on)} {self.down(units)}" for place, (on, units) in enumerate(points)
        )


def shelf_chart(shelf: Shelf) -> ShelfChart:
    """Return the picture of a shelf."""
    paper = _paper(shelf)
    below = tuple((on, -units) for on, units in shelf.waiting)
    expected = shelf.expected
    there_and_back = [*((one.on, one.high) for one in expected), *((one.on, one.low) for one in reversed(expected))]
    return ShelfChart(
        width=paper.across(shelf.last), today=paper.across(shelf.today), zero=paper.down(0),
        reorder=None if shelf.reorder_point is None else paper.down(shelf.reorder_point),
        on_hand=paper.area(shelf.on_hand, shelf.today), waiting=paper.area(below, shelf.today),
        coming=paper.area(shelf.coming, shelf.last), free=paper.steps(shelf.free, shelf.last),
        band=f"{paper.line(there_and_back)}Z" if expected else "",
        expected=paper.line((one.on, one.middle) for one in expected),
        top=round(paper.top), bottom=round(paper.bottom),
    )  # fmt: skip


def _paper(shelf: Shelf) -> _Paper:
    units = [0.0, *_units(shelf.on_hand), *_units(shelf.coming), *_units(shelf.free)]
    units += [-float(waiting) for _, waiting in shelf.waiting]
    units += [float(shelf.reorder_point or 0), *(one.middle for one in shelf.expected)]
    top, bottom = max(units), min(units)
    # The band may leave the paper: what is likely must stay readable beside what is possible.
    return _Paper(shelf, max(top, bottom + 1), bottom)


def _units(steps: Sequence[tuple[date, int]]) -> list[float]:
    return [float(units) for _, units in steps]
