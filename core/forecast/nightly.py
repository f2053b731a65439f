"""The nightly run of one shop: everything known in, a forecast with its stock levels for every item out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from core.dates.arrivals import Arrival
from core.dates.closures import Closures
from core.forecast.classes import PATTERNS, classes_of
from core.forecast.cycles import Cycles, fitted
from core.forecast.lead_times import LeadTimes
from core.forecast.past import Past, past_of, seen_of
from core.forecast.positions import kits_of
from core.forecast.records import BuyingTerms, DemandRow, ItemForecast, LeadTime, SoldOut
from core.forecast.sentences import Told, method_words, why
from core.forecast.series import Floats, Series, series_of
from core.forecast.shop import ShopForecast, forecast
from core.forecast.stock import Levels, levels_of, targets_of
from core.money import exponent
from core.records import ItemRecord, Shop

SHOWN_WEEKS = 52
WEEK = 7
BANDS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a run is made from. `born`: when we first saw each SKU."""

    shop: Shop
    today: date
    items: Sequence[ItemRecord]
    rows: Iterable[DemandRow]
    arrivals: Sequence[Arrival] = ()
    terms: Mapping[str, BuyingTerms]
    sold_out: Sequence[SoldOut] = ()
    born: Mapping[str, date]


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """What the run found: the forecasts by SKU with the share that each is to reach, the shop's past, and its model."""

    forecasts: tuple[ItemForecast, ...]
    shares: tuple[float, ...]
    past: Past
    model: ShopForecast
    leads: LeadTimes


