"""An item's past and coming weeks as bars: heights for a picture, and the numbers for the table behind it. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

from core.forecast.records import ItemForecast

WEEK = timedelta(days=7)
HEIGHT = 100
FEWEST_AHEAD = 2
MOST_AHEAD = 12
NARROWEST = 26
"""Weeks that the picture is wide at least: a young item's few bars stand at its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One week: where its bar stands and how tall it is, of HEIGHT. `units` is None in weeks to come."""

    place: int
    begins_on: date
    units: int | None
    expected: float | None
    tall: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """The picture: past bars, coming bars, and how wide it is in weeks. `most` is the tallest number of units."""

    past: tuple[Bar, ...]
    coming: tuple[Bar, ...]
    most: float

    @property
    def width(self) -> int:
        """Weeks from the left edge to the last bar."""
        return max(NARROWEST, len(self.past) + len(self.coming))


def chart_of(forecast: ItemForecast) -> Chart:
    """Return the chart: up to a year back, and ahead as far as an order must cover."""
    ahead = min(MOST_AHEAD, max(FEWEST_AHEAD, ceil(forecast.cover_days / WEEK.days)))
    most = max([1.0, forecast.rate, *forecast.weeks])
    back = len(forecast.weeks)
    left = max(0, NARROWEST - back - ahead)
    past = tuple(
        Bar(
            place=left + place, begins_on=forecast.made_on - WEEK * (back - place), units=units, expected=None,
            tall=_tall(units, most),
        )
        for place, units in enumerate(forecast.weeks)
    )  # fmt: skip
    coming = tuple(
        Bar(place=left + back + place, begins_on=forecast.made_on + WEEK * place, units=None, expected=forecast.rate,
            tall=_tall(forecast.rate, most))
        for place in range(ahead)
    )  # fmt: skip
    return Chart(past=past, coming=coming, most=most)


def _tall(units: float, most: float) -> float:
    return round(HEIGHT * units / most, 2)
