"""docs/nginx.conf: it fits the service behind it, and nginx, where it is installed, does with it what it says."""

import re
import shutil
import socket
import subprocess
import time
from contextlib import closing
from pathlib import Path

import pytest
import requests
from waitress import create_server, wasyncore

from connectors.simulator.serving import serve
from pages.commands import running
from tests.ports import free_port
from webhooks import exchange, porch

ROOT = Path(__file__).parents[1]
CONF = (ROOT / "docs" / "nginx.conf").read_text("utf-8")


def told(name):
    """What the file says under this name, wherever it says it."""
    return re.findall(rf"^\s*{name} (.+);$", CONF, re.MULTILINE)


def test_what_stands_in_front_passes_on_what_the_service_takes_and_ends_lines_before_it_does():
    assert told("server") == ["127.0.0.1:8000"]
    assert told("client_max_body_size") == [f"{running.HOLDING['max_request_body_size'] // 1024**2}m"]
    assert running.HOLDING["max_request_body_size"] > exchange.LARGEST
    for seconds in told("keepalive_timeout")[1:]:
        assert int(seconds.removesuffix("s")) < running.HOLDING["channel_timeout"]


def test_the_client_is_named_by_what_stands_in_front_and_no_address_is_logged():
    headers = dict(line.split() for line in told("proxy_set_header"))
    assert headers["X-Forwarded-For"] == "$remote_addr"
    assert headers["X-Forwarded-Proto"] == "$scheme"
    assert headers["Host"] == "$http_host"
    assert told("access_log") == ["off"]
    assert told("error_log")[0].endswith(" crit")


def test_deliveries_come_in_by_their_own_way():
    assert told("limit_conn") == ["people 32", "platforms 512"]
    assert all(route.startswith("/webhooks/") for route in porch.ROUTES)
    assert "location /webhooks/ {" in CONF


@pytest.mark.filterwarnings("ignore:send_bytes will be removed")
def test_what_stands_in_front_is_heard_by_those_who_know_how_far_to_believe_it():
    heard, sockets = [], {}

    def app(environ, start):
        heard.append((environ.get("HTTP_X_FORWARDED_FOR"), environ.get("HTTP_X_FORWARDED_PROTO")))
        start("204 No Content", [])
        return []

    server = create_server(app, map=sockets, host="127.0.0.1", port=0, **running.HOLDING)
    with closing(socket.create_connection((server.effective_host, int(server.effective_port)), timeout=60)) as line:
        line.sendall(
            b"GET / HTTP/1.1\r\nX-Forwarded-For: 192.0.2.7\r\nX-Forwarded-Proto: https\r\nConnection: close\r\n\r\n"
        )
        while sockets.keys() - {server._fileno, server.trigger._fileno} or not heard:
            wasyncore.loop(timeout=60, use_poll=True, map=sockets, count=1)
        assert line.recv(4096).startswith(b"HTTP/1.1 204")
    server.task_dispatcher.shutdown()
    wasyncore.close_all(sockets, ignore_all=True)
    assert heard == [("192.0.2.7", "https")]


@pytest.fixture
def in_front(tmp_path):
    """nginx by this file, on loopback without TLS, before an app that keeps what it was asked."""
    if shutil.which("nginx") is None:
        pytest.skip("nginx is not installed")
    asked = []

    def app(environ, start):
        asked.append((environ["PATH_INFO"], environ.get("HTTP_X_FORWARDED_FOR"), environ["wsgi.input"].read()))
        start("200 OK", [("Content-Length", "0")])
        return [b""]

    port = free_port()
    with serve(app) as behind:
        own = CONF.replace("127.0.0.1:8000", f"127.0.0.1:{behind.port}").replace(
            "listen 443 ssl", f"listen 127.0.0.1:{port}"
        )
        own = re.sub(r"^ *(user|listen \[::\]|ssl_|worker_rlimit).*\n", "", own, flags=re.MULTILINE)
        places = "".join(
            f"{kind}_temp_path {tmp_path}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        own = own.replace("/var/log/nginx", str(tmp_path)).replace("http {\n", f"http {{\n{places}")
        (tmp_path / "nginx.conf").write_text(f"daemon off;\npid {tmp_path}/pid;\n{own}", "utf-8")
        process = subprocess.Popen([shutil.which("nginx"), "-p", tmp_path, "-c", tmp_path / "nginx.conf"])
        try:
            until(port)
            yield port, asked
        finally:
            process.terminate()
            process.wait(60)


def until(port):
    """Wait for somebody to listen there."""
    end = time.monotonic() + 60
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=5).close()
        except OSError:
            assert time.monotonic() < end, "nginx does not listen"
            time.sleep(0.05)


@pytest.mark.soak
def test_half_a_request_stays_in_front_and_what_a_client_says_of_itself_too(in_front):
    port, asked = in_front
    head = b"POST /half HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n"
    with closing(socket.create_connection(("127.0.0.1", port), timeout=60)) as slow:
        slow.sendall(head + b"12345")
        whole = requests.post(
            f"http://127.0.0.1:{port}/whole", data="12", headers={"X-Forwarded-For": "6.6.6.6"}, timeout=60
        )
        assert whole.status_code == 200
        assert asked == [("/whole", "127.0.0.1", b"12")]
        slow.sendall(b"67890")
        assert slow.recv(65536).startswith(b"HTTP/1.1 200")
    assert asked[1:] == [("/half", "127.0.0.1", b"1234567890")]
