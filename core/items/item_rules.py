"""What a merchant set for one item here."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRules:
    """One item's own rules. `substitutes`: SKUs to offer in its place, the best first."""

    preorder_until: date | None = None
    substitutes: tuple[str, ...] = ()
