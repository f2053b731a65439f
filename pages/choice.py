"""One thing that a person can do about an order, as a button."""

from dataclasses import dataclass

from pages.languages import later

FINAL = later("This cannot be undone.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One button. `do` is the engine's word for it; `primary` marks the safest next step, `final` what is for good."""

    do: str
    label: str
    brings: str
    undo: str
    primary: bool = False
    final: bool = False
