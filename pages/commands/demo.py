"""`demo`: the whole service with two simulated shops, on this machine only."""

import click
from flask import current_app

from pages.commands.running import free_port
from pages.commands.speaking import plainly, stop


@click.command("demo")
@click.option("--seed", default=7, show_default=True, help="The same seed replays the same story.")
@click.option("--story", default="everyday", show_default=True, help="everyday, late-container or flash-sale.")
@click.option("--speed", default=1.0, show_default=True, help="1: a day takes 20 seconds; 0 freezes time.")
@plainly
def demo(seed: int, story: str, speed: float) -> None:
    """Run the service, its worker and two simulated shops; nothing leaves this machine."""
    if speed < 0:
        stop("--speed: must be 0 or more", 2)
    current_app.extensions["demo"](seed=seed, story=story, speed=speed, port=free_port())


COMMANDS = (demo,)
