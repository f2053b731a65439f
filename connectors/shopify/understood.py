"""Where an answer's shape surprises us, that is said as such: never a crash, never a guess."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from connectors.left_out import read_or_left_out
from core.errors import BackorderError, PayloadChanged

Read = TypeVar("Read")


@contextmanager
def understood(what: str) -> Iterator[None]:
    """Turn missing or odd fields while reading `what` into PayloadChanged; all other errors pass."""
    try:
        yield
    except BackorderError:
        raise
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError) as problem:
        raise PayloadChanged(f"{what}: Shopify's answer has changed ({type(problem).__name__}: {problem})") from problem


def one_of_many(what: str, read: Callable[[], Read], unread: set[str] | None, *, name: str) -> Read | None:
    """Return what was read; None where its shape surprises us, its name is in `unread` then."""

    def whole() -> Read:
        with understood(f"{what} {name}"):
            return read()

    return read_or_left_out(whole, unread, lambda: name)
