"""Every backorder has one cause, told when it first appears and never told anew."""

from dataclasses import replace
from datetime import timedelta
from typing import get_args

import pytest

from core.planning.root_causes import SENTENCES, Cause, causes
from tests.core.shop_builders import NOW, TODAY, item, kept, line, order, supply

CASES = [
    # what stands in the books, the order's cause
    ([item("mug", 5), order(1, line("mug", 8))], "large_order"),
    ([item("mug", 0), order(1, line("mug", 1))], "sold_on_purpose"),
    ([item("mug", 9), order(9, line("mug", 8), days=5), order(1, line("mug", 2))], "sold_on_purpose"),
    ([item("mug", 0, backorder="deny"), order(1, line("mug", 1))], "oversell_race"),
    ([item("mug", 0), supply("PO-1", "mug", 9, -2), order(1, line("mug", 1))], "late_supply"),
    ([item("mug", 0), supply("PO-1", "mug", 9, -2, received=9), order(1, line("mug", 1))], "sold_on_purpose"),
    ([item("mug", 0, gone=True), order(1, line("mug", 1))], "unknown"),
]


@pytest.mark.parametrize(("rows", "cause"), CASES)
def test_a_backorder_is_told_by_what_was_known_when_it_appeared(rows, cause):
    with kept(*rows) as shop:
        assert shop.order(1).causes == {"a": cause}


def test_stock_that_became_less_is_the_cause_of_a_later_backorder():
    with kept(item("mug", 5), order(1, line("mug", 4))) as shop:
        assert shop.order(1).causes == {}
        shop.store(item("mug", 2, read_at=NOW + timedelta(hours=1)))
        shop.replan()
        assert shop.order(1).causes == {"a": "stock_correction"}


def test_the_first_cause_stays_whatever_happens_later():
    with kept(item("mug", 0), order(1, line("mug", 2))) as shop:
        for units in (5, 1, 0):
            shop.store(item("mug", units, read_at=NOW + timedelta(hours=units + 1)))
            shop.replan()
        assert shop.order(1).causes == {"a": "sold_on_purpose"}


def test_every_cause_has_its_sentence():
    assert SENTENCES.keys() == set(get_args(Cause))


def test_of_an_item_that_is_not_known_nothing_is_told():
    with kept(item("mug", 0), order(1, line("mug", 2))) as shop:
        record = replace(shop.order(1), causes={})
        assert causes(record.plan, record, replace(shop.state(), items={}), TODAY) == {"a": "unknown"}
