"""A new secret for a shop's webhooks, where we are the one who gives it.

The door takes both secrets from the first moment on. The subscriptions are made anew with the new one: a platform does
not show which secret a subscription has, and a new one has no failures behind it. What happens in between is found by
the comparison that follows.
"""

from datetime import UTC, datetime, timedelta

from core.errors import Misuse
from core.house import House
from core.planning import wake_ups
from core.ports.connector import ShopConnector
from core.records import Shop
from core.sentences import sentence

NEW = "webhook_secret"
BEFORE = "previous_webhook_secret"
SINCE = "webhook_secret_since"
UNDER_WAY = "webhook_secret_under_way"
STILL_TAKEN = timedelta(days=1)
"""How long the secret before is taken: deliveries that were sent with it may be under way."""


def rotate(house: House, shop: Shop, connector: ShopConnector, *, url: str, secret: str) -> None:
    """Give the shop's webhooks a new secret. One that was cut off is finished first, by the next call or check."""
    if shop.platform != "woocommerce":
        raise Misuse(
            sentence("%(domain)s signs with the app's secret: put the new one first in its setting", domain=shop.domain)
        )
    _finish(house, shop, connector, url)
    with house.books.write() as unit:
        known = unit.shops.credentials(shop.id)
        now = datetime.now(UTC).isoformat()
        changed = {**known, BEFORE: known.get(NEW, ""), NEW: secret, SINCE: now, UNDER_WAY: "1"}
        unit.shops.put_credentials(shop.id, changed)
    _finish(house, shop, connector, url)
    with house.books.write() as unit:
        unit.audit.write(shop=shop.id, at=house.now(), actor="person", what="webhook secret rotated", outcome="done")


def settle(house: House, shop: Shop, connector: ShopConnector, *, url: str) -> None:
    """Finish a rotation that was cut off, and forget the secret before when its time is over."""
    _finish(house, shop, connector, url)
    with house.books.read() as unit:
        known = unit.shops.credentials(shop.id)
    if known.get(BEFORE) and _is_over(known.get(SINCE, "")):
        _without(house, shop, BEFORE, SINCE)


def _finish(house: House, shop: Shop, connector: ShopConnector, url: str) -> None:
    with house.books.read() as unit:
        known = unit.shops.credentials(shop.id)
    if not known.get(UNDER_WAY):
        return
    connector.unsubscribe(url)
    connector.subscribe(url, known[NEW])
    _without(house, shop, UNDER_WAY)
    with house.books.write() as unit:
        wake_ups.compare(unit, shop.id, at=datetime.now(UTC))


def _is_over(since: str) -> bool:
    try:
        return datetime.now(UTC) - datetime.fromisoformat(since) >= STILL_TAKEN
    except ValueError:
        return True


def _without(house: House, shop: Shop, *names: str) -> None:
    with house.books.write() as unit:
        known = unit.shops.credentials(shop.id)
        # Erased in the meantime (disconnected): nothing must bring them back.
        if known:
            unit.shops.put_credentials(shop.id, {name: text for name, text in known.items() if name not in names})
