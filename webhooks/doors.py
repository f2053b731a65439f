"""The two doors: one for each platform, one way in."""

import hashlib
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from http import HTTPStatus

import structlog

from core.house import House
from core.planning.wake_ups import OWN
from core.ports.inbox import Letter
from core.records import Platform, Shop
from webhooks.exchange import Answer, Delivered
from webhooks.refusals import Refused
from webhooks.signature import is_signed

# A shop that we left may still demand that its people be forgotten.
PRIVACY = frozenset({"customers/redact", "customers/data_request", "shop/redact"})
FAREWELLS = frozenset({"app/uninstalled", "shop/redact"})
LONGEST = 300
UNKNOWN = "the shop is not known"
PING = re.compile(rb"webhook_id=\d{1,20}")
log = structlog.get_logger(__name__)


def shopify(house: House, delivered: Delivered) -> Answer:
    """Take a Shopify delivery; the shop's name in the header is not signed, so only installed shops count.

    Raises Refused, as the other door does.
    """
    body = delivered.body()
    name, signature = _told(delivered, "Shop-Domain"), _told(delivered, "Hmac-Sha256")
    if not _is_name(name):
        raise Refused("shopify", "", "it names no shop")
    _check("shopify", name, body, signature, house.settings.shopify_secrets)
    topic = _told(delivered, "Topic")
    if topic in FAREWELLS and _came_back_since(house, name, _told(delivered, "Triggered-At")):
        log.warning("farewell of an earlier installation", shop=name[:80], topic=topic)
        return Answer("this was before the shop came back")
    # Who it is for is looked up where it is written down: one transaction does both, for all who come at once.
    shop = _write_down(house, name, "shopify", topic, _told(delivered, "Webhook-Id"), body, trace=delivered.trace)
    if shop is None:
        raise Refused("shopify", name, UNKNOWN)
    version = _told(delivered, "API-Version")
    if version and version != house.settings.shopify_api_version:
        # Bodies only name what to read again, so another version is no trouble; but somebody should know.
        log.info("delivery in another api version", shop=shop.id, told=version[:20], topic=topic[:80])
    return _answered(shop, topic)


def _told(delivered: Delivered, name: str) -> str:
    """Return a header of Shopify's: with its X- as webhooks have it, without as its newer events do."""
    return delivered.header(f"X-Shopify-{name}", f"Shopify-{name}")


def woocommerce(house: House, delivered: Delivered, shop: str) -> Answer:
    """Take a WooCommerce delivery, or answer the unsigned ping that a new webhook sends."""
    body, signature = delivered.body(), delivered.header("X-WC-Webhook-Signature")
    # Whatever store it names: only who has its secret learns whether it is one of ours.
    if not signature and PING.fullmatch(body):
        return Answer("pong")
    known, secrets = _store(house, shop)
    if known is None:
        raise Refused("woocommerce", shop[:LONGEST], UNKNOWN)
    _check("woocommerce", known.id, body, signature, secrets)
    topic = delivered.header("X-WC-Webhook-Topic")
    number = delivered.header("X-WC-Webhook-Delivery-ID")
    kept = _write_down(house, known.id, "woocommerce", topic, number, body, trace=delivered.trace)
    if kept is None:
        raise Refused("woocommerce", known.id, UNKNOWN)
    return _answered(kept, topic)


def _check(platform: Platform, shop: str, body: bytes, signature: str, secrets: Sequence[str]) -> None:
    if not is_signed(body, signature, secrets):
        raise Refused(platform, shop, "the signature is wrong" if signature else "it is not signed")


def _is_name(text: str) -> bool:
    return 0 < len(text) <= LONGEST


def _store(house: House, name: str) -> tuple[Shop | None, tuple[str, ...]]:
    """Return the store and the secrets that its webhooks are signed with: the current one and the one before."""
    shop, credentials = house.books.recognised(name) if _is_name(name) else (None, {})
    if shop is None or shop.platform != "woocommerce":
        return None, ()
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


def _write_down(
    house: House, shop: str, platform: Platform, topic: str, delivery: str, body: bytes, *, trace: str | None
) -> Shop | None:
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
        last_wish=topic in PRIVACY, trace=trace,
    )  # fmt: skip
    return house.books.write_down(letter)


def _answered(shop: Shop, topic: str) -> Answer:
    if shop.left and topic not in PRIVACY:
        return Answer("this shop was disconnected here", HTTPStatus.GONE)
    return Answer("ok")
