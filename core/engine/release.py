"""What may leave today: the allocation's units and, by need date, those that an earlier order cannot use yet.

Orders that ship together hoard what they cannot send. Going through the orders as they are served, such an order
claims its units only from the first moment from which all of them can be had for good; others claim each unit from
the first moment from which it can be had for good. What the allocation gave to anybody stays claimed, so that no
promise moves.

Nothing is lent against supply whose date nobody gave (`Incoming.confirmed`), nor by an order too old to risk it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.engine.curves import Curve
from core.engine.ledger import NEVER, NOW, Claim, Ledger, LineEntry, OrderEntry, Queue
from core.facts import Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Lending:
    """Who may lend against what: `doubtful` are (SKU, supply, location); orders placed before `since` lend nothing."""

    allowed: bool
    doubtful: frozenset[tuple[str, str, str]] = frozenset()
    since: datetime | None = None


def lending_of(facts: Facts) -> Lending:
    """Return what the policy and the supply allow."""
    age = facts.policy.lending_age_days
    return Lending(
        allowed=facts.policy.release == "need_date",
        doubtful=frozenset((row.sku, row.id, row.location) for row in facts.incoming if not row.confirmed),
        since=None if age is None else facts.as_of - timedelta(days=age),
    )


def find_available(ledger: Ledger, lending: Lending) -> None:
    """Set for every line which of its units could leave today, holds, parcels and `min_ship` aside."""
    given: dict[Claim, int] = {}
    lenders = {entry for entry in ledger.orders if _lends(entry, lending)}
    queues = {claim.queue for entry in lenders for line in entry.lines for claim in line.claims}
    curves = {queue: Curve(queue, lending.doubtful) for queue in queues}
    if curves:
        for entry in ledger.orders:
            touched = [claim for line in entry.lines for claim in line.claims if claim.queue in curves]
            if entry in lenders:
                _claim_together(entry, touched, curves, given)
            else:
                for claim in touched:
                    _claim_each(claim, curves[claim.queue], given)
    for entry in ledger.orders:
        for line in entry.lines:
            line.available = _available(line, given) if given else line.on_hand


def _lends(entry: OrderEntry, lending: Lending) -> bool:
    """Return whether the order lends its units until its own date."""
    if not lending.allowed or not entry.together or entry.order.hold:
        return False
    if lending.since is not None and entry.order.placed_at < lending.since:
        return False
    if _rests_on(entry, lending.doubtful):
        return False
    # Who waits for nothing has nothing to lend, who has no date no day to have it back.
    return NOW < max((line.moment for line in entry.lines), default=NOW) < NEVER


def _rests_on(entry: OrderEntry, doubtful: frozenset[tuple[str, str, str]]) -> bool:
    taken = ((claim.queue.sku, lot) for line in entry.lines for claim in line.claims for lot, _ in claim.taken)
    return any((sku, lot.supply, lot.location) in doubtful for sku, lot in taken)


def _claim_each(claim: Claim, curve: Curve, given: dict[Claim, int]) -> None:
    order_class = claim.line.order.order.order_class
    curve.claim(order_class, curve.rising(claim.taken), -1)
    most = claim.units - claim.picked_units if claim.line.order.served else 0
    units = [min(most, lasting) for lasting in curve.lasting(order_class)]
    curve.claim(order_class, units)
    given[claim] = units[0] + claim.picked_units


def _claim_together(
    entry: OrderEntry, claims: list[Claim], curves: dict[Queue, Curve], given: dict[Claim, int]
) -> None:
    order_class = entry.order.order_class
    needs: dict[Queue, int] = {}
    for claim in claims:
        curve = curves[claim.queue]
        curve.claim(order_class, curve.rising(claim.taken), -1)
        needs[claim.queue] = needs.get(claim.queue, 0) + claim.units - claim.picked_units
    moment = max(line.preorder for line in entry.lines)
    for queue, units in needs.items():
        curve = curves[queue]
        enough = zip(curve.moments, curve.lasting(order_class), strict=True)
        moment = max(moment, next(at for at, lasting in enough if lasting >= units))
    for queue, units in needs.items():
        curves[queue].claim(order_class, curves[queue].step(moment, units))
    for claim in claims:
        given[claim] = claim.units if moment == NOW else claim.picked_units


def _available(line: LineEntry, given: dict[Claim, int]) -> int:
    """Return the line's units that could leave: of a kit, as many as all parts are there for."""
    units = line.open
    for claim in line.claims:
        found = given[claim] if claim in given else claim.on_hand()
        units = min(units, found // claim.per)
    return units
