"""Completion first: the shelf goes where it completes the most orders; old orders weigh more and more."""

from collections.abc import Sequence
from datetime import UTC
from itertools import groupby

import numpy as np

from core.engine.allocation.in_turn import on_shelf, take_from_shelf
from core.engine.allocation.knapsack import bound, pack
from core.engine.allocation.large_orders import Cap, serve_group
from core.engine.allocation.packing import Packing
from core.engine.ledger import Claim, Ledger, OrderEntry, Queue

PATIENCE_DAYS = 60
DOUBLES_IN_DAYS = 7
LONGEST_DOUBLING = 40


def weight_of(age_days: int) -> float:
    """Return what completing an order of this age is worth.

    For two months nearly 1 (the older of two equals goes first), then doubling every week: however large an order
    is, at some age it outweighs the small ones that could be completed with its units.
    """
    late = min(max(0, age_days - PATIENCE_DAYS) / DOUBLES_IN_DAYS, LONGEST_DOUBLING)
    return (1.0 + min(max(age_days, 0), PATIENCE_DAYS) / 10_000) * float(2**late)


def share_by_completion(ledger: Ledger, cap: Cap) -> None:
    """Complete the most orders from the shelf, class by class; what is left over goes out in the order of service."""
    for _, members in groupby(ledger.orders, key=_class):
        orders = [entry for entry in members if entry.served]
        _take_fenced(orders)
        candidates = [entry for entry in orders if _may_complete(entry, cap)]
        packing, _ = _packing(ledger, candidates)
        for entry, chosen in zip(candidates, pack(packing), strict=True):
            for claim in _claims(entry) if chosen else ():
                take_from_shelf(claim, claim.wants)
        _serve_rest(orders, cap)


def completion_bound(ledger: Ledger) -> int:
    """Return an upper bound on how many orders the shelf can complete, classes and ages aside.

    The ledger is one with its commitments served and nothing allocated. From the dual value (duality theory:
    any prices on units give a bound).
    """
    ready = [entry for entry in ledger.orders if entry.open and not any(claim.wants for claim in _claims(entry))]
    waiting = [entry for entry in ledger.orders if entry.served and any(claim.wants for claim in _claims(entry))]
    packing, _ = _packing(ledger, waiting, aged=False)
    done = sum(all(claim.on_hand() >= claim.units for claim in _claims(entry)) for entry in ready)
    return done + bound(packing)


def _packing(ledger: Ledger, orders: Sequence[OrderEntry], *, aged: bool = True) -> tuple[Packing, list[Queue]]:
    """Return the orders as a packing problem: worth, and for each (order, queue) the units it still needs."""
    places: dict[Queue, int] = {}
    needs: dict[tuple[int, int], int] = {}
    for row, entry in enumerate(orders):
        for claim in _claims(entry):
            if claim.wants:
                key = (row, places.setdefault(claim.queue, len(places)))
                needs[key] = needs.get(key, 0) + claim.wants
    return Packing(
        worth=np.array([_worth(ledger, entry) if aged else 1.0 for entry in orders]),
        order=np.array([order for order, _ in needs], dtype=np.int64),
        place=np.array([place for _, place in needs], dtype=np.int64),
        units=np.array(list(needs.values()), dtype=np.int64),
        room=np.array([sum(lot.left for lot in on_shelf(queue)) for queue in places], dtype=np.int64),
    ), list(places)


def _worth(ledger: Ledger, entry: OrderEntry) -> float:
    return weight_of((ledger.today - entry.order.placed_at.astimezone(UTC).date()).days)


def _claims(entry: OrderEntry) -> list[Claim]:
    return [claim for line in entry.lines for claim in line.claims]


def _take_fenced(orders: Sequence[OrderEntry]) -> None:
    for entry in orders:
        for claim in _claims(entry):
            if claim.queue.fences:
                fenced = sum(lot.left for lot in claim.queue.fenced_lots(entry.order.order_class))
                take_from_shelf(claim, min(claim.wants, fenced))


def _may_complete(entry: OrderEntry, cap: Cap) -> bool:
    """Return whether the order needs units, and no more of an item than the cap lets it take at first."""
    claims = _claims(entry)
    if not any(claim.wants for claim in claims):
        return False
    needs: dict[Queue, list[Claim]] = {}
    for claim in claims if cap.share is not None else ():
        needs.setdefault(claim.queue, []).append(claim)
    return all(sum(cap.room(own)) == sum(claim.wants for claim in own) for own in needs.values())


def _serve_rest(orders: Sequence[OrderEntry], cap: Cap) -> None:
    rest: dict[Queue, list[Claim]] = {}
    for entry in orders:
        for claim in _claims(entry):
            if claim.wants:
                rest.setdefault(claim.queue, []).append(claim)
    for claims in rest.values():
        serve_group(claims, cap)


def _class(entry: OrderEntry) -> int:
    return entry.group[0]
