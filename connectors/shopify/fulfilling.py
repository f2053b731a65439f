"""Recording units as shipped: parts them into a fulfilment order of their own and fulfils that one whole.

A fulfilment order that is fulfilled whole closes, so that a repeat after a lost answer finds nothing left to ship;
fulfilling a part of one in place would leave it in progress, where nobody may hold or move the rest.
"""

from connectors.shopify.answers import Json, Refused
from connectors.shopify.client import Client
from connectors.shopify.fulfilment_orders import MOST_LINES, FulfilmentOrder, total
from connectors.shopify.ids import reference
from connectors.shopify.order_snapshot import RawOrder, snapshot
from connectors.shopify.orders import Orders
from connectors.shopify.races import Races
from core.actions import Fulfil
from core.errors import NotFound, Rejected
from core.outcomes import Already, Blocked, Done, Outcome
from core.sentences import sentence

ROUNDS = 8
# Somebody was quicker: what is true now shows in the next round.
RACES = frozenset({"FULFILLMENT_ORDER_NOT_FOUND", "GREATER_THAN", "INVALID_LINE_ITEM_QUANTITY"})
TRACKING = ("company", "number", "url")
Parting = tuple[FulfilmentOrder, list[Json]]


def fulfil(client: Client, orders: Orders, wanted: Fulfil) -> Outcome:
    """Make at least `wanted.shipped` units per line be recorded as shipped, in one parcel per location.

    Units in picking are left to whoever picks them. Blocked where nothing can be shipped now.
    """
    made: list[str] = []
    races = Races(RACES)
    for _ in range(ROUNDS):
        raw = orders.raw(wanted.order)
        races.settle(raw.fulfilment_orders)
        due = _due(raw, wanted)
        rows = [row for row in raw.fulfilment_orders if row.free and row.may("CREATE_FULFILLMENT")]
        whole, parting = _choose(rows, due)
        if not whole and not parting:
            return _ended(raw, due, made)
        try:
            if parting:
                _part(client, parting)
            else:
                made.append(_ship(client, whole, wanted))
        except (Refused, NotFound) as problem:
            races.lost(problem, raw.fulfilment_orders)
    raise Rejected(races.last or sentence("the platform keeps rearranging the order: record the parcel by hand"))


def _due(raw: RawOrder, wanted: Fulfil) -> dict[str, int]:
    shipped = {line.id: line.shipped for line in snapshot(raw).lines}
    due = {line: units - shipped.get(line, 0) for line, units in wanted.shipped.items()}
    return {line: units for line, units in due.items() if units > 0}


def _choose(rows: list[FulfilmentOrder], due: dict[str, int]) -> tuple[list[FulfilmentOrder], list[Parting]]:
    """Return what ships next from one location: fulfilment orders that go whole, and those to be parted first.

    A parcel leaves one location, so the rest waits for the next round. Whole ones come first: they need no parting.
    """
    left = dict(due)
    whole: list[FulfilmentOrder] = []
    parting: list[Parting] = []
    places = [row.location for row in rows if due.keys() & row.units().keys()]
    here = [row for row in rows if places and row.location == places[0]]
    for row in here:
        if all(units <= left.get(line, 0) for line, units in row.units().items()):
            whole.append(row)
            left = {line: units - row.units().get(line, 0) for line, units in left.items()}
    for row in here:
        wanted = [] if row in whole else _wanted(row, left)
        if wanted:
            parting.append((row, wanted))
    return whole, parting


def _wanted(row: FulfilmentOrder, left: dict[str, int]) -> list[Json]:
    """Return the due units of this fulfilment order as lines; `left` shrinks accordingly."""
    lines = []
    for part in row.parts:
        units = min(part.remaining, left.get(part.line, 0))
        if units > 0:
            lines.append({"id": part.id, "quantity": units})
            left[part.line] -= units
    return lines


def _part(client: Client, parting: list[Parting]) -> None:
    """Part the units that ship: a split puts the requested lines on a new fulfilment order."""
    # A list that is too long for one call is parted in several rounds.
    splits = [{"fulfillmentOrderId": row.id, "fulfillmentOrderLineItems": lines[:MOST_LINES]} for row, lines in parting]
    client.write("split", "fulfillmentOrderSplit", {"splits": splits})


def _ship(client: Client, whole: list[FulfilmentOrder], wanted: Fulfil) -> str:
    """Record one parcel of whole fulfilment orders and return its bare id."""
    parts = [{"fulfillmentOrderId": row.id} for row in whole]
    parcel: Json = {"lineItemsByFulfillmentOrder": parts, "notifyCustomer": wanted.notify_customer}
    if wanted.tracking:
        parcel["trackingInfo"] = {name: wanted.tracking[name] for name in TRACKING if wanted.tracking.get(name)}
    payload = client.write("fulfil", "fulfillmentCreate", {"fulfillment": parcel})
    return reference(payload.get("fulfillment"))


def _ended(raw: RawOrder, due: dict[str, int], made: list[str]) -> Outcome:
    """Return what came of it once nothing more can be shipped."""
    if made:
        return Done(reference=", ".join(made))
    if not due:
        return Already()
    if not raw.sees_logistics:
        raise Rejected(sentence("fulfilment orders cannot be seen: grant the app the fulfilment order scopes"))
    alive = [row for row in raw.fulfilment_orders if row.alive]
    if due.keys() & total(tuple(row for row in alive if row.held_by_others)).keys():
        return Blocked(reason=sentence("another app or a person holds these units: we wait until that hold is gone"))
    if due.keys() & total(tuple(row for row in alive if row.status == "IN_PROGRESS")).keys():
        return Blocked(reason=sentence("these units are being picked already: who picks them records the parcel"))
    if due.keys() & total(tuple(row for row in alive if row.held)).keys():
        return Blocked(reason=sentence("these units stand under our own hold: they are released first"))
    return Blocked(reason=sentence("these units no longer wait at the platform"))
