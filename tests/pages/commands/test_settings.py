"""Settings that are wrong, and what the doctor says of them: one line, and no secret."""

import pytest

import plugging
from connectors import keys
from tests.pages.commands.terminal import run


def test_keys_that_a_process_made_a_moment_before_are_not_replaced(tmp_path):
    path = tmp_path / keys.NAME
    keys._make(path)
    before = path.read_text()
    keys._make(path)
    assert (path.read_text(), path.stat().st_mode & 0o077) == (before, 0)
    assert list(tmp_path.iterdir()) == [path]


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
    told = terminal_of().refused("doctor")
    assert told.startswith(
        f"{tmp_path / 'instance'}/keys.toml: File exists: let it be written, or set BACKORDER_SECRET_KEY"
    )


def test_the_doctor_names_every_setting_its_source_and_no_secret(terminal_of, sqlite_url):
    secrets = {
        "BACKORDER_METRICS_TOKEN": "hush-1",
        "BACKORDER_SHOPIFY_CLIENT_SECRET": "hush-2",
        "BACKORDER_SECRET_KEY": "hush-3",
    }
    patient = terminal_of(
        BACKORDER_DATABASE_URL=sqlite_url,
        BACKORDER_BASE_URL="https://backorder.example.com",
        BACKORDER_PROXIES="1",
        **secrets,
    )
    done = patient.type("doctor")
    assert (done.exit_code, done.stderr) == (0, "")
    for name in plugging.settings_of(patient.app).__dataclass_fields__.keys() - {"sources"}:
        assert f"BACKORDER_{name.upper()} = " in done.stdout
    assert "BACKORDER_BASE_URL = https://backorder.example.com   (environment; " in done.stdout
    assert "BACKORDER_SETTLE_SECONDS = 30   (default; " in done.stdout
    assert "hush" not in done.stdout
    assert done.stdout.splitlines()[-1].startswith("No problems.")


@pytest.mark.parametrize(
    ("address", "proxies", "warned"),
    [
        ("https://b.example.com", "0", True),
        ("https://b.example.com", "1", False),
        ("http://127.0.0.1:8000", "0", False),
    ],
)
def test_the_doctor_warns_where_what_ends_tls_is_not_believed(terminal_of, sqlite_url, address, proxies, warned):
    settings = {"BACKORDER_BASE_URL": address, "BACKORDER_PROXIES": proxies}
    done = terminal_of(BACKORDER_DATABASE_URL=sqlite_url, BACKORDER_ALLOW_PRIVATE_STORES="1", **settings).type("doctor")
    assert done.exit_code == 0
    assert done.stderr.startswith("warning: BACKORDER_PROXIES is 0, though the address is https") is warned


def test_the_doctor_says_what_to_mend(terminal_of, sqlite_url):
    done = terminal_of(BACKORDER_DATABASE_URL=sqlite_url).type("doctor")
    assert done.exit_code == 1
    first, last = done.stderr.splitlines()
    assert first.startswith("problem: BACKORDER_BASE_URL is not set: ")
    assert last == "1 problem to mend"
