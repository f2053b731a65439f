"""The command line as a person uses it: exit codes, one line of error, nothing left behind."""

import json
import os
import re
import resource
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.request import urlopen

import pytest
import structlog
from cryptography.fernet import Fernet

import app as composition
from connectors.simulator.serving import serve
from connectors.simulator.shopify import ShopifyShop
from connectors.simulator.woocommerce import WooCommerceStore
from core.errors import ConfigurationError
from core.policy.reading import merge
from pages.commands import running

ROOT = Path(__file__).parents[2]
FLASK = Path(sys.executable).parent / "flask"
HELP = [
    "plan", "demo", "connect", "connect shopify", "connect woocommerce", "disconnect", "rehearse", "rotate-webhooks", "sync", "api-token", "login-link",
    "worker", "serve", "db", "db upgrade", "db move", "backup", "restore", "rotate-keys", "export", "forget", "doctor",
]  # fmt: skip
FACTS = {
    "as_of": "2026-11-23T09:00:00Z",
    "stock": [{"sku": "mug", "on_hand": 5}],
    "orders": [{"id": "1", "placed_at": "2026-11-20T10:00:00Z", "lines": [{"id": "1", "sku": "mug", "ordered": 8}]}],
}


class Terminal:
    """The commands of one app, run in this process."""

    def __init__(self, made):
        self.app = made
        self.runner = made.test_cli_runner()

    def type(self, *words, given=None):
        """Run a command; anything but a clean exit is a bug."""
        done = self.runner.invoke(args=[str(word) for word in words], input=given)
        assert done.exception is None or isinstance(done.exception, SystemExit), repr(done.exception)
        return done

    def last_line(self, *words):
        done = self.type(*words)
        assert (done.exit_code, done.stderr) == (0, "")
        return done.stdout.splitlines()[-1]

    def refused(self, *words, code=1):
        """Run a command that must fail, and return its one line."""
        done = self.type(*words)
        assert (done.exit_code, done.stdout) == (code, "")
        assert re.fullmatch(r"[^\n]+\n", done.stderr), done.stderr
        return done.stderr.strip()


@pytest.fixture
def terminal_of(tmp_path):
    """Make a terminal over an app with these settings; no setting is taken from the machine."""
    opened = []

    def make(**settings):
        made = composition.create_app(settings, instance=str(tmp_path / "instance"))
        opened.append(made)
        return Terminal(made)

    yield make
    structlog.reset_defaults()  # commands point the log at a standard error that is gone
    for made in opened:
        if "backorder" in made.extensions:
            made.extensions["backorder"].books.close()


@pytest.fixture
def terminal(terminal_of, sqlite_url):
    return terminal_of(BACKORDER_DATABASE_URL=sqlite_url, BACKORDER_BASE_URL="https://backorder.example.com")


@pytest.fixture
def checkout(tmp_path):
    """A checkout of the code with no instance folder and no backorder.toml of its own yet."""
    folder = tmp_path / "checkout"
    folder.mkdir()
    for name in ("app.py", "core", "connectors", "webhooks", "pages", "worker", "templates"):
        (folder / name).symlink_to(ROOT / name)
    return folder


