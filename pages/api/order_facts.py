"""What the books keep beside orders, read for a whole page of them at once: one statement for each kind of fact."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from core.consolation.consolations import Consolation
from core.ports.books import Unit
from core.records import ActionRecord, AuditEntry, Delivery, NoticeRecord

TIMELINE = 250
"""Entries of an order's log, and as many deliveries, that are looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What is kept beside one order, the oldest first; but its log and what the shop `told` begin with the newest."""

    actions: tuple[ActionRecord, ...]
    given: Sequence[Consolation]
    notices: tuple[NoticeRecord, ...]
    logged: tuple[AuditEntry, ...]
    told: tuple[Delivery, ...]


def beside(unit: Unit, shop: str, orders: Collection[str]) -> dict[str, Beside]:
    """Return what is kept beside each of these orders."""
    actions = unit.outbox.of_orders(shop, orders)
    given = unit.consolations.of_orders(shop, orders)
    notices = unit.notices.of_orders(shop, orders)
    logged = unit.audit.of_orders(shop, orders, limit=TIMELINE)
    told = unit.inbox.of_orders(shop, orders, limit=TIMELINE)
    return {
        order: Beside(
            actions=actions.get(order, ()), given=given.get(order, ()), notices=notices.get(order, ()),
            logged=logged.get(order, ()), told=told.get(order, ()),
        )
        for order in orders
    }  # fmt: skip
