"""`serve`, `worker` and `demo`: they start, answer and end when asked, and say why they cannot."""

import resource
import signal
import socket
import sqlite3
import time
from contextlib import ExitStack, closing
from urllib.request import urlopen

import pytest

from pages.commands import running
from tests.pages.commands.terminal import run, started
from tests.ports import free_port


def test_a_bare_checkout_is_set_up_copied_and_served(checkout, tmp_path):
    assert run(checkout, "db", "upgrade") == (0, "The database is up to date.\n", "")
    assert run(checkout, "db", "upgrade") == (0, "The database is up to date.\n", "")
    keys = checkout / "instance" / "keys.toml"
    before = keys.read_text()
    assert keys.stat().st_mode & 0o077 == 0
    copy = tmp_path / "copy.db"
    code, printed, problems = run(checkout, "backup", copy)
    assert (code, problems) == (0, "")
    assert str(copy) in printed
    with closing(sqlite3.connect(copy)) as opened:
        assert opened.execute("SELECT count(*) FROM shops").fetchone() == (0,)
    assert keys.read_text() == before


def test_serving_answers_while_others_dawdle_and_ends_when_asked(checkout):
    port = free_port()
    with started(checkout, "serve", "--with-worker", PORT=str(port)) as process:
        assert process.stdout.readline().decode() == f"Backorder answers on http://127.0.0.1:{port}\n"
        assert ready(f"http://127.0.0.1:{port}/healthz")
        with ExitStack() as silent:
            # More than a server takes at once by itself: each began to post something and says no more.
            for _ in range(150):
                line = silent.enter_context(socket.create_connection(("127.0.0.1", port)))
                line.sendall(b"POST /webhooks/shopify HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9000\r\n\r\n{")
            assert ready(f"http://127.0.0.1:{port}/healthz")
        process.send_signal(signal.SIGTERM)
        printed, problems = process.communicate(timeout=120)
    assert (process.returncode, printed, problems) == (0, b"", b"")


def ready(address):
    for _ in range(1200):
        try:
            with urlopen(address, timeout=30) as answer:
                return answer.status == 200
        except OSError:
            time.sleep(0.05)
    return False


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_ends_when_asked(checkout, number):
    with started(checkout, "worker") as process:
        assert beats(checkout / "instance" / "backorder.db")
        process.send_signal(number)
        printed, problems = process.communicate(timeout=120)
    assert (process.returncode, printed, problems) == (0, b"", b"")


def beats(books):
    """Wait for the worker's first heartbeat: its signal handlers stand by then."""
    for _ in range(1200):
        try:
            with closing(sqlite3.connect(f"file:{books}?mode=ro", uri=True)) as opened:
                if opened.execute("SELECT count(*) FROM beats").fetchone()[0]:
                    return True
        except sqlite3.OperationalError:
            pass  # not there yet
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("words", ["serve", "serve --with-worker", "demo"])
def test_a_port_in_use_is_one_line_that_says_so(terminal_of, sqlite_url, words):
    with closing(socket.socket()) as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        told = terminal_of(BACKORDER_DATABASE_URL=sqlite_url, PORT=str(port)).refused(*words.split())
    assert told == f"port {port} is in use: stop what listens there, or set PORT to another one"


@pytest.mark.parametrize("port", ["x", "0", "65536", "-1", "80.5", "\u00b2"])
def test_what_is_no_port_is_one_line(terminal_of, port):
    assert terminal_of(PORT=port).refused("serve", code=2) == f"PORT: {port!r} is not a port from 1 to 65535"


@pytest.fixture
def few_files():
    """Let this process open as few files as a login's usually may."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (1024, before[1]))
    yield before[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_as_many_clients_as_the_system_lets_us_have_leave_files_for_ourselves(few_files):
    clients = running.clients()
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    assert files == min(running.MOST_FILES, few_files)
    assert clients in {files - running.OWN_FILES, files // 2}
    assert clients >= files // 2


def test_an_address_that_is_not_ours_is_not_called_a_port_in_use(terminal_of):
    told = terminal_of(HOST="192.0.2.1", PORT="8000").refused("serve")
    assert told.startswith("cannot listen on 192.0.2.1, port 8000 (")


def test_a_worker_without_work_ends(terminal):
    for option in ("--until-idle", "--once"):
        done = terminal.type("worker", option)
        assert (done.exit_code, done.stdout, done.stderr) == (0, "", "")
