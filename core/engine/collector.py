"""Python's cyclic collector at rest while very many objects are made: it would walk all of them again and again."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def at_rest() -> Iterator[None]:
    """Keep the collector from running inside the block; afterwards it works as before.

    Half the time of a large plan went into it. What the block leaves behind is collected later.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
