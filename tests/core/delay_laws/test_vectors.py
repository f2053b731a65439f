"""The laws' own examples, as tables: T, the notice's case, what silence does, when the refund is due."""

import pytest

from core.delay_laws.cases import State
from core.delay_laws.demands import Demand, demand
from core.delay_laws.machine import wakes_on
from core.delay_laws.packs import PACKS, governing
from core.errors import Misuse
from tests.core.delay_laws.builders import (
    after,
    cancel,
    case,
    consent,
    day,
    forecast,
    never,
    notice,
    period,
    refund,
    ship,
    states,
)


@pytest.mark.parametrize(
    ("terms", "limit", "ship_by"),
    [
        ({}, "2026-12-01", "2026-12-01"),
        ({"stated": "2026-11-06"}, "2026-11-06", "2026-11-06"),  # "ships in 3-5 days": the upper bound
        ({"credit": True}, "2026-12-21", "2026-12-21"),
        ({"credit": True, "stated": "2026-11-06"}, "2026-11-06", "2026-11-06"),
        ({"law": "eu_2011_83"}, "2026-12-01", "2026-12-01"),
        ({"law": "eu_2011_83", "transit": 4}, "2026-12-01", "2026-11-27"),
        ({"law": "eu_2011_83", "transit": 4, "stated": "2027-01-10"}, "2027-01-14", "2027-01-10"),
        ({"law": "uk_cra_2015", "transit": 2, "credit": True}, "2026-12-01", "2026-11-29"),
        ({"law": "eu_2011_83", "transit": 60}, "2026-12-01", "2026-11-01"),
    ],
)
def test_the_limit_is_what_the_law_says(terms, limit, ship_by):
    made = case(**terms)
    assert (made.limit_on, made.ship_by) == (day(limit), day(ship_by))


@pytest.mark.parametrize(
    ("revised", "silence", "state", "ends"),
    [
        ("2026-12-31", "2026-12-02", State.CONSENTED_SILENT, None),  # exactly T + 30: case A
        ("2027-01-01", "2027-01-01", State.REFUND_DUE, "2027-01-01"),  # one day more: case B
        (None, "2027-01-01", State.REFUND_DUE, "2027-01-01"),  # no date: B'
    ],
)
def test_what_silence_means_to_a_first_notice(revised, silence, state, ends):
    found, _ = after(case(), notice("2026-11-20", revised), until=silence)
    assert found.state is state
    assert found.vested_on == day(ends)


def test_until_the_last_day_of_a_long_delay_nothing_is_cancelled():
    found, _ = after(case(), notice("2026-11-20", "2027-01-01"), until="2026-12-31")
    assert found.state is State.NOTICE_SENT


def test_without_a_notice_by_the_limit_the_order_is_cancelled_and_the_refund_due_in_seven_working_days():
    found, edges = after(case(), until="2026-12-02")
    assert states(edges) == ["lapsed", "cancelled", "refund_due"]
    assert (found.vested_on, found.refund_due_on) == (day("2026-12-02"), day("2026-12-11"))


def test_on_the_limit_itself_the_order_stands():
    found, edges = after(case(), until="2026-12-01")
    assert (found.state, edges) == (State.PROMISED, ())


def test_a_notice_after_the_limit_cures_nothing():
    found, _ = after(case(), notice("2026-12-02", "2026-12-20"))
    assert (found.state, found.notices) == (State.REFUND_DUE, 0)


def test_a_notice_on_the_limit_itself_is_in_time():
    found, _ = after(case(), notice("2026-12-01", "2026-12-20"), until="2026-12-02")
    assert (found.state, found.covered_until) == (State.CONSENTED_SILENT, day("2026-12-20"))


@pytest.mark.parametrize("revised", ["2026-12-01", "2026-11-30"])
def test_a_notice_of_a_delay_that_is_none_is_refused(revised):
    with pytest.raises(Misuse, match="after 2026-12-01"):
        after(case(), notice("2026-11-20", revised))


def test_silence_to_the_renewed_notice_cancels_at_the_date_that_was_promised():
    found, edges = after(
        case(), notice("2026-11-20", "2026-12-20"), notice("2026-12-10", "2027-01-15"), until="2026-12-21"
    )
    assert states(edges) == [
        "notice_sent",
        "consented_silent",
        "renewed_notice_sent",
        "lapsed",
        "cancelled",
        "refund_due",
    ]
    assert found.vested_on == day("2026-12-21")


def test_a_renewed_notice_before_the_first_could_be_answered_extends_once_only():
    found, _ = after(case(), notice("2026-11-20", "2026-12-20"), notice("2026-11-25", "2027-01-15"), until="2026-12-20")
    assert (found.state, found.silent_consents) == (State.RENEWED_NOTICE_SENT, 1)
    assert after(found, until="2026-12-21")[0].state is State.REFUND_DUE


