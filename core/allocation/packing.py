"""A packing problem as arrays: orders that need units of several places, and what units are worth."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Packing:
    """`worth` of each order; needs as rows `order`, `place`, `units`; `room` of each place."""

    worth: Floats
    order: Ints
    place: Ints
    units: Ints
    room: Ints


@dataclass(slots=True)
class Prices:
    """The best prices of full rooms found so far, and the upper bound that they prove."""

    of_room: Floats
    bound: float
