"""`plan`: the engine alone on a file of facts. No database, no network, no clock."""

import sys
from pathlib import Path

import click

from core import plan_file
from pages.commands.speaking import Command, plainly, stop


@click.command("plan", cls=Command)
@click.argument("file")
@click.option("--lines", is_flag=True, help="Read one document per line and print one plan per line.")
@click.option("--explain", is_flag=True, help="Add the reasons as sentences.")
@plainly
def plan(file: str, *, lines: bool, explain: bool) -> None:
    """Print the plan for a file of facts ("-" for standard input)."""
    printed, problems, code = plan_file.run(_read(file), lines=lines, explain=explain)
    click.echo(printed, nl=False)
    click.echo(problems, nl=False, err=True)
    sys.exit(code)


def _read(file: str) -> bytes:
    try:
        if file != "-":
            return Path(file).read_bytes()
        # Python gives none to a program that was started without one.
        return sys.stdin.buffer.read() if sys.stdin else stop("-: there is no standard input", 2)
    except OSError as problem:
        stop(f"{file}: cannot be read: {problem.strerror}", 2)


COMMANDS = (plan,)
