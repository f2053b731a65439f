"""The paper shop's report, every number worked out by hand, on both databases."""

import pytest

from core.reports.figures import figures
from core.reports.fill import Share, Shortage
from core.reports.gathering import reported
from core.reports.meanings import MEANINGS
from core.reports.records import Period
from tests.connectors.database.paper_shop import PERIOD, SHOP, TODAY, day, fill


@pytest.fixture
def report_of(any_books):
    fill(any_books)

    def make(period=PERIOD):
        with any_books.read() as unit:
            return reported(unit, unit.shops.get(SHOP), period, TODAY)

    return make


def test_every_number_of_the_paper_shop_is_the_one_on_paper(report_of):
    made = report_of()
    # Asked for: 10 + 6 + 5 + 3 (one of four was called off the same day) + 8 = 32; covered: 10 + 2 + 5 + 0 + 5 = 22.
    assert (made.first.units, made.first.lines, made.first.orders) == (
        Share(part=22, whole=32),
        Share(part=2, whole=5),
        Share(part=1, whole=4),
    )
    # O4 has 3 units open and is left out; O3 was lost whole: 10 + 6 + 5 of 24.
    assert (made.final.units, made.final.lines, made.final.orders) == (
        Share(part=21, whole=24),
        Share(part=3, whole=4),
        Share(part=2, whole=3),
    )
    assert made.backordered == Share(part=10, whole=32)
    assert made.items == (
        Shortage(name="mug", asked=19, waited=7, lost=3, weeks=1),
        Shortage(name="rope", asked=13, waited=3, lost=0, weeks=1),
    )
    assert made.suppliers == (Shortage(name="Northern Mill", asked=19, waited=7, lost=3, weeks=1),)
    assert [units for _, units in made.waiting.by_day] == [5, 7, 7, 4, 3, 3, 3]
    assert (made.waiting.unit_days, made.waiting.mean, made.waiting.most, made.waiting.last) == (32, 32 / 7, 7, 3)
    assert made.waiting.ageing[0] == ("0-7", 1, 3)
    assert sum(lines for _, lines, _ in made.waiting.ageing) == 1
    # Due: O2 and O9 kept, O4 and O6 not; O3 was cancelled, O5 is a pre-order, O8 falls due later.
    assert made.on_time == Share(part=2, whole=4)
    assert made.on_time_by_week == ((PERIOD, Share(part=2, whole=4)),)
    assert (made.calibration.early, made.calibration.within, made.calibration.late) == (1, 1, 2)
    assert [(one.name, one.deliveries, one.on_time, one.mean_days_late) for one in made.deliveries] == [
        ("Northern Mill", 2, 1, 1.0)
    ]
    # Waits that ended: O2 after 4 days, O3 after 2 (lost), O6 after 14, O8 after 13, O9 after 5.
    assert made.cancelled == Share(part=1, whole=5)
    assert dict(made.cancelled_by_wait) == {"0-3": Share(part=1, whole=1), "4-7": Share(part=0, whole=2), "8-14": Share(part=0, whole=2),
                                            "15-30": Share(), "31-60": Share(), "61+": Share()}  # fmt: skip
    assert (made.offers.made, made.offers.cost) == (1, 500)
    assert (made.offers.cancelled_with, made.offers.cancelled_without) == (
        Share(part=1, whole=2),
        Share(part=0, whole=3),
    )
    assert (made.splits.made, made.splits.priced, made.splits.freight, made.splits.kept) == (2, 1, 690, 1)
    assert (made.splits.lost_split, made.splits.lost_whole) == (Share(part=0, whole=1), Share(part=1, whole=4))
    assert made.causes == (("sold_on_purpose", 2, 6), ("large_order", 1, 4))
    apart = made.preorders
    assert (apart.orders, apart.lines, apart.units, apart.shipped, apart.lost) == (1, 1, 2, 0, 0)


def test_the_period_before_has_its_own_numbers(report_of):
    made = report_of(PERIOD.before)
    assert PERIOD.before == Period(first=day(-5), last=day(1))
    assert [units for _, units in made.waiting.by_day] == [1] * 7
    assert (made.first.units.rate, made.on_time.rate, made.cancelled.rate) == (None, None, None)
    assert (made.offers.made, made.offers.cost) == (1, 200)
    assert [(one.deliveries, one.mean_days_late) for one in made.deliveries] == [(1, 2.0)]


def test_ageing_is_that_of_the_periods_last_day(report_of):
    # On 3 November O2's 4 mugs were a day old and O3's 3 fresh; O6 had left that day.
    made = report_of(Period(first=day(2), last=day(3)))
    assert made.waiting.ageing[0] == ("0-7", 2, 7)
    # On the day before, O6 had waited for 13 days.
    made = report_of(Period(first=day(1), last=day(2)))
    assert made.waiting.ageing[:2] == (("0-7", 1, 4), ("8-14", 1, 1))


def test_every_figure_has_a_meaning_and_every_meaning_a_figure(report_of):
    found = figures(report_of())
    assert [one.key for one in found] == list(MEANINGS)
    values = {one.key: one.value for one in found}
    assert (values["unit_fill_first"], values["on_time_in_full"], values["freight_per_kept"]) == (22 / 32, 0.5, 690)


def test_one_items_waits_can_be_told_alone(any_books, report_of):
    with any_books.read() as unit:
        assert unit.reports.waiting_changes(SHOP, until=TODAY, item="p-rope") == {day(4): 3}
        told = unit.reports.waits_of(SHOP, placed_since=day(1))
        assert [(row.on, row.units) for row in told if row.item == "p-rope"] == [(day(4), 3)]
        assert unit.reports.waits_of(SHOP, placed_since=TODAY) == ()


def test_another_shops_facts_stay_out(any_books, report_of):
    with any_books.write() as unit:
        shop = unit.shops.get(SHOP)
        from dataclasses import replace

        unit.shops.add(replace(shop, id="moss"), {"token": "t"})
    with any_books.read() as unit:
        made = reported(unit, unit.shops.get("moss"), PERIOD, TODAY)
    assert (made.orders, made.waiting.last, made.offers.made, made.items) == (0, 0, 0, ())
