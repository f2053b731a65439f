"""What people look for again and again, under a name of their own."""

from dataclasses import dataclass

from sqlalchemy import delete, select

from connectors.database import tables
from connectors.database.columns import storable
from connectors.database.transaction import Transaction
from core.records import SavedView

_views = tables.saved_views


@dataclass(frozen=True, slots=True)
class ViewTable:
    """Implements `core.ports.people.Views`."""

    transaction: Transaction

    def all(self, shop: str) -> tuple[SavedView, ...]:
        """Every view of the shop, by name."""
        mine = select(_views.c.name, _views.c.address).where(_views.c.shop == shop).order_by(_views.c.name)
        return tuple(SavedView(name=row.name, address=row.address) for row in self.transaction.run(mine))

    def put(self, shop: str, name: str, address: str) -> None:
        """Insert or replace by name."""
        self.transaction.upsert(_views, {"shop": shop, "name": name, "address": address})

    def forget(self, shop: str, name: str) -> None:
        """Remove it; one that is not there is no error."""
        self.transaction.run(delete(_views).where(_views.c.shop == shop, _views.c.name == storable(name)))
