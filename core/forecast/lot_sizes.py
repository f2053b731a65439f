"""How many units one order is for: minimum, packs, and more where a lower price saves what keeping them costs. Pure."""

from core.forecast.records import Bargain, BuyingTerms

WEEKS = 365 / 7


def quantity(wanted: int, terms: BuyingTerms | None) -> int:
    """Return the least order that brings so many units: the minimum, and whole packs."""
    if wanted <= 0:
        return 0
    units = max(wanted, terms.minimum if terms else 1)
    pack = max(1, terms.pack if terms else 1)
    return -(-units // pack) * pack


def price_at(terms: BuyingTerms, units: int) -> int | None:
    """Return what a unit costs in an order of so many, in minor units; None where nobody has said it."""
    reached = [price for least, price in sorted(terms.breaks) if least <= units]
    return reached[-1] if reached else terms.cost


def bargain(units: int, terms: BuyingTerms, *, weekly: float, holding_percent: int) -> Bargain | None:
    """Return the larger order that saves most, or None.

    Of orders as large as the need half lies on the shelf on the mean, of larger ones half of those: the difference is
    kept for as long as the larger one lasts. Against it stands the difference in price on the whole order. Never more
    than a year's demand.
    """
    usual = price_at(terms, units)
    if units <= 0 or usual is None or weekly <= 0:
        return None
    found = []
    for least, price in terms.breaks:
        larger = quantity(least, terms)
        if larger <= units or price >= usual or larger > weekly * WEEKS:
            continue
        years = larger / weekly / WEEKS
        costs = round((larger - units) / 2 * price * holding_percent / 100 * years)
        saves = larger * (usual - price)
        if saves > costs:
            found.append(Bargain(units=larger, price=price, saves=saves, costs=costs))
    return max(found, key=lambda one: one.saves - one.costs, default=None)
