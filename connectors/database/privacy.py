"""Forgetting a customer: their name goes from orders, messages, actions, the log and the raw deliveries."""

import json
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Self

from sqlalchemy import ColumnElement, Select, bindparam, delete, func, or_, select, update

from connectors.database import codec, consolations, order_marks, tables
from connectors.database.columns import storable
from connectors.database.order_row import folded, row_of, without_customer
from connectors.database.transaction import Transaction, batches
from core.actions import Action, Code, Note
from core.sentences import sentence

_orders = tables.orders
_actions = tables.actions
_notices = tables.notices
_audit = tables.audit
_deliveries = tables.deliveries
_redactions = tables.redactions
_mails = tables.mails
_stops = tables.mail_stops
_edges = tables.law_edges
_replies = tables.replies
_events = tables.hook_messages
_REDACTED = select(_redactions.c.shop).where(
    _redactions.c.shop == bindparam("shop"), _redactions.c.order_id == bindparam("order")
)
WHY = sentence("the customer's personal data was erased")


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Whom to forget: orders by platform id, the customer's id, their address."""

    orders: frozenset[str]
    customer: str | None
    email: str | None

    @classmethod
    def of(cls, orders: Collection[str], customer: str | None, email: str | None) -> Self:
        """Return the subject, its words as the books keep them."""
        ids = frozenset(storable(order) for order in orders)
        return cls(orders=ids, customer=storable(customer) if customer else None, email=folded(email))

    @property
    def words(self) -> tuple[str, ...]:
        """What the customer could be known by in free text."""
        by_id = f'"customer":{json.dumps(self.customer)}' if self.customer else None
        return tuple(filter(None, (self.email, by_id)))


def redact(transaction: Transaction, shop: str, subject: Subject) -> int:
    """Blank the customer everywhere in the shop; return how many orders named them.

    Orders that are not known yet are remembered, so that a late read of one does not bring the customer back.
    """
    theirs = orders_of(transaction, shop, subject)
    for order in theirs | subject.orders:
        transaction.insert_new(_redactions, {"shop": shop, "order_id": order})
    named = sum(_blank_order(transaction, shop, order) for order in sorted(theirs))
    for batch in batches(theirs | subject.orders):
        # Before the messages, which say which mail carried them.
        _blank_told(transaction, shop, batch)
    _blank_mails(transaction, shop, subject)
    _blank_log(transaction, shop, subject)
    _blank_bodies(transaction, shop)
    return named


def blank(transaction: Transaction, shop: str, order: str, email: str | None) -> None:
    """Blank the customer of one order. A late read may bring them back: who is forgotten for good is redacted."""
    _blank_order(transaction, shop, order)
    _blank_told(transaction, shop, [order])
    _blank_log(transaction, shop, Subject.of([order], None, email))


def is_redacted(transaction: Transaction, shop: str, order: str) -> bool:
    """Whether this order's customer is to stay forgotten."""
    return transaction.run(_REDACTED, {"shop": shop, "order": order}).first() is not None


def orders_of(transaction: Transaction, shop: str, subject: Subject) -> set[str]:
    """Return the subject's orders that the books know."""
    mine: Select[tuple[str]] = select(_orders.c.id).where(_orders.c.shop == shop)
    found: set[str] = set()
    for batch in batches(subject.orders):
        found.update(transaction.run(mine.where(_orders.c.id.in_(batch))).scalars())
    if subject.customer:
        found.update(transaction.run(mine.where(_orders.c.customer == subject.customer)).scalars())
    if subject.email:
        found.update(transaction.run(mine.where(_orders.c.email == subject.email)).scalars())
    return found


def _blank_order(transaction: Transaction, shop: str, order: str) -> bool:
    """Return whether the order named anybody."""
    mine = select(_orders.c.record).where(_orders.c.shop == shop, _orders.c.id == order).with_for_update()
    before = codec.read_order(transaction.run(mine).scalar_one())
    after = without_customer(before)
    if before != after:
        transaction.upsert(_orders, row_of(after))
        order_marks.put(transaction, after)
    return before != after


def _blank_told(transaction: Transaction, shop: str, orders: list[str]) -> None:
    """Blank what these orders' customers were told and given, by any way."""
    _blank_mails_of(transaction, shop, orders)
    _blank_notices(transaction, shop, orders)
    _blank_evidence(transaction, shop, orders)
    _blank_actions(transaction, shop, orders)
    _blank_replies(transaction, shop, orders)
    consolations.forget(transaction, shop, orders)
    transaction.run(delete(_events).where(_events.c.shop == shop, _events.c.order_id.in_(orders)))