def test_without_a_renewed_notice_the_order_ends_with_the_consent():
    found, edges = after(case(), notice("2026-11-20", "2026-12-20"), until="2026-12-21")
    assert found.state is State.REFUND_DUE
    assert edges[-1].rule == "435.2(b)(2): no renewed notice"


def test_consent_to_the_renewed_notice_carries_to_its_date():
    found, _ = after(
        case(), notice("2026-11-20", "2026-12-20"), notice("2026-12-10", "2027-01-15"), consent("2026-12-12")
    )
    assert (found.state, found.covered_until) == (State.CONSENTED_EXPRESS, day("2027-01-15"))
    assert after(found, until="2027-01-16")[0].state is State.REFUND_DUE


def test_who_agreed_to_no_date_needs_no_further_notice_and_may_cancel_any_time():
    found, _ = after(case(), notice("2026-11-20", None), consent("2026-11-22"), until="2028-01-01")
    assert (found.state, found.covered_until) == (State.CONSENTED_EXPRESS, None)
    assert demand(found, today=day("2028-01-01"), ships_on=None, lead_days=7) is None
    assert after(found, notice("2028-01-01", None))[0].state is State.CONSENTED_EXPRESS
    assert after(found, cancel("2028-01-02"))[0].state is State.REFUND_DUE


@pytest.mark.parametrize("event", [cancel, never])
@pytest.mark.parametrize(
    "before", [(), (notice("2026-11-20", "2026-12-20"),), (notice("2026-11-20", None), consent("2026-11-21"))]
)
def test_a_cancellation_before_shipment_vests_on_its_day(event, before):
    found, _ = after(case(), *before, event("2026-11-24"))
    assert (found.state, found.vested_on) == (State.REFUND_DUE, day("2026-11-24"))
    assert found.refund_due_on == day("2026-12-04")  # Thanksgiving does not count


def test_a_cancellation_beats_a_shipment_of_the_same_day_that_comes_after_it():
    found, edges = after(case(), cancel("2026-11-24"), ship("2026-11-24"))
    assert found.state is State.REFUND_DUE
    assert "shipped" not in states(edges)


def test_a_shipment_on_the_last_day_is_in_time_and_later_it_is_none():
    assert after(case(), ship("2026-12-01"))[0].state is State.SHIPPED
    assert after(case(), ship("2026-12-02"))[0].state is State.REFUND_DUE


def test_the_refund_closes_the_case():
    found, edges = after(case(), cancel("2026-11-24"), refund("2026-11-25"))
    assert found.over
    assert states(edges) == ["cancel_requested", "cancelled", "refund_due", "refunded"]
    assert after(found, ship("2026-11-26"), cancel("2026-11-27"), refund("2026-11-28"), until="2027-06-01") == (
        found,
        (),
    )


@pytest.mark.parametrize("law", ["eu_2011_83", "uk_cra_2015"])
@pytest.mark.parametrize("revised", ["2026-12-20", "2027-03-01", None])
def test_in_europe_silence_neither_consents_nor_cancels(law, revised):
    found, edges = after(case(law), notice("2026-11-20", revised), until="2027-06-01")
    assert (found.state, found.silent_consents) == (State.OVERDUE, 0)
    assert states(edges) == ["notice_sent", "overdue"]
    assert demand(found, today=day("2027-06-01"), ships_on=None, lead_days=7) == Demand(
        kind="look", by=day("2027-06-01")
    )


@pytest.mark.parametrize("law", ["eu_2011_83", "uk_cra_2015"])
def test_in_europe_the_buyer_sets_the_further_period_and_may_end_the_contract_after_it(law):
    made = case(law, transit=3)
    found, _ = after(made, period("2026-12-05", "2026-12-19"))
    assert (found.state, found.covered_until) == (State.EXTRA_PERIOD, day("2026-12-16"))
    found, _ = after(found, until="2026-12-17")
    assert found.state is State.OVERDUE
    found, _ = after(found, cancel("2026-12-20"))
    assert (found.state, found.refund_due_on) == (State.REFUND_DUE, day("2026-12-27"))


def test_in_europe_an_agreed_date_replaces_the_limit():
    found, _ = after(case("eu_2011_83"), notice("2026-11-20", "2027-01-20"), consent("2026-11-22"), until="2027-01-20")
    assert (found.state, found.covered_until) == (State.CONSENTED_EXPRESS, day("2027-01-20"))
    assert after(found, until="2027-01-21")[0].state is State.OVERDUE


