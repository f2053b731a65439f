"""What an order's customer withdrew from, and what of it nobody has given back yet."""

from collections.abc import Iterator
from datetime import timedelta

from core.orders import giving_up
from core.plan import PlanException
from core.records import OrderRecord
from core.sentences import sentence
from core.snapshots import LineSnapshot


def outstanding(record: OrderRecord) -> dict[str, int]:
    """Return units per line that were withdrawn from and that nobody has given back yet, zeros left out."""
    if record.snapshot.status not in {"open", "closed"}:
        return {}
    keeps = kept(record)
    lines = {line.id: net(line) - keeps[line.id] for line in record.snapshot.lines if line.id in keeps}
    return {line: units for line, units in lines.items() if units > 0}


def told(record: OrderRecord) -> Iterator[PlanException]:
    """Yield what a person must do about it: give back the money of what the shop is not being told of already."""
    going = giving_up.decided(record)
    left = {line: units for line, count in outstanding(record).items() if (units := count - going.get(line, 0)) > 0}
    if left:
        titles = {line.id: line.title for line in record.snapshot.lines}
        named = ", ".join(f"{units} of {titles[line][:60]}" for line, units in left.items())
        by = (min(made.at for made in record.withdrawals) + timedelta(days=14)).date()
        detail = sentence(
            "the customer withdrew from: %(named)s; the money is due by %(by)s, or once the goods are back",
            named=named, by=by,
        )  # fmt: skip
        yield PlanException(code="WITHDRAWN", detail=detail, order=record.id)


def kept(record: OrderRecord) -> dict[str, int]:
    """Return units per line that the customer keeps after all their withdrawals."""
    found: dict[str, int] = {}
    for made in record.withdrawals:
        for line, units in made.keep.items():
            found[line] = min(units, found.get(line, units))
    return found


def net(line: LineSnapshot) -> int:
    """Return the units of a line that were neither called off nor given back, sent ones included."""
    return max(0, line.ordered - line.cancelled - line.refunded - line.returned)
