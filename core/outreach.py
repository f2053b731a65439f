"""Drafting messages: facts become a row in the books, worded in the customer's language as of now."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from core.correspondence import Letter, PostOffice, Told
from core.notices import Draft
from core.plan import PlanException
from core.ports import Unit
from core.records import OrderRecord, Shop


def tell(
    unit: Unit, shop: Shop, post: PostOffice | None, as_of: datetime, record: OrderRecord, drafts: Iterable[Draft]
) -> OrderRecord:
    """Draft messages and return the order, which remembers when its customer was told."""
    due = as_of + timedelta(minutes=shop.policy.notices.window_minutes)
    for made in drafts:
        subject, body = _words(shop, post, as_of, record, made)
        added = unit.notices.add(
            shop=shop.id, order=record.id, kind=made.kind, key=made.key, to=record.snapshot.customer.email,
            subject=subject, body=body, at=as_of, facts=made.facts, due_at=due,
        )  # fmt: skip
        if added:
            record = replace(record, told_at=as_of)
    return record


def bounced(unit: Unit, shop: Shop, record: OrderRecord) -> Iterator[PlanException]:
    """Yield that the customer of a waiting order cannot be reached by mail, where the server refused the address."""
    customer, waits = record.snapshot.customer, record.plan is not None and record.plan.backordered > 0
    if record.told_at is None or customer.email is None or not waits or record.snapshot.status != "open":
        return
    why = unit.mails.stopped(shop.id, customer.email).get("all")
    if why is not None:
        detail = f"mail to the customer does not arrive: {why}"
        yield PlanException(code="MAIL_BOUNCED", detail=detail, order=record.id)


def letter(shop: Shop, record: OrderRecord, told: Iterable[Told], now: datetime) -> Letter:
    """Return a letter to the order's customer."""
    customer = record.snapshot.customer
    return Letter(
        shop=shop, told=tuple(told), locale=customer.locale, country=customer.country, now=now,
        customer=customer.name, address=customer.email,
    )  # fmt: skip


def told(record: OrderRecord, made: Draft) -> Told:
    """Return a draft as a part of a letter."""
    return Told(kind=made.kind, order=record.id, name=record.snapshot.name, facts=made.facts)


def _words(shop: Shop, post: PostOffice | None, as_of: datetime, record: OrderRecord, made: Draft) -> tuple[str, str]:
    """Return the message's subject and body as the customer would get them just now."""
    if post is None:
        return made.kind, ""
    worded = post.compose(letter(shop, record, [told(record, made)], as_of))
    return worded.subject, worded.text
