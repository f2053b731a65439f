"""What is old is forgotten, what is young or still needed is not; and what is kept can be handed out."""

import json
from datetime import timedelta

import pytest

from core.records import NewNotice
from core.snapshots import Customer

WHO = Customer(id="c1", email="someone@shop.example", name="Customer 12", address="digest")
YEAR = timedelta(days=365)


@pytest.fixture
def full(kept, make):
    """An open and an ended order of one customer, each with an action, a message, a log entry and a delivery."""
    with kept.write() as unit:
        for order, status in (("1", "open"), ("2", "closed")):
            unit.orders.put(make.order(order, make.line("1", "mug"), status=status, customer=WHO))
            unit.outbox.want("fern", order, [(make.tag(order), "tag", "r")], now=make.now, act=True)
            unit.audit.write(shop="fern", at=make.now, actor="a", what="w", order=order, why=f"told {WHO.email}")
            unit.notices.add(
                [
                    NewNotice(
                        shop="fern",
                        order=order,
                        kind="k",
                        key=order,
                        to=WHO.email,
                        facts={"units": 3},
                        at=make.now,
                        due=make.now,
                    )
                ]
            )
            unit.inbox.add(shop="fern", topic="t", key=order, body=b"Customer 12", at=make.now)
    with kept.write() as unit:
        while action := unit.outbox.claim(now=make.now, lease=timedelta(seconds=9), per_shop=9):
            unit.outbox.done(action, now=make.now, reference="")
        deliveries, fence = unit.inbox.claim(now=make.now, lease=timedelta(seconds=9), limit=9)
        unit.inbox.finish(deliveries[:1], fence)
        unit.inbox.retry(deliveries[1:], fence, at=make.now, error="e", dead=True)
    return kept


def lines(books, **whom):
    with books.read() as unit:
        return [{"table": table, **row} for table, row in unit.retention.export("fern", **whom)]


def test_the_bodies_of_buried_deliveries_go_with_time(full, make):
    with full.write() as unit:
        assert unit.retention.forget_bodies(make.now) == 0
        assert unit.retention.forget_bodies(make.now + timedelta(seconds=1)) == 1
        assert unit.retention.forget_bodies(make.now + YEAR) == 0
    assert "Customer 12" not in json.dumps([line for line in lines(full) if line["table"] == "deliveries"])


def test_a_delivery_that_waits_keeps_its_body(full, make):
    with full.write() as unit:
        unit.inbox.add(shop="fern", topic="t", key="new", body=b"b", at=make.now)
        assert unit.retention.forget_bodies(make.now + YEAR) == 1


def test_the_customer_of_an_ended_order_is_blanked_and_that_of_an_open_one_is_not(full, make):
    with full.write() as unit:
        assert unit.retention.forget_people(make.now - YEAR, most=9) == 0
        assert unit.retention.forget_people(make.now + YEAR, most=9) == 1
        assert unit.retention.forget_people(make.now + YEAR, most=9) == 0
    with full.read() as unit:
        assert unit.orders.get("fern", "1").snapshot.customer == WHO
        ended = unit.orders.get("fern", "2").snapshot
        assert (ended.customer, ended.lines[0].ordered) == (Customer(), 3)
    assert WHO.email not in json.dumps(lines(full, orders=["2"]))


def test_the_log_of_an_open_order_loses_its_entries_but_not_its_actions(full, make):
    with full.write() as unit:
        assert unit.retention.forget_log(make.now, most=9) == 0
        assert unit.retention.forget_log(make.now + YEAR, most=9) == 2 + 2 + 1
        assert unit.retention.forget_log(make.now + YEAR, most=9) == 0
        assert len(unit.outbox.of_order("fern", "1")) == 1
        assert unit.outbox.of_order("fern", "2") == ()


def test_what_still_waits_is_never_forgotten(full, make):
    with full.write() as unit:
        unit.inbox.add(shop="fern", topic="t", key="new", body=b"b", at=make.now)
        unit.retention.forget_log(make.now + YEAR, most=9)
        assert unit.inbox.counts("fern")["new"] == 1


def test_another_shops_open_order_of_the_same_number_keeps_no_action(full, make):
    with full.write() as unit:
        unit.orders.put(make.order("2", make.line("1", "mug"), shop="moss", customer=WHO))
        unit.retention.forget_log(make.now + YEAR, most=9)
        assert unit.outbox.of_order("fern", "2") == ()


def test_no_more_rows_at_once_than_told(full, make):
    with full.write() as unit:
        assert unit.retention.forget_log(make.now + YEAR, most=1) == 3
        assert unit.retention.forget_log(make.now + YEAR, most=1) == 2


@pytest.mark.parametrize("whom", [{"email": " Someone@Shop.example"}, {"customer": "c1"}, {"orders": ["1", "2"]}])
def test_all_of_one_customer_is_handed_out(full, make, whom):
    with full.write() as unit:
        unit.orders.put(make.order("3", make.line("1", "mug"), customer=Customer(email="other@shop.example")))
        theirs = Customer(id="c9", email="theirs@shop.example")
        unit.orders.put(make.order("1", make.line("1", "mug"), shop="moss", customer=theirs))
        for address in (WHO.email, "other@shop.example"):
            heads = {"message_id": address, "sender": "Shop"}
            unit.mails.add("fern", address, make.worded("Hello", "Your mugs"), headers=heads, now=make.now)
            unit.mails.stop("fern", address, "marketing", why="the customer asked", at=make.now)
    found = lines(full, **whom)
    assert {"orders", "actions", "notices", "audit", "mails", "mail_stops"} <= {line["table"] for line in found}
    assert {line["record"]["snapshot"]["platform_id"] for line in found if line["table"] == "orders"} == {"1", "2"}
    assert "other@shop.example" not in json.dumps(found)
    assert "theirs@shop.example" not in json.dumps(found), "another shop's order of the same number"
    assert json.loads(json.dumps(found)) == found


def test_of_a_stranger_nothing_is_handed_out(full):
    assert lines(full, email="nobody@shop.example") == []


def test_all_of_a_shop_is_handed_out_but_no_key_and_nothing_of_another(full, make):
    with full.write() as unit:
        unit.shops.put_credentials("fern", {"token": "k"})
        unit.access.add_token(shop="fern", token_hash="secret-hash", at=make.now)
        unit.replies.claim(make.asked(token="secret-hash"), now=make.now)
        unit.inbox.add(shop="fern", topic="t", key="raw", body=b"raw delivery", at=make.now)
        unit.orders.put(make.order("9", make.line("1", "mug"), shop="moss", customer=WHO))
    found = lines(full)
    assert {"shops", "orders", "deliveries", "actions", "audit", "notices"} <= {line["table"] for line in found}
    assert not any("credentials" in line for line in found)
    assert [secret for secret in ("secret-hash", "raw delivery") if secret in json.dumps(found)] == []
    assert {line.get("shop", "fern") for line in found} == {"fern"}


def test_who_was_handed_out_and_then_redacted_is_gone(full):
    with full.write() as unit:
        unit.orders.redact("fern", [], None, WHO.email)
    assert WHO.email not in json.dumps(lines(full))
    assert "Customer 12" not in json.dumps(lines(full))
