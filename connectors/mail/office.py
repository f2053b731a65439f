"""The post office: words a letter, makes it a message with the right headers, and hands it over."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from unicodedata import category

from connectors.mail import composing
from connectors.mail.composing import composed, is_marketing, plain
from connectors.mail.speech import LANGUAGES, Reader, reader
from connectors.mail.transports import Transport, is_address, transport_of
from core.errors import Rejected
from core.messages.correspondence import Letter, MailRecord, Worded
from core.messages.wording import Wording
from core.sentences import sentence

ENDS_A_LINE = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Kinds of signs, as Unicode has them, that no header holds: controls, halves of signs, ends of lines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """Implements `core.messages.correspondence.PostOffice`.

    `link` signs a customer's page, `unsubscribe` a one-click link.
    """

    link: Callable[[str, str], str]
    unsubscribe: Callable[[str, str], str]
    transport: Transport | None = None
    sender: str = ""

    @property
    def ready(self) -> bool:
        """Whether mails can leave."""
        return self.transport is not None

    @property
    def languages(self) -> Mapping[str, str]:
        """The languages that customers are written to in, by code, each with its own name."""
        return LANGUAGES

    def original(self, kind: str, language: str) -> Wording:
        """Return the words that a message of this kind has by itself."""
        return composing.original(kind, self.speak(language, None, zone="UTC", now=datetime.now(UTC)))

    def speak(self, locale: str | None, country: str | None, *, zone: str, now: datetime) -> Reader:
        """Return how a reader of this locale is spoken to."""
        return reader(locale, country, zone=zone, now=now)

    def words(self, letter: Letter) -> tuple[str, str]:
        """Return the letter's subject and text as its reader would get them."""
        speech = self.speak(letter.locale, letter.country, zone=letter.shop.timezone, now=letter.now)
        return plain(letter, speech, self.link, self._declining(letter))

    def compose(self, letter: Letter) -> Worded:
        """Return the letter in words, its HTML ready for mail programs."""
        speech = self.speak(letter.locale, letter.country, zone=letter.shop.timezone, now=letter.now)
        return composed(letter, speech, self.link, self._declining(letter))

    def send(self, mail: MailRecord) -> None:
        """Hand one mail to the server. Raises `Rejected` (never taken) or `Unavailable` (perhaps later)."""
        if self.transport is None:
            raise Rejected(sentence("no mail server is set (BACKORDER_SMTP_URL)"))
        try:
            message = message_of(mail, self.sender)
        except (ValueError, IndexError, MessageError) as problem:
            raise Rejected(sentence("the address is none that a mail can be sent to")) from problem
        self.transport.carry(message, sender=self.sender, to=mail.to)

    def _declining(self, letter: Letter) -> str | None:
        return self.unsubscribe(letter.shop.id, letter.address) if letter.address and is_marketing(letter) else None


def open_office(url: str, *, link: Callable[[str, str], str], unsubscribe: Callable[[str, str], str]) -> Office:
    """Return the post office for `BACKORDER_SMTP_URL`; an empty one words mails and sends none."""
    if not url:
        return Office(link=link, unsubscribe=unsubscribe)
    transport, sender = transport_of(url, sys.stdout)
    return Office(link=link, unsubscribe=unsubscribe, transport=transport, sender=sender)


def message_of(mail: MailRecord, sender: str) -> EmailMessage:
    """Return the message. Raises ValueError, IndexError or MessageError on an address that is none.

    `Auto-Submitted` keeps holiday replies away (RFC 3834); List-Unsubscribe with its one-click twin is RFC 8058.
    """
    message = EmailMessage(policy=SMTP)
    message["Subject"] = on_one_line(mail.subject)
    message["From"] = Address(display_name=on_one_line(mail.sender)[:100], addr_spec=sender)
    message["To"] = Address(addr_spec=mail.to.strip())
    if mail.reply_to and is_address(mail.reply_to):
        # What is none was typed at the shop: no customer's address is to be given up for it.
        message["Reply-To"] = Address(addr_spec=mail.reply_to.strip())
    message["Date"] = format_datetime(mail.created_at)
    message["Message-ID"] = mail.message_id
    message["Auto-Submitted"] = "auto-generated"
    if mail.unsubscribe:
        message["List-Unsubscribe"] = f"<{mail.unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(mail.text, cte="quoted-printable")
    message.add_alternative(mail.html, subtype="html", cte="quoted-printable")
    # Not before: what is about the content goes with it into the first part.
    message["Content-Language"] = mail.language
    return message


def on_one_line(text: str) -> str:
    """Return the text as a header may bear it: one line, of which nothing is code.

    Python before 3.11.10 decodes `=?...?=` in what it is given and writes the line ends in it out: CVE-2024-6923.
    """
    plain = "".join(" " if category(sign) in ENDS_A_LINE else sign for sign in text)
    return " ".join(plain.replace("=?", "= ?").split())
