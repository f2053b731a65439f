"""Migrating, copying, and finding out what is wrong."""

from datetime import UTC, datetime, timedelta

import click
from flask import current_app

from core.house import House
from core.settings import Settings, meanings
from pages.commands.speaking import Command, Group, furnished, plainly, stop

ALIVE = timedelta(seconds=30)


@click.group("db", cls=Group, no_args_is_help=False)
def db() -> None:
    """Look after the database."""


@db.command("upgrade")
@plainly
def upgrade() -> None:
    """Bring the database to the newest schema."""
    furnished()
    click.echo("The database is up to date.")


@db.command("move")
@click.argument("url")
@plainly
def move(url: str) -> None:
    """Copy everything into an empty database, such as postgresql://user@host/name (password: PGPASSWORD).

    Stop every process first, then set BACKORDER_DATABASE_URL to the new one and start again.
    """
    house = furnished()
    _alone(house)
    rows = house.books.move(url)
    click.echo(f"{rows} rows are in the new database. Set BACKORDER_DATABASE_URL to it before anything is started.")


@click.command("restore", cls=Command)
@click.argument("file")
@click.option("--replace", is_flag=True, help="Replace what is stored now.")
@plainly
def restore(file: str, *, replace: bool) -> None:
    """Put a copy back that `backup` made, then compare every shop with it.

    Stop every process first. What was done at the shops since the copy is found there and not done again. Messages to
    customers are paused until a person lets them go again, and everybody signs in anew.
    """
    house = furnished()
    _alone(house)
    with house.books.read() as unit:
        stored = len(unit.shops.all())
    if stored and not replace:
        stop("the database is not empty: give --replace to lose what is stored now, after a `backup` of it")
    house.books.put_back(file)
    number = house.desk.begin_anew()
    for problem in house.books.problems():
        click.echo(f"problem: {problem}", err=True)
    click.echo(f"Restored. {number} shop{'' if number == 1 else 's'} will be compared as soon as the worker runs.")
    click.echo(
        "Messages to customers are paused: what left since the copy is not known here. Sign in anew: login-link."
    )


def _alone(house: House) -> None:
    """Stop where somebody else is at work: what a door takes meanwhile would stay behind."""
    if not house.books.alone():
        stop("another process, web or worker, has the database open: stop every process first, then try again")
    with house.books.read() as unit:
        beat = unit.clockwork.last_beat()
    # One that is still to come was dated by a clock that has been set back since.
    if beat is not None and abs(datetime.now(UTC) - beat) < ALIVE:
        stop("a worker was at work half a minute ago: stop every process first, and wait so long")


@click.command("backup", cls=Command)
@click.argument("file")
@plainly
def backup(file: str) -> None:
    """Write a consistent copy of the database while the service runs."""
    furnished().books.backup(file)
    click.echo(f"Copied to {file}. Keep it together with the encryption keys.")


@click.command("rotate-keys", cls=Command)
@plainly
def rotate_keys() -> None:
    """Lock every secret that is kept with the first of BACKORDER_ENCRYPTION_KEYS."""
    number = furnished().books.relock()
    click.echo(f"Locked with the first key: {number}. The other keys may be taken off the list.")


@click.command("doctor", cls=Command)
@plainly
def doctor() -> None:
    """Show every setting, where it comes from, and what is wrong with its mend."""
    house = furnished()
    for name, (meaning, _default, secret) in meanings().items():
        value = getattr(house.settings, name)
        shown = ("set" if value else "not set") if secret else value or "not set"
        source = house.settings.sources.get(name, "default")
        click.echo(f"BACKORDER_{name.upper()} = {shown}   ({source}; {meaning})")
    problems = [*house.books.problems(), *_missing(house.settings.sources)]
    for problem in problems:
        click.echo(f"problem: {problem}", err=True)
    for warning in () if problems else (*house.books.warnings(), *_unheard(house.settings)):
        click.echo(f"warning: {warning}", err=True)
    if problems:
        stop("1 problem to mend" if len(problems) == 1 else f"{len(problems)} problems to mend")
    click.echo(f"No problems. Data lives in {current_app.instance_path}.")


def _missing(sources: dict[str, str]) -> list[str]:
    if "base_url" in sources:
        return []
    return ["BACKORDER_BASE_URL is not set: shops cannot reach this service; set its public https address"]


def _unheard(settings: Settings) -> list[str]:
    """Return a warning where something must stand in front, as nothing here ends TLS, and is not believed."""
    if not settings.base_url.startswith("https:") or settings.proxies_in_front:
        return []
    seen = "BACKORDER_PROXIES is 0, though the address is https: what ends TLS in front counts as the one client of all"
    return [f"{seen}, and who guesses shuts out everybody; set it to 1 if one proxy stands there"]


COMMANDS = (db, backup, restore, rotate_keys, doctor)
