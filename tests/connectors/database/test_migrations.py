from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from connectors.database import migrate, open_books, tables
from connectors.database.engine import open_door
from core.policy.shop_policy import Reorder, ShopPolicy
from core.records import NewNotice
from core.records.finding import Claims, Wanted
from core.snapshots import Outside

REVISIONS = tuple(sorted(path.stem for path in (Path(migrate.__file__).parent / "migrations/versions").glob("0*.py")))


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request, tmp_path):
    """The URL of a database of each kind without a table."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'instance' / 'empty.db'}"
    return request.getfixturevalue("empty_postgresql_url")


def names_of(url):
    door = open_door(url)
    with door.reading.connect() as connection:
        names = set(inspect(connection).get_table_names())
    door.close()
    return names - {"alembic_version"}


def test_upgrading_names_the_revisions_applied_once(empty_url):
    assert migrate.pending(empty_url)
    assert migrate.upgrade(empty_url) == REVISIONS
    assert not migrate.pending(empty_url)
    assert migrate.upgrade(empty_url) == ()
    assert names_of(empty_url) == set(tables.metadata.tables)


def test_the_revisions_are_one_line_each_named_as_its_file():
    walked = ScriptDirectory(str(migrate.HERE)).walk_revisions()
    assert tuple(script.revision for script in walked) == REVISIONS[::-1]
    assert (migrate.known(), migrate.head()) == (frozenset(REVISIONS), REVISIONS[-1])


def test_asking_what_is_pending_makes_no_file(tmp_path):
    assert migrate.pending(f"sqlite:///{tmp_path}/no/file.db")
    assert list(tmp_path.iterdir()) == []


def test_tables_go_up_down_and_up_again_with_rows_in_them(empty_url, make, encryption_key):
    migrate.upgrade(empty_url)
    fill(empty_url, make, encryption_key)
    assert migrate.downgrade(empty_url, "0001_facts") == REVISIONS[:0:-1]
    assert migrate.pending(empty_url)
    assert migrate.upgrade(empty_url) == REVISIONS[1:]
    books = open_books(empty_url, encryption_keys=encryption_key)
    with books.read() as unit:
        assert unit.orders.get("fern", "1") is not None
        assert [
            order.id
            for order in unit.orders.page("fern", state=None, cursor=None, limit=9, wanted=Wanted(sku="MUG")).items
        ] == ["1"]
        assert unit.orders.marks("fern", "ours", limit=9) == ("backorder-waiting",)
        assert unit.orders.waiting("fern").value == {"EUR": 2500}
        assert unit.orders.demanded("fern").of("MUG") == Claims(open=3, short=2)
        assert unit.outbox.of_order("fern", "1") == ()
        assert [shop.policy.reorder.wait_cost for shop in unit.shops.all()] == [None, "0.25"]
    books.close()
    assert migrate.downgrade(empty_url) == REVISIONS[::-1]
    assert names_of(empty_url) == set()
    assert migrate.upgrade(empty_url) == REVISIONS
    fill(empty_url, make, encryption_key)


def test_a_shop_from_before_the_flow_is_taken_in_after_the_upgrade(empty_url, make, encryption_key):
    migrate.upgrade(empty_url)
    fill(empty_url, make, encryption_key)
    migrate.downgrade(empty_url, "0001_facts")
    migrate.upgrade(empty_url)
    books = open_books(empty_url, encryption_keys=encryption_key)
    with books.write() as unit:
        unit.inbox.add(shop="fern", topic="t", key="k", body=b"b", at=make.now)
        unit.outbox.want("fern", "1", [(make.tag(), "tag", "r")], now=make.now, act=True)
    with books.write() as unit:
        assert len(unit.inbox.claim(now=make.now, lease=make.second, limit=9)[0]) == 1
        assert unit.outbox.claim(now=make.now, lease=make.second, per_shop=1).key == "tag"
    books.close()


def test_the_tables_and_the_migrations_say_the_same(any_url):
    door = open_door(any_url)
    with door.reading.connect() as connection:
        command.check(migrate.config_for(connection, []))
    door.close()


def test_no_column_in_the_database_holds_a_fraction(any_url):
    door = open_door(any_url)
    with door.reading.connect() as connection:
        inspector = inspect(connection)
        kinds = {
            str(column["type"]).upper()
            for name in inspector.get_table_names()
            for column in inspector.get_columns(name)
        }
    door.close()
    assert not [
        kind for kind in kinds if any(word in kind for word in ("REAL", "FLOAT", "DOUBLE", "NUMERIC", "DECIMAL"))
    ]


def test_two_processes_that_upgrade_at_once_do_it_once(empty_url):
    with ThreadPoolExecutor(3) as pool:
        applied = sorted(pool.map(lambda _: migrate.upgrade(empty_url), range(3)))
    assert applied == [(), (), REVISIONS]


def test_an_upgrade_that_fails_leaves_nothing_half_done(empty_url, monkeypatch):
    from alembic import op

    made = []

    def broken(*arguments, **options):
        made.append(arguments[0])
        if len(made) == 12:
            raise ZeroDivisionError
        return original(*arguments, **options)

    original = op.create_table
    monkeypatch.setattr(op, "create_table", broken)
    with pytest.raises(ZeroDivisionError):
        migrate.upgrade(empty_url)
    monkeypatch.undo()
    assert names_of(empty_url) == set()
    assert migrate.upgrade(empty_url) == REVISIONS


def test_a_path_with_signs_in_it_is_fine(tmp_path):
    folder = tmp_path / "50% off & more"
    assert migrate.upgrade(f"sqlite:///{folder}/ä b.db") == REVISIONS
    assert (folder / "ä b.db").exists()


def fill(url, make, key):
    books = open_books(url, encryption_keys=key)
    with books.write() as unit:
        unit.shops.add(make.shop("fern"), {"token": "t"})
        told = replace(Reorder(), wait_cost="0.25")
        unit.shops.add(replace(make.shop("moss"), policy=replace(ShopPolicy(), reorder=told)), {"token": "t"})
        record = make.order("1", backordered=2)
        tagged = replace(record.snapshot, outside=Outside(tags=frozenset({"backorder-waiting"})))
        unit.orders.put(replace(record, snapshot=tagged))
        unit.items.put("fern", make.item(aliases=("a",)))
        unit.supply.put(make.supply())
        unit.arrivals.put(make.arrival())
        unit.orders.redact("fern", ["2"], None, None)
        unit.inbox.add(shop="fern", topic="t", key="k", body=b"b", at=make.now)
        unit.outbox.want("fern", "1", [(make.tag(), "tag", "r")], now=make.now, act=True)
        unit.audit.write(shop="fern", at=make.now, actor="a", what="w")
        unit.notices.add(
            [NewNotice(shop="fern", order="1", kind="k", key="n", to=None, facts={}, at=make.now, due=make.now)]
        )
        heads = {"message_id": "<1@x>", "sender": "Shop"}
        unit.mails.add("fern", "c@example.com", make.worded(), headers=heads, now=make.now)
        unit.mails.stop("fern", "c@example.com", "all", why="bounced", at=make.now)
        step = make.law_case()
        unit.laws.put("fern", step.case, wakes_at=make.now)
        unit.laws.log("fern", step.case, step.edges, at=make.now)
        unit.access.add_token(shop="fern", token_hash="t", at=make.now)
        unit.access.add_link(shop="fern", link_hash="l", expires_at=make.now)
        unit.clockwork.elect("clock", "a", now=make.now, ttl=make.second)
        unit.clockwork.beat("a", now=make.now)
        unit.demand.put([make.demand()])
        unit.demand.put_sold_out([make.sold_out()])
        unit.demand.put_shelves([make.shelf()])
        unit.reports.note_waiting([make.waiting()])
        unit.planning.put_terms(make.terms())
        unit.planning.put([(make.forecast(), "0")], since={})
        unit.planning.ask("fern")
    books.close()


def test_deliveries_noted_by_night_alone_become_arrivals(empty_url, make, encryption_key):
    migrate.upgrade(empty_url)
    fill(empty_url, make, encryption_key)
    migrate.downgrade(empty_url, "0009_marks")
    door = open_door(empty_url)
    told = '{"supply": "PO-7", "sku": "CUP", "location": "main", "shop": "fern", "ordered_on": "2026-11-02", "supplier": "Mill"}'
    with door.writing.begin() as connection:
        row = {"shop": "fern", "supply": "PO-7", "sku": "CUP", "location": "main", "record": told}
        connection.execute(text("INSERT INTO receipts VALUES (:shop, :supply, :sku, :location, :record)"), row)
    door.close()
    migrate.upgrade(empty_url)
    books = open_books(empty_url, encryption_keys=encryption_key)
    with books.read() as unit:
        found = {one.supply: one for one in unit.arrivals.open("fern")}
    books.close()
    assert set(found) == {"PO-1", "PO-7"}
    assert (found["PO-7"].noted_on.isoformat(), found["PO-7"].first_on, found["PO-7"].supplier) == (
        "2026-11-02",
        None,
        "Mill",
    )
