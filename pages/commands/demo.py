"""`demo`: the whole service with two simulated shops, on this machine only."""

import signal
import sys

import click
from flask import current_app

from pages.commands.running import free_port
from pages.commands.speaking import Command, plainly, stop

FASTEST = 1000


@click.command("demo", cls=Command)
@click.option("--seed", default=7, show_default=True, help="The same seed replays the same story.")
@click.option("--story", default="everyday", show_default=True, help="everyday, late-container or flash-sale.")
@click.option("--speed", default=1.0, show_default=True, help="1: a day takes 20 seconds; 0 freezes time.")
@plainly
def demo(seed: int, story: str, speed: float) -> None:
    """Run the service, its worker and two simulated shops; nothing leaves this machine."""
    if not 0 <= speed <= FASTEST:  # written so that it is true of no number that is none
        stop(f"--speed: must be from 0 to {FASTEST}", 2)
    # Its folder goes away with it, whichever way it is ended.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    current_app.extensions["demo"](seed=seed, story=story, speed=speed, port=free_port("127.0.0.1"))


COMMANDS = (demo,)
