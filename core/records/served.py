"""What of an order's service is told once and kept for the reports: parts sent ahead, and the day it was complete."""

from dataclasses import dataclass
from datetime import date

from core.records.expectation import Expectation
from core.snapshots import OrderSnapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """Days are the shop's. `complete_on`: every unit that was not called off had left.

    `split_on`: a part had left while the rest waited. `freight`: what the second parcel was said to cost, in minor
    units of the order's currency; None where nobody has said. `preorder`: a line of it was not released yet.
    """

    complete_on: date | None = None
    split_on: date | None = None
    freight: int | None = None
    preorder: bool = False


def served(
    known: Served, seen: OrderSnapshot, expected: Expectation | None, *, waits: int, preorder: bool, changed_on: date
) -> Served:
    """Return what is known after a plan that leaves `waits` units backordered; what was told before stays.

    `changed_on` is the day of the platform's last change: that of the last parcel, when the order is first seen
    complete. One that is opened again (a line added) is complete anew when that has left.
    """
    part = expected.part if expected else None
    freight = part.parcel_cost if part and part.verdict == "ship" and known.split_on is None else known.freight
    left = sum(line.shipped for line in seen.lines if line.ships)
    split_on = known.split_on or (changed_on if seen.status == "open" and waits and left else None)
    complete_on = (known.complete_on or changed_on) if _is_complete(seen, left) else None
    return Served(complete_on=complete_on, split_on=split_on, freight=freight, preorder=known.preorder or preorder)


def _is_complete(seen: OrderSnapshot, left: int) -> bool:
    return left > 0 and seen.status in {"open", "closed"} and not any(line.open for line in seen.lines if line.ships)
