"""The same over real connections on loopback: refused, reset, cut off, hanging, endless, redirected."""

import logging
import socket
import ssl
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from connectors.woocommerce import client as client_module
from connectors.woocommerce.client import parsed
from connectors.woocommerce.refusals import own_words
from core.errors import OutcomeUnknown, Unavailable


class Door:
    """A loopback server that answers each connection with the same bytes, then does `then` to it."""

    def __init__(self, reply, then="close", tls=None):
        self.tls, self.asked = tls, b""
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.reply, self.then, self.served = reply, then, 0
        self.held = []
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                peer, _ = self.listener.accept()
            except OSError:
                return
            self.served += 1
            # Whoever asked may have left before the answer's end.
            with suppress(OSError):
                peer = self.tls.wrap_socket(peer, server_side=True) if self.tls else peer
                self.asked = peer.recv(65536)
                peer.sendall(self.reply)
            if self.then == "hang":
                self.held.append(peer)
                continue
            if self.then == "reset":
                peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
            peer.close()

    def has_served(self, connections):
        """Whether so many came; on a busy machine the last one is seen a little later."""
        deadline = time.monotonic() + 60
        while self.served < connections and time.monotonic() < deadline:
            time.sleep(0.01)
        return self.served == connections

    def close(self):
        # Without the shutdown a thread waiting in accept() would keep the port open.
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for peer in self.held:
            peer.close()


@pytest.fixture
def door():
    doors = []

    def make(reply, then="close", tls=None):
        doors.append(Door(reply, then, tls))
        return doors[-1]

    yield make
    for made in doors:
        made.close()


def at(connect, port):
    return connect(origin=f"http://127.0.0.1:{port}", allow_private=True)


JSON_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


def test_a_refused_connection_means_that_nothing_was_done(connect):
    # Bound, so that nobody else gets the port meanwhile; it does not listen.
    with socket.socket() as silent, pytest.raises(Unavailable, match="cannot be reached") as caught:
        silent.bind(("127.0.0.1", 0))
        at(connect, silent.getsockname()[1])._client.put("orders/7", {})
    assert not isinstance(caught.value, OutcomeUnknown)


@pytest.mark.parametrize(
    ("reply", "then"),
    [
        (b"", "close"),
        (b"", "reset"),
        (b"HTTP/1.1 2", "close"),
        (b"not http at all\r\n\r\n", "close"),
        (JSON_HEAD + b'Content-Length: 500\r\n\r\n{"id": 7}', "close"),
        (JSON_HEAD + b'Transfer-Encoding: chunked\r\n\r\n5\r\n{"id"', "reset"),
    ],
)
def test_a_connection_lost_after_sending_leaves_a_write_unknown_and_a_read_unavailable(connect, door, reply, then):
    made = door(reply, then)
    shop = at(connect, made.port)
    with pytest.raises(OutcomeUnknown):
        shop._client.put("orders/7", {})
    assert made.has_served(1)
    with pytest.raises(Unavailable) as caught:
        shop._client.get("orders/7")
    assert not isinstance(caught.value, OutcomeUnknown)
    assert made.has_served(4)


def test_a_store_that_hangs_is_given_up(connect, door, monkeypatch):
    monkeypatch.setattr(client_module, "READ_SECONDS", 0.2)
    made = door(b"", then="hang")
    shop = at(connect, made.port)
    with pytest.raises(OutcomeUnknown):
        shop._client._exchange("PUT", shop._client._url("orders/7", {}), body={}, seconds=0.2)
    with pytest.raises(Unavailable, match="too long"):
        shop._client._exchange("GET", shop._client._url("orders/7", {}), seconds=0.2)
    assert made.has_served(2)


def test_an_answer_that_does_not_end_is_given_up(connect, door, monkeypatch):
    monkeypatch.setattr(client_module, "ANSWER_BYTES", 1000)
    made = door(JSON_HEAD + b"Content-Length: 200000\r\n\r\n" + b" " * 200_000)
    with pytest.raises(Unavailable, match="did not end"):
        at(connect, made.port)._client.get("orders/7")
    with pytest.raises(OutcomeUnknown, match="did not end"):
        at(connect, made.port)._client.put("orders/7", {})


