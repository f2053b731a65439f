"""Ways out: SMTP, and its twins for the console and for memory. What a server's answers mean is settled here."""

import smtplib
import ssl
import time
from contextlib import suppress
from dataclasses import dataclass, field
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from typing import Any, Protocol, TextIO
from urllib.parse import parse_qs, unquote, urlsplit

from connectors.bounded import heard_until
from core.errors import ConfigurationError, Rejected, Unavailable
from core.sentences import sentence
from core.settings import LOOPBACK

TIMEOUT = 20.0
IN_ALL = 90.0
"""Seconds for a mail's whole dialogue: less than it is leased for, or a slow server would be given it once more."""


class _Server(smtplib.SMTP):
    """Python's own, whose every answer counts towards one limit, and whose farewell says nothing about the mail."""

    def __init__(self, host: str, port: int, **tls: Any) -> None:  # noqa: ANN401  # smtplib's own
        self._end = time.monotonic() + IN_ALL
        super().__init__(host, port, timeout=TIMEOUT, **tls)

    def getreply(self) -> tuple[int, bytes]:
        """Return code and words of the next answer."""
        if self.file is None and self.sock is not None:
            self.file = heard_until(self.sock, self._end)
        return super().getreply()

    def __exit__(self, *problem: object) -> None:
        """Say good-bye. Whether the mail was taken was said before: an odd answer now must not send it once more."""
        with suppress(smtplib.SMTPException, OSError):
            super().__exit__(*problem)  # type: ignore[arg-type]  # passed on as it came
        self.close()


class _TlsServer(_Server, smtplib.SMTP_SSL):
    """The same with TLS from the start."""


class Transport(Protocol):
    """Carries one message to one address."""

    def carry(self, message: EmailMessage, *, sender: str, to: str) -> None:
        """Hand it over. Raises `Rejected` when it is never taken, `Unavailable` when it may be later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Smtp:
    """One server. Each message takes a connection of its own: few are sent, and none waits for another."""

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    implicit_tls: bool = False

    def carry(self, message: EmailMessage, *, sender: str, to: str) -> None:
        """Hand it over. Raises `Rejected` for answers of the 5xx kind about the mail, `Unavailable` for all else."""
        try:
            with self._connected() as server:
                self._secured(server)
                server.send_message(message, from_addr=sender, to_addrs=[to])
        except smtplib.SMTPRecipientsRefused as problem:
            code, said = next(iter(problem.recipients.values()), (550, b""))
            raise _meant(code, said, sentence("the server refuses the address")) from problem
        except smtplib.SMTPAuthenticationError as problem:
            raise Unavailable(
                sentence("the mail server refuses the user or password of BACKORDER_SMTP_URL")
            ) from problem
        except smtplib.SMTPSenderRefused as problem:
            # Who sends is a setting: no customer's address is to be given up for it.
            told = _meant(problem.smtp_code, problem.smtp_error, sentence("the mail server answers"))
            raise Unavailable(str(told)) from problem
        except smtplib.SMTPResponseException as problem:
            raise _meant(problem.smtp_code, problem.smtp_error, sentence("the mail server answers")) from problem
        except smtplib.SMTPNotSupportedError as problem:
            raise Rejected(sentence("the mail server cannot take this mail: %(problem)s", problem=problem)) from problem
        except (smtplib.SMTPException, OSError) as problem:
            raise Unavailable(
                sentence("no answer from the mail server %(host)s:%(port)s", host=self.host, port=self.port)
            ) from problem

    def _connected(self) -> smtplib.SMTP:
        if self.implicit_tls:
            return _TlsServer(self.host, self.port, context=ssl.create_default_context())
        return _Server(self.host, self.port)

    def _secured(self, server: smtplib.SMTP) -> None:
        """Switch to TLS, without which neither a password nor a customer's order leaves this machine."""
        server.ehlo_or_helo_if_needed()
        if not self.implicit_tls and server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
            server.ehlo()
        elif not self.implicit_tls and self.host not in LOOPBACK:
            raise Unavailable(
                sentence(
                    "the mail server %(host)s offers no encryption (STARTTLS): use another port or smtps://",
                    host=self.host,
                )
            )
        if self.user:
            server.login(self.user, self.password)


def _meant(code: int, said: bytes | str, words: str) -> Rejected | Unavailable:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    told = f"{words}: {code} {' '.join(text.split())[:200]}"
    return Rejected(told) if code >= 500 else Unavailable(told)


@dataclass(slots=True)
class Console:
    """Prints mails instead of sending them."""

    out: TextIO

    def carry(self, message: EmailMessage, *, sender: str, to: str) -> None:
        """Print the mail's head and text."""
        text = message.get_body(("plain",))
        words = text.get_content() if text is not None else ""
        self.out.write(f"--- mail from {sender} to {to}\n{message['Subject']}\n\n{words}\n")


@dataclass(slots=True)
class Memory:
    """Keeps mails in a list; `answers` is raised, oldest first, instead of taking one."""

    taken: list[EmailMessage] = field(default_factory=list)
    answers: list[Exception] = field(default_factory=list)

    def carry(self, message: EmailMessage, *, sender: str, to: str) -> None:  # noqa: ARG002  # the message names both
        """Keep the mail."""
        if self.answers:
            raise self.answers.pop(0)
        self.taken.append(message)


def transport_of(url: str, out: TextIO) -> tuple[Transport, str]:
    """Return the way out that a setting names, and the address that mails come from. Raises ConfigurationError."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as problem:
        raise _bad() from problem
    sender = parse_qs(parts.query).get("from", [""])[0]
    if parts.scheme == "console":
        return Console(out), sender or "backorder@localhost"
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or not is_address(sender):
        raise _bad()
    tls = parts.scheme == "smtps"
    made = Smtp(
        host=parts.hostname, port=port or (465 if tls else 587), user=unquote(parts.username or ""),
        password=unquote(parts.password or ""), implicit_tls=tls,
    )  # fmt: skip
    return made, sender


def is_address(text: str) -> bool:
    """Whether a mail's header can bear this as one address."""
    try:
        return bool(Address(addr_spec=text.strip()).domain)
    except (ValueError, IndexError, MessageError):
        return False


def _bad() -> ConfigurationError:
    return ConfigurationError(
        "BACKORDER_SMTP_URL: must be like smtp://user:password@mail.example.com:587?from=shop@example.com "
        "(smtps:// for TLS from the start, console: to print mails)"
    )
