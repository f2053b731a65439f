"""How every command finds the house, the shop, and its way out."""

import functools
import sys
from collections.abc import Callable
from typing import Any, NoReturn

import click
from flask import current_app

from core.errors import BackorderError, ConfigurationError
from core.house import House
from core.records import Shop


def furnished() -> House:
    """Return the house, with the database migrated."""
    house: House = current_app.extensions["furnish"]()
    return house


def shop_named(house: House, name: str) -> Shop:
    """Return the shop that a person named by id, domain or URL, or end with one line."""
    with house.books.read() as unit:
        shop = unit.shops.find(name)
        known = ", ".join(one.id for one in unit.shops.all()) or "none yet"
    if shop is None:
        stop(f"no shop {name!r} is connected here; known: {known}")
    return shop


def stop(message: str, code: int = 1) -> NoReturn:
    """End with one line that says what to do."""
    click.echo(" ".join(str(message).split()), err=True)
    sys.exit(code)


def plainly(command: Callable[..., Any]) -> Callable[..., Any]:
    """Turn what can go wrong into one line and exit code 1."""

    @functools.wraps(command)
    def wrapped(*given: Any, **named: Any) -> Any:  # noqa: ANN401  # any command
        try:
            return command(*given, **named)
        except (BackorderError, ConfigurationError) as problem:
            stop(str(problem))

    return wrapped
