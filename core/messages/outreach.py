"""Drafting messages: facts become a row in the books. They get their words when they are shown or leave."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from core.messages.correspondence import Letter, Told
from core.messages.notices import Draft
from core.plan import PlanException
from core.ports.books import Unit
from core.records import NewNotice, NoticeRecord, OrderRecord, Shop
from core.sentences import sentence
from core.snapshots import Customer


def tell(unit: Unit, shop: Shop, as_of: datetime, record: OrderRecord, drafts: Iterable[Draft]) -> OrderRecord:
    """Draft messages and return the order, which remembers when its customer was told."""
    (told,) = tell_all(unit, shop, as_of, [(record, tuple(drafts))])
    return told


def tell_all(
    unit: Unit, shop: Shop, as_of: datetime, drafted: Sequence[tuple[OrderRecord, Sequence[Draft]]]
) -> list[OrderRecord]:
    """The same of several orders."""
    due = as_of + timedelta(minutes=shop.policy.notices.window_minutes)
    added = unit.notices.add(
        [
            NewNotice(
                shop=shop.id, order=record.id, kind=made.kind, key=made.key, to=record.snapshot.customer.email,
                facts=made.facts, at=as_of, due=due,
            )
            for record, drafts in drafted
            for made in drafts
        ]
    )  # fmt: skip
    return [
        replace(record, told_at=as_of) if any(made.key in added for made in drafts) else record
        for record, drafts in drafted
    ]


def unreachable(unit: Unit, shop: Shop, records: Iterable[OrderRecord]) -> Mapping[str, str]:
    """Return why mail does not arrive, by address, among the customers who were told something."""
    told = {record.snapshot.customer.email for record in records if record.told_at and record.snapshot.customer.email}
    return unit.mails.bounced(shop.id, told) if told else {}


def bounces(record: OrderRecord, unreachable: Mapping[str, str]) -> Iterator[PlanException]:
    """Yield that the customer of a waiting order cannot be reached by mail, where the server refused the address."""
    address = record.snapshot.customer.email
    if (
        address
        and address in unreachable
        and record.plan
        and record.plan.backordered
        and record.snapshot.status == "open"
    ):
        detail = sentence("mail to the customer does not arrive: %(unreachable)s", unreachable=unreachable[address])
        yield PlanException(code="MAIL_BOUNCED", detail=detail, order=record.id)


def letter(
    shop: Shop, orders: Mapping[str, OrderRecord | None], notices: Sequence[NoticeRecord], now: datetime
) -> Letter:
    """Return messages to one customer as one letter, as the customer of the newest order whose order is known.

    Where several are about one order, all tell its lines as the newest knows them: a date that was still missing when
    a part left may have been found since.
    """
    known = [record for made in reversed(notices) if (record := orders.get(made.order)) is not None]
    customer = known[0].snapshot.customer if known else Customer()
    names = {order: record.snapshot.name for order, record in orders.items() if record}
    newest = {made.order: made.facts["lines"] for made in notices if "lines" in made.facts}
    told = (
        Told(kind=made.kind, order=made.order, name=names.get(made.order, made.order), facts=_lately(made, newest))
        for made in notices
    )
    return Letter(
        shop=shop, told=tuple(told), locale=customer.locale, country=customer.country, now=now,
        customer=customer.name, address=notices[0].to,
    )  # fmt: skip


def _lately(made: NoticeRecord, newest: Mapping[str, Sequence[Mapping[str, Any]]]) -> Mapping[str, Any]:
    return {**made.facts, "lines": newest[made.order]} if "lines" in made.facts else made.facts
