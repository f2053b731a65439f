"""What is believed of an order beside its plan: when it leaves, and whether its ready part is worth a parcel."""

from dataclasses import dataclass, field

from core.dates.promise_ranges import PromiseRange
from core.parcels.part_sum import PartSum


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """`ships` is None where no date is known; `lines` leaves such lines out. `part`: the sum, where one was made."""

    ships: PromiseRange | None = None
    lines: dict[str, PromiseRange] = field(default_factory=dict)
    part: PartSum | None = None
