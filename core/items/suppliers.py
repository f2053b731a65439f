"""Who sells us what: as set for the item, else as of what is on its way, else as of its newest delivery."""

from collections.abc import Iterable, Mapping

from core.dates.arrivals import Arrival
from core.forecast.records import BuyingTerms
from core.planning.experience import arrivals_of
from core.ports.books import Unit
from core.records import IncomingRecord, Shop


def sellers(
    unit: Unit, shop: Shop, supply: Iterable[IncomingRecord], terms: Mapping[str, BuyingTerms]
) -> dict[str, str]:
    """Return the supplier's name by SKU, for items of which one is known; `supply` and `terms` are all the shop's."""
    noted = sellers_of(arrivals_of(unit, shop), {})
    rows = {row.incoming.sku: row.supplier for row in supply if row.supplier}
    return noted | rows | _as_set(terms)


def sellers_of(arrivals: Iterable[Arrival], terms: Mapping[str, BuyingTerms]) -> dict[str, str]:
    """Return the supplier's name by SKU from what was noted of deliveries, and from the items' own terms above that."""
    noted = sorted(arrivals, key=lambda one: (one.noted_on, one.supply))
    found = {one.sku: one.supplier for one in noted if one.supplier}
    return found | _as_set(terms)


def _as_set(terms: Mapping[str, BuyingTerms]) -> dict[str, str]:
    return {sku: own.supplier for sku, own in terms.items() if own.supplier}
