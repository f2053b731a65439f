"""The text of the plan of plain orders, straight from their columns: the words that any plan gets, and fast.

Neither facts nor a plan are made of the orders: to make them and read them again takes most of the time.
"""

from collections import deque
from collections.abc import Iterator
from datetime import UTC
from itertools import chain, islice
from json.encoder import encode_basestring_ascii as quoted

import numpy as np
from numpy.typing import NDArray

from core.engine.closed_form import Ints, Shares, share_out
from core.engine.ledger import NEVER, Ledger
from core.engine.plain_plan import decided
from core.engine.plan_exceptions import negative_rows, overdue_rows, undated_line
from core.plan_file.columns import Columns
from core.plan_file.layout import Members, as_text, exception_document, instant

Bools = NDArray[np.bool_]


def plan_text(columns: Columns) -> Members:
    """Return the members of the plan's document, each row as text."""
    facts = columns.facts
    ledger = Ledger(today=facts.as_of.astimezone(UTC).date())
    shares = share_out(ledger, facts, zip(columns.skus, columns.pools, strict=True), columns.open, columns.turns)
    days = {moment: _day(ledger, moment) for moment in {0, NEVER, *shares.moment, *(lot.at for lot in shares.lots)}}
    exceptions = chain(
        (as_text(exception_document(found)) for found in overdue_rows(ledger, facts)),
        _undated(columns, shares),
        (as_text(exception_document(found)) for found in negative_rows(facts)),
    )
    return {
        "as_of": as_text(instant(facts.as_of)),
        "orders": list(_orders(columns, shares, days)),
        "free": [
            f'{{"sku": {quoted(sku)}, "pool": {quoted(pool)}, "on_hand": {here}, "incoming": {due}}}'
            for sku, pool, here, due in shares.free()
        ],
        "exceptions": list(exceptions),
    }


def _day(ledger: Ledger, moment: int) -> str:
    on = ledger.date_of(moment)
    return f'"{on}"' if on else "null"


def _orders(columns: Columns, shares: Shares, days: dict[int, str]) -> Iterator[str]:
    lines = _lines(columns, shares, days)
    for order, size, head in zip(columns.orders, columns.sizes, _heads(columns, shares, days), strict=True):
        yield f'{{"id": {quoted(order)}{head}{", ".join(islice(lines, size))}]}}'
    # Run to its end: only there does a strict zip find that something is missing.
    deque(lines, maxlen=0)


def _lines(columns: Columns, shares: Shares, days: dict[int, str]) -> Iterator[str]:
    ids = {line: quoted(line) for line in set(columns.lines)}
    skus = [quoted(sku) for sku, _ in shares.queues]
    rows = zip(
        columns.lines, shares.queue, shares.open, shares.ahead, shares.on_hand, shares.moment, _pegs(shares, days),
        strict=True,
    )  # fmt: skip
    for line, queue, units, ahead, on_hand, moment, pegs in rows:
        yield (
            f'{{"id": {ids[line]}, "sku": {skus[queue]}, "open": {units}, "ahead": {ahead}, "on_hand": {on_hand}, '
            f'"backordered": {units - on_hand}, "release_now": {on_hand}, '
            f'"completes_on": {days[moment] if units else "null"}, "allocations": [{pegs}]}}'
        )


def _pegs(shares: Shares, days: dict[int, str]) -> Iterator[str]:
    """Yield the allocations of each line."""
    before = [f'{{"supply": {quoted(lot.supply)}, "location": {quoted(lot.location)}, "units": ' for lot in shares.lots]
    ends = {moment: f', "on": {day}}}' for moment, day in days.items()}
    after = [ends[lot.at] for lot in shares.lots]
    for pegs in shares.pegs():
        if len(pegs) == 1:
            ((lot, units),) = pegs
            yield f"{before[lot]}{units}{after[lot]}"
        else:
            yield ", ".join([f"{before[lot]}{units}{after[lot]}" for lot, units in pegs])


def _heads(columns: Columns, shares: Shares, days: dict[int, str]) -> Iterator[str]:
    """Yield what each order says before its lines."""
    orders = len(columns.orders)
    on_hand = np.array(shares.on_hand, dtype=np.int64)
    latest = np.zeros(orders, dtype=np.int64)
    np.maximum.at(latest, columns.owner, np.where(columns.open > 0, np.array(shares.moment, dtype=np.int64), 0))
    said = (_any(columns.owner, found > 0, orders) for found in (columns.open, columns.open - on_hand, on_hand))
    known: dict[tuple[bool, bool, bool, int], str] = {}
    for key in zip(*said, latest.tolist(), strict=True):
        head = known.get(key)
        if head is None:
            waits, short, leaves, moment = key
            decision, reasons = decided(waits=waits, short=short, dated=moment < NEVER, leaves=leaves)
            head = known[key] = (
                f', "decision": {as_text(decision)}, "reasons": {as_text([str(reason) for reason in reasons])}, '
                f'"release_now": {as_text(leaves)}, "completes_on": {days[moment] if waits else "null"}, "lines": ['
            )
        yield head


def _any(owner: Ints, found: Bools, orders: int) -> list[bool]:
    """Return of each order whether something is found of any of its lines."""
    told: list[bool] = (np.bincount(owner, found, orders) > 0).tolist()
    return told


def _undated(columns: Columns, shares: Shares) -> Iterator[str]:
    """Yield the exception of each line that has open units and no date, in the order of service."""
    detail = as_text(undated_line("", "", "").detail)
    undated = (columns.open > 0) & (np.array(shares.moment, dtype=np.int64) == NEVER)
    lines = columns.turns[undated[columns.turns]]
    for line, owner in zip(lines.tolist(), columns.owner[lines].tolist(), strict=True):
        yield (
            f'{{"code": "NO_DATED_SUPPLY", "sku": {quoted(columns.skus[line])}, '
            f'"order": {quoted(columns.orders[owner])}, "line": {quoted(columns.lines[line])}, "detail": {detail}}}'
        )
