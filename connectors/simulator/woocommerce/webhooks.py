"""Webhooks: the REST routes, what fires them, and what they carry.

A payload is what the API answers when it is delivered, not when the event happened; pending duplicates are one
delivery. Nothing is tried again, the 7th failure in a row disables the webhook, and switching it on again does
not forget the failures.
"""

import hashlib
import secrets
import string
import time
from collections.abc import Callable, Mapping
from functools import partial
from urllib.parse import urlsplit

import requests

from connectors.simulator.hooks import Hooks, Message
from connectors.simulator.woocommerce import (
    authentication,
    coupons,
    customers,
    orders,
    payloads,
    products,
    rest,
)
from connectors.simulator.woocommerce.rest import Answer, Call, RestError
from connectors.simulator.woocommerce.rows import Json, Key, Webhook
from connectors.simulator.woocommerce.state import State

USER_AGENT = "WooCommerce/{} Hookshot (WordPress/6.9.1)"
STATUSES = ("active", "paused", "disabled")
PING_TIMEOUT = 5.0
POST_META = "woocommerce_process_shop_coupon_meta"
PRODUCT_META = "woocommerce_process_product_meta"
TOPICS: Mapping[str, tuple[str, ...]] = {
    "coupon.created": (POST_META, "woocommerce_new_coupon"),
    "coupon.updated": (POST_META, "woocommerce_update_coupon"),
    "coupon.deleted": ("wp_trash_post",),
    "coupon.restored": ("untrashed_post",),
    "customer.created": ("user_register", "woocommerce_created_customer", "woocommerce_new_customer"),
    "customer.updated": ("profile_update", "woocommerce_update_customer"),
    "customer.deleted": ("delete_user",),
    "order.created": ("woocommerce_new_order",),
    "order.updated": ("woocommerce_update_order", "woocommerce_order_refunded"),
    "order.deleted": ("wp_trash_post", "woocommerce_trash_order"),
    "order.restored": ("untrashed_post", "woocommerce_untrash_order"),
    "product.created": (PRODUCT_META, "woocommerce_new_product", "woocommerce_new_product_variation"),
    "product.updated": (PRODUCT_META, "woocommerce_update_product", "woocommerce_update_product_variation"),
    "product.deleted": ("wp_trash_post",),
    "product.restored": ("untrashed_post",),
}
"""The topics with the store's inner events that raise them, as the API shows them."""


class Announcer:
    """Tells the active webhooks of a topic about a row. `State.fire` points here."""

    def __init__(self, state: State, hooks: Hooks, wall: Callable[[], float] = time.time) -> None:
        self._state = state
        self._hooks = hooks
        self._wall = wall

    def fire(self, topic: str, row_id: int) -> None:
        """Queue one delivery for each active webhook of this topic."""
        for webhook in self._state.webhooks.values():
            if webhook.topic == topic and webhook.status == "active":
                self._hooks.send(self._message(webhook, row_id))

    def disable(self, subscription: str) -> None:
        """Switch a webhook off after too many failures."""
        with self._state.lock:
            webhook = self._state.webhooks.get(int(subscription))
            if webhook is not None:
                webhook.status, webhook.modified = "disabled", self._state.now()

    def _message(self, webhook: Webhook, row_id: int) -> Message:
        resource, event = webhook.topic.split(".")
        return Message(
            url=webhook.url,
            topic=webhook.topic,
            subscription=str(webhook.id),
            signed_as="X-WC-Webhook-Signature",
            secret=webhook.secret,
            headers={
                "User-Agent": USER_AGENT.format(self._state.version),
                "Content-Type": "application/json",
                "X-WC-Webhook-Source": f"{self._state.home}/",
                "X-WC-Webhook-Topic": webhook.topic,
                "X-WC-Webhook-Resource": resource,
                "X-WC-Webhook-Event": event,
                "X-WC-Webhook-ID": str(webhook.id),
            },
            build=partial(self._built, webhook, row_id),
            merge=f"{webhook.id}/{row_id}",
            redirects_succeed=True,
        )

    def _built(self, webhook: Webhook, row_id: int) -> tuple[bytes, Mapping[str, str]]:
        """The body as of now. The delivery id is made of the webhook and the second: it is not unique."""
        with self._state.lock:
            body = payloads.encoded(payload(self._state, webhook, row_id))
        digest = hashlib.sha256(f"{webhook.id}/{int(self._wall())}".encode()).hexdigest()
        return body, {"X-WC-Webhook-Delivery-ID": digest[:32]}


def payload(state: State, webhook: Webhook, row_id: int) -> Json:
    """What a delivery carries: the row as it is now, its bare id when deleted, or an error where it cannot be read."""
    resource, event = webhook.topic.split(".")
    if event == "deleted":
        return {"id": row_id}
    readers = {"order": orders.get, "product": products.get, "coupon": coupons.get, "customer": customers.get}
    try:
        if webhook.user_id in state.demoted:
            raise authentication.refused("view", known=True)
        author = Key(id=0, consumer_key="", consumer_secret="", permissions="read", user_id=webhook.user_id)
        call = Call(method="GET", path="", query={}, body={}, user=author)
        return readers[resource](state, call, row_id).body
    except RestError as refused:
        return refused.body()


