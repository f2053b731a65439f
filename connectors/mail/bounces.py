"""Reports that mail did not arrive (RFC 3464), read from a mailbox by IMAP. Only reports are touched in it."""

import imaplib
import io
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from connectors.bounded import heard_until
from connectors.mail.transports import TIMEOUT
from core.errors import ConfigurationError, Unavailable
from core.messages.correspondence import Bounced
from core.settings import LOOPBACK

AT_ONCE = 200
"""Reports read in one visit: the others wait for the next."""
LARGEST = 1_000_000
IN_ALL = 120.0
"""Seconds for a whole visit: the clock is kept by the same worker, and a server may drip its answers."""


class _Server(imaplib.IMAP4):
    """Python's own, whose every answer counts towards one limit of time, and is of a size that may be expected."""

    def __init__(self, host: str, port: int, **tls: Any) -> None:  # noqa: ANN401  # imaplib's own
        self._end = time.monotonic() + IN_ALL
        self._heard: io.BufferedReader | None = None
        self._heard_from: object = None
        super().__init__(host, port, timeout=TIMEOUT, **tls)

    def read(self, size: int) -> bytes:
        """Return so many bytes of an answer."""
        if size > 2 * LARGEST:
            raise self.error(f"an answer of {size} bytes")
        return self._answers().read(size)

    def readline(self) -> bytes:
        """Return a line of an answer."""
        line = self._answers().readline(LARGEST)
        if len(line) == LARGEST:
            raise self.error(f"a line of more than {LARGEST} bytes")
        return line

    def _answers(self) -> io.BufferedReader:
        # Another socket after STARTTLS: what was heard unencrypted counts no more.
        if self._heard is None or self._heard_from is not self.sock:
            self._heard_from, self._heard = self.sock, heard_until(self.sock, self._end)
        return self._heard

    def shutdown(self) -> None:
        """Close the line."""
        if self._heard is not None:
            self._heard.close()
        super().shutdown()

    def __exit__(self, *problem: object) -> None:
        """Say good-bye, to which nothing is heard from a server that was given up: the line is closed all the same."""
        with suppress(self.error, OSError):
            super().__exit__(*problem)  # type: ignore[arg-type]  # passed on as it came
        if self.sock.fileno() >= 0:
            self.shutdown()


class _TlsServer(_Server, imaplib.IMAP4_SSL):
    """The same with TLS from the start."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """Implements `core.messages.correspondence.BounceBox` over one folder."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"
    implicit_tls: bool = True

    def visit(self, take: Callable[[Bounced], None]) -> int:
        """Hand every new report over, then mark it as read; return how many. Raises Unavailable."""
        try:
            with self._opened() as server:
                found = _asked(server.uid("SEARCH", "UNSEEN", "HEADER", "Content-Type", '"report"'))
                numbers = [number.decode() for part in found if part for number in part.split()][:AT_ONCE]
                return sum(self._read(server, number, take) for number in numbers)
        except (imaplib.IMAP4.error, OSError) as problem:
            raise Unavailable(f"the mailbox of BACKORDER_BOUNCES_URL does not answer: {problem}") from problem

    def _read(self, server: imaplib.IMAP4, number: str, take: Callable[[Bounced], None]) -> int:
        answer = _asked(server.uid("FETCH", number, f"(BODY.PEEK[]<0.{LARGEST}>)"))
        raw = next((part[1] for part in answer if isinstance(part, tuple)), b"")
        told = tuple(reported(raw))
        for one in told:
            take(one)
        # What was read says nothing new the next time; should this get lost, being told twice does no harm.
        _asked(server.uid("STORE", number, "+FLAGS.SILENT", "(\\Seen)"))
        return len(told)

    @contextmanager
    def _opened(self) -> Iterator[imaplib.IMAP4]:
        secure = ssl.create_default_context()
        if self.implicit_tls:
            server: imaplib.IMAP4 = _TlsServer(self.host, self.port, ssl_context=secure)
        else:
            server = _Server(self.host, self.port)
        with server:
            if not self.implicit_tls and self.host not in LOOPBACK:
                server.starttls(ssl_context=secure)
            server.login(self.user, self.password)
            _asked(server.select(f'"{self.folder}"'))
            yield server


def _asked(answer: tuple[str, list[Any]]) -> list[Any]:
    """Return what the server said. Raises imaplib's error where it refused."""
    state, said = answer
    if state != "OK":
        raise imaplib.IMAP4.error(" ".join(str(part) for part in said)[:200])
    return said


def reported(raw: bytes) -> Iterator[Bounced]:
    """Yield each failed delivery that the message reports, of which it says which mail it was; else nothing."""
    message = message_from_bytes(raw, policy=policy.default)
    if message.get_content_type() != "multipart/report" or message.get_param("report-type") != "delivery-status":
        return
    parts = list(message.walk())
    original = next((known for part in parts if (known := _message_id(part, message))), None)
    status = next((part for part in parts if part.get_content_type() == "message/delivery-status"), None)
    if original is None or status is None:
        return
    for group in status.get_payload():
        if isinstance(group, Message) and str(group.get("Action", "")).strip().casefold() == "failed":
            code = str(group.get("Status", "")).strip()
            why = " ".join(str(group.get("Diagnostic-Code", "")).partition(";")[2].split()) or f"status {code}"
            yield Bounced(message_id=original, permanent=code.startswith("5"), why=why[:200])


def _message_id(part: Message, report: EmailMessage | Message) -> str | None:
    """Return the id of the mail that a part of the report brings back, whole or by its headers only."""
    if part is report:
        return None
    if part.get_content_type() == "text/rfc822-headers":
        text = part.get_payload(decode=True)
        part = message_from_bytes(text if isinstance(text, bytes) else b"", policy=policy.default)
    found = part.get("Message-ID")
    return str(found).strip() if found else None


def open_mailbox(url: str) -> Mailbox | None:
    """Return the mailbox that `BACKORDER_BOUNCES_URL` names; None where it is not set. Raises ConfigurationError."""
    if not url:
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as problem:
        raise _bad() from problem
    if parts.scheme not in {"imap", "imaps"} or not parts.hostname or not parts.username or not parts.password:
        raise _bad()
    tls = parts.scheme == "imaps"
    folder = parse_qs(parts.query).get("folder", ["INBOX"])[0]
    if not folder.isascii() or not folder.isprintable() or '"' in folder or "\\" in folder:
        raise _bad()
    return Mailbox(
        host=parts.hostname, port=port or (993 if tls else 143), user=unquote(parts.username),
        password=unquote(parts.password), folder=folder, implicit_tls=tls,
    )  # fmt: skip


def _bad() -> ConfigurationError:
    return ConfigurationError(
        "BACKORDER_BOUNCES_URL: must be like imaps://user:password@mail.example.com?folder=INBOX (imap:// for STARTTLS)"
    )
