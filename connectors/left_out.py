"""One record that nobody can understand ends no list: it is left out, and told by its id."""

from collections.abc import Callable
from typing import TypeVar

from core.errors import PayloadChanged

Read = TypeVar("Read")


def read_or_left_out(read: Callable[[], Read], unread: set[str] | None, name: Callable[[], str]) -> Read | None:
    """Return what was read; None for what cannot be understood, whose name is then in `unread`.

    Raises PayloadChanged where nobody asks for those, and for one that has no name either.
    """
    try:
        return read()
    except PayloadChanged:
        if unread is None:
            raise
        unread.add(name())
        return None