def run(known: Known) -> Night:
    """Return the night's results. Pure: the same facts give the same results.

    Nothing is kept in stock of kits, of what the shop does not count, and of what is gone.
    """
    kits = kits_of(known.terms)
    stocked = (one for one in known.items if one.snapshot.tracked and not one.snapshot.gone and one.sku not in kits)
    items = sorted(stocked, key=lambda one: one.sku)
    sku_of = {alias: one.sku for one in known.items for alias in (one.snapshot.platform_id, *one.snapshot.aliases)}
    past = past_of(known.rows, sku_of, kits, [one.sku for one in items], known.today)
    leads = LeadTimes(known.arrivals, known.shop.policy.reorder.lead_days, known.terms)
    review = np.array([_review(known, one.sku) for one in items], np.float64)
    lead = _leads(known, leads, items, review)
    cover = np.array([one.days + one.later for one in lead]) + review if items else np.zeros(0)
    seen = seen_of(past, known.born, known.sold_out)
    series = series_of(past.demand, np.maximum(1, np.rint(cover / WEEK)).astype(np.int64), seen)
    prices = np.array([one.snapshot.unit_price or 0 for one in items], np.float64)
    model = forecast(series, kin=_bands(prices))
    costs = np.array([_cost(known, one) for one in items], np.float64)
    classes = classes_of(np.maximum(prices - costs, 0.0) * model.rate, series)
    terms = [known.terms.get(one.sku) for one in items]
    targets = targets_of(
        known.shop.policy.reorder, terms, classes, model,
        *(amounts / 10.0 ** exponent(known.shop.currency) for amounts in (costs, prices)),
    )  # fmt: skip
    targets = fitted(targets, Cycles(model, series), lead, cover)
    levels = levels_of(model, series, lead, cover, targets, terms)
    made = _Making(
        known=known, items=items, past=past, series=series, model=model, lead=lead, review=review, levels=levels,
        classes=classes, sold_out=_days_out(known.sold_out),
    )  # fmt: skip
    return Night(
        forecasts=tuple(made.item(number) for number in range(len(items))),
        shares=tuple(one.share for one in targets), past=past, model=model, leads=leads,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Making:
    known: Known
    items: Sequence[ItemRecord]
    past: Past
    series: Series
    model: ShopForecast
    lead: Sequence[LeadTime]
    review: Floats
    levels: Levels
    classes: Sequence[str]
    sold_out: Mapping[str, int]

    def item(self, number: int) -> ItemForecast:
        """Return one item's forecast."""
        item, model, levels, past = self.items[number], self.model, self.levels, self.past
        told, mean = self._told(number), float(levels.mean[number])
        return ItemForecast(
            shop=item.shop, sku=item.sku, made_on=self.known.today, pattern=told.pattern,
            method=method_words(told.method), rate=round(float(model.rate[number]), 4),
            weeks=tuple(int(units) for units in past.demand[-SHOWN_WEEKS:, number]),
            lead=self.lead[number], review_days=int(self.review[number]), cover_days=float(levels.cover[number]),
            mean=round(mean, 3), variance=round(float(levels.variance[number]), 3),
            error=round(float(model.error[number]), 3),
            quantiles={one: int(units) for one, units in zip(levels.shares, levels.quantiles[:, number], strict=True)},
            level=told.level, factor=told.factor, target=told.target,
            reorder_point=int(levels.reorder_point[number]), order_up_to=int(levels.order_up_to[number]),
            safety_stock=max(0, int(levels.order_up_to[number]) - round(mean)),
            value_class=self.classes[number][0], steadiness=self.classes[number][1],
            backordered=int(past.backordered[number]), lost=int(past.lost[number]),
            sold_out_days=self.sold_out.get(item.sku, 0), price=item.snapshot.unit_price, why=why(told),
        )  # fmt: skip

    def _told(self, number: int) -> Told:
        model, chosen = self.model, int(self.model.choice.chosen[number])
        target = self.levels.targets[number]
        lived = self.series.seen[:, number] if self.series.seen is not None else np.ones(self.past.weeks)
        first = int(np.flatnonzero(lived > 0)[0]) if (lived > 0).any() else self.past.weeks
        sold = self.past.demand[:, number] > 0
        return Told(
            pattern=PATTERNS[int(model.pattern.number[number])], paused=bool(model.pattern.paused[number]),
            method=model.choice.methods[chosen], usual=chosen == 0,
            relative=float(model.choice.relative[number]), weeks=self.past.weeks - first,
            sales=int(sold.sum()), silent=int(np.argmax(sold[::-1])), rate=float(model.rate[number]),
            likes=float(model.likes[number]), leaning=float(model.leaning[number]), spiked=bool(model.spiked[number]),
            fell=int(self.past.weeks - model.fallen[number]) if model.fallen[number] else 0,
            cut_orders=int(self.past.cut_orders[number]), cut_units=int(self.past.cut[number]),
            promotions=int(self.past.promotions[number]), promoted=int(self.past.promoted[number]),
            closed_weeks=float((1 - lived[first:]).sum()), lead=self.lead[number],
            level=round(target.reach.level, 4), factor=round(target.reach.factor, 3), target=target.words,
            stretched=target.reach.factor > 1, stocked=bool(self.levels.order_up_to[number] > 0),
            fewer=int(self.levels.fewer[number]),
        )  # fmt: skip


def _leads(known: Known, leads: LeadTimes, items: Sequence[ItemRecord], review: Floats) -> list[LeadTime]:
    """Return the items' lead times from today, longer by the days on which their suppliers do not work."""
    closures = Closures(known.shop.policy.reorder.closed_by_supplier)
    found = []
    for one, every in zip(items, review, strict=True):
        lead, supplier = leads.of(one.sku), leads.supplier_of(one.sku)
        closed = closures.within(supplier, known.today, lead.days)
        later = closures.within(supplier, known.today, lead.days + float(every)) - closed
        found.append(replace(lead, days=lead.days + closed, closed=closed, later=later))
    return found


def _review(known: Known, sku: str) -> int:
    own = known.terms.get(sku)
    return own.review_days if own and own.review_days is not None else known.shop.policy.reorder.review_days


def _cost(known: Known, item: ItemRecord) -> float:
    """Return a unit's cost in minor units; half of the price where nobody has said it."""
    own = known.terms.get(item.sku)
    return float(own.cost) if own and own.cost is not None else (item.snapshot.unit_price or 0) / 2


def _bands(prices: Floats) -> NDArray[np.int64]:
    """Return each item's price band: the cheap, the middling and the dear third."""
    if prices.size < BANDS:
        return np.zeros(prices.size, np.int64)
    limits = np.quantile(prices, [band / BANDS for band in range(1, BANDS)])
    return np.searchsorted(limits, prices, side="left").astype(np.int64)


def _days_out(days: Iterable[SoldOut]) -> dict[str, int]:
    found: dict[str, int] = {}
    for day in days:
        found[day.sku] = found.get(day.sku, 0) + 1
    return found
