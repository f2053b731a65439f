"""What a customer may take in place of what waits: a substitute that the merchant listed and that is in stock now.

It costs them no more: the shop takes a dearer one's difference off, and gives a cheaper one's back.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from core.capabilities import Capability, Support
from core.errors import NotAllowed
from core.items import kept_substitutes, substituting
from core.orders import customer_choices, giving_up
from core.ports.books import Unit
from core.records import ItemRecord, OrderRecord, Shop
from core.records.proposals import Swap


@dataclass(frozen=True, slots=True, kw_only=True)
class Swappable:
    """Up to `units` of a line that waits may be units of this item instead."""

    line: str
    title: str
    units: int
    instead: ItemRecord


def swappable(
    unit: Unit, shop: Shop, record: OrderRecord, support: Mapping[Capability, Support]
) -> tuple[Swappable, ...]:
    """Return what the customer may swap now, in the order's own order; nothing where the shop does not let them."""
    if not _may(shop, record, support):
        return ()
    waits = giving_up.waiting(record)
    lines = [line for line in record.snapshot.lines if line.id in waits and line.item]
    items = unit.items.by_platform_id(shop.id, {line.item for line in lines if line.item})
    found = substituting.substitutes(unit, shop, {item.sku: item for item in items.values()}.values())
    choices = []
    for line in lines:
        item = items.get(line.item or "")
        instead, free = found.get(item.sku, (None, 0)) if item else (None, 0)
        # Variations that share their parent's stock are one item here: which of them to send, nobody said.
        if instead is not None and not instead.snapshot.aliases:
            units = min(waits[line.id], free)
            choices.append(Swappable(line=line.id, title=line.title, units=units, instead=instead))
    return tuple(choices)


def swap(
    unit: Unit, shop: Shop, order: str, line: str, *, item: str, units: int, support: Mapping[Capability, Support],
    as_of: datetime, now: datetime,
) -> OrderRecord:  # fmt: skip
    """Take so many units of this item (platform id) for the line's, which can be taken back for a while.

    Raises NotAllowed where that is not, or no longer, offered as the page showed it.
    """
    record = unit.orders.get(shop.id, order)
    offered = swappable(unit, shop, record, support) if record else ()
    chosen = next((one for one in offered if one.line == line and one.instead.snapshot.platform_id == item), None)
    if record is None or chosen is None or not 0 < units <= chosen.units:
        raise NotAllowed("this cannot be swapped here, or not any more")
    seen = chosen.instead.snapshot
    wanted = Swap(
        line=line,
        sku=chosen.instead.sku,
        title=seen.title,
        units=units,
        price=(seen.unit_price or 0) * units,
        item=item,
    )
    what = "swapped what waits"
    return customer_choices.give_up(unit, shop, record, {line: units}, what, as_of=as_of, now=now, swap=wanted)


def _may(shop: Shop, record: OrderRecord, support: Mapping[Capability, Support]) -> bool:
    can = support.get(Capability.SUBSTITUTION)
    free = not giving_up.is_open(record) and not kept_substitutes.kept_swaps(record)
    allowed = shop.policy.mode == "act" and shop.policy.choices.swap and can is not None and can.level == "full"
    # What costs no more is told in the shop's own money alone.
    allowed = allowed and shop.counts_in(record.snapshot)
    return allowed and free and record.snapshot.status == "open" and not giving_up.counts_as_cancelled(record)
