"""What was shown before is what happens after, and it names those who are hit."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Misuse
from core.planning.preview import compare, consequences, preview
from core.planning.shop_plan import plan_shop
from core.planning.what_if import Scenario, imagined
from core.policy.reading import merge
from core.policy.shop_policy import ShopPolicy
from tests.core.shop_builders import NOW, SUPPORT, in_days, item, kept, line, order, supply
from tests.draws import examples

SKUS = ("mug", "pen")
lines = st.lists(
    st.tuples(st.sampled_from(SKUS), st.integers(1, 12)), min_size=1, max_size=2, unique_by=lambda one: one[0]
)
shops = st.fixed_dictionaries(
    {
        "orders": st.lists(lines, min_size=1, max_size=5),
        "stock": st.fixed_dictionaries({sku: st.integers(0, 15) for sku in SKUS}),
        "supply": st.fixed_dictionaries({sku: st.tuples(st.integers(1, 20), st.integers(1, 9)) for sku in SKUS}),
        "policy": st.sampled_from([{}, {"allocation": "fair_share"}, {"ship_part": {"enabled": False}}, {"release": "strict"}]),
    }
)  # fmt: skip


def rows_of(drawn):
    yield from (item(sku, units) for sku, units in drawn["stock"].items())
    yield from (supply(f"PO-{sku}", sku, units, days) for sku, (units, days) in drawn["supply"].items())
    for place, wanted in enumerate(drawn["orders"]):
        made = [line(sku, units, id=f"l{n}") for n, (sku, units) in enumerate(wanted)]
        yield order(1001 + place, *made, days=9 - place)


def cancelled(shop, key):
    """The order as the merchant leaves it in the shop after declining it."""
    return replace(shop.order(key).snapshot, status="cancelled", read_at=NOW + timedelta(hours=1))


def predicted(shop, scenario):
    return {entry.record.id: entry.plan for entry in plan_shop(imagined(shop.state(), scenario), NOW)}


@given(drawn=shops, sku=st.sampled_from(SKUS), days=st.integers(1, 30), units=st.integers(-9, 9), data=st.data())
@examples(30)
def test_what_a_scenario_shows_is_what_happens_when_it_comes_true(drawn, sku, days, units, data):
    with kept(*rows_of(drawn), **drawn["policy"]) as shop:
        waiting = [key for key, plan in shop.plans().items() if plan.backordered]
        declined = data.draw(st.sets(st.sampled_from(waiting), max_size=2)) if waiting else set()
        wished = data.draw(st.sampled_from([None, {"allocation": "completion_first"}, {"release": "strict"}]))
        policy = merge(merge(ShopPolicy(mode="act"), drawn["policy"]), wished or {})
        scenario = Scenario(late={f"PO-{sku}": days}, declined=frozenset(declined), stock={sku: units}, policy=policy)
        expected = predicted(shop, scenario)

        ordered, eta = drawn["supply"][sku]
        shop.store(supply(f"PO-{sku}", sku, ordered, eta + days), item(sku, drawn["stock"][sku] + units))
        shop.store(*(cancelled(shop, key) for key in declined))
        shop.set_policy(**wished or {})
        shop.replan()
        assert shop.plans() == {key: plan for key, plan in expected.items() if key not in declined}


@given(drawn=shops)
@examples(20)
def test_a_scenario_without_a_change_hits_nobody(drawn):
    with kept(*rows_of(drawn), **drawn["policy"]) as shop:
        assert compare(shop.state(), Scenario(), as_of=NOW, support=SUPPORT) == ()


def queue():
    """Two orders for mugs: one has the shelf, the next waits for PO-1."""
    return (item("mug", 5), supply("PO-1", "mug", 10, 3), order(1, line("mug", 5), days=2), order(2, line("mug", 4)))


def hit(shop, **scenario):
    found = compare(shop.state(), Scenario(**scenario), as_of=NOW, support=SUPPORT)
    return {change.record.id: change for change in found}


def test_late_supply_hits_those_who_wait_for_it_by_so_many_days():
    with kept(*queue()) as shop:
        found = hit(shop, late={"PO-1": 10})
        assert found.keys() == {"2"}
        assert (found["2"].days, found["2"].worse) == (10, True)
        assert found["2"].after.completes_on == in_days(13)


def test_a_declined_order_gives_its_units_to_the_next():
    with kept(item("mug", 5), order(1, line("mug", 6), days=2), order(2, line("mug", 4))) as shop:
        found = hit(shop, declined=frozenset({"1"}))
        assert (found["2"].before.release_now, found["2"].after.release_now) == (0, 4)
        assert not found["2"].worse


def test_lost_stock_takes_todays_units_and_a_date_lost_is_worse():
    with kept(item("mug", 5), order(1, line("mug", 5), days=2)) as shop:
        found = hit(shop, stock={"mug": -2})
        assert (found["1"].after.release_now, found["1"].worse, found["1"].days) == (3, True, None)


def test_the_actions_that_would_be_sent_are_named_only_where_the_shop_acts():
    with kept(*queue(), mode="observe") as shop:
        acting = hit(shop, policy=replace(ShopPolicy(mode="act")))
        assert acting["2"].before.asks == ()
        assert acting["2"].after.asks == ("hold", "tag", "publish", "note")


def test_an_offer_that_would_become_due_is_named():
    with kept(*queue()) as shop:
        wished = merge(ShopPolicy(mode="act"), {"offers": {"enabled": True, "min_wait_days": 1}})
        assert "code" in hit(shop, policy=wished)["2"].after.asks


def test_stock_that_is_not_counted_cannot_change():
    with (
        kept(item("mug", 5, tracked=False), order(1, line("mug", 5))) as shop,
        pytest.raises(Misuse, match="not count"),
    ):
        hit(shop, stock={"mug": 1})


def test_supply_without_a_date_cannot_be_late():
    with kept(item("mug", 0), supply("PO-1", "mug", 9, None), order(1, line("mug", 5))) as shop:
        assert hit(shop, late={"PO-1": 5}) == {}


def test_the_order_that_a_scenario_declines_is_none_of_those_it_hits():
    with kept(item("mug", 5), order(1001, line("mug", 5), days=2), order(1002, line("mug", 5), days=1)) as shop:
        scenario, given_ = Scenario(declined=frozenset({"1001"})), {"as_of": NOW, "support": SUPPORT}
        with shop.books.read() as unit:
            hit = preview(unit, unit.shops.get("fern"), scenario, **given_)
        assert [change.record.id for change in hit] == ["1001", "1002"]
        assert [change.record.id for change in consequences(shop.state(), scenario, **given_)] == ["1002"]
