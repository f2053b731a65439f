"""What to order, row by row: tonight's forecasts against what stock, orders and supply are at this moment."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from core.forecast.ordering import for_those_who_wait, not_bought, rank_of, suggest
from core.forecast.positions import coming_of, ids_of, kits_of, missing_of, position_of
from core.forecast.records import BuyingTerms, ItemForecast, Position, Suggestion
from core.forecast.telling import in_parts
from core.items.suppliers import sellers
from core.names import folded
from core.ports.books import Unit
from core.records import ItemRecord, Shop
from core.records.finding import Claims

LAST = "9"
LISTED = "2"
"""The first letter of a rank says how urgent it is: 0 now, 1 soon; what follows is in no need."""


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
        self.terms = unit.planning.terms(shop.id)
        self.suppliers = sellers(unit, shop, supply, self.terms)
        self.kits = kits_of(self.terms)
        self.through_kits = in_parts(dict(self._kits_missing()), self.kits)

    def places(self) -> list[tuple[str, str]]:
        """Return (place, SKU) of everything that may need an order, the most urgent first.

        Items for which customers wait in vain since the last run join those of the run, by what those wait for.
        """
        ranked = {sku: rank for rank, sku in self.unit.planning.ranks(self.shop.id, below=LISTED)}
        short = self._in_vain()
        for sku, item in self.unit.items.many(self.shop.id, short).items():
            value = short[sku] * (item.snapshot.unit_price or 0)
            ranked[sku] = min(ranked.get(sku, LAST), rank_of(sku, "now", value))
        left_out = self.kits.keys() | self.unit.items.gone(self.shop.id)
        return sorted((rank, sku) for sku, rank in ranked.items() if sku not in left_out)

    def lines(self, skus: Sequence[str]) -> list[Line]:
        """Return the rows of these SKUs in their order; unknown and deleted ones are left out."""
        forecasts, records = self.unit.planning.many(self.shop.id, skus), self.unit.items.many(self.shop.id, skus)
        found = (records[sku] for sku in skus if sku in records)
        return [self.line(record, forecasts.get(record.sku)) for record in found if not record.snapshot.gone]

    def needed(self, skus: Sequence[str]) -> list[Line]:
        """Return the rows of these SKUs of which something is to be ordered."""
        return [line for line in self.lines(skus) if line.suggestion.units]

    def line(self, record: ItemRecord, forecast: ItemForecast | None) -> Line:
        """Return one item's row as of now."""
        sku, claims = record.sku, self._claims(record.sku)
        position = self._position(record, claims.open)
        gone = record.snapshot.gone
        bought = record.snapshot.tracked and not gone and sku not in self.kits
        if not bought:
            made = not_bought(sku, position, self.kits.get(sku, {}), today=self.today, gone=gone)
        else:
            made = self._suggestion(record, position, claims, forecast)
        return Line(
            record=record, position=position, short=claims.short, suggestion=made, terms=self.terms.get(sku),
            forecast=forecast if bought else None, supplier=self.suppliers.get(sku),
        )  # fmt: skip

    def _suggestion(
        self, record: ItemRecord, position: Position, claims: Claims, forecast: ItemForecast | None
    ) -> Suggestion:
        """Return what to order by the forecast, and at least for those whom stock elsewhere leaves waiting."""
        terms, price, policy = self.terms.get(record.sku), record.snapshot.unit_price, self.shop.policy.reorder
        elsewhere = sum(one.quantity for one in record.snapshot.stock if one.location in self.shop.apart)
        short = min(claims.short, claims.open - position.on_hand + elsewhere) if elsewhere > 0 else claims.short
        waiting = for_those_who_wait(
            record.sku, position, short, terms, today=self.today, usual_days=policy.lead_days, price=price,
            elsewhere=elsewhere,
        )  # fmt: skip
        if forecast is None:
            return waiting
        made = suggest(
            forecast, position, terms, today=self.today, currency_price=price, holding_percent=policy.holding_percent
        )
        return waiting if elsewhere > 0 and waiting.units > made.units else made

    def draft(self, supplier: str | None) -> list[Line]:
        """Return what to order from one supplier now; None: of those whose supplier nobody has named."""
        name = folded(supplier)
        skus = [sku for _, sku in self.places() if folded(self.suppliers.get(sku)) == name]
        return self.needed(skus)

    def drafts(self, skus: Iterable[str]) -> list[tuple[str | None, int]]:
        """Return (supplier, items) of what may need an order, by name; those without one come last.

        However a supplier's name is written, it is one.
        """
        found: dict[str | None, list[str | None]] = {}
        for sku in skus:
            supplier = self.suppliers.get(sku)
            found.setdefault(folded(supplier), []).append(supplier)
        rows = ((names[0], len(names)) for names in found.values())
        return sorted(rows, key=lambda row: (row[0] is None, row[0] or ""))

    def _in_vain(self) -> dict[str, int]:
        """Return by SKU the units for which customers wait, where fewer are coming."""
        asked = ((sku, self._claims(sku).short) for sku in self.demanded.claims.keys() | self.through_kits.keys())
        coming = {sku: sum(units for _, units in rows) for sku, rows in self.coming.items()}
        return {sku: short for sku, short in asked if short > coming.get(sku, 0)}

    def _claims(self, sku: str) -> Claims:
        """Return what is asked of the item, by itself and for kits that are not on hand."""
        own, more = self.demanded.of(sku), self.through_kits.get(sku, 0)
        return Claims(open=own.open + more, short=own.short + more)

    def _position(self, record: ItemRecord, owed: int) -> Position:
        reserved = self.demanded.reserved
        return position_of(
            record, owed=owed, coming=self.coming.get(record.sku, ()),
            reserved=sum(reserved.get(one, 0) for one in ids_of(record)),
        )  # fmt: skip

    def _kits_missing(self) -> Iterator[tuple[str, int]]:
        for kit in self.kits:
            owed = self.demanded.of(kit).open
            record = self.unit.items.get(self.shop.id, kit) if owed else None
            if record is not None:
                yield kit, missing_of(self._position(record, owed))
