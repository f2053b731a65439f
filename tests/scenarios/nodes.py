"""Machines of their own for web and workers: network namespaces, each with a line to the database and one to the shops.

This process is the machine where PostgreSQL and the shops are. A line that is cut is silent: its frames go to an address
that nobody has, so neither end is told anything, as when a switch dies in the middle.
"""

import os
import shutil
import subprocess
import sys
from contextlib import ExitStack, closing, contextmanager, suppress

from tests.scenarios.processes import ROOT, Service

RUN = os.getpid()
DATABASE, SHOPS = f"10.213.{RUN % 256}.1", f"10.214.{RUN % 256}.1"
"""Of this run only, as the machines' names are: another one may be under way beside it."""
LINES = {"db": DATABASE, "shops": SHOPS}
RELAY = "tests/scenarios/relay.py"
PIPES = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
NOBODY = "02:00:00:00:00:ff"


def why_not():
    """Why no namespaces can be made here; empty when they can."""
    if os.geteuid() != 0:
        return "network namespaces are made by root only"
    if shutil.which("ip") is None:
        return "there is no `ip` command (iproute2)"
    with closing(Node("probe", 250)) as node:
        problem = node.make()
    return f"no network namespace can be made here: {problem}" if problem else ""


class Node:
    """A namespace with two lines out; `number` is the last part of its addresses."""

    def __init__(self, name, number):
        self.name = f"backorder-{RUN}-{name}"
        self.number = number

    def make(self):
        """Make it with both lines whole; return what was in the way, if anything."""
        try:
            ip("netns", "add", self.name)
            ip("-n", self.name, "link", "set", "lo", "up")
            for line, far in LINES.items():
                near = self.address(line)
                ip("link", "add", self._far_end(line), "type", "veth", "peer", "name", line, "netns", self.name)
                ip("address", "add", far, "peer", near, "dev", self._far_end(line))
                ip("-n", self.name, "address", "add", near, "peer", far, "dev", line)
                ip("link", "set", self._far_end(line), "up")
                ip("-n", self.name, "link", "set", line, "up")
        except subprocess.CalledProcessError as problem:
            return problem.stderr.strip()
        return ""

    def address(self, line):
        return LINES[line].rsplit(".", 1)[0] + f".{self.number}"

    def cut(self, line):
        """Nothing comes through in either direction, and no end is told so."""
        self._send_to(line, NOBODY, NOBODY)

    def mend(self, line):
        """Both ends find each other again; what still waited to be sent comes through."""
        near = ip("netns", "exec", self.name, "cat", f"/sys/class/net/{line}/address").strip()
        far = ip("-br", "link", "show", self._far_end(line)).split()[2]
        self._send_to(line, near, far)

    def close(self):
        """Take it away, with both ends of its lines."""
        for line in LINES:
            with suppress(subprocess.CalledProcessError):
                ip("link", "delete", self._far_end(line))
        with suppress(subprocess.CalledProcessError):
            ip("netns", "delete", self.name)

    def _far_end(self, line):
        return f"bo{line[0]}{RUN}-{self.number}"  # an interface's name has at most 15 letters

    def _send_to(self, line, near, far):
        known = ("nud", "permanent", "dev")
        ip("neighbour", "replace", self.address(line), "lladdr", near, *known, self._far_end(line))
        ip("-n", self.name, "neighbour", "replace", LINES[line], "lladdr", far, *known, line)


def ip(*words):
    return subprocess.run(["ip", *words], check=True, capture_output=True, text=True, timeout=30).stdout


@contextmanager
def machines(*names):
    """Namespaces of these names, all gone at the end."""
    made = [Node(name, number) for number, name in enumerate(names, start=11)]
    try:
        for node in made:
            problem = node.make()
            assert problem == "", problem
        yield made
    finally:
        for node in made:
            node.close()


@contextmanager
def running(*words, on=None, says):
    """A process on this machine or on another, which has said this; killed at the end."""
    process = subprocess.Popen([*at(on), sys.executable, *words], cwd=ROOT, text=True, **PIPES)
    try:
        assert process.stdout.readline().strip() == says
        yield process
    finally:
        process.kill()
        process.communicate(timeout=10)


def at(node):
    """What a command begins with to run there."""
    return ["ip", "netns", "exec", node.name] if node else []


class SpreadService(Service):
    """A web process on the first machine and a worker on each of the others, all of which reach these local ports."""

    def __init__(self, folder, database_url, nodes, ports, **settings):
        self._places = iter(nodes)
        self.node_of = {}
        self._relays = ExitStack()
        for node in nodes:
            self._relays.enter_context(running(RELAY, *(f"{SHOPS}:{port}" for port in ports), on=node, says="ready"))
        self._web_address = nodes[0].address("shops")
        super().__init__(folder, database_url, HOST=self._web_address, **settings)
        self.hire(len(nodes) - 1)

    def command(self, *words):
        self._starting = next(self._places)
        return [*at(self._starting), *super().command(*words)]

    def _start(self, *words):
        process = super()._start(*words)
        # `ip netns exec` becomes the command it was given: this is the process that signs its leases with its number.
        self.node_of[process.pid] = self._starting
        return process

    def _wait_for_web(self):
        self._relays.enter_context(running(RELAY, f"{self._web_address}:{self.port}", says="ready"))
        super()._wait_for_web()

    def close(self):
        super().close()
        self._relays.close()
