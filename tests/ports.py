"""Ports for programs of a test."""

import os
import secrets
import socket
from contextlib import closing, suppress

LOWEST, HIGHEST = 15_000, 31_999
"""Below those that the system hands out by itself: what other tests open meanwhile gets none of these."""
TESTERS = 16
TESTER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % TESTERS
given = set()


def free_port():
    """A port of this machine on which nobody listens, for a program that takes it a little later.

    Each of the processes that run the suite has ports of its own, and gives none of them twice: until a program takes
    it, a port looks free to others as well.
    """
    while True:
        # Not by `random`: it draws the same in each of these processes.
        port = LOWEST + secrets.randbelow((HIGHEST - LOWEST) // TESTERS) * TESTERS + TESTER
        with closing(socket.socket()) as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            if port not in given:
                given.add(port)
                return port
