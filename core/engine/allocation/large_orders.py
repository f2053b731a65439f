"""A cap for large orders: one order may take a share of the shelf before the rest of its tier was served once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from core.engine.allocation.in_turn import on_shelf, take_from_shelf
from core.engine.ledger import NOW, Claim, OrderEntry, Queue


@dataclass(frozen=True, slots=True)
class Cap:
    """The share of a queue's shelf, after commitments, that one order may take at first; None is no cap."""

    share: Decimal | None

    def room(self, claims: Sequence[Claim]) -> list[int]:
        """Return how many units each claim of one order on one queue may still take in the first round."""
        if self.share is None or not may_be_capped(claims[0]):
            return [claim.wants for claim in claims]
        # As whole numbers: a product of decimals would be rounded to the context's digits.
        above, below = self.share.as_integer_ratio()
        most = max(1, claims[0].queue.shelf * above // below)
        left = most - sum(given_on_shelf(claim) for claim in claims)
        room = []
        for claim in claims:
            room.append(min(claim.wants, max(0, left)))
            left -= room[-1]
        return room


def given_on_shelf(claim: Claim) -> int:
    """Return the units on the shelf that the claim was given so far, those in picking aside."""
    return sum(units for lot, units in claim.taken if lot.at == NOW)


def is_any_left(claim: Claim) -> bool:
    """Return whether there are units on the shelf that the claim may take."""
    fenced = claim.queue.fenced_lots(claim.line.order.order.order_class)
    return any(True for _ in on_shelf(claim.queue)) or any(lot.left for lot in fenced)


def may_be_capped(claim: Claim) -> bool:
    """Return whether the cap is for orders like this one."""
    return claim.line.order.order.may_cap


def share_capped(queues: Iterable[Queue], cap: Cap) -> None:
    """Share the shelf out in the order of service, group by group, each order up to its cap first."""
    for queue in queues:
        for _, group in groupby(queue.claims, key=_group):
            serve_group(list(group), cap)


def serve_group(claims: Sequence[Claim], cap: Cap) -> None:
    """Serve claims of one queue from the shelf: once up to the cap, then the rest."""
    for entry, of_order in by_order(claims) if cap.share is not None else ():
        for claim, room in zip(of_order, cap.room(of_order), strict=True):
            stopped = room < claim.wants
            take_from_shelf(claim, room)
            entry.capped = entry.capped or (stopped and is_any_left(claim))
    for claim in claims:
        take_from_shelf(claim, claim.wants)


def by_order(claims: Iterable[Claim]) -> Iterable[tuple[OrderEntry, list[Claim]]]:
    """Return the claims of each order; those of one order stand together in a queue."""
    for entry, of_order in groupby(claims, key=_order):
        yield entry, list(of_order)


def _group(claim: Claim) -> tuple[int, int]:
    return claim.line.order.group


def _order(claim: Claim) -> OrderEntry:
    return claim.line.order
