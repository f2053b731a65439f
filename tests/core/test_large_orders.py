"""Very large orders: what makes one, what each answer does to it and to others, and offers that end."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from core.items.item_rules import ItemRules
from core.large import large_orders
from core.large.impact import who_waits
from core.large.sizes import LineSize, excesses, percentile_95
from core.orders import choices
from core.plan import OrderPlan
from core.policy.shop_policy import LargeOrder
from core.reasons import Reason
from core.records import OrderRecord
from core.records.proposals import Proposal
from tests.core.shop_builders import NOW, in_days, item, kept, line, order, shop, supply


def size(units=8, **more):
    return LineSize(line="a", sku="mug", ordered=units, units=units, **{"on_hand": 0, **more})


OFF = {"share": None}
TESTS = [
    # rules, measures, tests exceeded
    ({"share": "0.5"}, {"on_hand": 10}, ["on_hand"]),
    ({"share": "0.8"}, {"on_hand": 10}, []),
    ({"share": "0.5"}, {"on_hand": 0}, []),
    ({"share_of_atp": "0.5"}, {"on_hand": 5, "coming": 20, "ahead": 15}, ["atp"]),
    ({"share_of_atp": "0.5"}, {"on_hand": 5, "coming": 20, "ahead": 0}, []),
    ({"share_of_atp": "0.5"}, {"on_hand": 5, "ahead": 9}, []),
    ({"times_usual": "3"}, {"usual": 2}, ["usual"]),
    ({"times_usual": "4"}, {"usual": 2}, []),
    ({"times_usual": "3"}, {"usual": None}, []),
    ({"days_of_cover": 30}, {"recent": 20}, ["cover"]),
    ({"days_of_cover": 36}, {"recent": 20}, []),
    ({"share": "0.5", "times_usual": "3"}, {"on_hand": 5, "usual": 2}, ["on_hand", "usual"]),
    ({"share": "0.1", "min_units": 9}, {"on_hand": 10}, []),
    ({"share": "0.1", "min_units": 8}, {"on_hand": 10}, ["on_hand"]),
    ({"share_of_atp": "0.5"}, {"on_hand": 5, "coming": 11}, []),
    ({"share_of_atp": "0.5"}, {"on_hand": 5, "coming": 10}, ["atp"]),
    ({"times_usual": "3"}, {"usual": 0}, []),
    ({"days_of_cover": 30}, {"recent": 0}, []),
    ({"days_of_cover": 0}, {"recent": 1}, []),
    ({"share": "0.9"}, {"on_hand": 10, "usual": 1}, []),
]  # fmt: skip


@pytest.mark.parametrize(("rules", "measures", "exceeded"), TESTS)
def test_large_is_relative_to_whatever_the_policy_measures_against(rules, measures, exceeded):
    found = excesses((size(**measures),), LargeOrder(**{"enabled": True, **OFF, **rules}))
    assert [one.test for one in found] == exceeded
    assert all("8 x mug against" in one.sentence for one in found)
    assert not any(re.search(r"\d\.\d", one.sentence) for one in found), "units are whole"


@pytest.mark.parametrize(
    ("rules", "measures", "most", "said"),
    [
        ({"share": "0.55"}, {"on_hand": 10}, "5.50", "the 10 on hand: at most 5 are usual for one order"),
        ({"share_of_atp": "0.5"}, {"on_hand": 5, "coming": 9}, "7.00", "the 14 that could be promised: at most 7 are usual for one order"),
        ({"times_usual": "3"}, {"usual": 2}, "6.00", "the item's usual largest order of 2: up to 6 pass"),
        ({"days_of_cover": 30}, {"recent": 20}, "6.67", "the 20 that sold in 90 days: at most 6 pass"),
    ],
)  # fmt: skip
def test_an_excess_is_told_with_its_numbers(rules, measures, most, said):
    (found,) = excesses((size(**measures),), LargeOrder(**{"enabled": True, **OFF, **rules}))
    assert found.sentence == f"8 x mug against {said}."
    assert (str(found.most), found.line, found.sku, found.units) == (most, "a", "mug", 8)


def test_each_line_is_measured_by_itself():
    rules = LargeOrder(enabled=True, share="0.5", min_units=8)
    sizes = [replace(size(units, on_hand=10), line=f"l{units}") for units in (7, 8, 9)]
    assert [one.line for one in excesses(sizes, rules)] == ["l8", "l9"]


def test_nothing_is_large_while_the_rules_are_off():
    assert excesses((size(on_hand=1),), LargeOrder()) == ()


@pytest.mark.parametrize(
    ("units", "found"),
    [
        ([1] * 7, None),
        ([1] * 8, 1),
        (list(range(1, 21)), 19),
        ([9, *[1] * 19], 1),
        ([9, 9, *[1] * 19], 9),
        (list(range(8, 0, -1)), 8),
        (list(range(1, 102)), 96),
    ],
)
def test_the_usual_largest_order_is_the_95th_percentile_of_enough_orders(units, found):
    assert percentile_95(units) == found


def big(**policy):
    """8 mugs wanted of 5, 10 more in 3 days; a later order wants 2."""
    rows = (item("mug", 5), supply("PO-1", "mug", 10, 3), order(1, line("mug", 8), days=2), order(2, line("mug", 2)))
    return kept(*rows, large_order={"enabled": True, **policy})


def released(shop, key):
    plan = shop.order(key).plan
    return sum(one.release_now for one in plan.lines), plan.decision, plan.completes_on


def test_a_size_is_measured_once_and_a_shelf_that_others_empty_makes_nothing_large():
    with kept(item("mug", 20), order(1, line("mug", 8)), large_order={"enabled": True, "answer": "review"}) as shop:
        shop.store(item("mug", 9, read_at=NOW + timedelta(hours=1)))
        shop.replan()
        assert released(shop, 1)[:2] == (8, "ship_all")


def test_an_order_that_grows_is_measured_again():
    with kept(item("mug", 20), order(1, line("mug", 8)), large_order={"enabled": True, "answer": "review"}) as shop:
        grown = replace(shop.order(1).snapshot, lines=(line("mug", 18),), read_at=NOW + timedelta(hours=1))
        shop.store(grown)
        shop.replan()
        assert released(shop, 1)[:2] == (0, "review")


def test_what_is_usual_comes_from_the_items_past_orders_of_which_closed_ones_count():
    past = [order(100 + n, line("mug", 2), status="closed", days=40) for n in range(9)]
    with kept(
        item("mug", 50), large_order={"enabled": True, "share": None, "times_usual": "3", "answer": "review"}
    ) as shop:
        with shop.books.write() as unit:
            from core.forecast.telling import demand_of

            for seen in past:
                unit.demand.put(demand_of("fern", "UTC", seen, ()))
        shop.store(order(1, line("mug", 7)), order(2, line("mug", 6, id="b"), days=0))
        shop.replan()
        assert shop.order(1).plan.decision == "review"
        assert shop.order(2).plan.decision == "ship_all"
        assert shop.order(1).sizes[0].usual == 2


OPEN = Proposal(made_at=NOW, ends_at=NOW, options=())
STANDINGS = [
    ("accept", None, None, "usual"),
    ("schedule", None, None, "scheduled"),
    ("cap", None, None, "capped"),
    ("counter", None, None, "counter"),
    ("review", None, None, "review"),
    ("decline", None, None, "review"),
    ("review", "open", None, "offered"),
    ("review", "lapsed", None, "lapsed"),
    ("schedule", "withdrawn", None, "scheduled"),
    ("review", "open", "accept", "accepted"),
    ("review", "lapsed", "cap", "capped"),
    ("accept", None, "decline", "declined"),
    ("accept", "open", "counter", "offered"),
]


@pytest.mark.parametrize(("policy", "offer", "word", "stands"), STANDINGS)
def test_a_persons_word_goes_before_an_offer_and_that_before_the_policy(policy, offer, word, stands):
    made = replace(OPEN, state=offer) if offer else None
    manual = {"answer": word} if word else {}
    record = OrderRecord(
        shop="fern", snapshot=order(1, line("mug", 8)), sizes=(size(on_hand=1),), proposal=made, manual=manual
    )
    assert large_orders.standing(record, shop(large_order={"enabled": True, "answer": policy})) == stands
    usual = replace(record, sizes=(size(on_hand=99),))
    by_policy = offer in {None, "withdrawn"} and word is None
    for sizes in (usual.sizes, None):
        known = large_orders.standing(
            replace(usual, sizes=sizes), shop(large_order={"enabled": True, "answer": policy})
        )
        assert known == ("usual" if by_policy else stands)


def test_a_very_large_order_of_which_nothing_is_open_is_left_as_it_is():
    done = OrderPlan(
        id="1", decision="none", reasons=(Reason.NOTHING_OPEN,), release_now=False, completes_on=None, lines=()
    )
    record = OrderRecord(shop="fern", snapshot=order(1), manual={"answer": "decline"})
    assert large_orders.apply(done, record, shop()) == done


ANSWERS = [
    # policy, the large order: units today, decision; the small one's units today; the reason
    ("accept", (5, "ship_part"), 0, None),
    ("cap", (3, "ship_part"), 2, Reason.LARGE_ORDER),
    ("schedule", (5, "ship_part"), 0, Reason.LARGE_ORDER_SCHEDULED),
    ("review", (0, "review"), 0, Reason.LARGE_ORDER_REVIEW),
    ("decline", (0, "review"), 0, Reason.LARGE_ORDER_REVIEW),
    ("counter", (0, "wait"), 0, Reason.LARGE_ORDER_OFFERED),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "large", "small", "reason"), ANSWERS)
def test_each_answer_of_the_policy_does_what_it_says(answer, large, small, reason):
    with big(answer=answer) as shop:
        assert released(shop, 1)[:2] == large
        assert released(shop, 2)[0] == small
        assert reason is None or reason in shop.order(1).plan.reasons


def test_a_scheduled_order_keeps_its_date_and_one_without_a_date_is_for_a_person():
    with big(answer="schedule") as shop:
        assert (shop.order(1).promised_on, shop.order(1).published_at) == (in_days(3), NOW)
    with kept(item("mug", 5), order(1, line("mug", 8)), large_order={"enabled": True, "answer": "schedule"}) as shop:
        assert shop.order(1).plan.decision == "review"
        assert shop.order(1).published_at is None


def test_a_review_holds_everything_and_says_so_even_where_stock_covers_it():
    with kept(item("mug", 10), order(1, line("mug", 8)), large_order={"enabled": True, "answer": "review"}) as shop:
        kinds = {action.kind: action for action in shop.actions(1)}
        assert kinds["hold"].held == {"a": 8}
        assert kinds["tag"].tags == ("backorder-review",)


def test_a_person_accepts_and_it_ships_like_any_other():
    with big(answer="review") as shop:
        shop.choose(1, "accept")
        shop.replan()
        assert released(shop, 1) == (5, "ship_part", in_days(3))
        assert Reason.ACCEPTED_BY_PERSON in shop.order(1).plan.reasons


def test_a_person_caps_this_order_and_no_other():
    with big(answer="review") as shop:
        shop.choose(1, "cap")
        shop.replan()
        assert (released(shop, 1)[0], released(shop, 2)[0]) == (3, 2)


def test_a_declined_order_frees_its_units_and_waits_for_its_cancelling_in_the_shop():
    with big(answer="review") as shop:
        shop.choose(1, "decline")
        shop.replan()
        assert released(shop, 1)[:2] == (0, "decline")
        assert released(shop, 2)[:2] == (2, "ship_all")
        (todo,) = large_orders.todo(shop.order(1))
        assert "cannot be undone" in todo
        with shop.books.read() as unit:
            assert unit.orders.board_counts("fern")["needs"] == 1
        shop.choose(1, "accept")
        shop.replan()
        assert released(shop, 1)[:2] == (5, "ship_part")


def test_a_declined_order_is_what_the_what_if_said():
    from core.planning.shop_plan import plan_shop
    from core.planning.what_if import Scenario, imagined

    with big(answer="review") as shop:
        told = {
            one.record.id: one.plan
            for one in plan_shop(imagined(shop.state(), Scenario(declined=frozenset({"1"}))), NOW)
        }
        shop.choose(1, "decline")
        shop.replan()
        assert shop.plans() == told


def test_an_accepted_order_that_a_fraud_check_holds_stays_under_review():
    with kept(
        item("mug", 5), order(1, line("mug", 8), hold="fraud"), large_order={"enabled": True, "answer": "review"}
    ) as shop:
        shop.choose(1, "accept")
        shop.replan()
        assert released(shop, 1)[:2] == (0, "review")


def test_an_oversold_order_that_a_person_accepts_waits_like_any_other():
    with kept(item("mug", 0, backorder="deny"), order(1, line("mug", 2))) as shop:
        assert shop.order(1).plan.decision == "decline"
        shop.choose(1, "accept")
        shop.replan()
        assert shop.order(1).plan.decision == "wait"


def test_who_would_wait_because_of_it_is_named_with_days():
    rows = (item("mug", 5), supply("PO-1", "mug", 5, 3), supply("PO-2", "mug", 9, 20), order(1, line("mug", 8), days=3),
            order(2, line("mug", 2), days=2), order(3, line("mug", 3)))  # fmt: skip
    with kept(*rows) as shop, shop.books.read() as unit:
        hits = who_waits(unit, unit.shops.get("fern"), unit.orders.get("fern", "1"), NOW)
    assert {hit.record.id: (hit.days, hit.units) for hit in hits} == {"2": (3, 2), "3": (20, 3)}


def test_an_order_that_has_a_date_only_without_the_large_one_loses_it():
    with (
        kept(item("mug", 5), order(1, line("mug", 8), days=3), order(2, line("mug", 2))) as shop,
        shop.books.read() as unit,
    ):
        (hit,) = who_waits(unit, unit.shops.get("fern"), unit.orders.get("fern", "1"), NOW)
    assert hit.loses_date


def test_a_counter_offer_names_units_dates_and_prices():
    with big(answer="counter", second_freight="4.90") as shop:
        made = shop.order(1).proposal
        found = {one.key: (one.now, one.later, one.on, one.price, one.freight) for one in made.options}
        assert found == {
            "part": (5, 3, in_days(3), 8000, 490),
            "only": (5, 0, None, 5000, 0),
            "all": (0, 8, in_days(3), 8000, 0),
        }
        assert made.ends_at == NOW + timedelta(days=3)
        with shop.books.read() as unit:
            (letter,) = unit.notices.of_order("fern", "1")
            assert unit.inbox.next_due() == made.ends_at
        said = {option["key"]: (option["price"], option["freight"], option["on"]) for option in letter.facts["options"]}
        assert said["part"] == (8000, 490, in_days(3).isoformat())
        assert letter.facts["until"] == made.ends_at.isoformat()


def test_an_open_offer_keeps_the_units_and_asks_no_merchant():
    with big(answer="counter") as shop, shop.books.read() as unit:
        assert unit.orders.get("fern", "1").plan.lines[0].on_hand == 5
        assert unit.orders.board_counts("fern")["waiting"] == 2


def test_planning_again_makes_no_second_offer():
    with big(answer="counter") as shop:
        before = shop.order(1).proposal
        shop.replan(days=1)
        assert shop.order(1).proposal == before


def test_an_offer_that_ends_without_an_answer_frees_the_units_and_asks_the_merchant():
    with big(answer="counter") as shop:
        shop.replan(days=3)
        assert shop.order(1).proposal.state == "lapsed"
        assert released(shop, 1)[:2] == (0, "review")
        assert released(shop, 2)[:2] == (2, "ship_all")
        with pytest.raises(choices.NotAllowed):
            answer(shop, 1, "part", days=3)


def answer(shop, key, option, days=0):
    moment = NOW + timedelta(days=days)
    with shop.books.write() as unit:
        choices.answer(unit, unit.shops.get("fern"), str(key), option, actor="customer", as_of=moment, now=moment)
    shop.replan()


def test_a_part_now_ships_the_part_and_the_rest_keeps_its_date():
    with big(answer="counter") as shop:
        answer(shop, 1, "part")
        assert released(shop, 1) == (5, "ship_part", in_days(3))
        assert large_orders.todo(shop.order(1)) == ()


def test_waiting_for_all_ships_nothing_before_its_date():
    with big(answer="counter") as shop:
        answer(shop, 1, "all")
        assert released(shop, 1) == (0, "wait", in_days(3))
        assert released(shop, 2)[:2] == (2, "ship_all")


def test_taking_only_what_is_there_gives_the_rest_up_but_never_lets_it_leave():
    with big(answer="counter") as shop:
        answer(shop, 1, "only")
        assert released(shop, 1)[:2] == (5, "ship_all")
        holds = [action for action in shop.actions(1) if action.kind in {"hold", "release"}]
        assert holds[-1].held == {"a": 3}
        (todo,) = large_orders.todo(shop.order(1))
        assert todo.startswith("Take 3 x Mug off the order")
        assert shop.order(2).plan.completes_on == in_days(3)
        taken_off = replace(
            shop.order(1).snapshot, lines=(line("mug", 8, cancelled=3),), read_at=NOW + timedelta(hours=1)
        )
        shop.store(taken_off)
        shop.replan()
        assert large_orders.todo(shop.order(1)) == ()


def test_a_substitute_is_offered_where_enough_of_it_is_free():
    with big(answer="review") as shop:
        shop.store(item("cup", 4, unit_price=900), order(3, line("cup", 1)))
        with shop.books.write() as unit:
            unit.items.put_rules("fern", "mug", ItemRules(substitutes=("nothing", "cup")))
        shop.choose(1, "counter")
        swap = shop.order(1).proposal.options[-1]
        assert (swap.key, swap.now, swap.later, swap.price) == ("swap", 8, 0, 5000 + 2700)
        answer(shop, 1, "swap")
        assert "add 3 x cup" in large_orders.todo(shop.order(1))[0]


def test_a_substitute_of_which_too_little_is_free_is_not_offered():
    with big(answer="review") as shop:
        shop.store(item("cup", 4), order(3, line("cup", 2)))
        with shop.books.write() as unit:
            unit.items.put_rules("fern", "mug", ItemRules(substitutes=("cup",)))
        shop.choose(1, "counter")
        assert [option.key for option in shop.order(1).proposal.options] == ["part", "only", "all"]


def test_the_merchants_word_withdraws_an_open_offer():
    with big(answer="counter") as shop:
        with pytest.raises(choices.NotAllowed, match="stands already"):
            shop.choose(1, "counter")
        shop.choose(1, "accept")
        shop.replan()
        assert shop.order(1).proposal.state == "withdrawn"
        assert released(shop, 1)[:2] == (5, "ship_part")
        with pytest.raises(choices.NotAllowed, match="no offer"):
            answer(shop, 1, "part")


def test_a_second_offer_ends_in_its_own_time_although_the_first_was_withdrawn():
    with big(answer="counter") as shop:
        first = shop.order(1).proposal.ends_at
        shop.store(item("cup", 9))
        with shop.books.write() as unit:
            unit.items.put_rules("fern", "mug", ItemRules(substitutes=("cup",)))
        shop.choose(1, "decline")
        shop.replan(days=1)
        shop.choose(1, "counter", days=1)
        assert shop.order(1).proposal.ends_at == first + timedelta(days=1)
        assert [at for at, orders in shop.wake_ups() if orders][-2:] == [first, first + timedelta(days=1)]


def test_an_offer_needs_something_to_choose():
    with kept(item("mug", 0), order(1, line("mug", 8)), supply("PO-1", "mug", 4, 3),
              large_order={"enabled": True, "share_of_atp": "0.5", "answer": "counter"}) as shop:  # fmt: skip
        assert shop.order(1).plan.decision == "review"
        with pytest.raises(choices.NotAllowed, match="nothing to choose"):
            shop.choose(1, "counter")


def test_an_order_that_stock_covers_is_for_a_person_where_others_get_an_offer():
    with kept(item("mug", 10), order(1, line("mug", 8)), large_order={"enabled": True, "answer": "counter"}) as shop:
        assert (shop.order(1).proposal, released(shop, 1)[:2]) == (None, (0, "review"))
        with pytest.raises(choices.NotAllowed, match="nothing to choose"):
            shop.choose(1, "counter")


@pytest.mark.parametrize("do", ["accept", "decline", "cap", "counter"])
def test_an_order_that_nobody_asked_about_cannot_be_decided(do):
    with kept(item("mug", 5), order(1, line("mug", 8))) as shop, pytest.raises(choices.NotAllowed):
        shop.choose(1, do)


def test_an_answer_that_was_not_offered_is_refused():
    from core.errors import Misuse

    with big(answer="counter") as shop, pytest.raises(Misuse, match="option: must be one of part, only, all"):
        answer(shop, 1, "swap")


def test_no_part_ships_while_the_order_is_not_decided():
    with big(answer="review") as shop, pytest.raises(choices.NotAllowed, match="not decided yet"):
        shop.choose(1, "ship_part")
