"""Requests that say twice how long they are: refused and the connection closed, so that none hides behind another.

Where a proxy in front goes by one of the two lengths and the server by the other, what one takes for the end of a body
the other takes for a request of its own (RFC 9112, 6.3). Waitress takes the chunks and leaves the connection open.
"""

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError


class Parser(HTTPRequestParser):  # type: ignore[misc]  # waitress has no types
    """Waitress' own, which lets no request through with both lengths, nor one of HTTP/1.0 in chunks."""

    def parse_header(self, header_plus: bytes) -> None:
        """Read the head. Raises ParsingError, which answers 400 and closes the connection."""
        super().parse_header(header_plus)
        # What is left of Transfer-Encoding was not understood: the head names it and the body is not read by it.
        if (self.chunked and "CONTENT_LENGTH" in self.headers) or "TRANSFER_ENCODING" in self.headers:
            raise ParsingError("The length of the body is not clear")


def be_strict() -> None:
    """Let every server of this process read requests like that."""
    HTTPChannel.parser_class = Parser
