"""How long a supplier takes: from deliveries, an item's own few shrunk to its supplier's, those to the setting."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from core.dates.arrivals import Arrival
from core.forecast.records import BuyingTerms, LeadTime
from core.items.suppliers import sellers_of
from core.names import folded

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

    def __init__(self, arrivals: Iterable[Arrival], usual_days: int, terms: Mapping[str, BuyingTerms]) -> None:
        self.usual_days = usual_days
        noted = tuple(arrivals)
        self._terms = terms
        self._sellers = sellers_of(noted, terms)
        self._items: dict[tuple[str | None, str], _Record] = {}
        self._suppliers: dict[str | None, _Record] = {}
        for row in noted:
            if row.received_on is None:
                continue
            # A delivery that names nobody came from who sells us the item.
            supplier = folded(row.supplier or self.supplier_of(row.sku))
            for record in (
                self._items.setdefault((supplier, row.sku), _Record()),
                self._suppliers.setdefault(supplier, _Record()),
            ):
                record.days.append(max(0, (row.received_on - row.noted_on).days))
                if row.first_on is not None:
                    record.slips.append((row.received_on - row.first_on).days)

    def supplier_of(self, sku: str) -> str | None:
        """Return who sells us the item."""
        return self._sellers.get(sku)

    def slip_of(self, supplier: str) -> float:
        """Return by how many days a supplier's deliveries are to be expected later than first said; 0 without any."""
        return _slip(self._suppliers.get(folded(supplier), _Record()).slips)

    def of(self, sku: str) -> LeadTime:
        """Return the item's lead time. One that is set by hand is the starting point instead of the shop's setting."""
        own = self._terms.get(sku)
        supplier = folded(self.supplier_of(sku))
        start = float(own.lead_days if own and own.lead_days is not None else self.usual_days)
        mean, variance = start, (GUESSED_SPREAD * start) ** 2
        theirs = self._suppliers.get(supplier, _Record()) if supplier else _Record()
        if not (own and own.lead_days is not None):
            mean, variance = _shrunk(theirs.days, mean, variance)
        mine = self._items.get((supplier, sku), _Record())
        mean, variance = _shrunk(mine.days, mean, variance)
        slip = _slip(mine.slips or theirs.slips)
        return LeadTime(days=mean, variance=variance, own=len(mine.days), supplier=len(theirs.days), slip=slip)


def _slip(days: Sequence[int]) -> float:
    """Return the slip to be expected: one delivery that came late is not yet a supplier who slips."""
    return sum(days) / (len(days) + WITNESS)


def _shrunk(days: Sequence[int], mean: float, variance: float) -> tuple[float, float]:
    """Return mean and variance of these days joined with so many days' worth of the guess."""
    count = len(days)
    if not count:
        return mean, variance
    joined = (sum(days) + WITNESS * mean) / (count + WITNESS)
    spread = sum((day - joined) ** 2 for day in days) + WITNESS * (variance + (mean - joined) ** 2)
    return joined, spread / (count + WITNESS)
