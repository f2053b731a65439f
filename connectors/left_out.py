"""One record that nobody can understand ends no list: it is left out, and told by its id."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from core.errors import PayloadChanged

Read = TypeVar("Read")


@contextmanager
def named(what: str) -> Iterator[None]:
    """Let what cannot be understood say of which record it was: people look for it in their shop."""
    try:
        yield
    except PayloadChanged as problem:
        raise PayloadChanged(f"{what}: {problem}") from problem


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
