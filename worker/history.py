"""The shop's own past as demand: orders in the books from before demand was kept, and orders read from the shop."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from core.errors import NotFound, Rejected, Unavailable
from core.forecast.records import Run
from core.forecast.telling import demand_of, keep
from core.house import House
from core.ports.books import Unit
from core.ports.connector import ShopConnector
from core.records import Shop
from core.snapshots import OrderSnapshot

A_PAGE = 250
A_BATCH = 200
STEP = timedelta(seconds=1)
"""In such steps both platforms date an order's newest change."""


def told_before(house: House, shop: Shop) -> None:
    """Tell every order in the books as demand, where none has been told yet."""
    with house.books.read() as unit:
        if unit.demand.first_day(shop.id) is not None:
            return
    cursor: str | None = None
    while True:
        with house.books.write() as unit:
            page = unit.orders.page(shop.id, state=None, cursor=cursor, limit=A_PAGE)
            keep(unit, shop, page.items)
        cursor = page.next
        if cursor is None:
            return


def read_history(house: House, shop: Shop, run: Run) -> Run:
    """Read the shop's orders from where an earlier try was cut off, when a person asked for it.

    Where the platform puts them together, the number of orders stored is the place to go on from. By pages they come
    with the oldest change first, and it is the newest change stored; reading some of them twice changes nothing. Only
    demand is kept of them: they are no business of the board.
    """
    if run.history_from is None:
        return run
    outcome = ""
    try:
        run = _read_on(house, shop, run, run.history_from)
    except NotFound:
        _begin_anew(house, shop, run)
        raise Unavailable("the shop's past has to be put together again", retry_after=60.0) from None
    except Rejected as problem:
        # Never going to work: the forecast is made from what is known, and the log says what was refused.
        outcome = f"; then refused: {str(problem)[:200]}"
    run = replace(run, history_from=None)
    with house.books.write() as unit:
        _note(unit, shop, None)
        unit.planning.progress(run)
        unit.audit.write(
            shop=shop.id, at=house.now(), actor="backorder", what="read the shop's past",
            outcome=f"{run.history_orders} orders{outcome}",
        )  # fmt: skip
    return run


def _read_on(house: House, shop: Shop, run: Run, since: datetime) -> Run:
    batch: list[OrderSnapshot] = []
    connector = house.open_shop(shop)
    reading = _reading(house, shop, connector, since)
    reached = since + STEP if run.history_orders and not reading else None
    for seen in connector.past_orders(since, reading=reading or None, skip=run.history_orders):
        batch.append(seen)
        if len(batch) >= A_BATCH:
            run = _store(house, shop, run, batch, by_pages=not reading, reached=reached)
            batch = []
    return _store(house, shop, run, batch, by_pages=not reading, reached=reached)


def _reading(house: House, shop: Shop, connector: ShopConnector, since: datetime) -> str:
    """Return what the platform puts together, asked for once and remembered; empty where it is read by pages."""
    with house.books.read() as unit:
        current = unit.shops.get(shop.id)
    if current is not None and current.past_reading is not None:
        return current.past_reading
    reading = connector.begin_past(since) or ""
    with house.books.write() as unit:
        _note(unit, shop, reading)
    return reading


def _begin_anew(house: House, shop: Shop, run: Run) -> None:
    """Forget what the platform had put together: it is gone by now."""
    with house.books.write() as unit:
        _note(unit, shop, None)
        unit.planning.progress(replace(run, history_orders=0))


def _note(unit: Unit, shop: Shop, reading: str | None) -> None:
    unit.shops.lock(shop.id)
    current = unit.shops.get(shop.id)
    if current is not None and current.past_reading != reading:
        unit.shops.save(replace(current, past_reading=reading))


def _store(
    house: House, shop: Shop, run: Run, batch: Sequence[OrderSnapshot], *, by_pages: bool, reached: datetime | None
) -> Run:
    """Store the batch with the place reached. What an earlier try that `reached` so far had stored counts no more."""
    run = replace(run, history_from=_place(run, batch)) if by_pages else run
    told = {seen.platform_id: seen for seen in batch}
    with house.books.write() as unit:
        known = unit.demand.of_orders(shop.id, told)
        again = sum(reached is not None and told[order].version <= reached for order in known)
        # A bulk reading's place is counted in rows of its file, whatever they are.
        count = len(told) - again if by_pages else len(batch)
        run = replace(run, history_orders=run.history_orders + count)
        rows = (
            (row, known.get(seen.platform_id, ()))
            for seen in told.values()
            for row in demand_of(shop.id, shop.timezone, seen, known.get(seen.platform_id, ()))
        )
        unit.demand.put([row for row, before in rows if row not in before])
        unit.planning.progress(run)
    return run


def _place(run: Run, batch: Sequence[OrderSnapshot]) -> datetime | None:
    newest = max((seen.version for seen in batch), default=run.history_from)
    # One step back: orders of the same second may come in the next batch.
    return newest - STEP if newest else None
