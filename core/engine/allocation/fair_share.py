"""Fair shares by Webster's divisor method (round half).

Never by largest remainder, which can take a unit back from somebody when there is more to share.
"""

from collections.abc import Sequence
from itertools import groupby

from core.engine.allocation.in_turn import on_shelf, take_from_shelf
from core.engine.allocation.large_orders import Cap, by_order, given_on_shelf
from core.engine.ledger import Claim, Ledger, Queue


def webster(units: int, claims: Sequence[int], least: Sequence[int], most: Sequence[int]) -> list[int]:
    """Return whole shares of `units` in proportion to `claims`, each between its `least` and `most`; ties in order.

    Share s + 1 is due at the divisor where `claim / (s + 1/2)` is greatest (A. Sainte-Laguë, 1910). Found by halving
    the multiplier, in whole numbers, until no two different quotients are left in the interval.
    """
    if units >= sum(most):
        return list(most)
    whole = 1 << (2 * max(claims).bit_length() + 2)

    def shares(multiplier: int) -> list[int]:
        return [
            min(high, max(low, (2 * claim * multiplier + whole) // (2 * whole)))
            for claim, low, high in zip(claims, least, most, strict=True)
        ]

    low, high = 0, whole
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if sum(shares(middle)) <= units else (low, middle)
    below, above = shares(low), shares(high)
    rest = units - sum(below)
    for index, share in enumerate(above):
        if share > below[index] and rest > 0:
            below[index] += 1
            rest -= 1
    return below


def share_fairly(ledger: Ledger, cap: Cap) -> None:
    """Share every shelf in proportion to what is open and not in picking, one class after the other."""
    for queue in ledger.queues.values():
        for _, group in groupby(queue.claims, key=_class):
            claims = [claim for claim in group if claim.wants]
            if claims:
                _share_fences(queue, claims)
                if cap.share is not None:
                    _share_open(queue, claims, [room for _, own in by_order(claims) for room in _fair_room(own, cap)])
                _share_open(queue, claims, [claim.wants for claim in claims])


def _share_fences(queue: Queue, claims: Sequence[Claim]) -> None:
    for order_class in {fence.order_class: None for fence in queue.fences}:
        units = sum(lot.left for lot in queue.fenced_lots(order_class))
        members = [claim for claim in claims if claim.line.order.order.order_class == order_class]
        wants = [claim.wants for claim in members]
        for claim, share in zip(members, webster(units, wants, [0] * len(wants), wants), strict=True):
            take_from_shelf(claim, share)


def _fair_room(claims: Sequence[Claim], cap: Cap) -> list[int]:
    """Return how many units each claim of one order may take within the cap: of these, too, its fair share."""
    given = [given_on_shelf(claim) for claim in claims]
    asked = [claim.wants + have for claim, have in zip(claims, given, strict=True)]
    shares = webster(sum(cap.room(claims)) + sum(given), asked, given, asked)
    return [share - have for share, have in zip(shares, given, strict=True)]


def _share_open(queue: Queue, claims: Sequence[Claim], room: Sequence[int]) -> None:
    """Share what is open to all. What a claim has from a fence or a promise counts towards its share."""
    given = [given_on_shelf(claim) for claim in claims]
    asked = [claim.wants + have for claim, have in zip(claims, given, strict=True)]
    most = [have + more for have, more in zip(given, room, strict=True)]
    units = sum(lot.left for lot in on_shelf(queue)) + sum(given)
    for claim, have, share in zip(claims, given, webster(units, asked, given, most), strict=True):
        take_from_shelf(claim, share - have)


def _class(claim: Claim) -> int:
    return claim.line.order.group[0]
