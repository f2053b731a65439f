"""How far a comparison has come: a large shop's takes minutes, and whoever waits for it wants to see it move."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from core.house import House
from core.records import Shop
from core.snapshots import OrderSnapshot

STEP = 200
"""Orders between two words about it."""
Counting = Callable[[Iterable[OrderSnapshot]], Iterator[OrderSnapshot]]


@contextmanager
def told(house: House, shop: Shop) -> Iterator[Counting]:
    """Give a function that counts what passes through it; the shop's record tells the count while the block runs."""
    read = 0

    def count(orders: Iterable[OrderSnapshot]) -> Iterator[OrderSnapshot]:
        nonlocal read
        for order in orders:
            read += 1
            if read % STEP == 0:
                _tell(house, shop, read)
            yield order

    try:
        yield count
    finally:
        if read >= STEP:
            _tell(house, shop, None)


def _tell(house: House, shop: Shop, read: int | None) -> None:
    with house.books.write() as unit:
        unit.shops.lock(shop.id)
        current = unit.shops.get(shop.id)
        if current is not None:
            unit.shops.save(replace(current, orders_read=read))
