"""What the books promise about demand, deliveries and forecasts. No code, only promises."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from core.forecast.records import BuyingTerms, DemandRow, ItemForecast, Run, ShelfDay, SoldOut
from core.large.sizes import PastOrder


class Demand(Protocol):
    """What was asked for, and what was there, over time."""

    def of_order(self, shop: str, order: str) -> tuple[DemandRow, ...]:
        """The lines of one order."""

    def of_orders(self, shop: str, orders: Collection[str]) -> Mapping[str, Sequence[DemandRow]]:
        """The lines of these orders; one without any is left out."""

    def put(self, rows: Sequence[DemandRow]) -> None:
        """Insert or replace by (order, line); the same rows again change nothing."""

    def since(self, shop: str, day: date) -> Iterator[DemandRow]:
        """Every line of demand of that day and later."""

    def first_day(self, shop: str) -> date | None:
        """The oldest day of demand."""

    def put_sold_out(self, days: Sequence[SoldOut]) -> None:
        """Remember days on which items had nothing left."""

    def sold_out(self, shop: str, since: date) -> tuple[SoldOut, ...]:
        """Those days."""

    def shelves(self, shop: str) -> dict[str, ShelfDay]:
        """What was noted last of each SKU."""

    def shelf(self, shop: str, sku: str, *, since: date) -> tuple[ShelfDay, ...]:
        """What was noted of one SKU since a day, and the last word before it, oldest first."""

    def put_shelves(self, days: Sequence[ShelfDay]) -> None:
        """Insert or replace by (SKU, day)."""

    def of_items(self, shop: str, items: Collection[str], *, since: date) -> tuple[DemandRow, ...]:
        """The lines of these items (platform ids) placed that day and later, oldest first."""

    def past_orders(self, shop: str, items: Collection[str]) -> Mapping[str, Sequence[PastOrder]]:
        """The newest orders of each item (platform ids) that still want any of it, newest first, a bounded number."""


class Planning(Protocol):
    """Forecasts, the terms of buying, and the nightly run."""

    def terms(self, shop: str) -> dict[str, BuyingTerms]:
        """Every item's own terms by SKU."""

    def terms_of(self, shop: str, sku: str) -> BuyingTerms | None:
        """One item's own terms."""

    def put_terms(self, terms: BuyingTerms) -> None:
        """Insert or replace one item's terms."""

    def put(self, forecasts: Sequence[tuple[ItemForecast, str]], *, since: Mapping[str, date]) -> None:
        """Insert or replace forecasts, each with its rank in the list of suggestions (sorted as text).

        `since` is kept from the first time that a SKU is stored.
        """

    def get(self, shop: str, sku: str) -> ItemForecast | None:
        """One item's forecast."""

    def many(self, shop: str, skus: Collection[str]) -> dict[str, ItemForecast]:
        """The forecasts of these SKUs."""

    def ranks(self, shop: str, *, below: str) -> tuple[tuple[str, str], ...]:
        """(rank, SKU) of every forecast whose rank is below this one, the first rank first."""

    def known_since(self, shop: str) -> dict[str, date]:
        """When each SKU was first seen by a run."""

    def forget(self, shop: str, *, before: date) -> int:
        """Remove forecasts that no run has renewed since that day: their items are gone."""

    def run(self, shop: str) -> Run:
        """Where the shop's nightly run stands."""

    def runs(self) -> Mapping[str, Run]:
        """Where every shop's run stands, by shop, without its report; nothing of shops that had none yet."""

    def ask(self, shop: str, *, history_from: datetime | None = None) -> None:
        """Ask for a new run, and for reading the shop's own past first where `history_from` says from when."""

    def claim(self, shop: str, *, today: date, now: datetime, until: datetime) -> Run | None:
        """Lease the shop's run when it is due and nobody has it.

        One that was cut off on the same day comes back with the `position` that it had reached, else with "".
        """

    def renew(self, run: Run, *, until: datetime) -> None:
        """Keep the lease until then. Raises `LeaseLost`."""

    def progress(self, run: Run) -> None:
        """Store how far the run has come. Raises `LeaseLost` when another worker has it."""

    def finish(self, run: Run, *, report: str) -> None:
        """End the run with its report. Raises `LeaseLost`."""

    def release(self, run: Run) -> None:
        """Give the run back unfinished, for now."""
