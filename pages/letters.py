"""Messages to customers as the merchant reads them: what has not left has no words yet, and gets those of now."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from core.messages import outreach, post_rules
from core.messages.correspondence import Speech
from core.records import NoticeRecord, OrderRecord, Shop
from pages.languages import language
from pages.retelling import retold
from pages.visitor import house


def worded(
    shop: Shop, orders: Mapping[str, OrderRecord | None], notices: Iterable[NoticeRecord]
) -> tuple[NoticeRecord, ...]:
    """Return the messages with their words; those of a customer who is forgotten have none any more."""
    return tuple(_worded(shop, orders, notice) for notice in notices)


def spoken_to(shop: Shop) -> Speech:
    """Return how the page's reader is spoken to."""
    return house().post.speak(language(), None, zone=shop.timezone, now=house().now())


def kept_back(shop: Shop) -> str | None:
    """Return why no message may leave; None where they may."""
    why = post_rules.may_leave(shop, ready=house().post.ready)
    return retold(why) if why else None


def _worded(shop: Shop, orders: Mapping[str, OrderRecord | None], notice: NoticeRecord) -> NoticeRecord:
    if notice.subject or not notice.facts:
        return notice
    subject, body = house().post.words(outreach.letter(shop, orders, [notice], house().now()))
    return replace(notice, subject=subject, body=body)
