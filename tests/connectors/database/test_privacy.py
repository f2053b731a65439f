import subprocess
from dataclasses import replace

import pytest
from sqlalchemy import select

from connectors.database import tables
from connectors.database.retention import SECRET
from core.hooks.outgoing import ORDER_READY, Event
from core.ports.audit import NOTED
from core.ports.inbox import Letter
from core.ports.replies import Reply
from core.records import NewNotice
from core.snapshots import Customer

CANARY = "canary"
WHO = Customer(id="c-77", email="Canary@Example.com", name="Canary Twelve", locale="sv", country="SE")


def census(kept, shop="fern"):
    """The names of the tables in which the canary still stands, deliveries that wait left out."""
    from connectors.database.codec import unpack

    found = set()
    with kept.read() as unit:
        run = unit.orders.transaction.run
        for table in tables.metadata.sorted_tables:
            for row in run(select(table)).all():
                if ("shop" in table.c and row.shop != shop) or (table.name == "deliveries" and row.state == "new"):
                    continue
                values = [
                    unpack(v).decode() if name == "body" and isinstance(v, bytes) else str(v)
                    for name, v in row._mapping.items()
                ]
                if any(CANARY in value.lower() or "c-77" in value for value in values):
                    found.add(table.name)
    return found


@pytest.fixture
def planted(kept, put, receive, take, want, send, make):
    """A customer who stands everywhere."""
    put(
        make.order("1", customer=WHO),
        make.order("2", customer=replace(WHO, email="Canary.Before@example.com"), status="closed"),
        make.order("3", customer=Customer(id="other")),
    )
    put(
        make.order("4", customer=Customer(email="canary@example.COM ")),
        make.order("5", customer=replace(WHO, email=None)),
    )
    put(make.order("1", shop="moss", customer=WHO))
    receive("k1", body=b'{"email": "canary@example.com"}')
    receive("k2", body=b'{"email": "canary@example.com", "broken": 1}')
    (done, dead), fence = take()
    with kept.write() as unit:
        unit.inbox.finish([done], fence)
        unit.inbox.retry([dead], fence, at=make.now, error="broken", dead=True)
        for shop in ("fern", "moss"):
            heads = {"message_id": f"<{shop}@x>", "sender": "Shop"}
            unit.mails.add(
                shop, "Canary@example.com", make.worded("Hi Canary", "Dear Canary"), headers=heads, now=make.now
            )
            unit.mails.stop(shop, "canary@example.com", "all", why="bounced", at=make.now)
            step = make.law_case("1", address="canary@example.com")
            unit.laws.log(shop, step.case, step.edges, at=make.now)
            unit.hooks.add(shop, "https://tool.example.com", [ORDER_READY], "whsec", at=make.now)
            # An event about several orders is kept under one of them.
            for order, data in (("1", {"name": "Canary"}), ("3", {"to": "Canary@example.com"})):
                told = Event(type=ORDER_READY, order=order, once="1", at=make.now, data=data)
                unit.hooks.tell(shop, told, now=make.now)
            unit.replies.claim(make.asked(shop=shop), now=make.now)
            unit.replies.keep(make.asked(shop=shop), Reply(fingerprint="f", status=202, body="Canary"), order="1")
            unit.notices.add([NewNotice(shop=shop, order="2", kind="delay", key="n", to="canary@example.com",
                             at=make.now, due=make.now, facts={"name": "Canary"})])  # fmt: skip
            unit.mails.stop(shop, "canary.before@example.com", "marketing", why="the customer asked", at=make.now)
            unit.audit.write(shop=shop, at=make.now, actor="person", what=NOTED, order="2", why="Mr Canary is away")
            unit.audit.write(shop=shop, at=make.now, actor="person", what="offer", order="1", why="asked by CANARY@example.com",
                             detail={"to": "canary@example.com"})  # fmt: skip
    want(
        (make.code(email="canary@example.com", customer="c-77"), "code"),
        (make.note(text="Dear Canary"), "note"),
        (make.tag(), "tag"),
    )
    action = send()
    with kept.write() as unit:
        unit.outbox.done(action, now=make.now, reference="1")
    return kept


def redact(kept, orders=("1", "99"), customer="c-77", email="canary@EXAMPLE.com"):
    with kept.write() as unit:
        return unit.orders.redact("fern", orders, customer, email)


def test_the_customer_was_planted_everywhere(planted):
    assert census(planted) == {
        "orders",
        "order_marks",
        "deliveries",
        "notices",
        "audit",
        "actions",
        "mails",
        "mail_stops",
        "law_edges",
        "replies",
        "hook_messages",
    }


def test_a_shop_is_handed_out_with_every_table_but_those_of_keys(planted):
    kept = {"tokens", "links", "approvals", "replies", "second_factors", "recovery_codes"}
    with planted.read() as unit:
        run = unit.orders.transaction.run
        theirs = [table for table in tables.metadata.sorted_tables if "shop" in table.c]
        filled = {table.name for table in theirs if run(select(table).where(table.c.shop == "fern")).first()}
        handed = {table for table, _ in unit.retention.export("fern")}
    assert kept == SECRET
    assert len(filled) > 12
    assert handed == filled - kept | {"shops"}


def test_redacting_leaves_nothing_of_the_customer_in_any_table(planted):
    assert redact(planted) == 4
    assert census(planted) == set()