def test_no_redirect_is_followed(connect, door):
    target = door(JSON_HEAD + b"Content-Length: 2\r\n\r\n{}")
    here = door(
        f"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:{target.port}/\r\nContent-Length: 0\r\n\r\n".encode()
    )
    with pytest.raises(Unavailable, match=f"127.0.0.1:{target.port}"):
        at(connect, here.port)._client.get("orders/7")
    assert target.has_served(0)


def test_neither_key_nor_signature_reaches_a_log_or_a_traceback(connect, door, caplog):
    caplog.set_level(logging.DEBUG)
    made = door(b"", "reset")
    with pytest.raises(Unavailable) as caught:
        at(connect, made.port)._client.get("orders/7")
    with pytest.raises(Unavailable):
        at(connect, door(JSON_HEAD + b"Content-Length: 1\r\n\r\nx").port)._client.get("orders/7")
    shown = caplog.text + repr(caught.value.__cause__)
    assert caught.value.__suppress_context__
    assert not any(secret in shown for secret in ("ck_12ab", "cs_34cd", "oauth_"))


def test_a_store_at_localhost_is_reached(connect, door):
    made = door(JSON_HEAD + b'Content-Length: 9\r\nConnection: close\r\n\r\n{"id": 7}')
    assert connect(origin=f"http://localhost:{made.port}", allow_private=True)._client.get("orders/7") == {"id": 7}


def test_a_number_beyond_64_bits_or_a_lone_surrogate_is_no_data():
    assert parsed(b'{"id": "\\ud800"}') is None
    assert parsed(b"NaN") is None


def test_a_sentence_of_the_store_becomes_one_short_plain_line():
    assert own_words("<p>No\n stock\x00 for <b>Mug</b> &amp; Plate</p>") == "No stock for Mug & Plate"
    assert len(own_words("x" * 5000)) == 200
    assert own_words({"a": 1}) == ""
    assert own_words(None) == ""


def lead_to(monkeypatch, name, *addresses):
    """Make a name lead to these addresses; addresses themselves are looked up as ever."""
    real = socket.getaddrinfo

    def answer(host, port, *args, **kwargs):
        if host != name:
            return real(host, port, *args, **kwargs)
        return [row for address in addresses for row in real(address, port, *args, **kwargs)]

    monkeypatch.setattr(socket, "getaddrinfo", answer)


def test_the_second_address_of_a_name_is_tried_when_the_first_refuses(connect, door, monkeypatch):
    made = door(JSON_HEAD + b'Content-Length: 9\r\n\r\n{"id": 7}')
    lead_to(monkeypatch, "shop.example.com", "::1", "127.0.0.1")
    shop = connect(origin=f"http://shop.example.com:{made.port}", allow_private=True)
    assert shop._client.get("orders/7") == {"id": 7}
    assert f"Host: shop.example.com:{made.port}".encode() in made.asked


@pytest.fixture
def certificate(tmp_path):
    """A certificate for one name, which signs itself, with its key in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "store.example.com")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(7)
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("store.example.com")]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    plain = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    path = tmp_path / "store.pem"
    path.write_bytes(pem + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def safe_door(door, certificate):
    """The same over TLS; it notes which name the client asked for."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    names = []
    context.sni_callback = lambda _socket, name, _context: names.append(name)
    made = door(JSON_HEAD + b'Content-Length: 9\r\n\r\n{"id": 7}', tls=context)
    made.names = names
    return made


def test_over_tls_the_name_is_proven_although_we_connect_to_its_checked_address(
    connect, safe_door, certificate, monkeypatch
):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    lead_to(monkeypatch, "store.example.com", "127.0.0.1")
    shop = connect(origin=f"https://store.example.com:{safe_door.port}", allow_private=True)
    assert shop._client.get("orders/7") == {"id": 7}
    assert safe_door.names == ["store.example.com"]
    assert b"Authorization: Basic" in safe_door.asked


def test_a_certificate_for_another_name_stops_us_before_the_key_is_sent(connect, safe_door, certificate, monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    lead_to(monkeypatch, "other.example.com", "127.0.0.1")
    shop = connect(origin=f"https://other.example.com:{safe_door.port}", allow_private=True)
    with pytest.raises(Unavailable, match="certificate") as caught:
        shop._client.put("orders/7", {})
    assert not isinstance(caught.value, OutcomeUnknown)
    assert safe_door.asked == b""
