"""Forgetting a customer: their name goes from orders, messages, actions, the log and the raw deliveries."""

import json
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Self

from sqlalchemy import ColumnElement, Select, delete, func, or_, select, update

from connectors.database import codec, consolations, order_marks, tables, traces
from connectors.database.columns import storable
from connectors.database.order_row import row_of, without_customer
from connectors.database.transaction import Transaction, batches
from core.actions import Action, Code, Note
from core.names import folded
from core.ports.audit import NOTED
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


def redact(transaction: Transaction, shop: str, subject: Subject) -> int:
    """Blank the customer everywhere in the shop; return how many orders named them.

    Orders that are not known yet are remembered, so that a late read of one does not bring the customer back.
    """
    traces.mark(transaction.connection)
    theirs = orders_of(transaction, shop, subject)
    # Before the orders are blanked, which know addresses that the demand does not name.
    addresses = _only_theirs(transaction, shop, subject, theirs)
    by_id = [f'"customer":{json.dumps(subject.customer)}'] if subject.customer else []
    for order in theirs | subject.orders:
        transaction.insert_new(_redactions, {"shop": shop, "order_id": order})
    named = sum(_blank_order(transaction, shop, order) for order in sorted(theirs))
    for batch in batches(theirs | subject.orders):
        # Before the messages, which say which mail carried them.
        _blank_told(transaction, shop, batch)
    for address in sorted(addresses):
        _blank_mails(transaction, shop, address)
    _blank_log(transaction, shop, [*addresses, *by_id])
    _blank_bodies(transaction, shop)
    return named


def blank(transaction: Transaction, shop: str, order: str, email: str | None) -> None:
    """Blank the customer of one order. A late read may bring them back: who is forgotten for good is redacted."""
    traces.mark(transaction.connection)
    _blank_order(transaction, shop, order)
    _blank_told(transaction, shop, [order])
    _blank_log(transaction, shop, [email] if email else [])


def redacted(transaction: Transaction, shop: str, orders: Collection[str]) -> set[str]:
    """Return those of these orders, under the names that the books keep, whose customer is to stay forgotten."""
    mine = select(_redactions.c.order_id).where(_redactions.c.shop == shop)
    return {row.order_id for row in transaction.where_in(mine, _redactions.c.order_id, orders)}


def orders_of(transaction: Transaction, shop: str, subject: Subject) -> set[str]:
    """Return the subject's orders that the books know."""
    mine: Select[tuple[str]] = select(_orders.c.id).where(_orders.c.shop == shop)
    found = {row.id for row in transaction.where_in(mine, _orders.c.id, subject.orders)}
    if subject.customer:
        found.update(transaction.run(mine.where(_orders.c.customer == subject.customer)).scalars())
    if subject.email:
        found.update(transaction.run(mine.where(_orders.c.email == subject.email)).scalars())
    return found


def addresses_of(transaction: Transaction, shop: str, subject: Subject, orders: Collection[str]) -> set[str]:
    """Return the mail addresses of the subject: the one that is named, and those on these orders of theirs."""
    mine = select(_orders.c.email).where(_orders.c.shop == shop, _orders.c.email.is_not(None))
    found = {row.email for row in transaction.where_in(mine, _orders.c.id, orders)}
    return found | ({subject.email} if subject.email else set())


def _only_theirs(transaction: Transaction, shop: str, subject: Subject, orders: Collection[str]) -> set[str]:
    """Return the subject's addresses, without those that another order bears, unless the demand names them."""
    found = addresses_of(transaction, shop, subject, orders)
    bearing = select(_orders.c.id, _orders.c.email).where(_orders.c.shop == shop)
    rows = transaction.where_in(bearing, _orders.c.email, found)
    return found - {row.email for row in rows if row.id not in orders and row.email != subject.email}


def _blank_order(transaction: Transaction, shop: str, order: str) -> bool:
    """Return whether the order named anybody."""
    mine = select(_orders.c.record).where(_orders.c.shop == shop, _orders.c.id == order).with_for_update()
    before = codec.read_order(transaction.run(mine).scalar_one())
    after = without_customer(before)
    if before != after:
        transaction.upsert(_orders, row_of(after))
        order_marks.put(transaction, shop, [after])
    return before != after


def _blank_told(transaction: Transaction, shop: str, orders: list[str]) -> None:
    """Blank what these orders' customers were told and given, by any way."""
    _blank_mails_of(transaction, shop, orders)
    _blank_notices(transaction, shop, orders)
    _blank_evidence(transaction, shop, orders)
    _blank_actions(transaction, shop, orders)
    _blank_replies(transaction, shop, orders)
    _blank_notes(transaction, shop, orders)
    consolations.forget(transaction, shop, orders)
    transaction.run(delete(_events).where(_events.c.shop == shop, _events.c.order_id.in_(orders)))


def _blank_replies(transaction: Transaction, shop: str, orders: list[str]) -> None:
    theirs = update(_replies).where(_replies.c.shop == shop, _replies.c.order_id.in_(orders))
    transaction.run(theirs.values(body=None))


def _blank_notes(transaction: Transaction, shop: str, orders: list[str]) -> None:
    """Blank what people of the shop wrote about these orders: it may be about whoever ordered."""
    theirs = update(_audit).where(_audit.c.shop == shop, _audit.c.order_id.in_(orders), _audit.c.what == NOTED)
    transaction.run(theirs.values(why=None))


def _blank_notices(transaction: Transaction, shop: str, orders: list[str]) -> None:
    theirs = update(_notices).where(_notices.c.shop == shop, _notices.c.order_id.in_(orders))
    transaction.run(theirs.values(to=None, subject="", body="", facts="{}"))


def _blank_mails_of(transaction: Transaction, shop: str, orders: list[str]) -> None:
    carried = select(_notices.c.mail_id).where(_notices.c.shop == shop, _notices.c.order_id.in_(orders))
    _blank(transaction, (_mails.c.shop == shop) & _mails.c.id.in_(carried.where(_notices.c.mail_id.is_not(None))))


def _blank_mails(transaction: Transaction, shop: str, address: str) -> None:
    _blank(transaction, (_mails.c.shop == shop) & (_mails.c.address == address))
    transaction.run(delete(_stops).where(_stops.c.shop == shop, _stops.c.address == address))
    # An event about several orders is kept under the first of them.
    transaction.run(delete(_events).where(_events.c.shop == shop, _contains(_events.c.body, address)))


def _blank(transaction: Transaction, theirs: ColumnElement[bool]) -> None:
    """Blank these mails; what has not left stays here, for nobody would know whom it is for."""
    transaction.run(
        update(_mails).where(theirs, _mails.c.state == "pending").values(state="failed", error=WHY, leased_until=None)
    )
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


def _blank_log(transaction: Transaction, shop: str, words: Collection[str]) -> None:
    """Blank the entries in whose free text the customer is known by one of these words."""
    for word in words:
        naming = or_(*(_contains(column, word) for column in (_audit.c.why, _audit.c.outcome, _audit.c.detail)))
        entries = update(_audit).where(_audit.c.shop == shop, naming)
        transaction.run(entries.values(why=None, outcome=None, detail="{}"))


def _contains(column: ColumnElement[str], word: str) -> ColumnElement[bool]:
    return func.lower(column).contains(word, autoescape=True)


def _blank_bodies(transaction: Transaction, shop: str) -> None:
    """Blank what was taken in or buried. What still waits is needed, and loses its body when it is done."""
    settled = update(_deliveries).where(_deliveries.c.shop == shop, _deliveries.c.state != "new")
    transaction.run(settled.where(_deliveries.c.body.is_not(None)).values(body=None))
