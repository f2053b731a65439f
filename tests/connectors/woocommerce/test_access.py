"""Which stores may be spoken to: the address as typed, and the address that is really connected to."""

import json
import socket
from ipaddress import ip_address
from types import SimpleNamespace

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st
from urllib3.exceptions import ConnectTimeoutError

from connectors import guard
from connectors.guard import refusal, resolved
from connectors.woocommerce import store_address
from connectors.woocommerce.access import keys_of
from connectors.woocommerce.approval import handed
from core.errors import CredentialsRevoked, Misuse, Rejected, Unavailable
from tests.draws import examples

GOOD = {
    "https://shop.example.com": "https://shop.example.com",
    "shop.example.com": "https://shop.example.com",
    "  https://Shop.Example.COM/  ": "https://shop.example.com",
    "https://shop.example.com:443/": "https://shop.example.com",
    "https://shop.example.com:8443": "https://shop.example.com:8443",
    "https://example.com/de/shop/": "https://example.com/de/shop",
    "https://example.com/shop/wp-json/wc/v3": "https://example.com/shop",
    "https://example.com/wp-admin/": "https://example.com",
    "https://shop.example.com.": "https://shop.example.com",
    "https://bücher.example": "https://xn--bcher-kva.example",
    "https://93.184.216.34": "https://93.184.216.34",
    "https://[2606:4700::1111]:8443/x": "https://[2606:4700::1111]:8443/x",
    "https://0x7f.example.com": "https://0x7f.example.com",
}


@pytest.mark.parametrize(("typed", "origin"), GOOD.items())
def test_an_address_is_written_one_way_only(typed, origin):
    assert store_address(typed, allow_private=False) == origin
    assert store_address(origin, allow_private=False) == origin


BAD = [
    # nothing, other schemes, no secrecy
    "", "   ", "x" * 2001, "https://", "ftp://shop.example.com", "file:///etc/passwd", "gopher://shop.example.com",
    "javascript:alert(1)", "http://shop.example.com", "https:///shop",
    # parts that hide where it leads
    "https://user@shop.example.com", "https://user:pass@shop.example.com", "https://shop.example.com@127.0.0.1",
    "https://shop.example.com?x=1", "https://shop.example.com#x", "https://shop.example.com/?", "https://a b.example.com",
    "https://shop.example.com\\@127.0.0.1", "https://shop.example.com\r\nHost: x", "https://shop.example.com/%0a\n",
    "https://shop.example.com/a/../b", "https://shop.example.com/x\x00",
    # ports and names that cannot exist
    "https://shop.example.com:0", "https://shop.example.com:99999", "https://shop.example.com:x", "https://a..b.example.com",
    "https://-x.example.com", "https://[::1", "https://" + "a" * 64 + ".example.com", "https://" + "a." * 130 + "example",
    # loopback in its spellings
    "https://127.0.0.1", "https://127.1", "https://127.0.1", "https://2130706433", "https://0x7f.1", "https://0x7f000001",
    "https://0177.0.0.1", "https://0", "https://0.0.0.0", "https://127.0.0.1.", "https://１２７.0.0.1", "https://127。0。0。1",
    "https://localhost", "https://LOCALHOST.", "https://x.localhost", "https://localhost.localdomain", "https://[::1]", "https://[::]",
    "https://[::ffff:127.0.0.1]", "https://[::ffff:7f00:1]", "https://[::127.0.0.1]", "https://[0:0:0:0:0:0:0:1]",
    # home networks, and names that only exist there
    "https://10.0.0.1", "https://172.16.0.1", "https://172.31.255.255", "https://192.168.1.1", "https://100.64.0.1",
    "https://[fc00::1]", "https://[fd12:3456::1]", "https://router", "https://nas.local", "https://db.internal", "https://x.home.arpa",
    # link local, metadata services, multicast, reserved, documentation
    "https://169.254.169.254", "https://[fe80::1]", "https://[fe80::1%25eth0]", "https://224.0.0.1", "https://[ff02::1]",
    "https://240.0.0.1", "https://255.255.255.255", "https://192.0.2.1", "https://198.18.0.1", "https://192.0.0.1", "https://[2001:db8::1]",
    # IPv4 inside IPv6: NAT64, 6to4, Teredo
    "https://[64:ff9b::7f00:1]", "https://[64:ff9b::8.8.8.8]", "https://[64:ff9b:1::1]", "https://[2002:7f00:1::]",
    "https://[2001:0:1::1]", "https://[fec0::1]", "https://192.88.99.1", "https://[::ffff:0:7f00:1]",
]  # fmt: skip


