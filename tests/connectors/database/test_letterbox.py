"""What comes to the doors of a SQLite installation waits for nobody, and is among the deliveries once."""

import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from connectors.database import backup, directory, letterbox, migrate, open_books
from core.errors import Unavailable
from core.ports.inbox import Letter
from tests.conftest import ENCRYPTION_KEY


@pytest.fixture
def fern(books, make):
    with books.write() as unit:
        unit.shops.add(make.shop("fern"), {"token": "t"})
    return books


@pytest.fixture
def throw_in(fern, make):
    def throwing(*keys, body=b"{}"):
        for key in keys:
            letter = Letter(
                shop="fern.myshopify.com", platform="shopify", topic="orders/updated", key=key, body=body, at=make.now
            )
            assert fern.write_down(letter)

    return throwing


def deliveries(books):
    with books.read() as unit:
        return [delivery.key for delivery in unit.inbox.newest("fern", limit=1000)][::-1]


def test_a_delivery_does_not_wait_for_who_writes_a_plan(fern, throw_in):
    with fern.write() as unit:
        unit.shops.get("fern")
        throw_in("k1", "k2")
    assert deliveries(fern) == []
    fern.empty_letterbox()
    assert deliveries(fern) == ["k1", "k2"]


def test_what_lies_aside_waits_like_any_delivery(fern, throw_in, make):
    throw_in("k1", "k2")
    with fern.read() as unit:
        assert unit.inbox.counts("fern") == {"new": 2, "dead": 0}
        assert unit.inbox.oldest_waiting() == unit.inbox.next_due() == make.now
    fern.empty_letterbox()
    with fern.read() as unit:
        assert unit.inbox.counts("fern") == {"new": 2, "dead": 0}


def test_who_dies_in_the_middle_has_it_done_once_more_and_nothing_twice(fern, throw_in, monkeypatch):
    throw_in("k1", "k2")
    with monkeypatch.context() as patched, pytest.raises(Unavailable):
        patched.setattr(fern._letterbox, "remove", killed)
        fern.empty_letterbox()
    throw_in("k3")
    fern.empty_letterbox()
    assert deliveries(fern) == ["k1", "k2", "k3"]
    with fern.read() as unit:
        assert unit.inbox.counts("fern")["new"] == unit.census.deliveries()["fern", "new"] == 3


def killed(_last):
    raise Unavailable("killed")


def test_numbers_are_not_given_again_or_a_late_removal_would_take_newer_letters(fern, throw_in):
    throw_in("k1", "k2")
    ((last, _),) = fern._letterbox.batches()
    fern.empty_letterbox()
    throw_in("k3")
    fern._letterbox.remove(last)
    fern.empty_letterbox()
    assert deliveries(fern) == ["k1", "k2", "k3"]


def test_large_letters_are_taken_out_a_few_at_a_time(fern, throw_in, monkeypatch):
    monkeypatch.setattr(letterbox, "MOST_BYTES", 25)
    throw_in("k1", "k2", "k3", "k4", "k5")
    assert [len(letters) for _, letters in fern._letterbox.batches()] == [3, 2]
    fern.empty_letterbox()
    assert deliveries(fern) == ["k1", "k2", "k3"]


def test_letters_to_a_shop_that_was_erased_meanwhile_are_forgotten(fern, throw_in):
    throw_in("k1")
    with fern.write() as unit:
        unit.shops.erase("fern")
    fern.empty_letterbox()
    with fern.read() as unit:
        assert unit.inbox.next_due() is None


def test_a_shop_that_another_process_erased_is_known_for_a_moment_only(fern, make):
    with closing(open_books(fern._door.url.render_as_string(), encryption_keys=ENCRYPTION_KEY)) as other:
        letter = Letter(shop="fern", platform="shopify", topic="t", key="k", body=b"", at=make.now)
        assert other.write_down(letter)
        with fern.write() as unit:
            unit.shops.erase("fern")
        time.sleep(directory.FRESH)
        assert other.write_down(letter) is None


