"""People at the keyboard: `flask --app app COMMAND`. Errors are one line on standard error."""

from flask import Flask

from pages.commands import demo, engine, privacy, running, shops, upkeep


def register(app: Flask) -> None:
    """Add the commands."""
    for room in (engine, shops, privacy, running, upkeep, demo):
        for command in room.COMMANDS:
            app.cli.add_command(command)