def command(checkout, *words, **settings):
    """What starts a command there, for `subprocess`."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    # Otherwise Python itself leaves a folder behind.
    kept["PYTHONDONTWRITEBYTECODE"] = "1"
    return {"args": [FLASK, "--app", "app", *words], "cwd": checkout, "env": kept | settings}


@contextmanager
def started(checkout, *words, **settings):
    """A command that runs until it is told to end, and in any case no longer than the test."""
    process = subprocess.Popen(**command(checkout, *words, **settings), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    with process:
        try:
            yield process
        finally:
            process.kill()


def run(checkout, *words, given=b"", **settings):
    done = subprocess.run(
        **command(checkout, *words, **settings), input=given, capture_output=True, timeout=60, check=False
    )
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.fixture
def facts(tmp_path):
    file = tmp_path / "facts.json"
    file.write_text(json.dumps(FACTS))
    return file


# --- help and misuse ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", HELP)
def test_every_command_says_what_it_does(terminal_of, words):
    done = terminal_of().type(*words.split(), "--help")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith("Usage:")


def test_no_command_is_left_out(terminal_of):
    commands = terminal_of().app.cli.commands
    found = set(commands) | {f"{name} {sub}" for name, c in commands.items() for sub in getattr(c, "commands", ())}
    assert found == set(HELP)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["plan"], "Missing argument 'FILE'"),
        (["plan", "a", "--wrong"], "No such option '--wrong'"),
        (["connect"], "Missing command"),
        (["connect", "nowhere"], "No such command 'nowhere'"),
        (["connect", "woocommerce", "https://shop.example.com", "--key", "ck"], "Missing option '--secret'"),
        (["connect", "shopify", "north", "--token", "t", "--mode", "maybe"], "'maybe' is not one of 'observe', 'act'"),
        (["connect", "shopify", "north"], "give either --token TOKEN or --client-credentials"),
        (["connect", "shopify", "north", "--token", "t", "--client-credentials"], "give either"),
        (["sync", "north", "--since", "yesterday"], "'yesterday' is not a date such as 2026-11-01"),
        (["db"], "Missing command"),
        (["worker", "now"], "unexpected extra argument"),
        (["demo", "--seed", "seven"], "'seven' is not a valid integer"),
        (["demo", "--speed", "-1"], "--speed: must be from 0 to 1000"),
        (["demo", "--speed", "nan"], "--speed: must be from 0 to 1000"),
    ],
)  # fmt: skip
def test_misuse_is_one_line_and_touches_nothing(terminal_of, tmp_path, words, says):
    assert says in terminal_of().refused(*words, code=2)
    assert list(tmp_path.iterdir()) == []


# --- plan --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("given", ["the file", "standard input"])
def test_a_plan_needs_no_database_and_leaves_nothing_behind(checkout, facts, given):
    before = sorted(checkout.rglob("*"))
    words, typed = ((facts,), b"") if given == "the file" else (("-",), facts.read_bytes())
    # A database that cannot be and a setting that is wrong are none of its business.
    code, printed, problems = run(
        checkout,
        "plan",
        *words,
        given=typed,
        BACKORDER_DATABASE_URL="postgresql://127.0.0.1:1/none",
        BACKORDER_SETTLE_SECONDS="x",
    )
    assert (code, problems) == (0, "")
    assert json.loads(printed)["orders"][0]["decision"] == "ship_part"
    assert sorted(checkout.rglob("*")) == before


def test_a_plan_with_reasons_as_sentences(terminal_of, facts):
    done = terminal_of().type("plan", facts, "--explain")
    assert "Stock on hand does not cover every unit." in json.loads(done.stdout)["orders"][0]["explanations"]


def test_many_plans_one_a_line(terminal_of):
    done = terminal_of().type(
        "plan", "-", "--lines", given=f"{json.dumps(FACTS)}\r\n\n{{}}\n{json.dumps(FACTS)}".encode()
    )
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [list(row) == ["problems"] for row in rows] == [False, True, False]
    assert (done.exit_code, done.stderr) == (2, "")


@pytest.mark.parametrize(
    ("given", "place"),
    [
        (b"", "document:"),
        (b"\xff\xfe\x00", "document: must be UTF-8, but byte 0 is not"),
        (b"[]", "document: must be an object"),
        (b"[" * 200_000, "document: is nested too deeply"),
        (b'{"as_of": "2026-11-23T09:00:00Z", "orders": [], "colour": 1}', "colour: unknown key"),
        ('{"as_of": "caf\u00e9", "orders": []}'.encode(), "as_of: must be an instant"),
    ],
)
def test_a_bad_document_is_a_line_for_each_problem(terminal_of, given, place):
    done = terminal_of().type("plan", "-", given=given)
    assert (done.exit_code, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith(place)


@pytest.mark.parametrize(("name", "why"), [("none.json", "No such file or directory"), (".", "Is a directory")])
def test_a_file_that_cannot_be_read_is_one_line(terminal_of, tmp_path, name, why):
    told = terminal_of().refused("plan", tmp_path / name, code=2)
    assert told == f"{tmp_path / name}: cannot be read: {why}"


def test_a_reader_that_has_read_enough_ends_the_command_in_silence(checkout, facts):
    with started(checkout, "plan", facts) as process:
        process.stdout.close()
        assert process.stderr.read() == b""


# --- settings ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"BACKORDER_SETTLE_SECONDS": "x"}, "BACKORDER_SETTLE_SECONDS"),
        ({"BACKORDER_SETTLE_SECONDS": "-1"}, "BACKORDER_SETTLE_SECONDS"),
        ({"BACKORDER_SETTLE_SECONDS": "nan"}, "BACKORDER_SETTLE_SECONDS"),
        ({"BACKORDER_BASE_URL": "backorder.example.com"}, "BACKORDER_BASE_URL"),
        ({"BACKORDER_BASE_URL": "http://backorder.example.com"}, "BACKORDER_BASE_URL"),
        ({"BACKORDER_BASE_URL": "http://127.0.0.1:8000"}, "BACKORDER_BASE_URL"),
        ({"BACKORDER_LOG_LEVEL": "loud"}, "BACKORDER_LOG_LEVEL"),
        ({"BACKORDER_SHOPIFY_ORIGIN": "http://shops.example.com/{shop}"}, "BACKORDER_SHOPIFY_ORIGIN"),
        ({"BACKORDER_DATABASE_URL": "mysql://books"}, "BACKORDER_DATABASE_URL"),
        ({"BACKORDER_DATABASE_URL": "sqlite:////no/such/folder/books.db"}, "BACKORDER_DATABASE_URL"),
        ({"BACKORDER_ENCRYPTION_KEYS": "short"}, "BACKORDER_ENCRYPTION_KEYS"),
        ({"BACKORDER_SECRET_KEY_FILE": "/no/such/file"}, "BACKORDER_SECRET_KEY_FILE"),
    ],
    ids=lambda given: "=".join(*given.items()) if isinstance(given, dict) else "",
)
@pytest.mark.parametrize("words", ["doctor", "worker --once"])
def test_a_broken_setting_is_one_line_that_names_it(terminal_of, settings, named, words):
    assert terminal_of(**settings).refused(*words.split()).startswith(named)


@pytest.mark.parametrize(
    ("document", "says"),
    [
        ("settle_seconds = ", "backorder.toml: cannot be read: "),
        ("colour = 1", "backorder.toml: colour is not a setting; known: "),
        ('settle_seconds = "soon"', "BACKORDER_SETTLE_SECONDS: "),
    ],
)
def test_a_broken_settings_file_is_one_line_that_names_it(checkout, document, says):
    (checkout / "backorder.toml").write_text(document)
    code, printed, told = run(checkout, "doctor")
    assert (code, printed, told.count("\n")) == (1, "", 1)
    assert told.startswith(says)


def test_a_database_that_does_not_answer_is_one_line(terminal_of):
    told = terminal_of(BACKORDER_DATABASE_URL="postgresql://127.0.0.1:1/none").refused("db", "upgrade")
    assert told.startswith("the database cannot be used now: ")


def test_an_instance_folder_that_cannot_be_made_is_one_line(terminal_of, tmp_path):
    (tmp_path / "instance").write_text("a file where the folder should be")
    assert terminal_of().refused("doctor") == f"{tmp_path / 'instance'}: File exists"


def test_the_doctor_names_every_setting_its_source_and_no_secret(terminal_of, sqlite_url):
    secrets = {
        "BACKORDER_METRICS_TOKEN": "hush-1",
        "BACKORDER_SHOPIFY_CLIENT_SECRET": "hush-2",
        "BACKORDER_SECRET_KEY": "hush-3",
    }
    patient = terminal_of(
        BACKORDER_DATABASE_URL=sqlite_url, BACKORDER_BASE_URL="https://backorder.example.com", **secrets
    )
    done = patient.type("doctor")
    assert (done.exit_code, done.stderr) == (0, "")
    for name in composition.settings_of(patient.app).__dataclass_fields__.keys() - {"sources"}:
        assert f"BACKORDER_{name.upper()} = " in done.stdout
    assert "BACKORDER_BASE_URL = https://backorder.example.com   (environment; " in done.stdout
    assert "BACKORDER_SETTLE_SECONDS = 30   (default; " in done.stdout
    assert "hush" not in done.stdout
    assert done.stdout.splitlines()[-1].startswith("No problems.")


def test_the_doctor_says_what_to_mend(terminal_of, sqlite_url):
    done = terminal_of(BACKORDER_DATABASE_URL=sqlite_url).type("doctor")
    assert done.exit_code == 1
    first, last = done.stderr.splitlines()
    assert first.startswith("problem: BACKORDER_BASE_URL is not set: ")
    assert last == "1 problem to mend"


# --- the first day -----------------------------------------------------------------------------------------------


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


def unused_port():
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_serving_answers_while_others_dawdle_and_ends_when_asked(checkout):
    port = unused_port()
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
        printed, problems = process.communicate(timeout=30)
    assert (process.returncode, printed, problems) == (0, b"", b"")


def ready(address):
    for _ in range(100):
        try:
            with urlopen(address, timeout=5) as answer:
                return answer.status == 200
        except OSError:
            time.sleep(0.05)
    return False


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_ends_when_asked(checkout, number):
    with started(checkout, "worker") as process:
        assert beats(checkout / "instance" / "backorder.db")
        process.send_signal(number)
        printed, problems = process.communicate(timeout=30)
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


# --- backup ------------------------------------------------------------------------------------------------------


def test_a_copy_that_cannot_be_written_is_one_line(terminal, tmp_path):
    told = terminal.refused("backup", tmp_path / "none" / "copy.db")
    assert told == f"cannot write {tmp_path / 'none' / 'copy.db'}: No such file or directory"


def test_the_database_is_not_copied_onto_itself(terminal, tmp_path):
    assert "is the database itself" in terminal.refused("backup", tmp_path / "backorder.db")


# --- shops -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["sync", "disconnect", "api-token", "login-link"])
def test_an_unknown_shop_is_one_line_that_lists_the_known_ones(terminal, words):
    assert terminal.refused(words, "nobody") == "no shop 'nobody' is connected here; known: none yet"


@pytest.fixture
def store():
    """A simulated WooCommerce store, served."""
    made = WooCommerceStore(consumer_key="ck_1", consumer_secret="cs_1", now=lambda: datetime.now(UTC))
    server = made.open()
    made.url = server.url
    yield made
    made.hooks.close()
    server.close()


@pytest.fixture
def shop():
    """A simulated Shopify shop, served."""
    made = ShopifyShop(
        domain="north-store.myshopify.com", access_token="token", client_id="id", client_secret="app-secret",
        now=lambda: datetime.now(UTC),
    )  # fmt: skip
    server = serve(made.wsgi)
    made.origin = server.url
    yield made
    made.hooks.close()
    server.close()


@pytest.fixture
def service(terminal_of, sqlite_url):
    """Make a terminal whose app is served, so that a store can reach it."""
    servers = []

    def make(**settings):
        given = {
            "BACKORDER_DATABASE_URL": sqlite_url,
            "BACKORDER_SECRET_KEY": "a-secret-for-tests",
            "BACKORDER_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
            "BACKORDER_ALLOW_PRIVATE_STORES": "1",
            "BACKORDER_LOG_LEVEL": "ERROR",
            **settings,
        }
        opened = terminal_of(**given)
        server = serve(opened.app)
        servers.append(server)
        opened.app.config["BACKORDER_ENVIRONMENT"]["BACKORDER_BASE_URL"] = opened.url = server.url
        opened.app.extensions["furnish"]()
        return opened

    yield make
    for server in servers:
        server.close()


@pytest.fixture
def shopify(service, shop):
    return service(
        BACKORDER_SHOPIFY_ORIGIN=shop.origin + "/{shop}", BACKORDER_SHOPIFY_CLIENT_SECRET="app-secret",
        BACKORDER_SHOPIFY_CLIENT_ID="id",
    )  # fmt: skip


@pytest.mark.parametrize(
    "proof", [["--token", "token"], ["--client-credentials"], ["--client-credentials", "--mode", "act"]], ids=" ".join
)
def test_a_shopify_shop_connects_and_prints_one_object(shopify, shop, proof):
    told = json.loads(shopify.last_line("connect", "shopify", shop.domain, *proof))
    assert told.keys() == {"shop", "login"}
    assert told["shop"] == "north-store"
    assert shopify.app.test_client().get(told["login"]).status_code == 303
    with shopify.app.extensions["backorder"].books.read() as unit:
        assert unit.shops.get("north-store").policy.mode == ("act" if "act" in proof else "observe")


def test_a_token_may_come_from_the_environment(shopify, shop):
    shopify.app.config["BACKORDER_ENVIRONMENT"]["BACKORDER_SHOPIFY_TOKEN"] = "token"
    assert json.loads(shopify.last_line("connect", "shopify", shop.domain))["shop"] == "north-store"
    assert (
        json.loads(shopify.last_line("connect", "shopify", shop.domain, "--client-credentials"))["shop"]
        == "north-store"
    )


def test_a_wrong_app_secret_connects_nothing(shopify, shop):
    shop.tokens.client_secret = "another"
    shopify.refused("connect", "shopify", shop.domain, "--client-credentials")
    assert "known: none yet" in shopify.refused("login-link", "north-store")


def test_a_wrong_token_connects_nothing(shopify, shop):
    shopify.refused("connect", "shopify", shop.domain, "--token", "wrong")
    assert "known: none yet" in shopify.refused("login-link", "north-store")


def test_what_is_no_shopify_shop_is_one_line(shopify, shop):
    assert shopify.refused("connect", "shopify", "shop.example.com", "--token", "token").startswith(
        "not a Shopify shop: "
    )
    assert shop.journal.entries() == ()


def test_client_credentials_need_the_apps_own(service):
    told = service().refused("connect", "shopify", "north-store", "--client-credentials")
    assert told == "set BACKORDER_SHOPIFY_CLIENT_ID and BACKORDER_SHOPIFY_CLIENT_SECRET first"


def test_a_woocommerce_store_connects_and_prints_one_object(service, store):
    opened = service()
    told = json.loads(
        opened.last_line("connect", "woocommerce", store.url, "--key", "ck_1", "--secret", "cs_1", "--mode", "act")
    )
    assert told.keys() == {"shop", "login", "webhooks"}
    assert told["webhooks"] == f"{opened.url}/webhooks/woocommerce/{told['shop']}"
    assert opened.app.test_client().get(told["login"]).status_code == 303


def test_a_plain_http_store_is_refused_before_anybody_is_contacted(terminal, store):
    told = terminal.refused("connect", "woocommerce", store.url, "--key", "ck_1", "--secret", "cs_1")
    assert "must begin with https://" in told
    assert store.journal.entries() == ()


def test_a_wrong_key_connects_nothing_and_is_not_repeated(service, store):
    opened = service()
    assert "cs_wrong" not in opened.refused(
        "connect", "woocommerce", store.url, "--key", "ck_1", "--secret", "cs_wrong"
    )
    assert "known: none yet" in opened.refused("login-link", store.url)


@pytest.fixture
def connected(shopify, shop):
    """A terminal whose Shopify shop is connected and has sold 8 mugs of 5."""
    shop.add_product("MUG", "Enamel mug", "12.50", 5)
    shop.checkout([("MUG", 8)], customer="Customer 12")
    shopify.last_line("connect", "shopify", shop.domain, "--token", "token")
    return shopify


@pytest.mark.parametrize("name", ["north-store", "north-store.myshopify.com", "https://north-store.myshopify.com/"])
def test_a_sign_in_link_works_once_whatever_the_shop_is_called_by(connected, name):
    link = connected.last_line("login-link", name)
    assert link.startswith(f"{connected.url}/login?login=")
    assert connected.app.test_client().get(link).status_code == 303
    assert connected.app.test_client().get(link).status_code == 403


def test_a_token_is_printed_alone_and_opens_the_api(connected):
    done = connected.type("api-token", "north-store")
    token = done.stdout.rstrip("\n")
    assert re.fullmatch(r"[\w-]{40,}", token)
    browser = connected.app.test_client()
    assert browser.get("/api/v1/orders", headers={"Authorization": f"Bearer {token}"}).status_code == 200
    assert browser.get("/api/v1/orders", headers={"Authorization": f"Bearer {token}x"}).status_code == 401


def test_the_worker_reads_the_orders_from_before_and_a_sync_finds_nothing_more(connected):
    assert connected.type("worker", "--until-idle").exit_code == 0
    token = connected.last_line("api-token", "north-store")
    answer = connected.app.test_client().get("/api/v1/orders", headers={"Authorization": f"Bearer {token}"})
    assert [order["decision"] for order in answer.json["items"]] == ["ship_part"]
    assert json.loads(connected.last_line("sync", "north-store"))["orders"] == []


@pytest.mark.parametrize("since", ["2026-11-01", "0001-01-01", "2026-11-01T10:00:00+02:00"])
def test_a_sync_prints_the_orders_that_differed(connected, since):
    (order,) = json.loads(connected.last_line("sync", "north-store", "--since", since))["orders"]
    assert order.isdigit()


def test_a_shop_that_was_left_is_not_called_again(connected, shop):
    assert json.loads(connected.last_line("disconnect", "north-store")) == {
        "shop": "north-store", "orders_cleaned": 0, "not_removed": {}, "erased": False,
    }  # fmt: skip
    shop.journal.clear()
    assert "connect it again" in connected.refused("sync", "north-store")
    assert shop.journal.entries() == ()
    assert json.loads(connected.last_line("disconnect", "north-store", "--erase"))["erased"] is True
    assert "known: none yet" in connected.refused("sync", "north-store")


def test_a_lost_device_is_forgotten_by_who_runs_the_service(connected):
    house = connected.app.extensions["furnish"]()
    with house.books.write() as unit:
        for person in ("", "A"):
            unit.second_factors.begin("north-store", person, "a secret")
            unit.second_factors.confirm("north-store", person, ["a digest"])
    connected.last_line("login-link", "north-store")
    with house.books.read() as unit:
        assert unit.second_factors.people("north-store") == ("", "A")
    connected.last_line("login-link", "north-store", "--forget-second-factor")
    with house.books.read() as unit:
        assert unit.second_factors.people("north-store") == ("A",)
        assert unit.audit.page("north-store").items[0].what == "switched somebody's second factor off"


# --- keys --------------------------------------------------------------------------------------------------------


def test_rotated_keys_open_without_the_old_one(terminal_of, any_url, make):
    old, new = (Fernet.generate_key().decode() for _ in range(2))
    settings = {"BACKORDER_DATABASE_URL": any_url, "BACKORDER_BASE_URL": "https://backorder.example.com"}

    def house(keys):
        made = terminal_of(**settings, BACKORDER_ENCRYPTION_KEYS=keys)
        return made, made.app.extensions["furnish"]()

    _, before = house(old)
    with before.books.write() as unit:
        unit.shops.add(make.shop(), {"access_token": "t"})
        unit.shops.add(make.shop("moss", "woocommerce", "Moss and Mill"), {})
        hook = unit.hooks.add("fern", "https://hooks.example.com/", ["order.ready"], "whsec_c2VjcmV0", at=make.now)
    terminal, _ = house(f"{new},{old}")
    assert "Locked with the first key: 2." in terminal.type("rotate-keys").stdout
    _, after = house(new)
    with after.books.read() as unit:
        assert unit.shops.credentials("fern") == {"access_token": "t"}
        assert unit.shops.credentials("moss") == {}
        assert unit.hooks.secrets("fern", hook.id, at=make.now) == ("whsec_c2VjcmV0",)
    assert after.books.problems() == ()
    _, without = house(old)
    with without.books.read() as unit, pytest.raises(ConfigurationError, match="no key opens"):
        unit.shops.credentials("fern")


# --- putting back and moving ---------------------------------------------------------------------------------------


@pytest.fixture
def stored(terminal, make):
    """A terminal over a database with one shop."""
    house = terminal.app.extensions["furnish"]()
    with house.books.write() as unit:
        unit.shops.add(make.shop(), {"access_token": "t"})
    return terminal, house


def test_a_copy_is_put_back_and_every_shop_will_be_compared(stored, tmp_path):
    terminal, house = stored
    terminal.type("backup", str(tmp_path / "copy"))
    with house.books.write() as unit:
        unit.shops.erase("fern")
    assert "1 shop will be compared" in terminal.type("restore", str(tmp_path / "copy")).stdout
    with house.books.read() as unit:
        assert unit.inbox.next_due() is not None
        assert unit.audit.page("fern").items[0].what == "restored from a copy"


def test_what_is_stored_is_not_replaced_unless_told_so(stored, tmp_path):
    terminal, _ = stored
    terminal.type("backup", str(tmp_path / "copy"))
    assert "--replace" in terminal.refused("restore", str(tmp_path / "copy"))
    assert "Restored" in terminal.type("restore", str(tmp_path / "copy"), "--replace").stdout


@pytest.mark.parametrize("words", [("restore", "copy"), ("db", "move", "sqlite:///other.db")])
def test_nothing_is_put_back_or_moved_under_a_working_worker(stored, words):
    terminal, house = stored
    with house.books.write() as unit:
        unit.clockwork.beat("w", now=datetime.now(UTC))
    assert "stop every process first" in terminal.refused(*words)


def test_everything_moves_by_one_command(stored, empty_postgresql_url, terminal_of):
    terminal, _ = stored
    assert "rows are in the new database" in terminal.type("db", "move", empty_postgresql_url).stdout
    other = terminal_of(BACKORDER_DATABASE_URL=empty_postgresql_url, BACKORDER_BASE_URL="https://backorder.example.com")
    with other.app.extensions["furnish"]().books.read() as unit:
        assert unit.shops.credentials("fern") == {"access_token": "t"}


# --- people's data ---------------------------------------------------------------------------------------------------


def test_a_customer_is_handed_out_and_forgotten(stored, make):
    terminal, house = stored
    with house.books.write() as unit:
        unit.orders.put(make.order("1001", customer="Customer 12"))
    email = "customer1001@example.com"
    lines = map(json.loads, terminal.type("export", "fern", "--email", email).stdout.splitlines())
    (found,) = (line for line in lines if line["table"] == "orders")
    assert found["record"]["snapshot"]["customer"]["name"] == "Customer 12"
    assert "Customer 12" in terminal.type("export", "fern").stdout
    assert "1 order" in terminal.type("forget", "fern", "--customer", "c1001").stdout
    assert terminal.type("export", "fern", "--email", email).stdout == ""
    assert "Customer 12" not in terminal.type("export", "fern").stdout


def test_nobody_is_forgotten_who_was_not_named(stored):
    terminal, _ = stored
    assert "name whom to forget" in terminal.refused("forget", "fern", code=2)


def test_a_rehearsal_tries_everything_on_one_order_and_leaves_nothing(connected, shop):
    (order,) = shop.state.orders
    said = connected.type("rehearse", "north-store", "--order", str(order))
    assert said.exit_code == 0, said.output
    assert [line.split(":")[0].split("  ")[0] for line in said.stdout.splitlines()] == ["ok"] * 14
    row = shop.state.order(order)
    assert (row.tags, row.metafields, row.note or "") == ([], {}, "")
    assert not any(fo.holds for fo in shop.state.of_order(row))


@pytest.mark.parametrize("kind", ["discount_code", "store_credit", "gift_card"])
def test_a_rehearsal_gives_the_smallest_gift_of_the_policy_and_takes_it_back(connected, shop, kind):
    house = connected.app.extensions["furnish"]()
    with house.books.write() as unit:
        stored = unit.shops.find(shop.domain)
        offers = {"offers": {"enabled": True, "kind": kind}}
        unit.shops.save(replace(stored, policy=merge(stored.policy, offers)))
    (order,) = shop.state.orders
    said = connected.type("rehearse", "north-store", "--order", str(order))
    assert said.exit_code == 0, said.output
    assert sum(line.startswith("ok ") for line in said.stdout.splitlines()) == 16
    assert not any(row.active for row in shop.state.discounts.values())
    assert all(row.ended_at for row in shop.state.gift_cards.values())
    assert [sum(row.amount for row in made.entries) for made in shop.state.credit_accounts.values()] in ([], [0])


def test_a_rehearsal_says_what_failed_and_does_not_stop_there(connected, shop):
    (order,) = shop.state.orders
    shop.change_scopes([scope for scope in shop.scopes if "fulfillment_orders" not in scope or "read" in scope])
    said = connected.type("rehearse", "north-store", "--order", str(order))
    assert said.exit_code == 1
    assert "FAILED  hold of one unit: Shopify refused: Access denied" in said.stdout
    assert "ok      expected day taken off" in said.stdout
