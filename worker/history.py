"""The shop's own past as demand: orders in the books from before demand was kept, and orders read from the shop."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from core.errors import Rejected
from core.forecast.records import Run
from core.forecast.telling import demand_of, keep
from core.house import House
from core.records import Shop
from core.snapshots import OrderSnapshot

A_PAGE = 250
A_BATCH = 200


def told_before(house: House, shop: Shop) -> None:
    """Tell every order in the books as demand, where none has been told yet."""
    with house.books.read() as unit:
        if unit.demand.first_day(shop.id) is not None:
            return
    cursor: str | None = None
    while True:
        with house.books.write() as unit:
            page = unit.orders.page(shop.id, state=None, cursor=cursor, limit=A_PAGE)
            for record in page.items:
                keep(unit, shop, record)
        cursor = page.next
        if cursor is None:
            return


def read_history(house: House, shop: Shop, run: Run) -> Run:
    """Read the shop's orders from where an earlier try was cut off, when a person asked for it.

    Orders come with the oldest change first, so the newest change stored is the place to go on from; reading some of
    them twice changes nothing. Only demand is kept of them: they are no business of the board.
    """
    if run.history_from is None:
        return run
    outcome = ""
    try:
        run = _read_on(house, shop, run, run.history_from)
    except Rejected as problem:
        # Never going to work: the forecast is made from what is known, and the log says what was refused.
        outcome = f"; then refused: {str(problem)[:200]}"
    run = replace(run, history_from=None)
    with house.books.write() as unit:
        unit.planning.progress(run)
        unit.audit.write(
            shop=shop.id, at=house.now(), actor="backorder", what="read the shop's past",
            outcome=f"{run.history_orders} orders{outcome}",
        )  # fmt: skip
    return run


def _read_on(house: House, shop: Shop, run: Run, since: datetime) -> Run:
    batch: list[OrderSnapshot] = []
    for seen in house.open_shop(shop).orders_changed(since):
        batch.append(seen)
        if len(batch) >= A_BATCH:
            run = _store(house, shop, run, batch)
            batch = []
    return _store(house, shop, run, batch)


def _store(house: House, shop: Shop, run: Run, batch: Sequence[OrderSnapshot]) -> Run:
    newest = max((seen.version for seen in batch), default=run.history_from)
    # One second back: versions have one-second steps, and orders of the same second may come in the next batch.
    place = newest - timedelta(seconds=1) if newest else None
    run = replace(run, history_orders=run.history_orders + len(batch), history_from=place)
    with house.books.write() as unit:
        for seen in batch:
            before = unit.demand.of_order(shop.id, seen.platform_id)
            unit.demand.put([row for row in demand_of(shop.id, shop.timezone, seen, before) if row not in before])
        unit.planning.progress(run)
    return run
