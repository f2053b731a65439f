"""What to order now: reorder point and level against what is there, owed and on its way. Pure, one item at a time."""

from collections.abc import Iterator
from datetime import date, timedelta
from math import ceil, floor

from core.forecast.lot_sizes import bargain, price_at, quantity
from core.forecast.records import Bargain, BuyingTerms, ItemForecast, Position, Suggestion, Urgency

A_YEAR = 365
WEEK = 7


def suggest(
    forecast: ItemForecast,
    position: Position,
    terms: BuyingTerms | None,
    *,
    today: date,
    holding_percent: int,
    currency_price: int | None = None,
) -> Suggestion:
    """Return the suggestion for an item. `holding_percent`: what keeping stock costs a year, of its purchase price.

    `now`: new demand can no longer be served until an order placed today is here, or customers wait for units that
    nobody has ordered. `soon`: below the level, worth joining an order to the same supplier. `never`: no demand.
    """
    arrives_on = today + timedelta(days=ceil(forecast.lead.days))
    runs_out_on = out_of_stock_on(forecast.rate, position, today)
    units = quantity(forecast.order_up_to - position.units, terms)
    urgency = _urgency(forecast, position, units)
    if urgency in {"enough", "never"}:
        units = 0
    cheaper = bargain(units, terms, weekly=forecast.rate, holding_percent=holding_percent) if terms else None
    ordered = cheaper.units if cheaper else units
    waiting = _would_wait(forecast.rate, position, runs_out_on, arrives_on)
    price = currency_price if currency_price is not None else forecast.price
    return Suggestion(
        sku=forecast.sku, urgency=urgency, units=ordered, position=position.units,
        runs_out_on=runs_out_on, cheaper=cheaper, cost=_cost(terms, ordered),
        arrives_on=arrives_on, would_wait=waiting, value=None if price is None else price * waiting,
        reasons=(*_reasons(forecast, position, units, urgency, terms), *_of_price(cheaper, units)),
    )  # fmt: skip


def for_those_who_wait(sku: str, position: Position, short: int, *, today: date, price: int | None) -> Suggestion:
    """Return the suggestion for an item without a forecast: what no incoming supply covers of the `short` units."""
    coming = sum(units for _, units in position.coming)
    units = max(0, short - coming)
    wait = "1 unit is" if short == 1 else f"{short} units are"
    supply = "nothing is on its way" if coming == 0 else f"{coming} on the way"
    reason = f"{wait} sold and not in stock; {supply}: {units} more would serve everyone who waits"
    return Suggestion(
        sku=sku, urgency="now" if units else "enough", units=units, position=position.units, runs_out_on=today,
        arrives_on=today, would_wait=units, value=None if price is None else price * units, reasons=(reason,),
    )  # fmt: skip


def out_of_stock_on(weekly: float, position: Position, today: date) -> date | None:
    """Return the day on which nothing is left for new customers at the expected pace; None when over a year away.

    Supply without a date, or overdue, is not counted on.
    """
    left = float(position.on_hand - position.owed)
    pace = weekly / WEEK
    day = today
    for on, units in sorted((on, units) for on, units in position.coming if on is not None and on >= today):
        gone = _empty_on(left, pace, day)
        if gone is not None and gone < on:
            return gone
        left = left - pace * (on - day).days + units
        day = on
    gone = _empty_on(left, pace, day)
    return gone if gone is not None and (gone - today).days <= A_YEAR else None


def _empty_on(left: float, pace: float, day: date) -> date | None:
    if left < 0 or (left <= 0 and pace > 0):
        return day
    if pace <= 0 or left / pace > 10 * A_YEAR:
        return None
    return day + timedelta(days=floor(left / pace))


def _would_wait(weekly: float, position: Position, runs_out_on: date | None, arrives_on: date) -> int:
    """Return the units asked for before an order placed today could be here, beyond all that comes until then."""
    if runs_out_on is None or runs_out_on >= arrives_on:
        return 0
    by_then = sum(units for on, units in position.coming if on is not None and on <= arrives_on)
    asked = weekly / WEEK * (arrives_on - runs_out_on).days
    short = max(0, position.owed - max(0, position.on_hand) - by_then)
    return round(asked) + short


def _cost(terms: BuyingTerms | None, units: int) -> int | None:
    """Return what the order costs in minor units; None where nobody has said what a unit costs."""
    price = price_at(terms, units) if terms and units else None
    return None if price is None else price * units


def _urgency(forecast: ItemForecast, position: Position, units: int) -> Urgency:
    if position.units < 0:
        return "now"
    if forecast.order_up_to == 0:
        return "never"
    if not units:
        return "enough"
    return "now" if position.units <= forecast.reorder_point else "soon"


def _reasons(
    forecast: ItemForecast, position: Position, units: int, urgency: Urgency, terms: BuyingTerms | None
) -> Iterator[str]:
    if position.on_hand < 0:
        yield f"the shop's stock is below zero ({position.on_hand}): count it, the suggestion starts from that number"
    if position.owed:
        yield f"{_units(position.owed)} sold and not shipped yet"
    late = sum(number for on, number in position.coming if on is None)
    coming = sum(number for _, number in position.coming)
    yield (
        f"{_units(coming)} on the way" + (f", {late} without a date" if late else "")
        if coming
        else "nothing is on its way"
    )
    yield (
        f"{_rounded(forecast.mean)} expected over {round(forecast.cover_days)} days"
        f" ({round(forecast.lead.days)} to deliver, {forecast.review_days} until the next order)"
    )
    if urgency == "never":
        yield "no demand to keep stock for: order when somebody orders"
    elif urgency == "enough":
        yield f"{position.units} cover what is needed: {forecast.order_up_to}"
    else:
        yield f"{position.units} against a reorder point of {forecast.reorder_point}, a level of {forecast.order_up_to}"
        wanted = forecast.order_up_to - position.units
        if units != wanted and terms is not None:
            yield f"{wanted} wanted, {units} ordered: minimum {terms.minimum}, packs of {terms.pack}"


def _of_price(cheaper: Bargain | None, units: int) -> Iterator[str]:
    if cheaper:
        yield (
            f"{cheaper.units} ordered where {units} would do: a unit costs less from there on, which saves more than"
            " keeping the rest costs"
        )


def _units(number: int) -> str:
    return f"{number} unit" if number == 1 else f"{number} units"


def _rounded(number: float) -> str:
    return f"{number:.1f}" if number < 10 else f"{number:.0f}"
