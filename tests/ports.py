"""Ports for programs of a test."""

import secrets
import socket
from contextlib import closing, suppress

LOWEST, HIGHEST = 15_000, 31_999
"""Below those that the system hands out by itself: what other tests open meanwhile gets none of these."""


def free_port():
    """A port of this machine on which nobody listens, for a program that takes it a little later."""
    while True:
        # Not by `random`: it draws the same in each of the processes that run the suite.
        port = LOWEST + secrets.randbelow(HIGHEST - LOWEST + 1)
        with closing(socket.socket()) as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
