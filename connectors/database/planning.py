"""Forecasts and the terms of buying."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, select

from connectors.database import codec, tables
from connectors.database.forecast_runs import RunTable
from core.forecast.records import BuyingTerms, ItemForecast

_terms = tables.buying_terms
_forecasts = tables.forecasts


@dataclass(frozen=True, slots=True)
class PlanningTables(RunTable):
    """Implements `core.forecast.ports.Planning`; the runs are in `RunTable`."""

    def terms(self, shop: str) -> dict[str, BuyingTerms]:
        """Every item's own terms by SKU."""
        records = self.transaction.run(select(_terms.c.record).where(_terms.c.shop == shop).order_by(_terms.c.sku))
        found = (codec.read_terms(record) for record in records.scalars())
        return {one.sku: one for one in found}

    def terms_of(self, shop: str, sku: str) -> BuyingTerms | None:
        """One item's own terms."""
        mine = select(_terms.c.record).where(_terms.c.shop == shop, _terms.c.sku == sku)
        record = self.transaction.run(mine).scalar()
        return None if record is None else codec.read_terms(record)

    def put_terms(self, terms: BuyingTerms) -> None:
        """Insert or replace one item's terms."""
        self.transaction.upsert(_terms, {"shop": terms.shop, "sku": terms.sku, "record": codec.write(terms)})

    def put(self, forecasts: Sequence[tuple[ItemForecast, str]], *, since: Mapping[str, date]) -> None:
        """Insert or replace forecasts, each with its rank in the list; `since` is kept from the first time."""
        rows = [
            {
                "shop": one.shop, "sku": one.sku, "since": since.get(one.sku, one.made_on), "made_on": one.made_on,
                "rank": rank, "record": codec.write(one),
            }
            for one, rank in forecasts
        ]  # fmt: skip
        self.transaction.upsert_many(_forecasts, rows, keep=("since",))

    def get(self, shop: str, sku: str) -> ItemForecast | None:
        """One item's forecast."""
        return self.many(shop, [sku]).get(sku)

    def many(self, shop: str, skus: Collection[str]) -> dict[str, ItemForecast]:
        """The forecasts of these SKUs."""
        mine = select(_forecasts.c.sku, _forecasts.c.record).where(_forecasts.c.shop == shop)
        rows = self.transaction.where_in(mine, _forecasts.c.sku, skus)
        return {row.sku: codec.read_forecast(row.record) for row in rows}

    def ranks(self, shop: str, *, below: str) -> tuple[tuple[str, str], ...]:
        """(rank, SKU) of every forecast whose rank is below this one, the first rank first."""
        mine = select(_forecasts.c.rank, _forecasts.c.sku).where(_forecasts.c.shop == shop, _forecasts.c.rank < below)
        return tuple((row.rank, row.sku) for row in self.transaction.run(mine.order_by(_forecasts.c.rank)))

    def known_since(self, shop: str) -> dict[str, date]:
        """When each SKU was first seen by a run."""
        rows = self.transaction.run(select(_forecasts.c.sku, _forecasts.c.since).where(_forecasts.c.shop == shop))
        return {row.sku: row.since for row in rows}

    def forget(self, shop: str, *, before: date) -> int:
        """Remove forecasts that no run has renewed since that day: their items are gone."""
        gone = delete(_forecasts).where(_forecasts.c.shop == shop, _forecasts.c.made_on < before)
        return self.transaction.run(gone).rowcount
