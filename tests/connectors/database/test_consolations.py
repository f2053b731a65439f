"""What customers were given for a wait: kept, summed up, and never more of it than the budget, however many give."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from core.capabilities import Capability, Support
from core.consolation.consoling import Consoler
from core.consolation.offers import month_of
from core.errors import NotAllowed
from core.policy.reading import merge
from core.policy.shop_policy import ShopPolicy
from core.records.waits import Wait
from core.snapshots import Customer
from tests.connectors.database.test_concurrency import together

SUPPORT = {Capability.DISCOUNT_CODE: Support(level="full", how="by a code")}
NOVEMBER = month_of(date(2026, 11, 23))


@pytest.mark.parametrize("within", ["orders by customers of their own", "orders of one customer"])
def test_workers_at_once_together_stay_within_budget_and_caps(kept, make, within):
    """Twelve orders, each with 3.75 for its wait: the month has money for two of them, or a customer may have two."""
    alone = within.startswith("orders by")
    limits = {"monthly_budget": "10.00"} if alone else {"per_customer": 2}
    with kept.write() as unit:
        policy = merge(ShopPolicy(mode="act"), {"offers": limits})
        unit.shops.save(replace(unit.shops.get("fern"), policy=policy))
        for number in range(12):
            customer = Customer(id=f"c{number if alone else 0}")
            unit.orders.put(make.order(str(number), backordered=3, customer=customer))

    def give(number):
        with kept.write() as unit:
            unit.shops.lock("fern")
            shop, record = unit.shops.get("fern"), unit.orders.get("fern", str(number))
            consoler = Consoler(unit, shop, support=SUPPORT, code_key="k", as_of=make.now)
            try:
                return consoler.by_hand(record).worth
            except NotAllowed:
                return 0

    assert sorted(together(12, give)) == [0] * 10 + [375] * 2
    with kept.read() as unit:
        assert unit.consolations.promised("fern", NOVEMBER) == 750
        assert unit.consolations.promised("moss", NOVEMBER) == 0


def test_sums_leave_out_other_months_what_was_held_back_and_what_can_never_be_used(kept, make):
    with kept.write() as unit:
        put = unit.consolations.put
        put(make.consolation("1", worth=100, code="a"))
        put(make.consolation("2", worth=20, code="b", state="used", on=date(2026, 11, 30)))
        put(make.consolation("3", worth=3, code="c", state="void"))
        put(make.consolation("4", worth=4, code="d", arm="held_out", state="none"))
        put(make.consolation("5", worth=5, code="e", on=date(2026, 12, 1)))
        put(make.consolation("6", worth=6, code="f", on=date(2026, 10, 31), customer="other"))
        put(make.consolation("7", worth=70, code="g", state="made", ends_at=make.now - timedelta(days=1)))
        put(make.consolation("1", worth=200, code="a", state="made", on=date(2026, 11, 1)))
    with kept.read() as unit:
        book = unit.consolations
        assert book.promised("fern", NOVEMBER) == 290
        assert book.of_customer("fern", "c", NOVEMBER) == 3
        assert book.by_state("fern", NOVEMBER, make.day) == {
            "made": (1, 200), "used": (1, 20), "void": (1, 3), "held_out": (1, 4), "expired": (1, 70),
        }  # fmt: skip
        assert [row.order for row in book.newest("fern", limit=3)] == ["5", "2", "7"]
        assert book.by_code("fern", "b").state == "used"
        assert book.by_code("fern", "d") is None
        assert book.by_code("moss", "b") is None


def test_outcomes_tell_the_first_decision_of_each_order_with_the_end_of_its_wait(kept, make):
    kept_wait, lost_wait = Wait(since=make.day, until=make.day), Wait(since=make.day, until=make.day, lost=True)
    with kept.write() as unit:
        for order, wait in (("1", kept_wait), ("2", lost_wait), ("3", Wait(since=make.day))):
            unit.orders.put(make.order(order, wait=wait))
        unit.consolations.put(make.consolation("1", arm="held_out", state="none", code="a"))
        unit.consolations.put(make.consolation("1", 2, code="b"))
        unit.consolations.put(make.consolation("2", code="c", customer="other"))
        unit.consolations.put(make.consolation("3", code="d", arm="by_hand"))
        unit.consolations.put(make.consolation("3", 2, code="e"))
    with kept.read() as unit:
        found = unit.consolations.outcomes("fern", NOVEMBER)
        assert [(one.order, one.held_out, one.until, one.lost) for one in found] == [
            ("1", True, make.day, False), ("2", False, make.day, True), ("3", False, None, False),
        ]  # fmt: skip
        assert unit.consolations.outcomes("fern", month_of(date(2026, 12, 1))) == ()


def test_who_is_forgotten_is_counted_under_no_name_and_gets_nothing_more(kept, make):
    with kept.write() as unit:
        unit.orders.put(make.order("1", customer=Customer(id="c", email="customer12@example.com")))
        unit.consolations.put(make.consolation("1", code="a"))
        unit.consolations.put(make.consolation("1", 2, code="b", state="used"))
        unit.orders.redact("fern", ["1"], "c", None)
    with kept.read() as unit:
        found = unit.consolations.of_order("fern", "1")
        assert [(row.customer, row.state) for row in found] == [("", "void"), ("", "used")]
        assert unit.consolations.of_customer("fern", "c", NOVEMBER) == 0
