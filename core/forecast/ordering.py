"""What to order now: reorder point and level against what is there, owed and on its way. Pure, one item at a time."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from math import ceil, floor

from core.forecast.lot_sizes import bargain, price_at, quantity
from core.forecast.records import URGENCIES, Bargain, BuyingTerms, ItemForecast, Position, Suggestion, Urgency
from core.sentences import counted, sentence

A_YEAR = 365
WEEK = 7
MOST_VALUE = 10**15
MOST_BEYOND = 2
"""So many times what is wanted an order may be at most, where it is not needed now and would last."""
LASTING = 8
"""What the least order brings lasts where it is asked for in more than so many reviews. One that is gone sooner is made
as soon as anything is wanted: left for the next review, whoever looks once in each of them is short between (simulated
with packs of two weeks' demand, .97 became .83).
"""


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
    nobody has ordered. `soon`: below the level, worth joining an order to the same supplier, which it is not while
    the least order lasts for many reviews and is over twice what is wanted. `never`: no demand, or made to order: then
    only what is owed is ordered, and only those who have ordered would wait in vain.
    """
    to_order = terms is not None and terms.made_to_order
    if to_order:
        forecast = replace(forecast, reorder_point=0, order_up_to=0, safety_stock=0)
    arrives_on = today + timedelta(days=ceil(forecast.lead.days))
    runs_out_on = out_of_stock_on(forecast.rate, position, today)
    least = quantity(forecast.order_up_to - position.units, terms)
    urgency = _urgency(forecast, position, least)
    units = 0 if urgency in {"enough", "never"} else least
    cheaper = bargain(units, terms, weekly=forecast.rate, holding_percent=holding_percent) if terms else None
    ordered = cheaper.units if cheaper else units
    waiting = would_wait(0.0 if to_order else forecast.rate, position, today, arrives_on)
    price = currency_price if currency_price is not None else forecast.price
    return Suggestion(
        sku=forecast.sku, urgency=urgency, units=ordered, position=position.units,
        runs_out_on=runs_out_on, cheaper=cheaper, cost=_cost(terms, ordered),
        arrives_on=arrives_on, would_wait=waiting, value=None if price is None else price * waiting,
        reasons=(
            *_supply(position, runs_out_on if forecast.rate or position.left < 0 else None, today),
            *_reasons(forecast, position, least, urgency, to_order=to_order),
            *(_of_packs(forecast, position, units, terms) if terms else ()), *_of_price(cheaper, units),
        ),
    )  # fmt: skip


def for_those_who_wait(
    sku: str,
    position: Position,
    short: int,
    terms: BuyingTerms | None,
    *,
    today: date,
    usual_days: int,
    price: int | None,
    elsewhere: int = 0,
) -> Suggestion:
    """Return the suggestion for what no incoming supply covers of the `short` units, forecast or not.

    It takes the item's own days to come, or `usual_days`. `elsewhere` are units from which no online order is served.
    """
    coming = sum(units for _, units in position.coming)
    missing = max(0, short - coming)
    units = quantity(missing, terms)
    reason = sentence(
        "%(short)s sold and not in stock; %(supply)s: %(more)s more would serve everyone who waits",
        short=_units(short),
        supply=_on_the_way(coming, 0),
        more=missing,
    )
    days = terms.lead_days if terms and terms.lead_days is not None else usual_days
    return Suggestion(
        sku=sku, urgency="now" if units else "enough", units=units, position=position.units, runs_out_on=today,
        arrives_on=today + timedelta(days=days), would_wait=missing, value=None if price is None else price * missing,
        reasons=(reason, *_elsewhere(elsewhere), *(_rounded_up(missing, units, terms) if terms else ())),
        cost=_cost(terms, units),
    )  # fmt: skip


def not_bought(sku: str, position: Position, kit: Mapping[str, int], *, today: date, gone: bool = False) -> Suggestion:
    """Return the suggestion for what nobody orders: a `kit` of other SKUs, what is gone, or what is not counted."""
    why = sentence("the shop does not count its stock, so it never runs out there")
    if gone:
        why = sentence("the shop sells it no more: nothing is ordered, and who waits for it is for you to decide")
    elif kit:
        parts = ", ".join(f"{units} x {part}" for part, units in kit.items())
        why = sentence("a kit is not ordered itself: its parts are, %(parts)s", parts=parts)
    return Suggestion(
        sku=sku, urgency="never", units=0, position=position.units, runs_out_on=None, arrives_on=today, would_wait=0,
        value=None, reasons=(why,),
    )  # fmt: skip


def rank_of(sku: str, urgency: Urgency, value: int | None) -> str:
    """Return where an item stands in the list, as text that sorts: urgency, then value that would wait, then SKU."""
    return f"{URGENCIES.index(urgency)}{MOST_VALUE - min(value or 0, MOST_VALUE - 1):016d}{sku}"


def _on_the_way(units: int, undated: int) -> str:
    if not units:
        return sentence("nothing is on its way")
    if not undated:
        return sentence("%(units)s on the way", units=_units(units))
    return sentence("%(units)s on the way, %(late)s without a date", units=_units(units), late=undated)


def out_of_stock_on(weekly: float, position: Position, today: date) -> date | None:
    """Return the day on which nothing is left for new customers at the expected pace; None when over a year away.

    Supply without a date, or overdue, is not counted on.
    """
    left = float(position.left)
    pace = weekly / WEEK
    day = today
    for on, units in dated(position, today):
        gone = _empty_on(left, pace, day)
        if gone is not None and gone < on:
            return gone
        left = left - pace * (on - day).days + units
        day = on
    gone = _empty_on(left, pace, day)
    return gone if gone is not None and (gone - today).days <= A_YEAR else None


def _empty_on(left: float, pace: float, day: date) -> date | None:
    if left <= 0:
        return day
    if pace <= 0 or left / pace > 10 * A_YEAR:
        return None
    return day + timedelta(days=floor(left / pace))


def would_wait(weekly: float, position: Position, today: date, arrives_on: date) -> int:
    """Return the units for which customers would wait before an order placed today could be here.

    Those are what is owed beyond all that comes until then, and what is asked for on days with nothing left. Supply
    without a date, or overdue, is not counted on.
    """
    coming = [(on, units) for on, units in dated(position, today) if on <= arrives_on]
    still_owed = max(0, position.owed - max(0, position.on_hand) - sum(units for _, units in coming))
    left, waiting, day = float(position.left), 0.0, today
    for on, units in (*coming, (arrives_on, 0)):
        asked = weekly / WEEK * (on - day).days
        waiting += max(0.0, asked - max(0.0, left))
        left, day = left - asked + units, on
    return round(waiting) + still_owed


def dated(position: Position, today: date) -> list[tuple[date, int]]:
    """Return the supply that may be counted on, the first first."""
    return sorted((on, units) for on, units in position.coming if on is not None and on >= today)


def _cost(terms: BuyingTerms | None, units: int) -> int | None:
    """Return what the order costs in minor units; None where nobody has said what a unit costs."""
    price = price_at(terms, units) if terms and units else None
    return None if price is None else price * units


def _urgency(forecast: ItemForecast, position: Position, least: int) -> Urgency:
    if position.units < 0:
        return "now"
    if forecast.order_up_to == 0:
        return "never"
    if not least:
        return "enough"
    if position.units <= forecast.reorder_point:
        return "now"
    lasts = least > LASTING * forecast.rate * forecast.review_days / WEEK
    return "enough" if lasts and least > MOST_BEYOND * (forecast.order_up_to - position.units) else "soon"


def _supply(position: Position, runs_out_on: date | None, today: date) -> Iterator[str]:
    """Yield what is there, owed and coming, and whether what comes can be counted on."""
    if position.on_hand < 0:
        yield sentence(
            "the shop's stock is below zero (%(on_hand)s): count it, the suggestion starts from that number",
            on_hand=position.on_hand,
        )
    if position.owed:
        yield sentence("%(units)s sold and not shipped yet", units=_units(position.owed))
    undated = sum(number for on, number in position.coming if on is None)
    yield _on_the_way(sum(number for _, number in position.coming), undated)
    overdue = sum(number for on, number in position.coming if on is not None and on < today)
    if overdue:
        yield sentence("%(units)s of it should be here by now: ask the supplier for a new day", units=_units(overdue))
    next_on = next((on for on, _ in dated(position, today)), None)
    if next_on and runs_out_on and runs_out_on < next_on:
        yield sentence(
            "ask the supplier to send the delivery of %(day)s sooner: the stock is gone before it", day=next_on
        )


def _reasons(
    forecast: ItemForecast, position: Position, least: int, urgency: Urgency, *, to_order: bool
) -> Iterator[str]:
    yield counted(
        "%(rounded)s expected over %(number)s day (%(days)s to deliver, %(review_days)s until the next order)",
        "%(rounded)s expected over %(number)s days (%(days)s to deliver, %(review_days)s until the next order)",
        round(forecast.cover_days),
        rounded=_rounded(forecast.mean),
        days=round(forecast.lead.days),
        review_days=forecast.review_days,
    )
    if to_order:
        yield sentence("made to order: nothing is kept in stock, only what customers have ordered is bought")
    elif urgency == "never":
        yield sentence("no demand to keep stock for: order when somebody orders")
    elif urgency == "enough" and least:
        yield sentence(
            "%(units)s are above the reorder point of %(reorder_point)s: the least order of %(least)s waits until "
            "half of it is wanted",
            units=position.units,
            reorder_point=forecast.reorder_point,
            least=least,
        )
    elif urgency == "enough":
        yield counted(
            "%(number)s covers what is needed: %(order_up_to)s",
            "%(number)s cover what is needed: %(order_up_to)s",
            position.units,
            order_up_to=forecast.order_up_to,
        )
    else:
        yield sentence(
            "%(units)s against a reorder point of %(reorder_point)s, a level of %(order_up_to)s",
            units=position.units,
            reorder_point=forecast.reorder_point,
            order_up_to=forecast.order_up_to,
        )


def _of_packs(forecast: ItemForecast, position: Position, units: int, terms: BuyingTerms) -> Iterator[str]:
    """Yield that more is ordered than wanted, and whether that lasts too long."""
    if units:
        yield from _rounded_up(forecast.order_up_to - position.units, units, terms)
    if units == quantity(1, terms) > 1 and units > forecast.rate * A_YEAR / WEEK:
        yield sentence("so many last over a year at the pace expected: ask the supplier for a smaller order")


def _rounded_up(wanted: int, units: int, terms: BuyingTerms) -> Iterator[str]:
    if units != wanted:
        yield sentence(
            "%(wanted)s wanted, %(units)s ordered: minimum %(minimum)s, packs of %(pack)s",
            wanted=wanted,
            units=units,
            minimum=terms.minimum,
            pack=terms.pack,
        )


def _elsewhere(units: int) -> Iterator[str]:
    if units > 0:
        yield sentence(
            "%(units)s lie where no online order is shipped from: to move some may do instead", units=_units(units)
        )


def _of_price(cheaper: Bargain | None, units: int) -> Iterator[str]:
    if cheaper:
        yield (
            sentence(
                "%(units)s ordered where %(units2)s would do: a unit costs less from there on, which saves more "
                "than keeping the rest costs",
                units=cheaper.units,
                units2=units,
            )
        )


def _units(number: int) -> str:
    return counted("%(number)s unit", "%(number)s units", number)


def _rounded(number: float) -> str:
    return f"{number:.1f}" if number < 10 else f"{number:.0f}"
