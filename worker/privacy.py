"""What the platform tells us to forget: carried out at once, in the transaction that read it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from core.planning.hints import CustomerDataRequest, Hint, RedactCustomer, RedactShop, Uninstalled
from core.ports.books import Unit
from core.records import Shop

DEMANDS = (CustomerDataRequest, RedactCustomer, RedactShop, Uninstalled)


def carry_out(unit: Unit, shop: Shop, hints: Sequence[Hint], at: datetime) -> bool:
    """Carry out what the hints demand; True when the shop is gone and nothing more is to be done for it."""
    for hint in hints:
        if isinstance(hint, RedactCustomer):
            unit.orders.redact(shop.id, hint.orders, hint.customer, hint.email)
            unit.audit.write(shop=shop.id, at=at, actor="platform", what="a customer's personal data was blanked")
        elif isinstance(hint, CustomerDataRequest):
            orders = ", ".join(hint.orders) or "none"
            unit.audit.write(
                shop=shop.id, at=at, actor="platform", what="a customer asks for their data", why=f"orders: {orders}",
                detail={"person": {"customer": hint.customer, "orders": list(hint.orders)}},
            )  # fmt: skip
        elif isinstance(hint, RedactShop):
            unit.shops.erase(shop.id)
            return True
    if any(isinstance(hint, Uninstalled) for hint in hints):
        forget_tokens(unit, shop, at)
        return True
    return shop.state == "uninstalled"


def forget_tokens(unit: Unit, shop: Shop, at: datetime) -> None:
    """Erase the credentials and stop every action of a shop that removed us."""
    unit.shops.put_credentials(shop.id, {})
    unit.shops.save(replace(shop, state="uninstalled", problem="the merchant removed the app"))
    unit.outbox.skip_all(shop.id, now=at, why="the merchant removed the app")
    unit.audit.write(shop=shop.id, at=at, actor="platform", what="uninstalled")
