"""What is not released yet is a pre-order: it waits for its date, and it is no backorder."""

import pytest

from core.items.item_rules import ItemRules
from core.items.item_rules_reading import RuleProblem, merge
from core.reasons import Reason
from tests.core.shop_builders import in_days, item, kept, line, order


def released_on(shop, sku, day):
    with shop.books.write() as unit:
        unit.items.put_rules("fern", sku, ItemRules(preorder_until=day))
    shop.replan()


def tags(shop, key):
    return {tag for action in shop.actions(key) if action.kind == "tag" for tag in action.tags}


def test_a_pre_order_has_its_own_tag_reason_and_date_and_no_cause():
    with kept(item("mug", 0)) as shop:
        released_on(shop, "mug", in_days(9))
        shop.store(order(1, line("mug", 2)))
        shop.replan()
        record = shop.order(1)
        assert tags(shop, 1) == {"backorder-preorder"}
        assert Reason.PREORDER in record.plan.reasons
        assert record.preorders == {"a": in_days(9)}
        assert record.causes == {}


def test_nothing_of_it_leaves_before_its_date_although_stock_is_there():
    with kept(item("mug", 5), order(1, line("mug", 2))) as shop:
        released_on(shop, "mug", in_days(9))
        plan = shop.order(1).plan
        assert (plan.release_now, plan.completes_on) == (False, in_days(9))
        shop.replan(days=9)
        assert shop.order(1).plan.release_now
        assert shop.order(1).preorders == {}


def test_an_order_with_both_kinds_has_both_tags():
    with kept(item("mug", 0), item("pen", 0)) as shop:
        released_on(shop, "mug", in_days(9))
        shop.store(order(1, line("mug", 2), line("pen", 1, id="b")))
        shop.replan()
        assert {"backorder-preorder", "backorder-waiting"} <= tags(shop, 1)
        assert shop.order(1).causes.keys() == {"b"}


WRONG = [({"preorder_until": "soon"}, "preorder_until"), ({"preorder_until": 5}, "preorder_until"), ({"preorder_until": "20261201"}, "preorder_until"),
         ({"substitutes": "cup"}, "substitutes"), ({"substitutes": [""]}, "substitutes"), ({"substitutes": ["x"] * 11}, "substitutes"),
         ({"colour": 1}, "colour")]  # fmt: skip


@pytest.mark.parametrize(("patch", "key"), WRONG)
def test_a_rule_that_cannot_be_taken_is_named(patch, key):
    with pytest.raises(RuleProblem) as problem:
        merge(ItemRules(), patch)
    assert problem.value.key == key


def test_rules_are_merged_key_by_key():
    rules = merge(ItemRules(), {"preorder_until": "2026-12-01"})
    both = merge(rules, {"substitutes": ["cup", "cup"]})
    assert (both.preorder_until.isoformat(), both.substitutes) == ("2026-12-01", ("cup",))
    assert merge(both, {"preorder_until": None}).preorder_until is None
