"""Mail servers with odd manners: one that drips its answers, one whose good-bye is a complaint."""

import smtplib
import socket
import threading
import time
from contextlib import closing
from email.message import EmailMessage
from types import SimpleNamespace

import pytest

from connectors import bounded
from connectors.mail import transports
from connectors.mail.transports import Smtp
from core.errors import Rejected, Unavailable

FINE = {b"EHLO": b"250 here\r\n", b"DATA": b"354 go on\r\n", b".": b"250 taken\r\n"}


class Server:
    """Answers each word by the table, others by 250; `None` drips an answer that never ends."""

    def __init__(self, **answers):
        self._answers = FINE | {word.encode(): answer for word, answer in answers.items()}
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = self._door.getsockname()[1]
        self.heard = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self):
        client, _ = self._door.accept()
        with client, client.makefile("rb") as lines:
            try:
                client.sendall(b"220 here\r\n")
                for line in lines:
                    self._answer(client, line.split()[0].upper() if line.strip() else b"")
            except OSError:
                pass

    def _answer(self, client, word):
        self.heard.append(word)
        in_mail = b"DATA" in self.heard and word != b"DATA" and b"." not in self.heard[:-1]
        answer = self._answers.get(word, b"" if in_mail else b"250 fine\r\n")
        while answer is None and not self._over.wait(0.02):
            client.sendall(b"2")
        client.sendall(answer or b"")

    def close(self):
        self._over.set()
        self._thread.join(30)
        self._door.close()


def send_to(server):
    message = EmailMessage()
    message.set_content("hello")
    Smtp(host="127.0.0.1", port=server.port).carry(message, sender="a@b.example", to="c@d.example")


@pytest.fixture
def _farewell_is_late(monkeypatch):
    """Let a dialogue have its whole time, nearly all of which is over when it comes to the good-bye."""
    say, over = smtplib.SMTP.docmd, []

    def saying(server, word, *rest):
        over.extend([transports.IN_ALL - 0.2] * (word == "QUIT"))
        return say(server, word, *rest)

    monkeypatch.setattr(smtplib.SMTP, "docmd", saying)
    monkeypatch.setattr(bounded, "time", SimpleNamespace(monotonic=lambda: time.monotonic() + sum(over)))


@pytest.mark.usefixtures("_farewell_is_late")
@pytest.mark.parametrize("farewell", [b"421 too many connections\r\n", b"502 what?\r\n", b"no number\r\n", b""])
def test_what_a_server_answers_to_the_farewell_does_not_send_the_mail_once_more(farewell):
    with closing(Server(QUIT=farewell)) as server:
        send_to(server)
    assert server.heard[-1] == b"QUIT"


def test_a_refusal_is_not_hidden_by_the_farewell():
    with closing(Server(RCPT=b"550 not you\r\n", QUIT=b"421 go\r\n")) as server, pytest.raises(Rejected, match="550"):
        send_to(server)


@pytest.mark.parametrize("word", ["EHLO", "."])
def test_a_server_that_drips_its_answer_is_given_up_before_others_may_send_the_mail(word, monkeypatch):
    monkeypatch.setattr(transports, "IN_ALL", 0.3)
    with closing(Server(**{word: None})) as server, pytest.raises(Unavailable):
        send_to(server)
