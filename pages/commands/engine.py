"""`plan`: the engine alone on a file of facts. No database, no network, no clock."""

import sys
from pathlib import Path

import click

from core import plan_file
from pages.commands.speaking import stop


@click.command("plan")
@click.argument("file")
@click.option("--lines", is_flag=True, help="Read one document per line and print one plan per line.")
@click.option("--explain", is_flag=True, help="Add the reasons as sentences.")
def plan(file: str, *, lines: bool, explain: bool) -> None:
    """Print the plan for a file of facts ("-" for standard input)."""
    try:
        text = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as problem:
        stop(f"{file}: cannot be read: {problem.strerror}", 2)
    printed, problems, code = plan_file.run(text, lines=lines, explain=explain)
    click.echo(printed, nl=False)
    click.echo(problems, nl=False, err=True)
    sys.exit(code)


COMMANDS = (plan,)
