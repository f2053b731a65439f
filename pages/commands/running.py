"""Starting what runs: the worker, the web server, both in one."""

import errno
import resource
import signal
import socket
import sys
import threading
from contextlib import closing

import click
import waitress
from flask import current_app

from pages.commands.accepting import let_in_together
from pages.commands.framing import be_strict
from pages.commands.speaking import Command, environment, furnished, plainly, stop

HOLDING = {
    "threads": 16,
    "backlog": 4096,
    "asyncore_use_poll": True,
    "channel_timeout": 30,  # seconds of silence
    "cleanup_interval": 10,
    "recv_bytes": 64 * 1024,  # a whole delivery at once
    "send_bytes": 16 * 1024,  # a whole answer at once
    "max_request_body_size": 9 * 1024 * 1024,  # the doors take 8 MiB and say so themselves
    "ident": None,
    # What the proxy in front says of the client is for BACKORDER_PROXIES to believe or not: it must arrive.
    "clear_untrusted_proxy_headers": False,
}
"""Clients that send nothing, or a body byte by byte, hold a connection but none of the threads that answer."""
OWN_FILES = 500
"""Open files that are no client's: the database's, the shops' and the program's own."""
MOST_FILES = 16_384

TURN = 0.001
"""Seconds for which one thread may compute while others want to. At Python's five, a plan that is being made keeps each
answer of the same process, and whoever holds the lock of the database, waiting for five at each of their many steps."""


@click.command("worker", cls=Command)
@click.option("--until-idle", is_flag=True, help="Exit 0 when nothing is due.")
@click.option("--once", is_flag=True, help="Do one round and exit.")
@plainly
def worker(*, until_idle: bool, once: bool) -> None:
    """Run the inbox, the outbox and the clock."""
    furnished()
    sys.setswitchinterval(TURN)
    hands = current_app.extensions["hands"]()
    if until_idle or once:
        hands.run_until_idle(once=once)
        return
    for number in (signal.SIGTERM, signal.SIGINT):
        # On a thread of its own: the signal may arrive while this one holds the lock that `stop` takes.
        signal.signal(number, lambda *_: threading.Thread(target=hands.stop).start())
    hands.run()


@click.command("serve", cls=Command)
@click.option("--with-worker", is_flag=True, help="Run the worker in this process too.")
@plainly
def serve(*, with_worker: bool) -> None:
    """Serve the web on HOST (127.0.0.1) and PORT (8000)."""
    host = environment().get("HOST") or "127.0.0.1"
    port = free_port(host)
    furnished()
    sys.setswitchinterval(TURN)
    hands = current_app.extensions["hands"]() if with_worker else None
    work = threading.Thread(target=hands.run, daemon=True) if hands else None
    # The first process of a container is not ended by SIGTERM unless it says so.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    if work:
        work.start()
    click.echo(f"Backorder answers on http://{f'[{host}]' if ':' in host else host}:{port}")
    be_strict()
    let_in_together()
    served = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001  # the proxy's own door
    waitress.serve(served, host=host, port=port, connection_limit=clients(), **HOLDING, _quiet=True)
    if hands and work:
        hands.stop()
        work.join(timeout=60)


def clients() -> int:
    """Return how many may be connected at once: where the system lets us, far more than who holds many has at hand."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = MOST_FILES if hard == resource.RLIM_INFINITY else min(MOST_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    return max(most - OWN_FILES, most // 2)


def free_port(host: str) -> int:
    """Return PORT, or end with one line when it is no port or `host` cannot listen there."""
    text = environment().get("PORT") or "8000"
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        stop(f"PORT: {text!r} is not a port from 1 to 65535", 2)
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, int(text), type=socket.SOCK_STREAM)[0]
        with closing(socket.socket(family, kind, protocol)) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as problem:
        if problem.errno == errno.EADDRINUSE:
            stop(f"port {text} is in use: stop what listens there, or set PORT to another one")
        stop(f"cannot listen on {host}, port {text} ({problem.strerror}): set HOST or PORT to another one")
    return int(text)


COMMANDS = (worker, serve)
