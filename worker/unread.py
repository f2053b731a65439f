"""What a comparison could not understand: it goes on without, and each is read alone and buried with the reason.

One order in a form that nobody foresaw, such as half a unit, must keep no other order of its shop from being compared.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime

from core.errors import PayloadChanged
from core.planning import wake_ups
from core.ports.books import Unit
from core.ports.connector import ShopConnector
from core.snapshots import ItemSnapshot, OrderSnapshot

AT_ONCE = 20
"""Asked for by one comparison: where a platform has changed as a whole, thousands would say the same."""


@dataclass(frozen=True, slots=True)
class Unread:
    """Orders and items, by platform id."""

    orders: set[str] = field(default_factory=set)
    items: set[str] = field(default_factory=set)

    def read_items(self, connector: ShopConnector, wanted: Collection[str]) -> dict[str, ItemSnapshot]:
        """Return the items by platform id; where one cannot be understood, the others."""
        names = sorted(set(wanted) - self.items)
        try:
            found = connector.read_items(names) if names else ()
        except PayloadChanged:
            if len(names) == 1:
                self.items.add(names[0])
                return {}
            each = (self.read_items(connector, [name]) for name in names)
            return {name: item for items in each for name, item in items.items()}
        return {item.platform_id: item for item in found}

    def read_order(self, connector: ShopConnector, order: str) -> dict[str, OrderSnapshot]:
        """Return the order by its platform id; nothing where it cannot be understood."""
        try:
            return {order: connector.read_order(order)}
        except PayloadChanged:
            self.orders.add(order)
            return {}

    def ask(self, unit: Unit, shop: str) -> None:
        """Have some of them read alone, but none that lies buried already: trying for ever says nothing new."""
        if not (self.orders or self.items):
            return
        buried, now = {delivery.key for delivery in unit.inbox.dead(shop)}, datetime.now(UTC)
        for order in [one for one in sorted(self.orders) if wake_ups.key_of_order(one) not in buried][:AT_ONCE]:
            wake_ups.read_order(unit, shop, order, at=now, due=now)
        for item in [one for one in sorted(self.items) if wake_ups.key_of_item(one) not in buried][:AT_ONCE]:
            wake_ups.read_item(unit, shop, item, at=now)
