"""The two doors: one route a platform, one way in."""

import hashlib
import re
from datetime import UTC, datetime

import structlog
from flask import Blueprint, Response, current_app, request
from werkzeug.exceptions import RequestEntityTooLarge

from core.house import House
from core.planning.wake_ups import OWN
from core.ports.inbox import Letter
from core.records import Platform, Shop
from webhooks.signature import is_signed

LARGEST = 8 * 1024 * 1024
# A shop that we left may still demand that its people be forgotten.
PRIVACY = frozenset({"customers/redact", "customers/data_request", "shop/redact"})
FAREWELLS = frozenset({"app/uninstalled", "shop/redact"})
PING = re.compile(rb"webhook_id=\d{1,20}")
doors = Blueprint("webhooks", __name__, url_prefix="/webhooks")
log = structlog.get_logger(__name__)


@doors.post("/shopify")
def shopify() -> Response:
    """Take a Shopify delivery; the shop's name in the header is not signed, so only installed shops count."""
    house = _house()
    body = _body()
    name, signature = _told("Shop-Domain"), _told("Hmac-Sha256")
    if not (_is_name(name) and is_signed(body, signature, house.settings.shopify_secrets)):
        return _refuse("shopify", name)
    topic = _told("Topic")
    if topic in FAREWELLS and _came_back_since(house, name, _told("Triggered-At")):
        log.warning("farewell of an earlier installation", shop=name[:80], topic=topic)
        return Response("this was before the shop came back\n", mimetype="text/plain")
    # Who it is for is looked up where it is written down: one transaction does both, for all who come at once.
    shop = _write_down(house, name, "shopify", topic, _told("Webhook-Id"), body)
    if shop is None:
        return _refuse("shopify", name)
    version = _told("API-Version")
    if version and version != house.settings.shopify_api_version:
        # Bodies only name what to read again, so another version is no trouble; but somebody should know.
        log.info("delivery in another api version", shop=shop.id, told=version[:20], topic=topic[:80])
    return _answered(shop, topic)


def _told(name: str) -> str:
    """Return a header of Shopify's: with its X- as webhooks have it, without as its newer events do."""
    return request.headers.get(f"X-Shopify-{name}", request.headers.get(f"Shopify-{name}", ""))


@doors.post("/woocommerce/<shop>")
def woocommerce(shop: str) -> Response:
    """Take a WooCommerce delivery, or answer the unsigned ping that a new webhook sends."""
    house = _house()
    body = _body()
    known, secrets = _store(house, shop)
    if known is None:
        return _refuse("woocommerce", shop)
    signature = request.headers.get("X-WC-Webhook-Signature", "")
    if not signature and PING.fullmatch(body):
        return Response("pong", mimetype="text/plain")
    if not is_signed(body, signature, secrets):
        return _refuse("woocommerce", shop)
    topic = request.headers.get("X-WC-Webhook-Topic", "")
    delivery = request.headers.get("X-WC-Webhook-Delivery-ID", "")
    kept = _write_down(house, known.id, "woocommerce", topic, delivery, body)
    return _answered(kept, topic) if kept else _refuse("woocommerce", shop)


def _house() -> House:
    house: House = current_app.extensions["backorder"]
    return house


def _body() -> bytes:
    """Return the raw bytes; larger ones end in 413, with or without a Content-Length."""
    # One byte more than is taken: a longer body whose length was not announced is cut off there, not refused.
    request.max_content_length = LARGEST + 1
    body = request.get_data(cache=False)
    if len(body) > LARGEST:
        raise RequestEntityTooLarge
    return body


def _is_name(text: str) -> bool:
    return 0 < len(text) <= 300


def _store(house: House, name: str) -> tuple[Shop | None, tuple[str, ...]]:
    """Return the store and the secrets that its webhooks are signed with: the current one and the one before."""
    with house.books.read() as unit:
        shop = unit.shops.find(name) if _is_name(name) else None
        if shop is None or shop.platform != "woocommerce":
            return None, ()
        credentials = unit.shops.credentials(shop.id)
    return shop, (credentials.get("webhook_secret", ""), credentials.get("previous_webhook_secret", ""))


def _came_back_since(house: House, name: str, triggered_at: str) -> bool:
    """Whether the shop was connected after it had removed us: retries come hours later, and some deliveries a day."""
    with house.books.read() as unit:
        shop = unit.shops.find(name)
    try:
        at = datetime.fromisoformat(triggered_at)
        return shop is not None and shop.subscribed_at is not None and at < shop.subscribed_at.replace(microsecond=0)
    except (ValueError, TypeError):
        return False


def _write_down(house: House, shop: str, platform: Platform, topic: str, delivery: str, body: bytes) -> Shop | None:
    """Store durably and return the shop. Delivery ids are not unique on WooCommerce: the body is part of the key."""
    digest = hashlib.sha256(body).hexdigest()
    key = hashlib.sha256(f"{topic}\x1f{delivery}\x1f{digest}".encode("utf-8", "surrogateescape")).hexdigest()
    safe_topic = topic.encode("ascii", "replace").decode().replace("\x00", "?")[:100]
    if safe_topic.startswith(OWN):
        with house.books.read() as unit:
            known = unit.shops.find(shop)
        return known if known and known.platform == platform else None
    letter = Letter(
        shop=shop, platform=platform, topic=safe_topic, key=key, body=body, at=datetime.now(UTC),
        last_wish=topic in PRIVACY,
    )  # fmt: skip
    kept = house.books.write_down(letter)
    house.wake()
    return kept


def _answered(shop: Shop, topic: str) -> Response:
    if shop.left and topic not in PRIVACY:
        return Response("this shop was disconnected here\n", status=410, mimetype="text/plain")
    return Response("ok", mimetype="text/plain")


def _refuse(platform: str, shop: str) -> Response:
    log.warning("delivery refused", platform=platform, shop=shop[:80])
    return Response("signature or shop not known\n", status=401, mimetype="text/plain")