@pytest.fixture
def nobody(monkeypatch):
    """Fails the test when a name is looked up or a socket connects."""
    calls = []
    for name in ("getaddrinfo", "gethostbyname", "create_connection"):
        monkeypatch.setattr(socket, name, lambda *args, name=name, **kwargs: calls.append((name, args)))
    monkeypatch.setattr(socket.socket, "connect", lambda *args: calls.append(("connect", args)))
    yield calls
    assert calls == []


@pytest.mark.parametrize("typed", BAD)
def test_an_address_that_may_not_be_spoken_to_is_refused_without_asking_anybody(typed, nobody):
    with pytest.raises(Misuse) as refused:
        store_address(typed, allow_private=False)
    said = str(refused.value)
    assert said
    assert "\n" not in said
    assert len(said) < 160


def test_forty_and_more_addresses_are_refused():
    assert len(BAD) >= 40


@pytest.mark.parametrize(
    ("typed", "origin"),
    [
        ("http://127.0.0.1:9100", "http://127.0.0.1:9100"),
        ("http://localhost:8088/", "http://localhost:8088"),
        ("http://127.0.0.1:80/shop", "http://127.0.0.1/shop"),
        ("https://nas.local", "https://nas.local"),
        ("http://[::1]:9000", "http://[::1]:9000"),
        ("http://192.168.1.5", "http://192.168.1.5"),
    ],
)
def test_with_permission_a_local_store_is_fine(typed, origin):
    assert store_address(typed, allow_private=True) == origin


@pytest.mark.parametrize(
    "typed",
    [
        "http://169.254.169.254", "https://[fe80::1]", "http://0.0.0.0", "https://[64:ff9b::7f00:1]", "https://[2002:7f00:1::]",
        "https://224.0.0.1", "http://127.1", "http://0x7f.1", "https://user@127.0.0.1", "http://127.0.0.1?x", "ftp://127.0.0.1",
    ],
)  # fmt: skip
def test_even_with_permission_tricks_and_metadata_services_are_refused(typed):
    with pytest.raises(Misuse):
        store_address(typed, allow_private=True)


@examples(150)
@given(st.text(max_size=60))
def test_whatever_is_typed_gives_an_address_or_one_line(typed):
    try:
        origin = store_address(typed, allow_private=False)
    except Misuse as refused:
        lines = str(refused).splitlines()
    else:
        lines = [origin]
        assert origin.startswith("https://")
        assert store_address(origin, allow_private=False) == origin
    assert len(lines) == 1


@examples(150)
@given(st.ip_addresses())
def test_no_local_address_counts_as_public(address):
    if refusal(address, allow_private=False) is None:
        assert address.is_global
        assert not address.is_multicast
        assert not address.is_private


def rows(*addresses):
    return [(socket.AF_INET6 if ":" in a else socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, 443)) for a in addresses]


@pytest.mark.parametrize(
    "inside", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "fd00::1", "64:ff9b::a00:1", "::ffff:10.0.0.1"]
)
def test_a_name_that_leads_inside_is_never_connected_to(inside, monkeypatch, connect):
    opened = []
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: rows(inside))
    monkeypatch.setattr(socket.socket, "connect", lambda self, address: opened.append(address))
    with pytest.raises(Rejected, match="nobody was contacted"):
        connect().read_order("1")
    assert opened == []