def _blank_replies(transaction: Transaction, shop: str, orders: list[str]) -> None:
    theirs = update(_replies).where(_replies.c.shop == shop, _replies.c.order_id.in_(orders))
    transaction.run(theirs.values(body=None))


def _blank_notices(transaction: Transaction, shop: str, orders: list[str]) -> None:
    theirs = update(_notices).where(_notices.c.shop == shop, _notices.c.order_id.in_(orders))
    transaction.run(theirs.values(to=None, subject="", body="", facts="{}"))


def _blank_mails_of(transaction: Transaction, shop: str, orders: list[str]) -> None:
    carried = select(_notices.c.mail_id).where(_notices.c.shop == shop, _notices.c.order_id.in_(orders))
    _blank(transaction, (_mails.c.shop == shop) & _mails.c.id.in_(carried.where(_notices.c.mail_id.is_not(None))))


def _blank_mails(transaction: Transaction, shop: str, subject: Subject) -> None:
    if subject.email is None:
        return
    _blank(transaction, (_mails.c.shop == shop) & (_mails.c.address == subject.email))
    transaction.run(delete(_stops).where(_stops.c.shop == shop, _stops.c.address == subject.email))
    # An event about several orders is kept under the first of them.
    transaction.run(delete(_events).where(_events.c.shop == shop, _contains(_events.c.body, subject.email)))


def _blank(transaction: Transaction, theirs: ColumnElement[bool]) -> None:
    """Blank these mails; what has not left stays here, for nobody would know whom it is for."""
    transaction.run(update(_mails).where(theirs, _mails.c.state == "pending").values(state="failed", error=WHY))
    empty = {"to": "", "address": "", "subject": "", "text": "", "html": "", "unsubscribe": None}
    transaction.run(update(_mails).where(theirs).values(**empty))


def _blank_evidence(transaction: Transaction, shop: str, orders: list[str]) -> None:
    """Take the address out of the evidence; what was done, when, and the content's hash stay: the law asks for them."""
    for row in transaction.run(select(_edges).where(_edges.c.shop == shop, _edges.c.order_id.in_(orders))).all():
        edge = codec.read_edge(row.record)
        blank = replace(edge, evidence=replace(edge.evidence, address=None))
        transaction.run(update(_edges).where(_edges.c.id == row.id).values(record=codec.write(blank)))


def _blank_actions(transaction: Transaction, shop: str, orders: list[str]) -> None:
    """Blank codes and notes. Those not sent are skipped: without the customer a code would be open to anyone."""
    kinds = _actions.c.kind.in_((Code.kind, Note.kind))
    theirs = select(_actions).where(_actions.c.shop == shop, _actions.c.order_id.in_(orders), kinds)
    for row in transaction.run(theirs.with_for_update()).all():
        blank = codec.write(_impersonal(codec.read_action(row.kind, row.action)))
        change: dict[str, object] = {"action": blank}
        if row.state in {"planned", "pending"}:
            change |= {"state": "skipped", "error": WHY, "leased_until": None}
        transaction.run(update(_actions).where(_actions.c.id == row.id).values(**change))


def _impersonal(action: Action) -> Action:
    if isinstance(action, Code):
        return replace(action, customer=None, email=None)
    return replace(action, text="") if isinstance(action, Note) else action


def _blank_log(transaction: Transaction, shop: str, subject: Subject) -> None:
    for word in subject.words:
        naming = or_(*(_contains(column, word) for column in (_audit.c.why, _audit.c.outcome, _audit.c.detail)))
        entries = update(_audit).where(_audit.c.shop == shop, naming)
        transaction.run(entries.values(why=None, outcome=None, detail="{}"))


def _contains(column: ColumnElement[str], word: str) -> ColumnElement[bool]:
    return func.lower(column).contains(word, autoescape=True)


def _blank_bodies(transaction: Transaction, shop: str) -> None:
    """Blank what was taken in or buried. What still waits is needed, and loses its body when it is done."""
    settled = update(_deliveries).where(_deliveries.c.shop == shop, _deliveries.c.state != "new")
    transaction.run(settled.where(_deliveries.c.body.is_not(None)).values(body=None))
