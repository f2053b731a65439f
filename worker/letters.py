"""What becomes of drafts on any way out, by our mail or by the merchant's tool: words, and a day that is kept."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from core.house import House
from core.messages import outreach
from core.messages.correspondence import Worded
from core.ports.books import Unit
from core.records import NoticeRecord, OrderRecord, Shop


def worded(
    unit: Unit, house: House, shop: Shop, parts: Sequence[NoticeRecord]
) -> tuple[dict[str, OrderRecord | None], Worded]:
    """Word the parts as one letter and keep its words with each; return the orders they are about, and the letter."""
    orders = {part.order: unit.orders.get(shop.id, part.order) for part in parts}
    made = house.post.compose(outreach.letter(shop, orders, parts, house.now()))
    for part in parts:
        unit.notices.word(part, subject=made.subject, body=made.text)
    return orders, made


def day_told(unit: Unit, record: OrderRecord | None, part: NoticeRecord, now: datetime) -> None:
    """Take down that the order's customer was told a day, where the part tells one: a promise from here on."""
    if record is not None and part.facts.get("on"):
        unit.orders.put(replace(record, published_at=record.published_at or now))


def message_id(house: House, shop: str, keys: Collection[str]) -> str:
    """Return the Message-ID: the same for the same messages to the same shop's customer, however often it is asked."""
    digest = hashlib.sha256("\x1f".join([shop, *sorted(keys)]).encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return f"<{digest}@{urlsplit(house.settings.external).hostname or 'backorder.invalid'}>"
