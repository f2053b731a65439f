"""When each line of a planned order leaves, and when all of it has: from the supplies that its units are pegged to."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from core.dates.promise_ranges import PromiseRange, last_of, not_before, on_day
from core.dates.supply_dates import SupplyDate
from core.plan import ON_HAND, Allocated, LinePlan, OrderPlan
from core.reasons import Reason

Dates = Mapping[tuple[str, str], SupplyDate]


def line_ranges(plan: OrderPlan, dates: Dates, ready: date) -> dict[str, PromiseRange | None]:
    """Return by line id when the last open unit leaves; None where nobody knows. Lines with nothing open are left out.

    `ready` is when what lies on the shelf now leaves.
    """
    return {line.id: _range(line, dates, ready) for line in plan.lines if line.open}


def order_range(ranges: Iterable[PromiseRange | None]) -> PromiseRange | None:
    """Return when an order of these lines is complete; None where one of them has no date, or nothing is open."""
    found = list(ranges)
    known = [one for one in found if one is not None]
    return last_of(known) if known and len(known) == len(found) else None


def late_reasons(plan: OrderPlan, dates: Dates) -> Iterator[Reason]:
    """Yield what late supply means for the order: a date that is our estimate, or none any more."""
    resting = [dates.get((peg.supply, line.sku)) for line in plan.lines for peg in line.allocations]
    if any(seen and seen.too_long for seen in resting):
        yield Reason.SUPPLY_GIVEN_UP
    if any(seen and seen.late_days and not seen.too_long for seen in resting):
        yield Reason.SUPPLY_LATE


def _range(line: LinePlan, dates: Dates, ready: date) -> PromiseRange | None:
    if line.release_now >= line.open:
        return on_day(ready)
    if line.completes_on is None or sum(peg.units for peg in line.allocations) < line.open:
        return None
    found = [_pegged(peg, line.sku, dates, ready) for peg in line.allocations]
    ranges = order_range(found)
    # What keeps it back beside its supply (a release day, a fence) moves the whole range.
    return not_before(line.completes_on, ranges) if ranges and line.completes_on > ranges.latest else ranges


def _pegged(peg: Allocated, sku: str, dates: Dates, ready: date) -> PromiseRange | None:
    known = dates.get((peg.supply, sku))
    if peg.supply != ON_HAND and known is not None:
        return known.ships
    return None if peg.on is None else on_day(max(peg.on, ready))
