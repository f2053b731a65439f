"""A packing problem as arrays: orders that need units of several places, and what units are worth."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Needs = list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Packing:
    """`worth` of each order; needs as rows `order`, `place`, `units`; `room` of each place."""

    worth: Floats
    order: Ints
    place: Ints
    units: Ints
    room: Ints

    def needs(self) -> list[Needs]:
        """Return for each order the places that it needs units of, and how many: what steps in plain Python walk."""
        starts = np.searchsorted(self.order, np.arange(len(self.worth) + 1)).tolist()
        pairs = list(zip(self.place.tolist(), self.units.tolist(), strict=True))
        return [pairs[start:end] for start, end in pairwise(starts)]


@dataclass(slots=True)
class Prices:
    """The best prices of full rooms found so far, and the upper bound that they prove."""

    of_room: Floats
    bound: float
