"""Clients that come together, over real connections, turn by turn of the server's loop."""

import socket
from contextlib import ExitStack

import pytest
from waitress import create_server, wasyncore
from waitress.server import BaseWSGIServer, TcpWSGIServer

from pages.commands.accepting import let_in_together


def nobody(environ, start):
    raise AssertionError("nobody asks for anything")


@pytest.fixture
def turn(monkeypatch):
    """Let so many clients come to a server, and return how many are in after one turn of its loop."""
    monkeypatch.setattr(TcpWSGIServer, "handle_accept", BaseWSGIServer.handle_accept)
    let_in_together()
    with ExitStack() as clients:

        def come(number, **limits):
            sockets = {}
            server = create_server(nobody, map=sockets, host="127.0.0.1", port=0, threads=1, backlog=64, **limits)
            clients.callback(wasyncore.close_all, sockets, ignore_all=True)
            clients.callback(server.task_dispatcher.shutdown)
            address = (server.effective_host, int(server.effective_port))
            for _ in range(number):
                clients.enter_context(socket.create_connection(address, timeout=60))
            wasyncore.loop(timeout=60, use_poll=True, map=sockets, count=1)
            return len(server.active_channels)

        yield come


def test_all_who_wait_are_let_in_at_once(turn):
    assert turn(40) == 40


def test_no_more_are_let_in_than_there_is_room_for(turn):
    # The server's own two: its door, and the pipe that wakes it.
    assert turn(40, connection_limit=12) == 10
