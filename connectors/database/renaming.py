"""What is known by an item's SKU follows when the platform gives the item another one."""

from dataclasses import replace

from sqlalchemy import delete, exists, select, update

from connectors.database import tables
from connectors.database.planning import PlanningTables
from connectors.database.supply import SupplyTable
from connectors.database.transaction import Transaction

_forecasts = tables.forecasts
_terms = tables.buying_terms
PLAIN = (tables.arrivals, tables.sold_out, tables.shelf)


def follow(transaction: Transaction, shop: str, before: str, after: str) -> None:
    """Give what is known of the SKU `before` to `after`: supply, deliveries, terms, kits, forecast, days sold out.

    Where the same is known of the new SKU already, that stands.
    """
    for table in PLAIN:
        taken = exists(select(table.c.sku).where(table.c.shop == shop, table.c.sku == after).correlate(None))
        mine = update(table).where(table.c.shop == shop, table.c.sku == before, ~taken)
        transaction.run(mine.values(sku=after))
    SupplyTable(transaction).rename(shop, before, after)
    planning = PlanningTables(transaction)
    _terms_of(planning, shop, before, after)
    _forecast_of(planning, shop, before, after)


def _terms_of(planning: PlanningTables, shop: str, before: str, after: str) -> None:
    known = planning.terms(shop)
    if before in known and after not in known:
        planning.put_terms(replace(known[before], sku=after))
    planning.transaction.run(delete(_terms).where(_terms.c.shop == shop, _terms.c.sku == before))
    for kit in known.values():
        if before in kit.parts and kit.sku != before:
            parts = {after if part == before else part: units for part, units in kit.parts.items()}
            planning.put_terms(replace(kit, parts=parts))


def _forecast_of(planning: PlanningTables, shop: str, before: str, after: str) -> None:
    """Since when the item is known goes with it: a new name makes no new item."""
    mine = select(_forecasts.c.since, _forecasts.c.rank).where(_forecasts.c.shop == shop, _forecasts.c.sku == before)
    row, known = planning.transaction.run(mine).first(), planning.get(shop, before)
    if row is None or known is None or planning.get(shop, after) is not None:
        return
    planning.put([(replace(known, sku=after), row.rank)], since={after: row.since})
    planning.transaction.run(delete(_forecasts).where(_forecasts.c.shop == shop, _forecasts.c.sku == before))
