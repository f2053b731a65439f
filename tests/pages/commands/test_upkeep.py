"""Keys, copies, moves, and what is kept of a customer."""

import json
from contextlib import closing
from datetime import UTC, datetime

import pytest
from cryptography.fernet import Fernet

from connectors.database import open_books
from core.errors import ConfigurationError


def test_a_copy_that_cannot_be_written_is_one_line(terminal, tmp_path):
    told = terminal.refused("backup", tmp_path / "none" / "copy.db")
    assert told == f"cannot write {tmp_path / 'none' / 'copy.db'}: No such file or directory"


def test_the_database_is_not_copied_onto_itself(terminal, tmp_path):
    assert "is the database itself" in terminal.refused("backup", tmp_path / "backorder.db")


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


@pytest.mark.parametrize("words", [("restore", "copy"), ("db", "move", "sqlite:///other.db")])
def test_nothing_is_put_back_or_moved_while_another_process_has_the_database_open(stored, sqlite_url, words):
    terminal, _ = stored
    with closing(open_books(sqlite_url, encryption_keys=Fernet.generate_key().decode())):
        assert "another process, web or worker, has the database open" in terminal.refused(*words)


def test_everything_moves_by_one_command(stored, empty_postgresql_url, terminal_of):
    terminal, _ = stored
    assert "rows are in the new database" in terminal.type("db", "move", empty_postgresql_url).stdout
    other = terminal_of(BACKORDER_DATABASE_URL=empty_postgresql_url, BACKORDER_BASE_URL="https://backorder.example.com")
    with other.app.extensions["furnish"]().books.read() as unit:
        assert unit.shops.credentials("fern") == {"access_token": "t"}


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
