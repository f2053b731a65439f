"""Messages that the merchant's own tool sends: handed over as events, worded, so that nothing goes out twice."""

from collections.abc import Sequence
from datetime import UTC, datetime

from core.hooks import announcing
from core.hooks.outgoing import NOTICE_DUE
from core.house import House
from core.ports.books import Unit
from core.records import NoticeRecord, Shop
from worker import letters


def over(unit: Unit, house: House, shop: Shop, parts: Sequence[NoticeRecord]) -> bool:
    """Hand the parts, one letter, to the endpoints that take messages; False, and they stay drafts, where none does."""
    if not any(one.state == "on" and NOTICE_DUE in one.events for one in unit.hooks.all(shop.id)):
        return False
    now = house.now()
    orders, worded = letters.worded(unit, house, shop, parts)
    letter = {
        "to": parts[0].to, "language": worded.language, "subject": worded.subject, "text": worded.text,
        "html": worded.html, "kinds": [part.kind for part in parts],
    }  # fmt: skip
    once = ",".join(sorted(part.key for part in parts))
    event = announcing.notice_due(letter, orders, shop, house.post.link, once, now)
    unit.hooks.tell(shop.id, event, now=datetime.now(UTC))
    for part in parts:
        unit.audit.write(
            shop=shop.id, at=now, actor="backorder", what=f"handed to your tool: {part.kind}", order=part.order or None,
            outcome="done",
        )  # fmt: skip
        letters.day_told(unit, orders[part.order], part, now)
    name = letters.message_id(house, shop.id, [part.key for part in parts])
    unit.notices.settle(parts, "sent", mail=unit.mails.handed(shop.id, parts[0].to or "", message_id=name, now=now))
    return True
