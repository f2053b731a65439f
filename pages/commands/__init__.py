"""People at the keyboard: `flask --app app COMMAND`. Errors are one line on standard error."""

from flask import Flask

from pages.commands import demo, engine, privacy, rehearsal, running, shops, upkeep


def register(app: Flask) -> None:
    """Add the commands."""
    for room in (engine, shops, rehearsal, privacy, running, upkeep, demo):
        for command in room.COMMANDS:
            app.cli.add_command(command)
