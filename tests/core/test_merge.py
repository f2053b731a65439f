"""Which read of an order is news: the newest read wins, and one that crossed our own write is read again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core.planning.merge import Verdict, canonical, cut_off, is_ahead, judge, merged, merged_item, righted, stock_moved
from core.records import ItemRecord, OrderRecord
from core.snapshots import ItemSnapshot, OrderSnapshot, Outside
from tests.core.shop_builders import line

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
KNOWN = OrderSnapshot(
    platform_id="1001", name="#1001", placed_at=NOON, version=NOON, read_at=NOON + timedelta(seconds=9), currency="EUR"
)


def seen(version=0, read=9, **more):
    """A read `read` seconds after noon of a version of so many seconds after noon."""
    changed = {"version": NOON + timedelta(seconds=version), "read_at": NOON + timedelta(seconds=read), **more}
    return replace(KNOWN, **changed)


@pytest.mark.parametrize(("seconds", "ahead"), [(-1, False), (60, False), (61, True)])
def test_what_a_clock_that_was_ahead_dated_is_older_than_any_read_of_today(seconds, ahead):
    dated = NOON + timedelta(seconds=seconds)
    stored = OrderRecord(shop="fern", snapshot=replace(KNOWN, read_at=dated), acted_at=dated)
    made = righted(stored, NOON)
    assert (made == stored, made.acted_at is None, made.snapshot.read_at < NOON - timedelta(days=999)) == (
        not ahead, ahead, ahead,
    )  # fmt: skip
    assert is_ahead(dated, NOON) is ahead
    assert not is_ahead(None, NOON)


TABLE = [
    ("a newer version read later", seen(1, 10, name="#2"), None, Verdict.NEWS),
    ("the same version read later may say something else", seen(0, 10, name="#2"), None, Verdict.NEWS),
    ("the same read again", seen(0, 10), None, Verdict.SAME),
    ("an older version that a copy behind still shows", seen(-1, 600, name="#2"), None, Verdict.OLD),
    ("an older version long after: its clock was set back", seen(-1, 609, name="#2"), None, Verdict.NEWS),
    ("a newer version in an older read", seen(1, 8, name="#2"), None, Verdict.OLD),
    ("the very same read", seen(0, 9, name="#2"), None, Verdict.OLD),
    ("a deleted order has no version", seen(-5, 10, status="gone"), None, Verdict.NEWS),
    ("read before our write ended", seen(1, 10, name="#2"), 10, Verdict.READ_AGAIN),
    ("read after our write ended", seen(1, 11, name="#2"), 10, Verdict.NEWS),
]


@pytest.mark.parametrize(("found", "acted", "verdict"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_a_read_is_news_when_it_is_newer(found, acted, verdict):
    acted_at = None if acted is None else NOON + timedelta(seconds=acted)
    assert judge(OrderRecord(shop="fern", snapshot=KNOWN, acted_at=acted_at), found) is verdict


@pytest.mark.parametrize(("status", "verdict"), [("open", Verdict.NEWS), ("gone", Verdict.OLD)])
def test_an_unknown_order_is_news_unless_it_is_gone(status, verdict):
    assert judge(None, seen(status=status)) is verdict


MUG = ItemSnapshot(platform_id="1", sku="MUG", title="Mug", read_at=NOON, kinds=("Mugs",), unit_price=900)


@pytest.mark.parametrize(
    ("found", "known"),
    [
        ({"kinds": None, "title": "Big mug"}, {"title": "Big mug"}),
        ({"kinds": (), "title": "Big mug"}, {"kinds": (), "title": "Big mug"}),
        ({"gone": True, "kinds": None, "title": "#1", "unit_price": None}, {"gone": True}),
    ],
)
def test_an_item_keeps_what_a_read_does_not_tell(found, known):
    later = {"read_at": NOON + timedelta(seconds=1)}
    assert merged_item(MUG, replace(MUG, **later, **found)) == replace(MUG, **later, **known)


def test_what_was_never_seen_is_news_unless_it_is_gone_already():
    assert judge(None, seen()) is Verdict.NEWS
    assert judge(None, seen(status="gone")) is Verdict.OLD


def with_lines(*lines, held=None, blocked=(), **more):
    return seen(lines=lines, outside=Outside(held=held or {}, blocked=frozenset(blocked)), **more)


HELD = OrderRecord(shop="fern", snapshot=with_lines(line("mug", 5), held={"a": 5}), expected_held={"a": 5})


@pytest.mark.parametrize(
    ("found", "left_alone"),
    [
        (with_lines(line("mug", 5), held={"a": 5}), {}),
        (with_lines(line("mug", 5), held={"a": 2}), {"a": 3}),
        (with_lines(line("mug", 5), blocked={"a"}), {}),
        (with_lines(line("mug", 6)), {}),
        (with_lines(line("mug", 5), status="closed"), {}),
    ],
    ids=["still-held", "let-go", "held-by-others", "changed", "closed"],
)
def test_units_whose_hold_a_person_removed_are_left_alone(found, left_alone):
    assert merged(HELD, "fern", found).hands_off == left_alone


def test_units_left_alone_add_up_until_the_order_changes():
    once = merged(HELD, "fern", with_lines(line("mug", 5), held={"a": 2}))
    assert merged(once, "fern", with_lines(line("mug", 5))).hands_off == {"a": 5}
    assert merged(once, "fern", with_lines(line("mug", 6))).hands_off == {}


def test_an_order_seen_first_is_taken_with_the_holds_that_it_has():
    assert merged(None, "fern", HELD.snapshot) == HELD


def test_a_deleted_order_keeps_its_lines():
    gone = merged(HELD, "fern", seen(read=20, status="gone")).snapshot
    assert (gone.status, gone.lines) == ("gone", HELD.snapshot.lines)


@pytest.mark.parametrize(
    ("known", "found", "moved"),
    [
        (
            None,
            with_lines(
                line("mug", 5), line("cup", 1, id="b", reserved=1), replace(line("x", 1, id="c", shipped=1), item=None)
            ),
            {"item-cup"},
        ),
        (HELD, with_lines(line("mug", 5)), set()),
        (HELD, with_lines(line("mug", 5, shipped=2)), {"item-mug"}),
        (HELD, with_lines(line("cup", 5, id="b"), status="cancelled"), {"item-mug", "item-cup"}),
    ],
)
def test_the_stock_of_what_an_order_moved_is_read_after_it(known, found, moved):
    assert stock_moved(known, found) == moved


SHIRT = ItemSnapshot(platform_id="71", sku="S", title="Shirt", read_at=NOON, family="70", aliases=("72",))


@pytest.mark.parametrize(
    ("had", "named", "on"),
    [
        (None, "71", "71"),
        (None, "72", "71"),
        (None, None, None),
        ("71", None, "71"),
        ("71", "70", "71"),
        ("71", "99", "99"),
        (None, "70", "70"),
    ],
)
def test_a_line_is_on_the_item_that_keeps_its_stock_and_stays_on_one_that_was_deleted(had, named, on):
    items = {name: ItemRecord(shop="fern", sku="S", snapshot=SHIRT) for name in ("71", "72")}
    stored = OrderRecord(shop="fern", snapshot=seen(lines=(replace(line("S", 1), item=had),))) if had else None
    order = seen(lines=(replace(line("S", 1), item=named),))
    assert [one.item for one in canonical(order, stored, items).lines] == [on]
    assert list(cut_off(order, canonical(order, stored, items), items)) == ([on] if on == had and named != had else [])


def test_a_line_on_the_same_item_says_itself_what_its_sku_is():
    """A product without variations may bear its own number as that of its family: nothing of it was deleted."""
    whole = ItemRecord(shop="fern", sku="NEW", snapshot=replace(SHIRT, family="71"))
    stored = OrderRecord(shop="fern", snapshot=seen(lines=(replace(line("OLD", 1), item="71"),)))
    order = seen(lines=(replace(line("NEW", 1), item="71"),))
    assert canonical(order, stored, {"71": whole}).lines == order.lines


def test_a_line_of_what_never_ships_does_not_ship_where_the_order_does_not_say_so():
    book = {"71": ItemRecord(shop="fern", sku="S", snapshot=replace(SHIRT, ships=False))}
    lines = (replace(line("S", 1), item="71"), replace(line("S", 1), item="99"))
    assert [one.ships for one in canonical(seen(lines=lines), None, book).lines] == [False, True]