def test_who_is_named_by_their_id_alone_is_forgotten_under_the_addresses_of_their_orders(planted):
    assert redact(planted, ["4"], email=None) == 4
    assert census(planted) == set()


def test_an_address_that_another_order_still_bears_keeps_what_it_asked_for(planted):
    assert redact(planted, ["2"], None, None) == 1
    with planted.read() as unit:
        stopped = [unit.mails.stopped("fern", f"canary{of}@example.com") for of in (".before", "")]
    assert stopped == [{}, {"all": "bounced"}]


@pytest.fixture
def found_in_files(sqlite_url):
    """How many of the database's files hold these words; looked for by another process, which disturbs no lock."""
    files = [sqlite_url.removeprefix("sqlite:///") + end for end in ("", "-wal", ".letters", ".letters-wal")]

    def search(words):
        lines = subprocess.run(["grep", "-c", "-a", "-i", words, *files], capture_output=True, text=True, check=False)
        return [int(line.rpartition(":")[2]) > 0 for line in lines.stdout.splitlines()]

    return search


@pytest.mark.parametrize("any_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("way", ["redacted", "erased"])
def test_what_was_forgotten_is_in_no_file_of_the_database(planted, found_in_files, make, way):
    body = b'{"email": "canary@example.com"}'
    assert planted.write_down(Letter(shop="fern", platform="shopify", topic="t", key="k9", body=body, at=make.now))
    planted.empty_letterbox()
    assert any(found_in_files("canary@example.com"))
    with planted.write() as unit:
        unit.shops.erase("moss")
    with planted.write() as unit:
        if way == "redacted":
            unit.orders.redact("fern", ["1", "2", "5"], "c-77", "canary@example.com")
        else:
            unit.shops.erase("fern")
    assert not any(found_in_files("canary"))


def test_redacting_keeps_quantities_and_other_customers(planted, receive, take, make):
    receive("k9", shop="moss", body=b"of another shop")
    taken = take()
    with planted.write() as unit:
        unit.inbox.retry(*taken, at=make.now, error="e", dead=True)
    redact(planted)
    with planted.write() as unit:
        bodies = select(tables.deliveries.c.body).where(tables.deliveries.c.shop == "moss")
        assert unit.orders.transaction.run(bodies).scalar() is not None
    with planted.read() as unit:
        assert unit.orders.get("fern", "1") == make.order("1")
        assert unit.orders.get("fern", "3").snapshot.customer.id == "other"
        assert unit.orders.get("moss", "1").snapshot.customer == WHO
        assert len(unit.audit.page("fern").items) == 2
        assert unit.notices.of_order("moss", "2")[0].to == "canary@example.com"


def test_a_mail_that_still_waits_stays_here_and_the_evidence_stays_without_the_address(planted, make):
    redact(planted)
    with planted.write() as unit:
        assert unit.mails.claim(now=make.now, lease=make.second).shop == "moss"
        ((law, edge),) = unit.laws.edges("fern", "1")
    assert (law, edge.evidence.content_hash, edge.evidence.address) == ("us_ftc_435", "c0ffee", None)


def test_redacting_twice_changes_nothing_more(planted):
    redact(planted)
    assert redact(planted) == 0
    assert census(planted) == set()


def test_a_code_or_note_that_still_waits_is_skipped_and_other_actions_stay(planted, lane):
    redact(planted)
    assert lane() == [("code", "done"), ("note", "skipped"), ("tag", "pending")]


def test_a_late_read_does_not_bring_the_customer_back(planted, put, make):
    redact(planted)
    put(make.order("1", customer=WHO, backordered=2), make.order("99", customer=WHO))
    assert census(planted) == set()
    with planted.read() as unit:
        assert unit.orders.get("fern", "1").plan is not None
        assert unit.orders.get("fern", "99").snapshot.customer == Customer()


@pytest.mark.parametrize("ending", ["finish", "bury"])
def test_a_delivery_that_waited_loses_its_body_when_it_is_settled(planted, receive, take, make, ending):
    receive("k3", body=b'{"email": "canary@example.com"}')
    redact(planted)
    deliveries, fence = take()
    assert deliveries[0].body == b'{"email": "canary@example.com"}'
    with planted.write() as unit:
        if ending == "finish":
            unit.inbox.finish(deliveries, fence)
        else:
            unit.inbox.retry(deliveries, fence, at=make.now, error="broken", dead=True)
    assert census(planted) == set()


def test_a_shop_without_redactions_keeps_its_bodies(planted):
    with planted.read() as unit:
        assert unit.inbox.dead("fern")[0].body.startswith(b'{"email"')


def test_a_customer_without_an_id_or_address_is_redacted_by_the_orders(planted):
    assert redact(planted, ["2"], None, None) == 1
    with planted.read() as unit:
        assert unit.orders.get("fern", "2").snapshot.customer == Customer()
        assert unit.orders.get("fern", "1").snapshot.customer == WHO


def test_nobody_in_particular_redacts_nobody(planted):
    assert redact(planted, [], None, None) == 0
    assert redact(planted, [], "", " ") == 0
    assert "orders" in census(planted)


def test_an_address_is_text_and_no_pattern(planted):
    assert redact(planted, [], None, "%") == 0
    with planted.read() as unit:
        assert unit.audit.page("fern").items[0].detail == {"to": "canary@example.com"}
