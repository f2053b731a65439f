"""The longest wait: when a next unit would leave, and when that is too long."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.errors import Misuse
from core.item_actions import Announce, SellOn, item_lane
from core.items import gating
from core.items.item_gate import ItemGate, in_words, is_too_long, next_unit_on
from core.items.item_rules import ItemRules
from core.planning.preview import gate_changes
from core.policy.reading import merge
from core.policy.shop_policy import ShopPolicy, WaitGate
from tests.core.shop_builders import NOW, TODAY, in_days, item, kept, line, order, supply

RULES = WaitGate(enabled=True, max_days=30, again_days=20)
LONG = {"enabled": True, "max_days": 30, "again_days": 20}


@pytest.mark.parametrize(
    ("on_hand", "demand", "coming", "days"),
    [
        (1, 0, [], 0),
        (0, 0, [], None),
        (5, 5, [], None),
        (-3, 0, [(4, 1)], 4),
        (5, 8, [(7, 3), (9, 1)], 9),
        (5, 8, [(9, 1), (7, 4)], 7),
        (0, 2, [(7, 2)], None),
        (0, 0, [(7, 0), (8, 1)], 8),
    ],
)
def test_a_next_unit_comes_when_supply_exceeds_all_demand(on_hand, demand, coming, days):
    found = next_unit_on(on_hand, demand, [(in_days(on), units) for on, units in coming], TODAY)
    assert found == (None if days is None else in_days(days))


@pytest.mark.parametrize(
    ("days", "stopped", "too_long"),
    [(30, False, False), (31, False, True), (30, True, True), (21, True, True), (20, True, False), (None, False, True), (None, True, True)],
)  # fmt: skip
def test_what_stopped_it_must_be_undercut_before_it_is_taken_again(days, stopped, too_long):
    on = None if days is None else in_days(days)
    assert is_too_long(RULES, on, TODAY, stopped=stopped) is too_long
    assert not is_too_long(WaitGate(), on, TODAY, stopped=stopped), "off by default"


def test_a_second_number_above_the_first_counts_as_the_first():
    rules = WaitGate(enabled=True, max_days=10, again_days=90)
    assert is_too_long(rules, in_days(11), TODAY, stopped=True)
    assert not is_too_long(rules, in_days(10), TODAY, stopped=True)


@pytest.mark.parametrize(
    ("days", "words"),
    [(None, "No dated supply brings a next unit."), (0, "A next unit can leave today."), (1, "A next unit would leave on 2026-11-24, in 1 day."), (9, "A next unit would leave on 2026-12-02, in 9 days.")],
)  # fmt: skip
def test_the_wait_in_words(days, words):
    assert in_words(None if days is None else in_days(days), TODAY) == words


def asked(kept, sku="mug"):
    with kept.books.read() as unit:
        lane = unit.outbox.of_order("fern", item_lane(f"item-{sku}"))
        return [row.action for row in lane if row.state == "pending"]


def seen(kept, sku="mug"):
    with kept.books.read() as unit:
        return unit.items.get("fern", sku)


def carry_out(kept, *, ours=True):
    """Let everything that waits be done."""
    with kept.books.write() as unit:
        while action := unit.outbox.claim(now=NOW, lease=timedelta(seconds=9), per_shop=9):
            unit.outbox.done(action, now=NOW, reference="")
            if isinstance(action.action, Announce):
                gating.announced(unit, action, action.action)
            if isinstance(action.action, SellOn):
                gating.carried_out(unit, action, action.action, ours=ours, today=TODAY, now=NOW)


def mug(on_hand=0, **more):
    return item("mug", on_hand, **({"backorder_setting": "CONTINUE"} | more))


STOP = SellOn(item="item-mug", beyond=False, setting="CONTINUE")
TAKE = SellOn(item="item-mug", beyond=True, setting="CONTINUE")


@pytest.mark.parametrize(
    ("seen", "asks"),
    [
        (mug(), [STOP]),
        (mug(1), []),
        (mug(backorder="deny", backorder_setting="DENY"), []),
        (mug(tracked=False), []),
        (mug(backorder_setting=""), []),
    ],
    ids=["short", "in stock", "stopped by a person", "not counted", "cannot be put back"],
)
def test_only_what_is_sold_beyond_stock_and_takes_too_long_is_stopped(seen, asks):
    with kept(seen, wait_gate=LONG) as shop:
        assert asked(shop) == asks


def test_demand_of_every_order_counts():
    with kept(mug(5), order(1, line("mug", 5)), wait_gate=LONG) as shop:
        assert asked(shop) == [STOP]
        shop.store(supply("PO-1", "mug", 1, 20)).replan()
        assert asked(shop) == [], "what is no longer wanted is not sent"


def test_a_declined_order_gives_up_its_units():
    large = {"enabled": True, "answer": "review"}
    with kept(mug(5), order(1, line("mug", 5)), wait_gate=LONG, large_order=large) as shop:
        shop.choose(1, "decline")
        shop.replan()
        assert asked(shop) == []


def test_a_pre_order_is_sold_early_on_purpose():
    with kept(mug()) as shop:
        with shop.books.write() as unit:
            unit.items.put_rules("fern", "mug", ItemRules(preorder_until=in_days(90)))
        shop.set_policy(wait_gate=LONG)
        shop.replan()
        assert asked(shop) == []
        shop.replan(90)
        assert asked(shop) == [STOP]


def denied():
    return mug(backorder="deny", backorder_setting="DENY", read_at=NOW + timedelta(seconds=1))


def test_what_we_stopped_stays_planned_like_before_and_comes_back_with_its_setting():
    with kept(mug(), order(1, line("mug", 2)), wait_gate=LONG) as shop:
        carry_out(shop)
        assert seen(shop).gate.setting == "CONTINUE"
        shop.store(denied()).replan()
        assert shop.plans()["1"].decision == "wait", "an order taken before the stop is not declined for it"
        assert asked(shop) == []
        shop.store(supply("PO-1", "mug", 9, 20)).replan()
        assert asked(shop) == [TAKE]
        carry_out(shop)
        assert seen(shop).gate is None


def test_a_stop_that_somebody_made_first_is_theirs():
    with kept(mug(), wait_gate=LONG) as shop:
        carry_out(shop, ours=False)
        assert seen(shop).gate is None


def test_a_try_whose_answer_was_lost_is_not_taken_back():
    with kept(mug(), wait_gate=LONG) as shop:
        with shop.books.write() as unit:
            action = unit.outbox.claim(now=NOW, lease=timedelta(seconds=9), per_shop=9)
            unit.outbox.retry(action, at=NOW, error="lost")
        shop.store(denied()).replan()
        assert asked(shop) == [STOP], "its next try finds out whose the stop is"


def test_a_person_takes_it_again_here_and_hands_it_back():
    with kept(mug(), wait_gate=LONG) as shop:
        with shop.books.write() as unit, pytest.raises(Misuse):
            gating.take_again(unit, unit.items.get("fern", "mug"), now=NOW, act=True)
        carry_out(shop)
        with shop.books.write() as unit:
            gating.take_again(unit, unit.items.get("fern", "mug"), now=NOW, act=True)
        assert asked(shop) == [TAKE]
        carry_out(shop)
        shop.replan()
        assert (asked(shop), seen(shop).gate.state) == ([], "hands_off")
        with shop.books.write() as unit:
            gating.hand_back(unit, unit.items.get("fern", "mug"))
            with pytest.raises(Misuse):
                gating.hand_back(unit, unit.items.get("fern", "mug"))
        shop.replan()
        assert asked(shop) == [STOP]


@pytest.mark.parametrize(
    ("state", "backorder", "left_alone"),
    [("stopped", "allow", True), ("stopped", "deny", False), ("hands_off", "allow", False), (None, "allow", False)],
)
def test_what_a_person_sells_on_again_although_we_stopped_it_is_left_alone(state, backorder, left_alone):
    with kept(mug(backorder=backorder)) as shop, shop.books.write() as unit:
        gate = state and ItemGate(state=state, setting="CONTINUE", since=TODAY, wrote_at=NOW)
        unit.items.put_gate("fern", "mug", gate)
        gating.seen_again(unit, unit.items.get("fern", "mug"), at=NOW)
        found = unit.items.get("fern", "mug").gate
        assert found == (replace(gate, state="hands_off") if left_alone else gate)
        log = unit.audit.page("fern").items
        assert [(entry.sku, entry.actor) for entry in log] == [("mug", "platform")] * left_alone


def test_what_became_of_an_item_that_is_no_longer_on_the_books_is_nobodys_news():
    with kept(mug(), wait_gate=LONG) as shop, shop.books.write() as unit:
        action = unit.outbox.claim(now=NOW, lease=timedelta(seconds=9), per_shop=9)
        before = unit.inbox.counts("fern")
        gating.carried_out(unit, action, replace(STOP, item="item-gone"), ours=True, today=TODAY, now=NOW)
        gating.announced(unit, action, Announce(item="item-gone", expected_on=TODAY))
        assert (unit.items.marked("fern"), unit.inbox.counts("fern")) == ((), before)


def test_supply_without_a_date_brings_no_next_unit():
    with kept(mug(), supply("PO-1", "mug", 9, None), wait_gate=LONG) as shop:
        assert asked(shop) == [STOP]


def test_once_switched_off_what_waits_is_dropped_and_what_stands_goes_back():
    with kept(mug(), wait_gate=LONG) as shop:
        carry_out(shop)
        shop.store(denied(), item("cup", 0, backorder_setting="CONTINUE")).replan()
        assert asked(shop, "cup") == [replace(STOP, item="item-cup")]
        shop.set_policy(wait_gate={"enabled": False})
        shop.replan()
        assert (asked(shop), asked(shop, "cup")) == ([TAKE], [])


def test_a_preview_tells_what_would_be_asked_newly():
    with kept(mug(), item("cup", 0)) as shop, shop.books.read() as unit:
        known = unit.shops.get("fern")
        found = gate_changes(unit, known, merge(ShopPolicy(), {"wait_gate": LONG}), as_of=NOW)
        assert [(change.record.sku, change.wish, change.next_on) for change in found] == [("mug", "stop", None)]
        assert gate_changes(unit, known, ShopPolicy(), as_of=NOW) == ()
