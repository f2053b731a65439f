"""One item at the longest wait, as pages show it: whether backorders are taken, by whose word, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.items import gating
from core.planning.replanning import state_of
from core.ports.books import Unit
from core.records import ItemRecord, OrderRecord, Shop
from pages.languages import _
from pages.printing import printer
from pages.retelling import retold


@dataclass(frozen=True, slots=True, kw_only=True)
class GateView:
    """What stands (`words`), how long a next unit takes (`why`), and a button, where there is one."""

    words: str
    why: str
    do: str = ""
    label: str = ""
    brings: str = ""


def gate_view(
    unit: Unit, record: ItemRecord, shop: Shop, orders: Sequence[OrderRecord], *, as_of: datetime
) -> GateView | None:
    """Return the item's view; None where the longest wait says nothing about it."""
    if record.snapshot.gone or not (shop.policy.wait_gate.enabled or record.gate):
        return None
    plans = [(order, order.plan) for order in orders]
    (found,) = gating.outlooks(state_of(unit, shop, tuple(orders)), plans, [record], as_of)
    if record.gate is None:
        return GateView(words=_untouched(record, found), why=retold(found.sentence))
    if record.gate.stopped:
        words = _(
            "Stopped by Backorder since %(since)s: the wait was too long.",
            since=printer().day(record.gate.since),
        )
        brings = _("The shop sells it beyond its stock again, and Backorder leaves it alone until you hand it back.")
        return GateView(
            words=words, why=retold(found.sentence), do="take", label=_("Take backorders again"), brings=brings
        )
    words = _("Taken by a person's word: Backorder leaves the item alone.")
    brings = _("It may then stop backorders on the item again.")
    return GateView(
        words=words, why=retold(found.sentence), do="hand_back", label=_("Hand back to Backorder"), brings=brings
    )


def stopped_items(unit: Unit, shop: str) -> tuple[ItemRecord, ...]:
    """Return the items on which we stopped backorders, by SKU."""
    return tuple(item for item in unit.items.marked(shop) if item.gate and item.gate.stopped)


def _untouched(record: ItemRecord, found: gating.Outlook) -> str:
    if found.wish == "stop":
        return _("Taken; about to be stopped, because the wait is too long.")
    if not gating.is_ours_to_stop(record, found.today):
        return _("As the shop says: the longest wait says nothing about this item.")
    return _("Taken.") if record.snapshot.backorder == "allow" else _("Not taken, as a person set it in the shop.")
