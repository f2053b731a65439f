"""Wake-ups of our own, in the inbox beside what platforms send. A copy that still waits is enough for all who ask."""

import json
from datetime import datetime

from core.ports.books import Unit

OWN = "backorder/"
COMPARE = f"{OWN}sync"
WEBHOOKS = f"{OWN}webhooks"
REPLAN = f"{OWN}replan"
READ_ORDER = f"{OWN}read-order"
READ_ITEM = f"{OWN}read-item"


def compare(unit: Unit, shop: str, *, at: datetime) -> None:
    """Ask for a comparison of the books with the shop."""
    unit.inbox.add(shop=shop, topic=COMPARE, key="sync", body=b"{}", at=at)


def look_at_webhooks(unit: Unit, shop: str, *, at: datetime) -> None:
    """Ask for a look at the shop's subscriptions."""
    unit.inbox.add(shop=shop, topic=WEBHOOKS, key="webhooks", body=b"{}", at=at)


def replan(unit: Unit, shop: str, *, at: datetime) -> None:
    """Ask for a new plan of the whole shop."""
    unit.inbox.add(shop=shop, topic=REPLAN, key="replan", body=b"{}", at=at)


def replan_order(
    unit: Unit, shop: str, order: str, *, at: datetime, due: datetime | None = None, why: str = "replan-order"
) -> None:
    """Ask for a new plan of one order; those with another `why` wait beside each other."""
    body = json.dumps({"orders": [order]}).encode()
    unit.inbox.add(shop=shop, topic=REPLAN, key=f"{why}:{order}", body=body, at=at, due=due)


def read_order(unit: Unit, shop: str, order: str, *, at: datetime, due: datetime) -> None:
    """Ask for one more read of an order."""
    body = json.dumps({"id": order}).encode()
    unit.inbox.add(shop=shop, topic=READ_ORDER, key=key_of_order(order), body=body, at=at, due=due)


def read_item(unit: Unit, shop: str, item: str, *, at: datetime, due: datetime | None = None) -> None:
    """Ask for one more read of an item, now or when it is due."""
    body = json.dumps({"id": item}).encode()
    unit.inbox.add(shop=shop, topic=READ_ITEM, key=key_of_item(item), body=body, at=at, due=due or at)


def key_of_order(order: str) -> str:
    """Return the key under which a read of the order waits, or lies buried."""
    return f"{READ_ORDER}:{order}"


def key_of_item(item: str) -> str:
    """Return the key under which a read of the item waits, or lies buried."""
    return f"{READ_ITEM}:{item}"
