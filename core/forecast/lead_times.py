"""How long a supplier takes: from deliveries, an item's own few shrunk to its supplier's, those to the setting."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from core.forecast.records import BuyingTerms, LeadTime, Receipt

WITNESS = 3.0
"""So many own deliveries count as much as what is known from above."""
GUESSED_SPREAD = 0.25
"""Standard deviation over mean of a lead time that nobody has measured."""


@dataclass(slots=True)
class _Record:
    days: list[int] = field(default_factory=list)
    slips: list[int] = field(default_factory=list)


class LeadTimes:
    """The shop's deliveries, by item and by supplier."""

    def __init__(self, receipts: Iterable[Receipt], usual_days: int) -> None:
        self.usual_days = usual_days
        self._items: dict[tuple[str | None, str], _Record] = {}
        self._suppliers: dict[str | None, _Record] = {}
        self._suppliers_of: dict[str, str] = {}
        for row in receipts:
            if row.supplier:
                self._suppliers_of[row.sku] = row.supplier
            if row.received_on is None:
                continue
            for record in (
                self._items.setdefault((row.supplier, row.sku), _Record()),
                self._suppliers.setdefault(row.supplier, _Record()),
            ):
                record.days.append(max(0, (row.received_on - row.ordered_on).days))
                if row.due_on is not None:
                    record.slips.append((row.received_on - row.due_on).days)

    def supplier_of(self, sku: str, terms: Mapping[str, BuyingTerms]) -> str | None:
        """Return who sells us the item: as set, else as of its newest incoming row."""
        own = terms.get(sku)
        return (own.supplier if own and own.supplier else None) or self._suppliers_of.get(sku)

    def of(self, sku: str, terms: Mapping[str, BuyingTerms]) -> LeadTime:
        """Return the item's lead time. One that is set by hand is the starting point instead of the shop's setting."""
        own = terms.get(sku)
        supplier = self.supplier_of(sku, terms)
        start = float(own.lead_days if own and own.lead_days is not None else self.usual_days)
        mean, variance = start, (GUESSED_SPREAD * start) ** 2
        theirs = self._suppliers.get(supplier, _Record()) if supplier else _Record()
        if not (own and own.lead_days is not None):
            mean, variance = _shrunk(theirs.days, mean, variance)
        mine = self._items.get((supplier, sku), _Record())
        mean, variance = _shrunk(mine.days, mean, variance)
        slips = mine.slips or theirs.slips
        slip = sum(slips) / (len(slips) + WITNESS) if slips else 0.0
        return LeadTime(days=mean, variance=variance, own=len(mine.days), supplier=len(theirs.days), slip=slip)


def _shrunk(days: Sequence[int], mean: float, variance: float) -> tuple[float, float]:
    """Return mean and variance of these days joined with so many days' worth of the guess."""
    count = len(days)
    if not count:
        return mean, variance
    joined = (sum(days) + WITNESS * mean) / (count + WITNESS)
    spread = sum((day - joined) ** 2 for day in days) + WITNESS * (variance + (mean - joined) ** 2)
    return joined, spread / (count + WITNESS)
