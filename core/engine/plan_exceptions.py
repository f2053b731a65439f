"""What a person should know: late supply, lines without a date, sold or picked beyond stock, broken promises."""

from collections.abc import Iterable, Iterator

from core.engine.decisions import breaks_promise, picking_falls_short
from core.engine.ledger import NEVER, Ledger, LineEntry, OrderEntry
from core.engine.oversell import is_denied, limit_of
from core.engine.supply import is_overdue
from core.facts import Facts
from core.plan import PlanException
from core.sentences import sentence


def exceptions_of(ledger: Ledger, facts: Facts, oversold: Iterable[LineEntry]) -> Iterator[PlanException]:
    """Yield all exceptions of a served ledger, one kind after the other."""
    waiting = [entry for entry in ledger.orders if entry.open]
    yield from overdue_rows(ledger, facts)
    yield from _undated(waiting)
    yield from _not_in_stock(waiting)
    for line in oversold:
        limit = (
            sentence("may not be sold beyond stock")
            if is_denied(line)
            else sentence("may be oversold by %(limit_of)s at most", limit_of=limit_of(line))
        )
        yield _of_line("OVERSOLD", line, sentence("the item %(limit)s, and this line goes beyond", limit=limit))
    yield from _broken(ledger, waiting)
    yield from negative_rows(facts)
    yield from _win_not_met(ledger, waiting)


def _of_line(code: str, line: LineEntry, detail: str) -> PlanException:
    return PlanException(code=code, sku=line.line.sku, order=line.order.order.id, line=line.line.id, detail=detail)


def overdue_rows(ledger: Ledger, facts: Facts) -> Iterator[PlanException]:
    """Yield an exception for each supply that should have been here."""
    for supply in sorted(facts.incoming, key=lambda row: (row.id, row.sku, row.location)):
        if is_overdue(ledger, supply):
            detail = sentence(
                "%(remaining)s units were expected on %(eta)s at %(location)s and are not here",
                remaining=supply.remaining,
                eta=supply.eta,
                location=supply.location,
            )
            yield PlanException(code="OVERDUE_SUPPLY", sku=supply.sku, incoming=supply.id, detail=detail)


def _undated(waiting: Iterable[OrderEntry]) -> Iterator[PlanException]:
    for entry in waiting:
        if entry.completes < NEVER:
            continue
        for line in entry.lines:
            if line.open and line.completes >= NEVER:
                yield undated_line(line.line.sku, entry.order.id, line.line.id)


def undated_line(sku: str, order: str, line: str) -> PlanException:
    """Return the exception of a line that has open units and no date."""
    detail = sentence("no delivery with a date covers its units, or those that they ship with")
    return PlanException(code="NO_DATED_SUPPLY", sku=sku, order=order, line=line, detail=detail)


def _not_in_stock(waiting: list[OrderEntry]) -> Iterator[PlanException]:
    for entry in reversed(waiting):
        for line in reversed(entry.lines):
            if picking_falls_short(line):
                detail = sentence(
                    "%(committed)s units are in picking and stock does not have them all",
                    committed=min(line.line.committed, line.open),
                )
                yield _of_line("COMMITTED_NOT_IN_STOCK", line, detail)


def _broken(ledger: Ledger, waiting: Iterable[OrderEntry]) -> Iterator[PlanException]:
    for entry in waiting:
        if breaks_promise(ledger, entry):
            day = ledger.date_of(entry.completes)
            now = sentence("the order completes on %(day)s", day=day) if day else sentence("the order has no date now")
            detail = sentence("promised for %(promised_on)s, but %(now)s", promised_on=entry.order.promised_on, now=now)
            yield PlanException(code="PROMISE_BROKEN", order=entry.order.id, detail=detail)


def negative_rows(facts: Facts) -> Iterator[PlanException]:
    """Yield an exception for each stock row below 0."""
    for row in sorted(facts.stock, key=lambda row: (row.sku, row.location)):
        if row.on_hand < 0:
            detail = sentence(
                "%(on_hand)s on hand at %(location)s: a count is wrong", on_hand=row.on_hand, location=row.location
            )
            yield PlanException(code="NEGATIVE_ON_HAND", sku=row.sku, detail=detail)


def _win_not_met(ledger: Ledger, waiting: Iterable[OrderEntry]) -> Iterator[PlanException]:
    for entry in waiting:
        if entry.order.order_class != "win":
            continue
        by = entry.order.promised_on or ledger.today
        day = ledger.date_of(entry.completes)
        if day is None or day > by:
            detail = (
                sentence("must be complete by %(by)s, is on %(day)s", by=by, day=day)
                if day
                else sentence("must be complete by %(by)s, and has no date", by=by)
            )
            yield PlanException(code="WIN_NOT_MET", order=entry.order.id, detail=detail)