def listed(state: State, call: Call) -> Answer:
    """A page of webhooks; neither secrets nor failures are shown."""
    status = call.query.get("status", "all")
    rows = [row for row in state.webhooks.values() if status in {"all", row.status}]
    rows = rest.ordered(call, rest.chosen(call, rows))
    return rest.page(state, call, rows, lambda row: shown(state, row))


def get(state: State, call: Call, webhook_id: int) -> Answer:  # noqa: ARG001  # one shape for all routes
    """One webhook."""
    return Answer(shown(state, _found(state, webhook_id)))


def create(state: State, call: Call) -> Answer:
    """Add a webhook and ping its address before answering; a ping that fails changes nothing."""
    topic, url = _topic(call.body.get("topic")), _url(call.body.get("delivery_url"))
    status = _status(call.body.get("status", "active"))
    now = state.now()
    row = Webhook(
        id=state.new_id("webhook"),
        name=str(call.body.get("name") or now.strftime("Webhook created on %b %d, %Y @ %I:%M %p")),
        status=status,
        topic=topic,
        url=url,
        secret=str(call.body.get("secret") or _random_secret()),
        user_id=call.user.user_id,
        created=now,
    )
    state.webhooks[row.id] = row
    where = payloads.rest_url(state, f"webhooks/{row.id}")
    return Answer(shown(state, row), 201, {"Location": where}, after=partial(_ping, state.version, row.url, row.id))


def update(state: State, call: Call, webhook_id: int) -> Answer:
    """Change a webhook. Setting it active again does not reset its failures: the next one disables it again."""
    row, body = _found(state, webhook_id), call.body
    if "topic" in body:
        row.topic = _topic(body["topic"])
    if "delivery_url" in body:
        row.url = _url(body["delivery_url"])
    if "status" in body:
        row.status = _status(body["status"])
    row.name, row.secret = str(body.get("name") or row.name), str(body.get("secret") or row.secret)
    row.modified = state.now()
    return Answer(shown(state, row))


def delete(state: State, call: Call, webhook_id: int) -> Answer:
    """Remove a webhook; only with `force`."""
    row = _found(state, webhook_id)
    if not call.flag("force"):
        raise RestError(501, "woocommerce_rest_trash_not_supported", "Webhooks do not support trashing.")
    del state.webhooks[row.id]
    return Answer(shown(state, row))


def many(state: State, call: Call) -> Answer:
    """`webhooks/batch`; the pings of what it creates are left out."""
    return rest.batch(
        call,
        create=lambda one: create(state, one),
        update=lambda one, row_id: update(state, one, row_id),
        delete=lambda one, row_id: delete(state, one, row_id),
    )


def shown(state: State, row: Webhook) -> dict[str, Json]:
    """One webhook as JSON."""
    resource, event = row.topic.split(".")
    return {
        "id": row.id,
        "name": row.name,
        "status": row.status,
        "topic": row.topic,
        "resource": resource,
        "event": event,
        "hooks": list(TOPICS[row.topic]),
        "delivery_url": row.url,
        "date_created": payloads.local(state, row.created),
        "date_created_gmt": payloads.gmt(row.created),
        "date_modified": payloads.local(state, row.modified),
        "date_modified_gmt": payloads.gmt(row.modified),
        "_links": payloads.links(state, "webhooks", row.id),
    }


def _ping(version: str, url: str, webhook_id: int) -> None:
    """The unsigned greeting: a form with the id, no webhook headers."""
    try:
        requests.post(
            url,
            data={"webhook_id": str(webhook_id)},
            headers={"User-Agent": USER_AGENT.format(version)},
            timeout=PING_TIMEOUT,
            allow_redirects=False,
        )
    except requests.RequestException:
        return  # the platform creates the webhook all the same


def _random_secret() -> str:
    letters = string.ascii_letters + string.digits
    return "".join(secrets.choice(letters) for _ in range(50))


def _topic(topic: object) -> str:
    if topic not in TOPICS:
        words = "Webhook topic is required and must be valid."
        raise RestError(400, "woocommerce_rest_shop_webhook_invalid_topic", words)
    return str(topic)


def _url(url: object) -> str:
    parts = urlsplit(str(url or ""))
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        words = "Webhook delivery URL must be a valid URL starting with http:// or https://."
        raise RestError(400, "woocommerce_rest_shop_webhook_invalid_delivery_url", words)
    return str(url)


def _status(status: object) -> str:
    rest.one_of("status", str(status), STATUSES)
    return str(status)


def _found(state: State, webhook_id: int) -> Webhook:
    row = state.webhooks.get(webhook_id)
    if row is None:
        raise RestError(404, "woocommerce_rest_shop_webhook_invalid_id", "Invalid ID.")
    return row
