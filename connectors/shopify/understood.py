"""Where an answer's shape surprises us, that is said as such: never a crash, never a guess."""

from collections.abc import Iterator
from contextlib import contextmanager

from core.errors import BackorderError, PayloadChanged


@contextmanager
def understood(what: str) -> Iterator[None]:
    """Turn missing or odd fields while reading `what` into PayloadChanged; all other errors pass."""
    try:
        yield
    except BackorderError:
        raise
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError) as problem:
        raise PayloadChanged(f"{what}: Shopify's answer has changed ({type(problem).__name__}: {problem})") from problem
