"""Actions on an item of the shop, not on an order."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

ITEM_LANE = "item:"


def item_lane(item: str) -> str:
    """Return the name of an item's lane in the outbox, beside those of orders, whose ids hold no colon."""
    return f"{ITEM_LANE}{item}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SellOn:
    """The item is sold `beyond` its stock, or is not.

    `setting` is the platform's own word for the former: to stop, it must still stand there; else it is put back.
    """

    kind: ClassVar[str] = "sell_on"
    harmless_to_repeat: ClassVar[bool] = True
    item: str
    beyond: bool
    setting: str

    @property
    def order(self) -> str:
        """The lane in which it waits."""
        return item_lane(self.item)


@dataclass(frozen=True, slots=True, kw_only=True)
class Announce:
    """What an item's pages may tell whoever orders next: the day on which a unit could leave; None: nothing of it."""

    kind: ClassVar[str] = "announce"
    harmless_to_repeat: ClassVar[bool] = True
    item: str
    expected_on: date | None

    @property
    def order(self) -> str:
        """The lane in which it waits."""
        return item_lane(self.item)


ItemAction = SellOn | Announce
