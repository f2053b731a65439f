"""How every command finds the house, the shop, and its way out."""

import errno
import functools
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NoReturn

import click
from flask import current_app
from flask.cli import with_appcontext

from core.errors import BackorderError, ConfigurationError
from core.house import House
from core.records import Shop


class Command(click.Command):
    """A command that tells its misuse in one line."""

    def make_context(self, *given: Any, **named: Any) -> click.Context:  # noqa: ANN401  # click's own signature
        """Read the arguments."""
        with _misuse_in_one_line():
            return super().make_context(*given, **named)


class Group(Command, click.Group):
    """A group of commands that tells its misuse in one line."""

    command_class = Command

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401  # click's own signature
        """Find the command and run it."""
        with _misuse_in_one_line():
            return super().invoke(ctx)


@contextmanager
def _misuse_in_one_line() -> Iterator[None]:
    try:
        yield
    except click.UsageError as problem:
        said = problem.format_message().rstrip(".")
        end = "" if said.endswith("?") else "."
        path = problem.ctx.command_path.split()[1:] if problem.ctx else []
        stop(f"{said}{end} `flask --app app {' '.join([*path, '--help'])}` says more.", 2)


def environment() -> Mapping[str, str]:
    """Return the environment that the app was made with."""
    given: Mapping[str, str] = current_app.config["BACKORDER_ENVIRONMENT"]
    return given


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
    """Run within the app, and turn what can go wrong into one line and exit code 1."""

    @functools.wraps(command)
    def wrapped(*given: Any, **named: Any) -> Any:  # noqa: ANN401  # any command
        try:
            return command(*given, **named)
        except (BackorderError, ConfigurationError) as problem:
            stop(str(problem))
        except OSError as problem:
            # Whoever reads our output through a pipe may have read enough.
            if problem.errno == errno.EPIPE:
                raise
            stop(f"{problem.filename or command.__name__}: {problem.strerror or problem}")

    return with_appcontext(wrapped)
