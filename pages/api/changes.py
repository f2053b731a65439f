"""What every change through the API leaves behind in its transaction: a line in the log and a wake-up to plan anew."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime

from core.ports.books import Unit
from core.records import Shop
from pages.api.door import house, shop_of
from pages.changes import write_change

ACTOR = "api"


@contextmanager
def changing_shop() -> Iterator[tuple[Unit, Shop]]:
    """Open a writing transaction that alone may change the shop, and wake the worker once it is committed.

    Without the lock, a worker that is planning just now could read before our change and finish the wake-up after it.
    """
    with house().books.write() as unit:
        unit.shops.lock(shop_of(unit).id)
        yield unit, shop_of(unit)
    house().wake()


def machine_now() -> datetime:
    """Return machine time, which dates what the worker does by the clock; the demo's business time runs ahead of it."""
    return datetime.now(UTC)


def note_change(
    unit: Unit, shop: Shop, what: str, *, sku: str | None = None, detail: Mapping[str, object] | None = None
) -> None:
    """Write the change into the log and ask the worker to plan the shop anew."""
    write_change(unit, shop.id, what, actor=ACTOR, at=house().now(), sku=sku, detail=detail)
