"""Clients that come together: let in together, not one at each turn of the server's loop.

A turn looks at every connection that is open. With one client let in at each, whoever comes while thousands open theirs
waits for thousands of turns, each of them longer than the one before.
"""

from waitress.server import BaseWSGIServer, TcpWSGIServer

AT_ONCE = 256
"""So many at most: those who are in already wait meanwhile."""


def let_in_together() -> None:
    """Let every server of this process take all who wait."""
    TcpWSGIServer.handle_accept = _let_in


def _let_in(server: BaseWSGIServer) -> None:
    """Open a connection for each who waits, as long as there is room."""
    for _ in range(min(AT_ONCE, server.adj.connection_limit - len(server._map))):  # noqa: SLF001  # waitress has no other count
        known = len(server._map)  # noqa: SLF001
        BaseWSGIServer.handle_accept(server)
        if len(server._map) == known:  # noqa: SLF001
            return
