"""Shows a person at a terminal how far a long errand has come; scripts and logs see nothing of it."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import click

from core.house import House
from core.records import Shop

EVERY_SECONDS = 0.5


@contextmanager
def shown(house: House, shop: Shop) -> Iterator[None]:
    """Show how many of the shop's orders were read while the block runs."""
    if not sys.stderr.isatty():
        yield
        return
    done = threading.Event()
    watcher = threading.Thread(target=_watch, args=(house, shop, done), daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()
        click.echo("\r\033[K", nl=False, err=True)


def _watch(house: House, shop: Shop, done: threading.Event) -> None:
    while not done.wait(EVERY_SECONDS):
        with house.books.read() as unit:
            current = unit.shops.get(shop.id)
        if current is not None and current.orders_read is not None:
            click.echo(f"\r\033[K{current.orders_read:,} orders read", nl=False, err=True)
