"""Every sentence about a number, from what it is made of."""

from dataclasses import replace

import pytest

from core.forecast.records import LeadTime
from core.forecast.sentences import Told, method_words, why
from core.forecast.smoothing import Method, blended

SBA = Method(name="sba", alpha=0.12)
PLAIN = Told(
    pattern="smooth", method=Method(name="smoothing", alpha=0.08), usual=True, relative=1.0, weeks=52, sales=50, silent=3,
    rate=4.0, likes=2.5, leaning=0.0, spiked=False, cut_orders=0, cut_units=0, promotions=0, promoted=0, closed_weeks=0.0,
    lead=LeadTime(days=14, variance=9), level=0.95, factor=1.0, target="95% of units shipped at once", stretched=False,
    stocked=True,
)  # fmt: skip
HISTORY, METHOD, SUPPLY, LEVEL = 0, 1, -2, -1


def lead(**more):
    return {"lead": LeadTime(days=14, variance=9, **more)}


def test_an_ordinary_item_is_told_in_four_sentences():
    assert why(PLAIN) == (
        "Sells steadily: sold in 50 of 52 weeks.",
        "4.00 a week expected, by exponential smoothing (0.08), the shop's usual method.",
        "Delivery takes 14 days, give or take 3: no delivery was measured yet, the setting is used.",
        "To reach 95% of units shipped at once, stock covers demand in 95.0% of cases.",
    )


@pytest.mark.parametrize(
    ("place", "change", "said"),
    [
        (HISTORY, {"weeks": 0, "sales": 0}, "No history yet."),
        (HISTORY, {"weeks": 1, "sales": 0}, "No sale in 1 week."),
        (HISTORY, {"weeks": 9, "sales": 0}, "No sale in 9 weeks."),
        (HISTORY, {"weeks": 1, "sales": 1, "pattern": "new"}, "Is new: sold in its first week."),
        (HISTORY, {"sales": 1}, "Sold in a single week of 52 weeks."),
        (HISTORY, {"sales": 2, "pattern": "dying"}, "Has stopped selling: sold in 2 of 52 weeks."),
        (
            METHOD,
            {"rate": 0.019},
            "Less than one a year expected, by exponential smoothing (0.08), the shop's usual method.",
        ),
        (METHOD, {"rate": 9.94}, "9.94 a week expected, by exponential smoothing (0.08), the shop's usual method."),
        (METHOD, {"rate": 10.4}, "10 a week expected, by exponential smoothing (0.08), the shop's usual method."),
        (
            METHOD,
            {"leaning": 0.404},
            "4.00 a week expected: 40% of that guess comes from similar items, which sell 2.50 a week.",
        ),
        (
            METHOD,
            {"method": SBA, "usual": False, "relative": 0.876},
            (
                "4.00 a week expected, by Croston's method with the correction of Syntetos and Boylan (0.12): "
                "12% less loss here than the shop's usual method."
            ),
        ),
        (
            METHOD,
            {"method": Method(name="average"), "usual": False, "relative": 0.999},
            "4.00 a week expected, by the plain average: 1% less loss here than the shop's usual method.",
        ),
        (SUPPLY, lead(own=1), "Delivery takes 14 days, give or take 3, from one delivery of its own."),
        (SUPPLY, lead(own=4), "Delivery takes 14 days, give or take 3, from 4 deliveries of its own."),
        (SUPPLY, lead(supplier=8), "Delivery takes 14 days, give or take 3, from 8 deliveries of the supplier."),
        (
            SUPPLY,
            lead(supplier=8, own=2),
            "Delivery takes 14 days, give or take 3, from 2 of its own deliveries and the supplier's 8.",
        ),
        (LEVEL, {"level": 0.9012}, "To reach 95% of units shipped at once, stock covers demand in 90.1% of cases."),
        (
            LEVEL,
            {"level": 0.99, "factor": 1.4, "stretched": True},
            (
                "To reach 95% of units shipped at once, stock is 1.40 times what covers 99% of cases: the replay of the "
                "last months showed larger surprises than the distribution."
            ),
        ),
    ],
)
def test_a_number_is_explained_by_what_it_was_made_of(place, change, said):
    found = why(replace(PLAIN, **change))
    assert found[place] == said
    assert len(found) == 4


@pytest.mark.parametrize(
    ("place", "change", "said"),
    [
        (1, {"fell": 8}, "Sells half of what it did or less: only the last 8 weeks count."),
        (1, {"spiked": True}, "One week many times larger than any other was cut down to the second largest."),
        (
            1,
            {"cut_orders": 1, "cut_units": 70},
            "One very large order counted only as far as usual: 70 units left out.",
        ),
        (1, {"cut_orders": 2, "cut_units": 9}, "2 very large orders counted only as far as usual: 9 units left out."),
        (1, {"closed_weeks": 1 / 7}, "1 day sold out without backorders tells no demand and was left out."),
        (1, {"closed_weeks": 15 / 7}, "15 days sold out without backorders tell no demand and were left out."),
        (3, lead(closed=3), "3 of these days the supplier is closed."),
        (3, lead(slip=1.0), "Count on deliveries 1 day later than first said."),
    ],
)
def test_what_is_out_of_the_ordinary_is_one_sentence_more(place, change, said):
    found = why(replace(PLAIN, **change))
    assert found[place] == said
    assert len(found) == 5


@pytest.mark.parametrize("change", [{"closed_weeks": 0.14}, lead(slip=0.99)], ids=["half a day", "half a day late"])
def test_what_is_next_to_nothing_is_not_told(change):
    assert why(replace(PLAIN, **change)) == why(PLAIN)


def test_a_mean_of_methods_names_the_heaviest():
    mean = blended([0.02, 1.0, 3.0], [Method(name="average"), PLAIN.method, SBA])
    assert [(share, part.name) for share, part in mean.parts] == [(0.75, "sba"), (0.25, "smoothing")]
    assert method_words(mean) == f"a weighted mean of methods, most of all {method_words(SBA)}"
    assert blended([0.01, 1.0], [SBA, PLAIN.method]) == PLAIN.method


def test_a_method_at_the_shops_pace_says_so():
    assert method_words(replace(SBA, pace=(1.0, 2.0))) == f"{method_words(SBA)} at the pace of the whole shop"


def test_a_silence_is_told_and_no_level_where_nothing_is_kept():
    # What sells in most weeks is silent sooner than what sells now and then.
    assert why(replace(PLAIN, silent=4))[1] == "No sale in the last 4 weeks."
    rare = replace(PLAIN, pattern="lumpy", silent=7)
    assert "No sale" not in " ".join(why(rare))
    assert why(replace(rare, silent=8))[1] == "No sale in the last 8 weeks."
    assert why(replace(PLAIN, stocked=False)) == why(PLAIN)[:-1]


@pytest.mark.parametrize(
    ("fewer", "said"),
    [
        (1, "Packs and least orders leave units over, which is spare stock too: 1 less is kept for it."),
        (12, "Packs and least orders leave units over, which is spare stock too: 12 fewer are kept for it."),
    ],
)
def test_what_packs_leave_over_is_told_after_the_rest(fewer, said):
    assert why(replace(PLAIN, fewer=fewer)) == (*why(PLAIN), said)
