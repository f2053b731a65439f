"""What every change through the API leaves behind in its transaction: a line in the log and a wake-up to plan anew."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from core.ports.books import Unit
from core.records import Shop
from pages.api.door import shop_of
from pages.changes import write_change
from pages.visitor import house

ACTOR = "api"


@contextmanager
def changing_shop() -> Iterator[tuple[Unit, Shop]]:
    """Open a writing transaction that alone may change the shop.

    Without the lock, a worker that is planning just now could read before our change and finish the wake-up after it.
    """
    with house().books.write() as unit:
        unit.shops.lock(shop_of(unit).id)
        yield unit, shop_of(unit)


def note_change(
    unit: Unit, shop: Shop, what: str, *, sku: str | None = None, detail: Mapping[str, object] | None = None
) -> None:
    """Write the change into the log and ask the worker to plan the shop anew."""
    write_change(unit, shop.id, what, actor=ACTOR, at=house().now(), sku=sku, detail=detail)