def test_a_copy_holds_what_lies_aside_among_its_deliveries(fern, throw_in, tmp_path):
    throw_in("k1", "k2")
    fern.backup(str(tmp_path / "copy.db"))
    throw_in("k3")
    with closing(open_books(f"sqlite:///{tmp_path}/copy.db", encryption_keys=ENCRYPTION_KEY)) as copied:
        assert deliveries(copied) == ["k1", "k2"]
    fern.empty_letterbox()
    assert deliveries(fern) == ["k1", "k2", "k3"]


def test_what_is_taken_out_while_the_copy_is_made_is_in_it(fern, throw_in, tmp_path, monkeypatch):
    throw_in("k1")
    copying = backup._copy_sqlite
    monkeypatch.setattr(backup, "_copy_sqlite", lambda *given: (copying(*given), fern.empty_letterbox()))
    fern.backup(str(tmp_path / "copy.db"))
    with closing(open_books(f"sqlite:///{tmp_path}/copy.db", encryption_keys=ENCRYPTION_KEY)) as copied:
        assert deliveries(copied) == ["k1"]


def test_a_copy_may_have_any_name_that_a_file_may_have(fern, throw_in, tmp_path):
    throw_in("k1")
    fern.backup(str(tmp_path / "which one? 100%.db"))
    with closing(sqlite3.connect(tmp_path / "which one? 100%.db")) as copied:
        assert copied.execute("SELECT key FROM deliveries").fetchall() == [("k1",)]


def test_a_copy_without_letters_is_one_file(fern, tmp_path):
    fern.backup(str(tmp_path / "copies.db"))
    assert [path.name for path in tmp_path.glob("*copies*")] == ["copies.db"]


def test_another_database_gets_what_lies_aside(fern, throw_in, tmp_path):
    throw_in("k1")
    address = f"sqlite:///{tmp_path}/other.db"
    with closing(open_books(address, encryption_keys=ENCRYPTION_KEY)) as other:
        fern.move(address)
        assert deliveries(other) == ["k1"]


def test_an_installation_from_before_gets_its_letterbox_with_the_upgrade(fern, throw_in):
    file = Path(fern._door.url.database)
    fern.close()
    for piece in file.parent.glob("*.letters*"):
        piece.unlink()
    address = f"sqlite:///{file}"
    assert migrate.pending(address)
    with closing(open_books(address, encryption_keys=ENCRYPTION_KEY)) as old:
        assert old.problems() == ("the letterbox for deliveries does not exist yet: run `flask --app app db upgrade`",)
        assert migrate.upgrade(address) == ()
        assert old.problems() == ()
    assert not migrate.pending(address)
    with closing(sqlite3.connect(f"{file}.letters")) as made:
        assert made.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_letterbox_from_before_gets_what_it_lacks_and_keeps_its_letters(fern, throw_in):
    throw_in("k1")
    file = Path(fern._door.url.database)
    fern.close()
    with closing(sqlite3.connect(f"{file}.letters")) as before:
        before.execute("ALTER TABLE letters DROP COLUMN trace")
    address = f"sqlite:///{file}"
    assert migrate.pending(address)
    migrate.upgrade(address)
    with closing(open_books(address, encryption_keys=ENCRYPTION_KEY)) as books:
        books.empty_letterbox()
        assert deliveries(books) == ["k1"]


def test_a_letterbox_that_was_deleted_is_not_written_to_any_more(fern, throw_in, sqlite_url):
    throw_in("k1")
    fern.empty_letterbox()
    for file in Path(sqlite_url.removeprefix("sqlite:///")).parent.glob("*.letters*"):
        file.unlink()
    with pytest.raises(Unavailable, match="letters"):
        throw_in("k2")
    migrate.upgrade(sqlite_url)
    throw_in("k3")
    with closing(open_books(sqlite_url, encryption_keys=ENCRYPTION_KEY)) as newcomer:
        newcomer.empty_letterbox()
    assert deliveries(fern) == ["k1", "k3"]
