"""People at the keyboard: `flask --app app COMMAND`. Errors are one line on standard error."""

from flask import Flask

from pages.commands import demo, engine, running, shops, upkeep


def register(app: Flask) -> None:
    """Add the commands."""
    for command in (*engine.COMMANDS, *shops.COMMANDS, *running.COMMANDS, *upkeep.COMMANDS, *demo.COMMANDS):
        app.cli.add_command(command)
