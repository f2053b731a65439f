"""Holding back units: makes exactly the wanted units per line stand under our holds, whatever stood there before.

Each round reads the fulfilment orders, does one kind of step and reads again, because ids and quantities move with
every write. A round that finds nothing to do is the proof; so a lost answer is healed by simply coming again.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from connectors.shopify import fulfilment_orders
from connectors.shopify.answers import Json, Refused
from connectors.shopify.client import Client
from connectors.shopify.fulfilment_orders import MOST_LINES, FulfilmentOrder, total
from connectors.shopify.ids import gid
from connectors.shopify.races import Races
from core.actions import Hold, Release
from core.errors import NotFound, Rejected
from core.outcomes import Already, Blocked, Done, Outcome
from core.sentences import sentence

ROUNDS = 6
LONGEST_HANDLE = 64
LONGEST_NOTE = 500
REASON = "INVENTORY_OUT_OF_STOCK"
# Somebody was quicker: what is true now shows in the next round.
RACES = frozenset(
    {
        "DUPLICATE_FULFILLMENT_HOLD_HANDLE", "TAKEN", "FULFILLMENT_ORDER_NOT_SPLITTABLE", "FULFILLMENT_ORDER_NOT_FOUND",
        "INVALID_LINE_ITEM_QUANTITY", "GREATER_THAN",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """One hold to place: `units` per fulfilment order line, or all of it when None."""

    order: FulfilmentOrder
    units: tuple[tuple[str, int], ...] | None


def converge(client: Client, wanted: Hold | Release) -> Outcome:
    """Make exactly `wanted.held` units per line stand under our holds in the order.

    Returns Blocked where the units are in picking or kept back by somebody else. Raises what a write raises.
    """
    order, wrote, races = gid("Order", wanted.order), False, Races(RACES)
    for _ in range(ROUNDS):
        seen = tuple(row for row in fulfilment_orders.read_all(client, order) if row.alive)
        races.settle(seen)
        target = _target(wanted.held, seen)
        if _held(seen) == target:
            reference = _reference(seen)
            return Done(reference=reference) if wrote else Already(reference=reference)
        try:
            if surplus := _to_release(seen, target):
                release(client, surplus)
            else:
                steps = _to_hold(seen, target)
                if isinstance(steps, Blocked):
                    return steps
                _place(client, wanted, seen, steps)
            wrote = True
        except (Refused, NotFound) as problem:
            races.lost(problem, seen)
    raise Rejected(races.last or sentence("the platform keeps rearranging the order's holds: hold it by hand"))


def release(client: Client, orders: Iterable[FulfilmentOrder]) -> None:
    """Take our own holds away, by their ids: without ids the platform would release every app's."""
    for row in orders:
        holds = [hold.id for hold in row.own_holds]
        client.write("release_hold", "fulfillmentOrderReleaseHold", {"id": row.id, "holdIds": holds})


def _target(held: dict[str, int], seen: tuple[FulfilmentOrder, ...]) -> dict[str, int]:
    """Return units per line to stand under our hold; what we hold of a line that others hold too stays as it is."""
    target = {line: units for line, units in held.items() if units > 0}
    foreign = {line for row in seen if row.held_by_others for line in row.units()}
    now = _held(seen)
    return target | {line: now[line] for line in foreign & now.keys() if line not in target}


def _held(seen: tuple[FulfilmentOrder, ...]) -> dict[str, int]:
    return total(tuple(row for row in seen if row.held))


def _to_release(seen: tuple[FulfilmentOrder, ...], target: dict[str, int]) -> list[FulfilmentOrder]:
    """Return the fulfilment orders under our hold that hold more than is wanted. A held one cannot be parted."""
    left = dict(target)
    surplus = []
    # Those that others hold too are counted first: they cannot be released to any use.
    for row in sorted((row for row in seen if row.held), key=lambda row: not row.held_by_others):
        units = row.units()
        if row.held_by_others or all(count <= left.get(line, 0) for line, count in units.items()):
            left = {line: count - units.get(line, 0) for line, count in left.items()}
        else:
            surplus.append(row)
    return surplus


def _to_hold(seen: tuple[FulfilmentOrder, ...], target: dict[str, int]) -> list[Step] | Blocked:
    """Return the holds to place so that the missing units are held, or why they cannot be."""
    now = _held(seen)
    missing = {line: count - now.get(line, 0) for line, count in target.items() if count > now.get(line, 0)}
    steps = []
    free = [row for row in seen if row.free and row.may("HOLD")]
    # Those that can be held whole come first: they need not be parted.
    for row in sorted(free, key=lambda row: not _fits(row, missing)):
        units = _take(row, missing)
        if units:
            whole = sum(count for _, count in units) == sum(row.units().values())
            # What is more than one call takes stays on the fulfilment order that this hold parts off: the next round's.
            steps.append(Step(row, None if whole else units[:MOST_LINES]))
    if missing or not steps:
        return Blocked(reason=_why(seen, missing or now))
    return steps


def _fits(row: FulfilmentOrder, missing: dict[str, int]) -> bool:
    return all(count <= missing.get(line, 0) for line, count in row.units().items())


def _take(row: FulfilmentOrder, missing: dict[str, int]) -> tuple[tuple[str, int], ...]:
    """Take what is missing out of this fulfilment order; `missing` shrinks accordingly."""
    taken = []
    for part in row.parts:
        count = min(part.remaining, missing.get(part.line, 0))
        if count > 0:
            taken.append((part.id, count))
            missing[part.line] -= count
            if not missing[part.line]:
                del missing[part.line]
    return tuple(taken)


def _place(client: Client, wanted: Hold | Release, seen: tuple[FulfilmentOrder, ...], steps: list[Step]) -> None:
    """Place one hold of ours on each; the first of the order bears the plain handle, others one with their number."""
    used = {hold.handle for row in seen for hold in row.own_holds}
    for step in steps:
        handle = wanted.handle[:LONGEST_HANDLE]
        if handle in used:
            handle = f"{handle[: LONGEST_HANDLE - 1 - len(step.order.number)]}-{step.order.number}"
        used.add(handle)
        hold: Json = {"reason": REASON, "reasonNotes": wanted.note[:LONGEST_NOTE], "handle": handle}
        if step.units is not None:
            hold["fulfillmentOrderLineItems"] = [{"id": part, "quantity": count} for part, count in step.units]
        client.write("hold", "fulfillmentOrderHold", {"id": step.order.id, "hold": hold})


def _why(seen: tuple[FulfilmentOrder, ...], missing: dict[str, int]) -> str:
    """Return why the missing units cannot be held, for the merchant."""
    could_be = [row for row in seen if (row.free and row.may("HOLD")) or (row.held and not row.held_by_others)]
    rows = [row for row in seen if missing.keys() & row.units().keys() and row not in could_be]
    if any(row.held_by_others for row in rows):
        return sentence("another app or a person holds these units: we wait until that hold is gone")
    if any(row.status == "IN_PROGRESS" for row in rows):
        return sentence("these units are being picked already: they are never held back")
    if rows:
        return sentence("the platform does not let these units be held now")
    return sentence("these units no longer wait at the platform")


def _reference(seen: tuple[FulfilmentOrder, ...]) -> str:
    return ", ".join(hold.id.rsplit("/", 1)[-1] for row in seen for hold in row.own_holds)
