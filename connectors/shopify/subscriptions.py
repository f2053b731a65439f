"""Our webhook subscriptions: exactly those that we need, each once, at our own address."""

from collections.abc import Iterable

from connectors.shopify.answers import Json, read_value
from connectors.shopify.client import Client
from core.errors import NotFound, Rejected
from core.sentences import sentence

PAGE = 100
TOPICS = (
    "orders/create", "orders/updated", "orders/edited", "orders/cancelled", "orders/delete", "refunds/create",
    "fulfillments/create", "fulfillments/update", "fulfillment_orders/placed_on_hold",
    "fulfillment_orders/hold_released", "fulfillment_orders/split", "fulfillment_orders/merged",
    "fulfillment_orders/moved", "fulfillment_orders/cancelled", "fulfillment_orders/order_routing_complete",
    "fulfillment_orders/scheduled_fulfillment_order_ready", "fulfillment_orders/rescheduled",
    "fulfillment_orders/progress_reported", "fulfillment_orders/manually_reported_progress_stopped",
    # The two above on holds come with the first and the last one only: these come with each, ours beside another's.
    "fulfillment_holds/added", "fulfillment_holds/released",
    "inventory_levels/update", "inventory_levels/connect", "inventory_levels/disconnect", "inventory_items/update",
    "inventory_items/delete", "products/update", "locations/update", "locations/activate", "locations/deactivate",
    "app/uninstalled", "app/scopes_update", "shop/update", "bulk_operations/finish",
)  # fmt: skip
# Asked for only where the merchant granted the scope: not every shop uses them.
WITH_SCOPE = {
    "inventory_transfers/ready_to_ship": "read_inventory_transfers",
    "inventory_transfers/add_items": "read_inventory_transfers",
    "inventory_transfers/remove_items": "read_inventory_transfers",
    "inventory_transfers/update_item_quantities": "read_inventory_transfers",
    "inventory_transfers/complete": "read_inventory_transfers",
    "inventory_transfers/cancel": "read_inventory_transfers",
    "inventory_shipments/create": "read_inventory_shipments",
    "inventory_shipments/mark_in_transit": "read_inventory_shipments",
    "inventory_shipments/update_tracking": "read_inventory_shipments",
    "inventory_shipments/add_items": "read_inventory_shipments",
    "inventory_shipments/remove_items": "read_inventory_shipments",
    "inventory_shipments/update_item_quantities": "read_inventory_shipments",
    "inventory_shipments/delete": "read_inventory_shipments",
    "inventory_shipments/receive_items": "read_inventory_shipments_received_items",
}
TAKEN = "already been taken"
SCOPE_WORDS = ("access", "scope", "permission", "approved")


class Subscriptions:
    """The webhook subscriptions of one shop. All that this app's key can list are this app's own."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def make(self, url: str) -> tuple[str, ...]:
        """Make them be exactly those we need at `url`; return what was mended and what was refused, as sentences.

        A topic refused for a missing scope is told, not fatal: the periodic comparison finds what it would have said.
        """
        wanted = {_name(topic): topic for topic in (*TOPICS, *self._allowed())}
        kept: set[str] = set()
        wrong_here: list[Json] = []
        elsewhere: list[Json] = []
        for row in self._list():
            if _is_right(row, url) and row["topic"] in wanted and row["topic"] not in kept:
                kept.add(row["topic"])
            else:
                (wrong_here if row.get("uri") == url else elsewhere).append(row)
        # What stands in the way at our address goes first; what still works elsewhere only once ours stand.
        said = [self._remove(row) for row in wrong_here]
        said += [self._create(name, topic, url) for name, topic in wanted.items() if name not in kept]
        said += [self._remove(row) for row in elsewhere]
        return tuple(said)

    def remove_all(self) -> None:
        """Remove every subscription of ours."""
        for row in self._list():
            self._remove(row)

    def _list(self) -> list[Json]:
        return list(self._client.pages("webhooks", "webhookSubscriptions", {"first": PAGE}))

    def _allowed(self) -> Iterable[str]:
        told = read_value(self._client.ask("shop", {}), root="currentAppInstallation") or {}
        granted = {entry["handle"] for entry in told.get("accessScopes") or ()}
        return [topic for topic, scope in WITH_SCOPE.items() if scope in granted]

    def _create(self, name: str, topic: str, url: str) -> str:
        wanted = {"uri": url, "format": "JSON"}
        try:
            self._client.write("webhook_create", "webhookSubscriptionCreate", {"topic": name, "sub": wanted})
        except Rejected as problem:
            if TAKEN in str(problem):
                return sentence("%(topic)s: subscribed", topic=topic)
            if any(word in str(problem).lower() for word in SCOPE_WORDS):
                return sentence(
                    "%(topic)s: not subscribed, the app may not (%(problem)s)", topic=topic, problem=problem
                )
            raise
        return sentence("%(topic)s: subscribed", topic=topic)

    def _remove(self, row: Json) -> str:
        """Delete one; one that is gone already is what we want. It is safe to repeat."""
        try:
            self._client.write("webhook_delete", "webhookSubscriptionDelete", {"id": row["id"]})
        except Rejected as problem:
            if not isinstance(problem, NotFound) and "exist" not in str(problem):
                raise
        return sentence("%(topic)s: removed a subscription that is not needed here", topic=_topic(row["topic"]))


def _name(topic: str) -> str:
    """Return the schema's name of a topic."""
    return topic.upper().replace("/", "_")


def _topic(name: str) -> str:
    """Return the topic as deliveries name it, as far as we know it."""
    known = {_name(topic): topic for topic in (*TOPICS, *WITH_SCOPE)}
    return known.get(name, name.lower())


def _is_right(row: Json, url: str) -> bool:
    """Whether it delivers everything to us: a filter would hide some."""
    return row.get("uri") == url and row.get("format") == "JSON" and not row.get("filter")
