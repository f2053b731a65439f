"""What a merchant set for one item here, and what the gate last set at the platform."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from core.facts import Backorder

GateWish = Literal["auto", "open", "closed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRules:
    """One item's own rules. `substitutes`: SKUs to offer in its place, the best first.

    `gate`: whether backorders are taken as the wait gate decides, always, or not at all. `gate_set` is what we last
    set at the platform, `gate_set_at` when (None: never, or it was taken back).
    """

    preorder_until: date | None = None
    substitutes: tuple[str, ...] = ()
    gate: GateWish = "auto"
    gate_set: Backorder | None = None
    gate_set_at: datetime | None = None
