"""Long lists come page by page."""

from dataclasses import dataclass
from typing import Generic, TypeVar

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """One page of a list; `next` is the cursor of the following page or None."""

    items: tuple[Row, ...]
    next: str | None
