"""The two doors: one route a platform, one way in."""

import hashlib
import re
from datetime import UTC, datetime

import structlog
from flask import Blueprint, Flask, Response, current_app, request
from werkzeug.exceptions import RequestEntityTooLarge

from core.house import House
from core.ports import Letter
from core.records import Shop
from core.wake_ups import OWN
from webhooks.signature import is_signed

LARGEST = 8 * 1024 * 1024
# A shop that we left may still demand that its people be forgotten.
PRIVACY = frozenset({"customers/redact", "customers/data_request", "shop/redact"})
PING = re.compile(rb"webhook_id=\d{1,20}")
doors = Blueprint("webhooks", __name__, url_prefix="/webhooks")
log = structlog.get_logger(__name__)


def register(app: Flask) -> None:
    """Open the doors; they are exempt from CSRF because every delivery carries a signature."""
    csrf = app.extensions.get("csrf")
    if csrf is not None:
        csrf.exempt(doors)
    app.register_blueprint(doors)


@doors.post("/shopify")
def shopify() -> Response:
    """Take a Shopify delivery; the shop's name in the header is not signed, so only installed shops count."""
    house = _house()
    body = _body()
    name, signature = _told("Shop-Domain"), _told("Hmac-Sha256")
    if not is_signed(body, signature, house.settings.shopify_secrets):
        return _refuse("shopify", name)
    shop = _shop(house, name, "shopify")
    if shop is None:
        return _refuse("shopify", name)
    topic = _told("Topic")
    version = _told("API-Version")
    if version and version != house.settings.shopify_api_version:
        # Bodies only name what to read again, so another version is no trouble; but somebody should know.
        log.info("delivery in another api version", shop=shop.id, told=version[:20], topic=topic[:80])
    if _left(shop) and topic not in PRIVACY:
        return Response("this shop was disconnected here\n", status=410, mimetype="text/plain")
    return _write_down(house, shop, topic, _told("Webhook-Id"), body)


def _told(name: str) -> str:
    """Return a header of Shopify's: with its X- as webhooks have it, without as its newer events do."""
    return request.headers.get(f"X-Shopify-{name}", request.headers.get(f"Shopify-{name}", ""))


@doors.post("/woocommerce/<shop>")
def woocommerce(shop: str) -> Response:
    """Take a WooCommerce delivery, or answer the unsigned ping that a new webhook sends."""
    house = _house()
    body = _body()
    known = _shop(house, shop, "woocommerce")
    if known is None:
        return _refuse("woocommerce", shop)
    signature = request.headers.get("X-WC-Webhook-Signature", "")
    if not signature and PING.fullmatch(body):
        return Response("pong", mimetype="text/plain")
    with house.books.read() as unit:
        credentials = unit.shops.credentials(known.id)
    secrets = (credentials.get("webhook_secret", ""), credentials.get("previous_webhook_secret", ""))
    if not is_signed(body, signature, secrets):
        return _refuse("woocommerce", shop)
    topic = request.headers.get("X-WC-Webhook-Topic", "")
    return _write_down(house, known, topic, request.headers.get("X-WC-Webhook-Delivery-ID", ""), body)


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


def _shop(house: House, name: str, platform: str) -> Shop | None:
    with house.books.read() as unit:
        shop = unit.shops.find(name) if name and len(name) <= 300 else None
    return shop if shop and shop.platform == platform else None


def _left(shop: Shop) -> bool:
    """Whether a person disconnected the shop here; one that removed us itself is answered, and ignored."""
    return shop.state == "uninstalled" and shop.subscribed_at is None


def _write_down(house: House, shop: Shop, topic: str, delivery: str, body: bytes) -> Response:
    """Store durably, then answer. Delivery ids are not unique on WooCommerce, so the body is part of the key."""
    digest = hashlib.sha256(body).hexdigest()
    key = hashlib.sha256(f"{topic}\x1f{delivery}\x1f{digest}".encode("utf-8", "surrogateescape")).hexdigest()
    safe_topic = topic.encode("ascii", "replace").decode().replace("\x00", "?")[:100]
    if not safe_topic.startswith(OWN):
        letter = Letter(shop=shop.id, topic=safe_topic, key=key, body=body, at=datetime.now(UTC))
        house.books.write_down(letter)
        house.wake()
    return Response("ok", mimetype="text/plain")


def _refuse(platform: str, shop: str) -> Response:
    log.warning("delivery refused", platform=platform, shop=shop[:80])
    return Response("signature or shop not known\n", status=401, mimetype="text/plain")
