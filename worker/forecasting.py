"""The nightly run: once a day for each shop, whatever the number of workers, taken up again after a kill."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, timedelta
from operator import itemgetter

import structlog

from core.errors import BackorderError, Unavailable
from core.forecast import digest, habit, nightly, observing
from core.forecast.ordering import rank_of, suggest
from core.forecast.past import RECENT
from core.forecast.positions import kits_of, positions_of
from core.forecast.records import Alarm, BuyingTerms, ItemForecast, Position, Run, Suggestion
from core.house import House
from core.planning.experience import note_deliveries
from core.ports.books import Unit
from core.ports.clockwork import LeaseLost
from core.records import ItemRecord, OrderRecord, Shop
from core.reports.waiting import mean_waits
from core.zones import local_day
from worker import leases, post
from worker.history import read_history, told_before

LONGEST_PAST = timedelta(days=3 * 365)
A_BATCH = 500
LATER = timedelta(minutes=5)
ALARMS_KEPT = 200
log = structlog.get_logger(__name__)


def forecast_next(house: House) -> bool:
    """Make the due run that has waited longest; False when none is due. Looks by reading first."""
    now, lease = datetime.now(UTC), house.settings.lease
    with house.books.read() as unit:
        known = unit.planning.runs()
        shops = [shop for shop in unit.shops.all() if shop.state != "uninstalled"]
    runs = [(shop, known.get(shop.id) or Run(shop=shop.id)) for shop in shops]
    waiting = [(run.done_on or date.min, shop) for shop, run in runs if _is_due(house, shop, run, now)]
    for _, shop in sorted(waiting, key=itemgetter(0)):
        with house.books.write() as unit:
            run = unit.planning.claim(shop.id, today=_today(house, shop), now=now, until=now + lease)
        if run is not None:
            _make(house, shop, run)
            return True
    return False


def _today(house: House, shop: Shop) -> date:
    return local_day(house.now(), shop.timezone)


def _is_due(house: House, shop: Shop, run: Run, now: datetime) -> bool:
    """Return whether the shop's run can be claimed: a night's is made of items, so only once the shop was read."""
    tonight = shop.synced_at is not None and (run.done_on is None or run.done_on < _today(house, shop))
    due = tonight or run.wanted or run.position is not None
    return due and (run.leased_until is None or run.leased_until <= now)


def _make(house: House, shop: Shop, run: Run) -> None:
    try:
        with leases.kept(house, lambda unit, until: unit.planning.renew(run, until=until), datetime.now(UTC)):
            told_before(house, shop)
            run = read_history(house, shop, run)
            _forecast(house, shop, run)
    except LeaseLost:
        log.warning("forecast taken over by another worker", shop=shop.id)
    except BackorderError as problem:
        log.warning("forecast put off", shop=shop.id, problem=str(problem)[:200])
        named = problem.retry_after if isinstance(problem, Unavailable) else None
        pause = LATER if named is None else timedelta(seconds=named)
        with house.books.write() as unit:
            unit.planning.release(replace(run, leased_until=datetime.now(UTC) + pause))


def _forecast(house: House, shop: Shop, run: Run) -> None:
    """Note what tonight shows, make the forecasts, store them in batches from where an earlier try was cut off."""
    today = run.running_on or _today(house, shop)
    with house.books.write() as unit:
        known, positions, waits = _known(unit, shop, today, house.now())
    night = nightly.run(known)
    kept = [one for one in night.forecasts if not run.position or one.sku > run.position]
    for start in range(0, len(kept), A_BATCH):
        batch = kept[start : start + A_BATCH]
        made = (_suggested(known, one, positions) for one in batch)
        ranked = [(one, rank_of(one.sku, now.urgency, now.value)) for one, now in zip(batch, made, strict=True)]
        run = replace(run, position=batch[-1].sku)
        with house.books.write() as unit:
            unit.planning.put(ranked, since=known.born)
            unit.planning.progress(run)
    alarms = _alarms(known, night, waits)
    letter = digest.digest(
        shop.name, _needed(known, night, positions), alarms, today, page=f"{house.settings.external}/reorder",
        known={one["name"] for one in json.loads(run.report).get("alarms", ())},
    )  # fmt: skip
    with house.books.write() as unit:
        unit.planning.forget(shop.id, before=today)
        if letter:
            post.write_to_merchant(unit, house, shop, letter.key, {"subject": letter.subject, "body": letter.body})
        unit.planning.finish(run, report=_report(night, alarms, house.now()))
        unit.audit.write(
            shop=shop.id, at=house.now(), actor="backorder", what="made the forecast",
            outcome=f"{len(night.forecasts)} items",
        )  # fmt: skip


def _known(
    unit: Unit, shop: Shop, today: date, now: datetime
) -> tuple[nightly.Known, dict[str, Position], dict[str, float]]:
    items, orders, terms = unit.items.all(shop.id), unit.orders.open_all(shop.id), unit.planning.terms(shop.id)
    positions = positions_of(items, orders, unit.supply.all(shop.id), kits_of(terms))
    unit.demand.put_sold_out(observing.sold_out_today(items, positions, today))
    unit.demand.put_shelves(observing.shelves_today(unit.demand.shelves(shop.id), positions, shop.id, today))
    note_deliveries(unit, shop, now)
    since = today - LONGEST_PAST
    arrivals = tuple(dict.fromkeys((*unit.arrivals.between(shop.id, since, today), *unit.arrivals.open(shop.id))))
    known = nightly.Known(
        shop=shop, today=today, items=items, rows=tuple(unit.demand.since(shop.id, since)),
        arrivals=arrivals, terms=terms, sold_out=unit.demand.sold_out(shop.id, since),
        born=_born(unit, shop, today, items),
    )  # fmt: skip
    lately = unit.reports.waits_of(shop.id, placed_since=today - timedelta(weeks=RECENT))
    return known, positions, mean_waits(lately, _expected(orders), today)


def _born(unit: Unit, shop: Shop, today: date, items: Sequence[ItemRecord]) -> dict[str, date]:
    """Return since when each item may have sold: the platform's word, else when a night first saw it.

    How old the items of the first night are, nobody knows where the platform is silent: each is taken to be as old as
    the shop's memory, also where more of the past was read later.
    """
    seen = unit.planning.known_since(shop.id)
    first_night = min(seen.values(), default=today)
    oldest = min(first_night, unit.demand.first_day(shop.id) or today)

    # One that was cut off has stored some: what it had not come to is of the first night all the same.
    unseen = first_night if unit.planning.run(shop.id).done_on is None else today

    def day(one: ItemRecord) -> date:
        noted = seen.get(one.sku, unseen)
        return one.snapshot.created_on or (oldest if noted == first_night else noted)

    return {one.sku: day(one) for one in items}


def _suggested(known: nightly.Known, forecast: ItemForecast, positions: Mapping[str, Position]) -> Suggestion:
    return suggest(
        forecast, positions.get(forecast.sku) or Position(on_hand=0), known.terms.get(forecast.sku), today=known.today,
        holding_percent=known.shop.policy.reorder.holding_percent,
    )  # fmt: skip


def _needed(known: nightly.Known, night: nightly.Night, positions: Mapping[str, Position]) -> list[digest.Needed]:
    """Return what should be ordered now."""
    titles = {item.sku: item.snapshot.title for item in known.items}
    made = (_suggested(known, one, positions) for one in night.forecasts)
    return [
        digest.Needed(
            title=titles[one.sku],
            left=positions[one.sku].left,
            supplier=night.leads.supplier_of(one.sku),
            suggestion=one,
        )
        for one in made
        if one.urgency == "now" and one.units
    ]


def _alarms(known: nightly.Known, night: nightly.Night, waits: Mapping[str, float]) -> tuple[Alarm, ...]:
    """Return the habits that cost, those that cost most units first; `waits` are mean days by platform id."""
    ids = {item.sku: (item.snapshot.platform_id, *item.snapshot.aliases) for item in known.items}
    days = {sku: next((waits[one] for one in these if one in waits), None) for sku, these in ids.items()}
    nothing = BuyingTerms(shop=known.shop.id, sku="")
    sold = [
        habit.Sold(
            forecast=one, share=share, supplier=night.leads.supplier_of(one.sku), units=int(night.past.recent[number]),
            weeks=night.past.short.get(number, ()), mean_wait=days[one.sku],
            cost=terms.cost, made_to_order=terms.made_to_order,
        )
        for number, (one, share) in enumerate(zip(night.forecasts, night.shares, strict=True))
        for terms in [known.terms.get(one.sku, nothing)]
    ]  # fmt: skip
    return habit.alarms(known.shop, sold, night.leads.slip_of)[:ALARMS_KEPT]


def _report(night: nightly.Night, alarms: tuple[Alarm, ...], at: datetime) -> str:
    model = night.model
    return json.dumps({
        "made_at": at.isoformat(), "items": len(night.forecasts), "weeks": night.past.weeks, "alpha": model.alpha,
        "fills": [round(share, 4) for share in model.ladder.fills], "alarms": [asdict(alarm) for alarm in alarms],
    })  # fmt: skip


def _expected(orders: Sequence[OrderRecord]) -> dict[tuple[str, str], date]:
    """Return by (order, line) until when what waits now is expected to wait, where a date is known."""
    return {
        (order.id, line.id): line.completes_on
        for order in orders
        for line in (order.plan.lines if order.plan else ())
        if line.backordered and line.completes_on
    }
