"""Presets, settings from a file, changes taken back, and what settings would have meant over the past."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from core.consolation.gift_past import Gifts, gifts_of
from core.policy.past import parts_of
from core.policy.presets import PRESETS, imported, undone
from core.policy.reading import PolicyProblem, merge
from core.policy.shop_policy import ShipPart, ShopPolicy, as_document
from core.reports.records import WaitedOrder
from tests.connectors.database.paper_shop import LINES


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_can_be_taken_by_any_shop_and_never_begins_to_act(name):
    made = PRESETS[name].applied(ShopPolicy())
    assert made != ShopPolicy()
    assert made.mode == "observe"
    assert PRESETS[name].applied(made) == made


def test_a_preset_leaves_alone_what_it_does_not_name():
    mine = merge(
        ShopPolicy(), {"together_by_tag": "whole", "reorder": {"service": "0.9"}, "ship_part": {"margin": "0.7"}}
    )
    made = PRESETS["small_shop"].applied(mine)
    assert (made.together_by_tag, made.reorder.service, made.ship_part.margin) == ("whole", "0.9", "0.7")


def test_a_file_gives_back_every_setting_but_the_mode():
    mine = merge(ShopPolicy(), {"mode": "act", "tiers_by_tag": {"vip": -1}, "laws": ["us_ftc_435"]})
    assert imported(ShopPolicy(), as_document(mine)) == replace(mine, mode="observe")


@pytest.mark.parametrize("document", [[], "x", None, {"colour": "red"}, {"ship_part": {"max_parcels": 0}}])
def test_a_file_that_makes_no_sense_is_refused_by_key(document):
    with pytest.raises(PolicyProblem):
        imported(ShopPolicy(), document)


def test_a_change_is_taken_back_but_for_what_was_changed_again():
    now = merge(ShopPolicy(), {"ship_part": {"max_parcels": 3}, "laws": ["us_ftc_435"], "lending_age_days": 9})
    changed = {"ship_part.max_parcels": {"before": 10, "after": 3}, "laws": {"before": [], "after": ["us_ftc_435"]},
               "lending_age_days": {"before": 30, "after": 60}}  # fmt: skip
    back, kept = undone(now, changed)
    assert (back.ship_part.max_parcels, back.laws, back.lending_age_days) == (10, (), 9)
    assert kept == ("lending_age_days",)


def test_a_change_of_a_setting_that_is_gone_stays():
    assert undone(ShopPolicy(), {"old.thing": {"before": 1, "after": 2}}) == (ShopPolicy(), ("old.thing",))


WAITED = [row for row in LINES if row.at_once is not None and not row.preorder]


@pytest.mark.parametrize(
    ("rules", "split", "freight"),
    [
        # O2 has 2 mugs and 5 ropes of 11 ready, O4 5 ropes of 8; O3 and O6 have nothing.
        ({}, 2, None),
        ({"parcel_cost": "6.90"}, 2, 1380),
        ({"min_part_value": "60"}, 1, None),
        ({"min_fill_share": "0.63"}, 1, None),
        ({"min_units": 3}, 2, None),
        ({"max_parcels": 1}, 0, None),
        ({"enabled": False, "parcel_cost": "6.90"}, 0, 0),
    ],
)
def test_parts_that_would_have_left_are_counted_by_the_rules(rules, split, freight):
    made = parts_of(WAITED, ShipPart(**rules), "EUR")
    assert (made.orders, made.waited, made.freight) == (split, 4, freight)


def test_gifts_are_counted_by_the_highest_rung_that_a_wait_reached():
    """O3: 3 mugs of 10.00 waited 14 days, O4: 3 ropes of 10.00 waited 20, 8 of them late; 10 % of 60.00."""
    day = date(2026, 11, 23)

    def wait(order, days, **told):
        return WaitedOrder(order=order, status="open", currency="EUR", wait_since=day - timedelta(days=days), **told)

    waits = [
        wait("O2", 4),
        wait("O3", 14),
        wait("O4", 20, promised_on=day - timedelta(days=8)),
        wait("O9", 99, preorder=True),
    ]

    def gifts(**offers):
        return gifts_of(WAITED, waits, day, merge(ShopPolicy(), {"offers": offers}), "EUR")

    assert gifts() == Gifts(orders=2, cost=600, rungs=(2,))
    assert gifts(kind="free_shipping").cost is None
    rungs = [{"days": 14, "weigh": False}, {"after": "late", "days": 7, "amount": "5", "weigh": False}]
    assert gifts(ladder=rungs) == Gifts(orders=2, cost=800, rungs=(1, 1))
    assert gifts(ladder=[{"days": 14}]).orders == 0, "so short a wait loses less than 10 %"
    assert gifts(ladder=[{"days": 14, "percent": 1}]).orders == 2
    assert gifts(ladder=[{"days": 14, "weigh": False, "min_value": "30.01"}]).orders == 0


def test_days_ahead_are_those_first_promised_though_fewer_have_passed():
    """What is given for days that still lie ahead is given when the wait begins, not when they have passed."""
    day = date(2026, 11, 23)
    begun = WaitedOrder(
        order="O3",
        status="open",
        currency="EUR",
        wait_since=day - timedelta(days=1),
        promised_on=day + timedelta(days=13),
    )
    ladder = merge(ShopPolicy(), {"offers": {"ladder": [{"days": 14, "weigh": False}]}})
    assert gifts_of(WAITED, [begun], day, ladder, "EUR").orders == 1
    assert gifts_of(WAITED, [replace(begun, promised_on=None)], day, ladder, "EUR").orders == 0
