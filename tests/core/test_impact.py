"""Who waits because of one order: what counts as a hit, with its days and units, and that nobody else is named."""

from types import SimpleNamespace

import pytest

from core.large.impact import _hit, _is_hit, who_waits
from core.planning.preview import Change
from tests.core.shop_builders import NOW, in_days, item, kept, line, order, supply


def fares(days, units=0):
    return SimpleNamespace(completes_on=None if days is None else in_days(days), release_now=units)


@pytest.mark.parametrize(
    ("with_it", "without", "hit"),
    [
        (fares(9), fares(3), (6, 0)),
        (fares(9), fares(9), None),
        (fares(3), fares(9), None),
        (fares(None), fares(3), (None, 0)),
        (fares(None), fares(None), None),
        (fares(3), fares(None), None),
        (fares(9), fares(9, units=2), (0, 2)),
        (fares(9, units=1), fares(3, units=3), (6, 2)),
        (fares(9, units=3), fares(3, units=1), (6, 0)),
        (fares(None), fares(None, units=2), (0, 2)),
        (fares(9, units=2), fares(9, units=2), None),
    ],
)
def test_who_has_a_later_day_or_less_today_is_hit(with_it, without, hit):
    change = Change(record=None, before=with_it, after=without)
    assert _is_hit(change) is (hit is not None)
    if hit:
        found = _hit(change)
        assert (found.days, found.units) == hit
        assert found.loses_date is (hit[0] is None)


def test_only_others_who_want_the_same_are_named():
    rows = (
        item("mug", 5), item("cup", 0), supply("PO-1", "mug", 9, 3), supply("PO-2", "cup", 9, 3),
        order(1, line("mug", 8), days=5), order(2, line("mug", 2), days=4), order(3, line("cup", 2), days=3),
        order(4, line("mug", 1), line("cup", 1, id="b"), days=2),
    )  # fmt: skip
    with kept(*rows) as shop, shop.books.read() as unit:
        hits = who_waits(unit, unit.shops.get("fern"), unit.orders.get("fern", "1"), NOW)
    assert [(hit.record.id, hit.days, hit.units) for hit in hits] == [("2", 3, 2), ("4", 0, 1)]
