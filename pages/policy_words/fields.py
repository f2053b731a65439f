"""What a setting and a group of settings are, as people see them."""

from dataclasses import dataclass
from typing import Literal

from pages.languages import later

Kind = Literal["tick", "number", "text", "choice", "ticks", "tiers", "amounts", "days"]
CURRENCY = later("in the shop's currency")


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One setting. `key` is its dotted name in the policy; `unit` stands beside the field."""

    key: str
    kind: Kind
    label: str
    help: str = ""
    unit: str = ""
    options: tuple[tuple[str, str], ...] = ()

    @property
    def money(self) -> bool:
        """Whether an amount in the shop's currency is typed."""
        return self.unit == CURRENCY


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Settings that belong together. `key` names the group where something is said beside it."""

    key: str
    title: str
    intro: str
    fields: tuple[Field, ...]
