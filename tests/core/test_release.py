"""What is lent today, case by case: an order that waits for its one parcel lends until its own day, and to whom."""

import pytest

from core.reasons import Reason
from tests.core.builders import fence, incoming, item, line, lines_of, order, planned, stock

SOON, LATER = "2026-11-28", "2026-12-01"


def gift(*lines, **more):
    """An old order in one parcel: two mugs, and tea that comes later."""
    return order(*(lines or (line("mug", 2), line("tea", 1))), id="gift", hours_ago=9, ship="together", **more)


def later(units, id="later", hours_ago=1, **more):
    totals = {key: more.pop(key) for key in ("committed",) if key in more}
    return order(line("mug", units, id="mug-line", **totals), id=id, hours_ago=hours_ago, **more)


MUGS, TEA = stock("mug", 2), incoming("tea", 1, LATER)
MORE = incoming("mug", 2, SOON)


@pytest.mark.parametrize(
    ("rows", "leaves"),
    [
        ((gift(), later(2), MUGS, MORE, TEA), {"later": 2}),
        ((gift(), later(2), MUGS, TEA), {"later": 0}),
        ((gift(), later(2), MUGS, incoming("mug", 1, SOON), TEA), {"later": 1}),
        ((gift(), later(2), MUGS, incoming("mug", 2, "2026-12-02"), TEA), {"later": 0}),
        ((gift(), later(1, "b", 3), later(2, "c", 2), MUGS, MORE, TEA), {"b": 1, "c": 1}),
        # Nobody gives the lender's tea a day: it may leave any day, so it lends nothing.
        ((gift(), later(2), MUGS, MORE, incoming("tea", 1, None)), {"later": 0}),
        # The day of the lender's tea, or of the mugs that come back, was never confirmed.
        ((gift(), later(2), MUGS, MORE, incoming("tea", 1, LATER, confirmed=False)), {"later": 0}),
        ((gift(), later(2), MUGS, incoming("mug", 2, SOON, confirmed=False), TEA), {"later": 0}),
        # Tea that is here may leave from its release on: until then the mugs are lent.
        ((gift(), later(2), MUGS, MORE, stock("tea", 1), item("tea", LATER)), {"later": 2, "gift": 0}),
        ((gift(), later(2), MUGS, MORE, stock("tea", 1)), {"later": 0, "gift": 2}),
        # What lies in picking is kept, the rest is lent.
        ((gift(line("mug", 2, committed=1), line("tea", 1)), later(2), MUGS, MORE, TEA), {"later": 1}),
        # One unit of the borrower lies in picking: it claims one more, not two.
        ((gift(), later(2, "b", 3, committed=1), later(1, "c", 2), stock("mug", 3), incoming("mug", 4, SOON), TEA), {"b": 2, "c": 1}),
        # The borrower waits for something that nobody lends.
        ((gift(), order(line("mug", 2), line("cup", 1), id="later"), MUGS, MORE, TEA, incoming("cup", 1, LATER)), {"later": 2}),
        # Who lends may borrow as well, and is complete by it today.
        (
            (gift(), order(line("mug", 2), line("pen", 1), id="other", hours_ago=5, ship="together"), MUGS, MORE, TEA, stock("pen", 1)),
            {"gift": 0, "other": 2},
        ),
        # Who gives up gets what lies in picking for it, and nothing that is lent.
        ((gift(), later(2, order_class="lose"), MUGS, MORE, TEA), {"later": 0}),
        ((gift(), later(2, order_class="lose", committed=1), stock("mug", 3), MORE, TEA), {"later": 1}),
        ((gift(hold="payment"), later(2), MUGS, MORE, TEA), {"later": 0}),
        # Two that wait for one parcel each need a day on which both have theirs.
        (
            (gift(), order(line("mug", 1), line("tea", 1), id="other", hours_ago=5, ship="together"), later(2, hours_ago=1),
             stock("mug", 3), incoming("mug", 2, SOON), incoming("tea", 2, LATER)),
            {"later": 2},
        ),
    ],
)  # fmt: skip
def test_a_unit_is_lent_where_it_is_back_in_time_for_good(rows, leaves):
    found = lines_of(planned(*rows))
    assert {id: found[id, "mug-line"].release_now for id in leaves} == leaves


def test_an_order_says_that_a_line_of_it_is_lent_what_others_keep():
    borrower = order(line("mug", 2), line("cup", 1), id="later")
    made = planned(gift(), borrower, MUGS, MORE, TEA, incoming("cup", 1, LATER))
    reasons = {one.id: one.reasons for one in made.orders}
    assert reasons["later"] == (Reason.SHORT_ON_HAND, Reason.LENT, Reason.INCOMING_COVERS)
    assert Reason.LENT not in reasons["gift"]
    whole = planned(gift(), later(2), MUGS, MORE, TEA).orders[1]
    assert whole.reasons == (Reason.SHORT_ON_HAND, Reason.LENT)


def test_an_order_that_could_borrow_a_part_waits_for_its_one_parcel():
    other = order(line("mug", 2), line("cup", 1), id="other", hours_ago=5, ship="together")
    found = planned(gift(), other, MUGS, MORE, TEA).orders[1]
    assert (found.release_now, found.lines[0].on_hand) == (False, 0)
    assert found.reasons == (Reason.SHORT_ON_HAND, Reason.NO_DATED_SUPPLY, Reason.WAITS_TOGETHER)


@pytest.mark.parametrize(
    ("lender", "borrower", "units", "until", "leaves"),
    [
        ("standard", "standard", 2, None, 2),  # the class's own fence is lent within the class
        ("win", "standard", 2, None, 0),  # and to nobody else
        ("win", "win", 2, None, 2),
        ("standard", "standard", 0, None, 2),
    ],
)
def test_units_behind_a_fence_are_lent_within_its_class(lender, borrower, units, until, leaves):
    rows = (gift(order_class=lender), later(2, order_class=borrower), MUGS, MORE, TEA)
    fences = (fence(lender, "mug", units, until),) if units else ()
    found = lines_of(planned(*rows, ring_fences=fences))
    assert found["later", "mug-line"].release_now == leaves
