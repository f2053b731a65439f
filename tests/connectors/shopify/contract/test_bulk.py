"""Very many orders come from one file: made once, read line by line, taken up where a reading was cut off."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from connectors.shopify import bulk, items, many_orders, orders
from connectors.shopify.order_snapshot import snapshot
from core.actions import Hold
from core.errors import NotFound, PayloadChanged, Rejected, Unavailable

NOW = datetime.now(UTC)
LONG_AGO = NOW - timedelta(days=400)


@pytest.fixture
def many(beside, monkeypatch):
    """A shop that counts as large from its fourth order on, with a dozen of them."""
    monkeypatch.setattr(many_orders, "FEW", 3)
    for number in range(12):
        beside.shop.checkout([("MUG", 1 + number % 3), ("LAMP", 1)], at=LONG_AGO + timedelta(days=number))
    return beside


def bulk_writes(many):
    return [entry.name for entry in many.shop.journal.writes() if "bulk" in entry.name]


def past(many, **more):
    name = many.connector.begin_past(NOW - timedelta(days=730))
    return list(many.connector.past_orders(NOW, reading=name, skip=0, **more))


def told(orders):
    """What a read says, but the moment of it."""
    return {one.platform_id: replace(one, read_at=NOW) for one in orders}


def test_the_past_of_a_large_shop_comes_from_one_file(many):
    seen = past(many)
    assert len(seen) == 13
    assert [one.placed_at for one in seen] == sorted(one.placed_at for one in seen)
    one = many.connector.read_order(seen[0].platform_id)
    assert [(a.item, a.ordered, a.unit_price) for a in seen[0].lines] == [
        (b.item, b.ordered, b.unit_price) for b in one.lines
    ]


def test_an_open_order_in_the_file_that_cannot_be_read_is_left_out_where_such_are_asked_for(many, monkeypatch):
    odd = many.connector.read_order(next(many.connector.orders_changed(None)).platform_id)

    def shown(raw):
        seen = snapshot(raw)
        return {}["odd"] if seen.platform_id == odd.platform_id else seen

    for module in (many_orders, orders):
        monkeypatch.setattr(module, "snapshot", shown)
    with pytest.raises(PayloadChanged, match=f"order {odd.platform_id}"):
        list(many.connector.orders_changed(None))
    unread = set()
    seen = list(many.connector.orders_changed(None, unread=unread))
    assert unread == {odd.platform_id}
    assert len({one.platform_id for one in seen}) == 12


def test_what_is_asked_twice_is_made_once(many):
    assert len(past(many)) == len(past(many)) == 13
    assert bulk_writes(many) == ["bulkOperationRunQuery"]


@pytest.mark.parametrize("fault", ["lost", "truncated"])
def test_an_answer_that_was_lost_makes_no_second_file(many, fault):
    many.shop.faults.add(fault, match="bulkOperationRunQuery")
    with pytest.raises(Unavailable):
        many.connector.begin_past(NOW - timedelta(days=730))
    assert len(past(many)) == 13
    assert bulk_writes(many) == ["bulkOperationRunQuery"]


def test_a_reading_goes_on_where_it_was_cut_off(many):
    whole = [one.platform_id for one in past(many)]
    name = many.connector.begin_past(NOW - timedelta(days=730))
    rest = [one.platform_id for one in many.connector.past_orders(NOW, reading=name, skip=9)]
    assert rest == whole[9:]


def test_a_file_that_breaks_off_is_asked_for_again(many):
    name = many.connector.begin_past(NOW - timedelta(days=730))
    many.shop.faults.add("truncated", match="bulk file")
    seen = []
    with pytest.raises(Unavailable):
        seen.extend(many.connector.past_orders(NOW, reading=name, skip=0))
    assert len(list(many.connector.past_orders(NOW, reading=name, skip=0))) == 13


def test_while_the_platform_writes_we_come_back_later(many):
    many.shop.state.bulk_slow = True
    name = many.connector.begin_past(NOW - timedelta(days=730))
    with pytest.raises(Unavailable) as raised:
        list(many.connector.past_orders(NOW, reading=name, skip=0))
    assert raised.value.retry_after
    many.shop.finish_bulk()
    assert len(list(many.connector.past_orders(NOW, reading=name, skip=0))) == 13


def test_a_file_that_is_gone_is_said_to_be(many):
    name = many.connector.begin_past(NOW - timedelta(days=730))
    many.shop.state.bulk.clear()
    with pytest.raises(NotFound):
        list(many.connector.past_orders(NOW, reading=name, skip=0))


def test_a_shop_that_writes_too_many_files_is_left_alone_for_a_while(many):
    many.shop.state.bulk_slow = True
    for days in range(5):
        many.connector.begin_past(NOW - timedelta(days=700 + days))
    with pytest.raises(Unavailable, match="under way"):
        many.connector.begin_past(NOW - timedelta(days=800))


def test_little_is_read_by_pages(beside):
    assert beside.connector.begin_past(NOW - timedelta(days=730)) is None
    assert len(list(beside.connector.orders_changed(None))) == 1
    assert bulk_writes(beside) == []


def test_all_open_orders_of_a_large_shop_are_what_single_reads_say(many):
    many.connector.carry_out(
        Hold(order=many.order, held={many.mug: 3}, ready={}, handle="backorder-hold-1", note="waits")
    )
    orders = sorted(many.shop.state.orders)
    many.shop.fulfil(orders[1])
    many.shop.foreign_hold(orders[2])
    many.shop.fulfil(orders[3], {many.shop.line(orders[3], "LAMP"): 1})
    many.shop.cancel(orders[4])
    seen = told(many.connector.orders_changed(None))
    alone = told(many.connector.read_order(str(order)) for order in orders)
    assert seen == {key: order for key, order in alone.items() if order.status == "open"}
    assert len(bulk_writes(many)) == 2


@pytest.fixture
def broad(beside, monkeypatch):
    """A shop that counts as large from its first page of items on, with stock at two places."""
    monkeypatch.setattr(items, "FEW", 3)
    monkeypatch.setattr(items, "VARIANTS", 3)
    second = beside.shop.add_location("Second")
    for number in range(9):
        beside.shop.add_product(
            f"SKU-{number}", "Thing", "3.20", number, kind="Things", category="Home > Other",
            options={"Size": str(number)}, beside="SKU-0" if number else None,
        )  # fmt: skip
        beside.shop.restock(f"SKU-{number}", 2, location=second)
    return beside


def test_the_items_of_a_large_shop_are_what_single_reads_say(broad):
    seen = told(broad.connector.all_items())
    assert seen == told(broad.connector.read_items(list(seen)))
    assert len(seen) == 11
    things = [one for one in seen.values() if one.kinds == ("Things", "Other")]
    assert {one.options for one in things} == {(("Size", str(number)),) for number in range(9)}
    assert len({one.family for one in things}) == 1
    assert bulk_writes(broad) == ["bulkOperationRunQuery"]
    list(broad.connector.all_items())
    assert bulk_writes(broad) == ["bulkOperationRunQuery"], "one that has just been made is taken up"


def test_items_of_a_file_are_as_old_as_the_file(broad):
    list(broad.connector.all_items())
    began = datetime.now(UTC)
    again = list(broad.connector.all_items())
    assert min(one.read_at for one in again) < began - timedelta(minutes=4)


def test_items_are_read_by_pages_where_no_file_is_made(broad):
    broad.shop.faults.add("refuse", match="bulkOperationRunQuery")
    assert len(list(broad.connector.all_items())) == 11


def test_a_file_that_takes_longer_than_it_is_fresh_is_still_taken_up(broad):
    broad.shop.state.bulk_slow = True
    with pytest.raises(Unavailable):
        list(broad.connector.all_items())
    (made,) = broad.shop.state.bulk.values()
    made.created_at -= timedelta(hours=1)
    broad.shop.finish_bulk()
    assert len(list(broad.connector.all_items())) == 11
    assert bulk_writes(broad) == ["bulkOperationRunQuery"]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("{ orders(first: 5) { nodes { id } } }", "edges"),
        ("{ shop { name } }", "at least one connection"),
        ("{ orders { edges { node { name lineItems { edges { node { id } } } } } } }", "select the 'id'"),
        (
            "{ orders { edges { node { id fulfillmentOrders { edges { node { id lineItems { edges { node { id } } } } } } } } } }",
            "nesting depth",
        ),
        ("{ orders(query: $q) { edges { node { id } } } }", "variables"),
    ],
)  # fmt: skip
def test_the_simulated_shop_refuses_what_the_platform_refuses(beside, query, words):
    with pytest.raises(Rejected, match=words):
        beside.connector._client.write("bulk_run", "bulkOperationRunQuery", {"query": query})


@pytest.mark.parametrize(
    ("status", "begun", "ended", "taken"),
    [
        ("RUNNING", 23, None, True),
        ("RUNNING", 25, None, False),
        ("CREATED", 1, None, True),
        ("COMPLETED", 9, 2, True),
        ("COMPLETED", 9, 4, False),
        ("FAILED", 9, 1, False),
        ("CANCELED", 9, 1, False),
        ("EXPIRED", 9, 1, False),
    ],
)
def test_a_reading_is_taken_up_while_it_runs_or_when_it_ended_well_a_while_ago(status, begun, ended, taken):
    hours = [None if ago is None else (NOW - timedelta(hours=ago)).isoformat() for ago in (begun, ended)]
    node = {"status": status, "createdAt": hours[0], "completedAt": hours[1]}
    assert bulk._can_be_taken_up(node, NOW, timedelta(hours=3)) is taken
