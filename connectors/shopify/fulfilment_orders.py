"""Fulfilment orders as read: who may touch which units. Their ids change with every hold, split and release.

A partial hold leaves the requested units on the old id and moves the rest to a new one; a split does the opposite;
a release merges siblings back and closes one of them. So they are read again after every write and never stored.
"""

from dataclasses import dataclass

from connectors.shopify.answers import Json
from connectors.shopify.client import Client
from connectors.shopify.ids import bare
from core.desired_state.our_tags import is_ours

FINISHED = frozenset({"CLOSED", "CANCELLED"})
LINES = 50
PAGE = 20
MOST_LINES = 250
"""The platform takes no longer list in a call."""


@dataclass(frozen=True, slots=True)
class Hold:
    """One hold; `ours` when this app placed it."""

    id: str
    handle: str
    reason: str
    ours: bool


@dataclass(frozen=True, slots=True)
class Part:
    """Units of one order line in one fulfilment order; `id` is the fulfilment order line's own."""

    id: str
    line: str
    remaining: int
    item: str | None


@dataclass(frozen=True, slots=True)
class FulfilmentOrder:
    """One fulfilment order. `actions` is the platform's own word on what may be asked of it, `due` its deadline."""

    id: str
    status: str
    location: str | None
    actions: frozenset[str]
    holds: tuple[Hold, ...]
    parts: tuple[Part, ...]
    due: str | None = None

    @property
    def number(self) -> str:
        """The bare id."""
        return bare(self.id)

    @property
    def alive(self) -> bool:
        """Whether units of it still wait."""
        return self.status not in FINISHED and any(part.remaining for part in self.parts)

    @property
    def own_holds(self) -> tuple[Hold, ...]:
        """Our own holds."""
        return tuple(hold for hold in self.holds if hold.ours)

    @property
    def held_by_others(self) -> bool:
        """Whether somebody else, or a schedule, keeps it back: then it is not ours to touch."""
        hidden = self.status == "ON_HOLD" and not self.holds
        return hidden or any(not hold.ours for hold in self.holds) or self.status in {"SCHEDULED", "INCOMPLETE"}

    @property
    def held(self) -> bool:
        """Whether a hold of ours keeps its units back."""
        return self.alive and bool(self.own_holds)

    @property
    def free(self) -> bool:
        """Whether it is open, without any hold."""
        return self.alive and self.status == "OPEN" and not self.holds

    def may(self, action: str) -> bool:
        """Whether the platform offers this action; an empty list says nothing."""
        return not self.actions or action in self.actions

    def units(self) -> dict[str, int]:
        """Return the units that wait, per order line."""
        found: dict[str, int] = {}
        for part in self.parts:
            if part.remaining:
                found[part.line] = found.get(part.line, 0) + part.remaining
        return found


def read_all(client: Client, order: str, connection: Json | None = None) -> tuple[FulfilmentOrder, ...]:
    """Return all fulfilment orders of the order (a global id), oldest first, reading on from a first page if given."""
    sizes = {"id": order, "first": PAGE, "lines": LINES}
    if connection is None:
        found = client.read("fulfilment_orders", "order", {**sizes, "after": None})
        connection = found["fulfillmentOrders"] if found else {"nodes": [], "pageInfo": {"hasNextPage": False}}
    nodes = client.rest(connection, "fulfilment_orders", ("order", "fulfillmentOrders"), sizes)
    return tuple(one(client, node) for node in nodes)


def total(orders: tuple[FulfilmentOrder, ...]) -> dict[str, int]:
    """Return the units that wait in these fulfilment orders, per order line."""
    found: dict[str, int] = {}
    for order in orders:
        for line, units in order.units().items():
            found[line] = found.get(line, 0) + units
    return found


def one(client: Client, node: Json) -> FulfilmentOrder:
    """Return one fulfilment order as answered, the rest of its lines read."""
    place = (node.get("assignedLocation") or {}).get("location") or {}
    sizes = {"id": node["id"], "first": LINES}
    lines = client.rest(node["lineItems"], "fulfilment_order_lines", ("fulfillmentOrder", "lineItems"), sizes)
    return FulfilmentOrder(
        id=node["id"],
        status=node["status"],
        location=bare(place["id"]) if place.get("id") else None,
        actions=frozenset(entry["action"] for entry in node.get("supportedActions") or ()),
        holds=tuple(_hold(entry) for entry in node.get("fulfillmentHolds") or ()),
        parts=tuple(_part(entry) for entry in lines),
        due=node.get("fulfillBy"),
    )


def _hold(node: Json) -> Hold:
    handle = node.get("handle") or ""
    ours = bool(node.get("heldByRequestingApp")) or is_ours(handle)
    return Hold(id=node["id"], handle=handle, reason=node.get("reason") or "", ours=ours)


def _part(node: Json) -> Part:
    item = node.get("inventoryItemId")
    return Part(
        id=node["id"], line=bare(node["lineItem"]["id"]), remaining=int(node["remainingQuantity"]),
        item=bare(item) if item else None,
    )  # fmt: skip