def test_who_agrees_late_in_a_further_period_to_a_day_before_it_ended_agrees_to_no_day_that_has_passed():
    told = (period("2026-11-01", "2026-12-05"), notice("2026-11-02", "2026-12-03"), consent("2026-12-05"))
    found, edges = after(case("eu_2011_83"), *told, until="2026-12-06")
    assert (found.state, [edge.on for edge in edges[-2:]]) == (State.OVERDUE, [day("2026-12-05"), day("2026-12-06")])


def test_the_american_period_is_no_further_period():
    assert after(case(), period("2026-11-20", "2026-12-20"))[1] == ()


@pytest.mark.parametrize(
    ("today", "ships", "state"),
    [
        ("2026-11-05", "2026-11-20", "promised"), ("2026-11-05", "2026-12-02", "at_risk"),
        ("2026-11-05", None, "promised"), ("2026-11-24", None, "at_risk"), ("2026-11-05", "2026-11-28", "at_risk"),
    ],
)  # fmt: skip
def test_an_order_is_at_risk_when_its_date_nears_the_limit(today, ships, state):
    assert after(case(), forecast(today, ships))[0].state == state


def test_a_better_forecast_ends_the_risk():
    found, edges = after(case(), forecast("2026-11-05", "2026-12-05"), forecast("2026-11-06", "2026-11-10"))
    assert (found.state, states(edges)) == (State.PROMISED, ["at_risk", "promised"])


@pytest.mark.parametrize(
    ("events", "today", "ships", "asked"),
    [
        ((), "2026-11-05", "2026-12-02", ("first_notice", "2026-12-01", "short")),
        ((), "2026-11-05", "2026-12-31", ("first_notice", "2026-12-01", "short")),
        ((), "2026-11-05", "2027-01-01", ("first_notice", "2026-12-01", "long")),
        ((), "2026-11-05", None, None),
        ((), "2026-11-24", None, ("first_notice", "2026-12-01", "undated")),
        ((), "2026-11-05", "2026-12-01", None),
        ((notice("2026-11-06", "2026-12-20"),), "2026-11-10", "2026-12-20", None),
        ((notice("2026-11-06", "2026-12-20"),), "2026-12-05", "2026-12-24", ("renewed_notice", "2026-12-20", "short")),
        ((notice("2026-11-06", "2026-12-20"),), "2026-12-05", None, None),
        ((notice("2026-11-06", "2026-12-20"),), "2026-12-14", None, ("renewed_notice", "2026-12-20", "undated")),
        ((cancel("2026-11-24"),), "2026-11-24", None, ("refund", "2026-12-04", None)),
    ],
)
def test_what_is_asked_of_the_seller(events, today, ships, asked):
    found, _ = after(case(), *events, until=today)
    told = demand(found, today=day(today), ships_on=day(ships), lead_days=7)
    assert told == (Demand(kind=asked[0], by=day(asked[1]), delay=asked[2]) if asked else None)


def test_an_order_that_was_late_before_we_watched_is_looked_at_and_not_cancelled():
    made = case(ordered="2026-09-01", today="2026-11-01")
    assert made.late_adopted
    found, edges = after(made, until="2027-01-01")
    assert (found.state, edges) == (State.OVERDUE, ())


def test_each_case_wakes_when_its_day_has_ended_or_its_lead_begins():
    made = case()
    assert wakes_on(made, 7) == day("2026-11-24")
    asked, _ = after(made, notice("2026-11-20", "2026-12-20"))
    assert wakes_on(asked, 7) == day("2026-12-02")
    assert wakes_on(after(asked, until="2026-12-02")[0], 7) == day("2026-12-13")
    assert wakes_on(after(made, cancel("2026-11-24"))[0], 7) is None
    assert wakes_on(after(made, notice("2026-11-20", None), consent("2026-11-21"))[0], 7) is None


@pytest.mark.parametrize(
    ("country", "laws"),
    [("US", ["us_ftc_435"]), ("pr", ["us_ftc_435"]), ("DE", ["eu_2011_83"]), ("NO", ["eu_2011_83"]), ("GB", ["uk_cra_2015"]),
     ("JP", []), (None, ["us_ftc_435", "eu_2011_83", "uk_cra_2015"])],
)  # fmt: skip
def test_a_law_governs_its_own_countries(country, laws):
    chosen = ("us_ftc_435", "eu_2011_83", "uk_cra_2015")
    assert [pack.law for pack in governing(country, chosen, day("2026-11-01"))] == laws


def test_an_order_that_is_older_than_a_law_is_not_governed_by_it():
    assert [pack.law for pack in governing(None, ("us_ftc_435", "uk_cra_2015"), day("2015-09-30"))] == ["us_ftc_435"]


def test_a_version_of_a_law_is_there_once():
    assert len({(pack.law, pack.version) for pack in PACKS}) == len(PACKS)
