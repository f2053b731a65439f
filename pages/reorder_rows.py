"""What to order, row by row: tonight's forecasts against what stock, orders and supply are at this moment."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from core.forecast.ordering import for_those_who_wait, suggest
from core.forecast.positions import coming_of, ids_of, position_of
from core.forecast.records import BuyingTerms, ItemForecast, Position, Suggestion
from core.items.suppliers import sellers
from core.ports.books import Unit
from core.records import ItemRecord, Shop

LISTED = "2"
"""The first letter of a rank says how urgent it is: 0 now, 1 soon; what follows is in no need."""
FIRST = "0"
MOST_VALUE = 10**15
DRAFTED = 500
"""Rows that the drafts by supplier are made from: the most urgent ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One item with what to order of it. `forecast` is None before the first nightly run."""

    record: ItemRecord
    position: Position
    short: int
    suggestion: Suggestion
    forecast: ItemForecast | None
    terms: BuyingTerms | None
    supplier: str | None

    @property
    def coming(self) -> int:
        """Units on their way."""
        return sum(units for _, units in self.position.coming)


class Desk:
    """Everything that the rows of one request share, read once."""

    def __init__(self, unit: Unit, shop: Shop, today: date) -> None:
        self.unit = unit
        self.shop = shop
        self.today = today
        self.demanded = unit.orders.demanded(shop.id)
        supply = unit.supply.all(shop.id)
        self.coming = coming_of(supply)
        self.suppliers = sellers(unit, shop)
        self.terms = unit.planning.terms(shop.id)

    def places(self) -> list[tuple[str, str]]:
        """Return (place, SKU) of everything that may need an order, the most urgent first.

        Items for which customers wait in vain since the last run join those of the run.
        """
        ranked = {sku: rank for rank, sku in self.unit.planning.ranks(self.shop.id, below=LISTED)}
        for sku, short in ((sku, claims.short) for sku, claims in self.demanded.claims.items()):
            if short > sum(units for _, units in self.coming.get(sku, ())):
                ranked[sku] = min(ranked.get(sku, "9"), f"{FIRST}{MOST_VALUE - short:016d}{sku}")
        return sorted((rank, sku) for sku, rank in ranked.items())

    def lines(self, skus: Sequence[str]) -> list[Line]:
        """Return the rows of these SKUs in their order; unknown and deleted ones are left out."""
        forecasts = self.unit.planning.many(self.shop.id, skus)
        found = (self.unit.items.get(self.shop.id, sku) for sku in skus)
        return [self.line(record, forecasts.get(record.sku)) for record in found if record and not record.snapshot.gone]

    def line(self, record: ItemRecord, forecast: ItemForecast | None) -> Line:
        """Return one item's row as of now."""
        sku, terms = record.sku, self.terms.get(record.sku)
        claims, reserved = self.demanded.of(sku), self.demanded.reserved
        position = position_of(
            record, owed=claims.open, coming=self.coming.get(sku, ()),
            reserved=sum(reserved.get(one, 0) for one in ids_of(record)),
        )  # fmt: skip
        price = record.snapshot.unit_price
        if forecast is None:
            made = for_those_who_wait(sku, position, claims.short, today=self.today, price=price)
        else:
            made = suggest(
                forecast, position, terms, today=self.today, currency_price=price,
                holding_percent=self.shop.policy.reorder.holding_percent,
            )  # fmt: skip
        return Line(
            record=record, position=position, short=claims.short, suggestion=made, forecast=forecast, terms=terms,
            supplier=self.suppliers.get(sku),
        )  # fmt: skip

    def draft(self, supplier: str | None) -> list[Line]:
        """Return what to order from one supplier now; None: of those whose supplier nobody has named."""
        skus = [sku for _, sku in self.places()[:DRAFTED]]
        return [line for line in self.lines(skus) if line.supplier == supplier and line.suggestion.units]


def by_supplier(lines: Iterable[Line]) -> list[tuple[str | None, int, int]]:
    """Return (supplier, items, units) of the rows that need an order, by name; those without one come last."""
    found: dict[str | None, tuple[int, int]] = {}
    for line in lines:
        if line.suggestion.units:
            items, units = found.get(line.supplier, (0, 0))
            found[line.supplier] = (items + 1, units + line.suggestion.units)
    return sorted(((name, *sums) for name, sums in found.items()), key=lambda row: (row[0] is None, row[0] or ""))
