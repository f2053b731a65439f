"""Webhook subscriptions: who hears of which topic, and how a delivery is addressed."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from connectors.simulator.hooks import Message
from connectors.simulator.shopify.graphql_errors import Refused
from connectors.simulator.shopify.payloads import instant
from connectors.simulator.shopify.rows import Subscription
from connectors.simulator.shopify.state import Json, State

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
SIGNED_AS = "X-Shopify-Hmac-Sha256"
PRIVACY = frozenset({"customers/redact", "customers/data_request", "shop/redact"})
"""Topics that cannot be subscribed to: they go to an address in the app's own settings, here to every known one."""


def create(state: State, topic: str, wanted: Json) -> Subscription:
    """Subscribe to a topic (its enum name). Raises Refused for a plain http or doubled address.

    Plain http is taken for this machine, where the real platform refuses it.
    """
    uri = wanted.get("uri") or wanted.get("callbackUrl") or ""
    where = ("webhookSubscription", "uri")
    parts = urlsplit(uri)
    if not parts.hostname:
        raise Refused("Address is invalid", field=where)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise Refused(f"Address protocol {parts.scheme}:// is not supported", field=where)
    if wanted.get("filter"):
        raise Refused("The simulator does not filter", field=("webhookSubscription", "filter"))
    if any((row.topic, row.uri) == (topic, uri) for row in state.subscriptions.values()):
        raise Refused("Address for this topic has already been taken", field=where)
    made = Subscription(
        id=state.new_id("WebhookSubscription"),
        topic=topic,
        uri=uri,
        name=wanted.get("name"),
        include_fields=list(wanted.get("includeFields") or ()),
        created_at=state.now(),
        updated_at=state.now(),
    )
    state.subscriptions[made.id] = made
    state.addresses[uri] = made
    return made


def listening(state: State, topic: str) -> Iterator[Subscription]:
    """Yield the subscriptions to a topic (as deliveries name it); privacy topics reach every address once."""
    if topic not in PRIVACY:
        name = topic.upper().replace("/", "_")
        yield from [row for row in state.subscriptions.values() if row.topic == name]
        return
    yield from state.addresses.values()


def message(
    state: State, row: Subscription, topic: str, body: bytes, *, domain: str, event: str, secret: str, version: str
) -> Message:
    """Return the delivery of a body. Only the body is signed: topic, shop and ids are not."""
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Shopify-Captain-Hook",
        "X-Shopify-Topic": topic,
        "X-Shopify-Shop-Domain": domain,
        "X-Shopify-API-Version": version,
        "X-Shopify-Webhook-Id": state.new_uuid(),
        "X-Shopify-Triggered-At": instant(state.now()) or "",
        "X-Shopify-Event-Id": event,
    }
    if row.name:
        headers["X-Shopify-Name"] = row.name
    return Message(
        url=row.uri,
        topic=topic,
        subscription=str(row.id),
        signed_as=SIGNED_AS,
        secret=secret,
        headers=headers,
        body=body,
    )