def test_only_the_checked_addresses_of_a_name_are_used(monkeypatch):
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda *args, **kwargs: rows("10.0.0.1", "93.184.216.34", "93.184.216.34", "::1")
    )
    assert resolved("shop.example.com", 443, allow_private=False) == ["93.184.216.34"]


@pytest.mark.parametrize(
    ("address", "at_home", "outside"),
    [("100.64.0.1", True, False), ("::ffff:10.0.0.1", True, False), ("::ffff:8.8.8.8", True, True), ("8.8.8.8", True, True),
     ("169.254.169.254", False, False), ("64:ff9b::a00:1", False, False)],
)  # fmt: skip
def test_a_home_network_is_one_in_every_spelling(address, at_home, outside):
    found = [refusal(ip_address(address), allow_private=private) is None for private in (True, False)]
    assert found == [at_home, outside]


def test_each_address_that_is_tried_is_one_that_was_checked(monkeypatch):
    checked, tried = ["93.184.216.34", "93.184.216.35", "93.184.216.36"], []
    monkeypatch.setattr(guard, "resolved", lambda *_, **__: checked)
    asked = SimpleNamespace(_dns_host="shop.example.com", host="shop.example.com", port=443)

    def connect():
        tried.append(asked._dns_host)
        if len(tried) < 3:
            raise ConnectTimeoutError("no answer")
        return "connected"

    assert guard._connected(asked, connect, allow_private=False) == "connected"
    assert (tried, asked._dns_host) == (checked, "shop.example.com")


def test_a_name_that_changes_its_mind_after_the_check_gains_nothing(monkeypatch, connect):
    """The name is looked up once per connection, and the socket goes to the very address that was checked."""
    asked, opened = [], []

    def answer(host, *args, **kwargs):
        asked.append(host)
        if host == "store.example.com":
            return rows("93.184.216.34" if asked.count(host) == 1 else "127.0.0.1")
        return rows(host)

    def refuse(self, address):
        opened.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    shop = connect()
    with pytest.raises(Rejected, match="nobody was contacted"):  # the second try finds the changed name
        shop.read_order("1")
    assert opened == ["93.184.216.34"]


def test_an_unknown_name_is_a_store_that_cannot_be_reached(monkeypatch, connect):
    def unknown(*args, **kwargs):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(Unavailable, match="cannot be reached"):
        connect().read_order("1")


def test_keys_show_nothing_when_printed():
    keys = keys_of({"consumer_key": "ck_1", "consumer_secret": "cs_2"})
    assert "ck_1" not in repr(keys)
    assert "cs_2" not in repr(keys)


@pytest.mark.parametrize(
    "given_keys", [{}, {"consumer_key": "ck"}, {"consumer_key": "ck\n", "consumer_secret": "c\ns"}]
)
def test_without_usable_keys_the_store_must_be_connected_again(given_keys):
    with pytest.raises(CredentialsRevoked):
        keys_of(given_keys)


def test_the_environment_gives_us_no_proxy_and_no_password(shop):
    session = shop._client._session
    assert session.trust_env is False
    assert isinstance(session.get_adapter("https://x"), requests.adapters.HTTPAdapter)


@pytest.mark.parametrize(("rights", "taken"), [("read_write", True), (None, True), ("read", False), ("write", False)])
def test_handed_keys_must_both_read_and_write(rights, taken):
    told = {"user_id": "state", "consumer_key": "ck_1", "consumer_secret": "cs_1"}
    body = json.dumps(told if rights is None else {**told, "key_permissions": rights}).encode()
    if taken:
        assert handed(body) == ("state", {"consumer_key": "ck_1", "consumer_secret": "cs_1"})
    else:
        with pytest.raises(Rejected):
            handed(body)
