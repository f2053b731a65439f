"""Starting what runs: the worker, the web server, both in one."""

import os
import socket
import threading
from contextlib import closing

import click
import waitress
from flask import current_app

from pages.commands.speaking import furnished, plainly, stop


@click.command("worker")
@click.option("--until-idle", is_flag=True, help="Exit 0 when nothing is due.")
@click.option("--once", is_flag=True, help="Do one round and exit.")
@plainly
def worker(*, until_idle: bool, once: bool) -> None:
    """Run the inbox, the outbox and the clock."""
    furnished()
    hands = current_app.extensions["hands"]()
    if until_idle or once:
        hands.run_until_idle(once=once)
        return
    hands.run()


@click.command("serve")
@click.option("--with-worker", is_flag=True, help="Run the worker in this process too.")
@plainly
def serve(*, with_worker: bool) -> None:
    """Serve the web on HOST (127.0.0.1) and PORT (8000)."""
    furnished()
    host, port = os.environ.get("HOST", "127.0.0.1"), free_port()
    if with_worker:
        hands = current_app.extensions["hands"]()
        threading.Thread(target=hands.run, daemon=True).start()
    click.echo(f"Backorder answers on http://{host}:{port}")
    waitress.serve(current_app._get_current_object(), host=host, port=port, threads=16, _quiet=True)  # type: ignore[attr-defined]  # noqa: SLF001  # the proxy's own door


def free_port() -> int:
    """Return PORT, or end with one line when it is no port or in use."""
    text = os.environ.get("PORT", "8000")
    if not text.isdigit() or not 0 < int(text) < 65536:
        stop(f"PORT: {text!r} is not a port from 1 to 65535", 2)
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((os.environ.get("HOST", "127.0.0.1"), int(text)))
        except OSError:
            stop(f"port {text} is in use: stop what listens there, or set PORT to another one")
    return int(text)


COMMANDS = (worker, serve)
