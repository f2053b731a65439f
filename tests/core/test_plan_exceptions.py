"""What a person should know, word for word, and in which order."""

import pytest

from tests.core.builders import incoming, item, line, order, planned, stock

SOON, LATER, PASSED = "2026-11-28", "2026-12-01", "2026-11-20"
NO_DATE = "no delivery with a date covers its units, or those that they ship with"


def told(*rows):
    return [(one.code, one.order or one.incoming or one.sku, one.detail) for one in planned(*rows).exceptions]


def a(*lines, **more):
    return order(*lines, id="a", **more)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            (incoming("mug", 4, PASSED, id="Q"), incoming("mug", 5, PASSED, id="P", received=2)),
            [
                ("OVERDUE_SUPPLY", "P", "3 units were expected on 2026-11-20 at main and are not here"),
                ("OVERDUE_SUPPLY", "Q", "4 units were expected on 2026-11-20 at main and are not here"),
            ],
        ),
        (
            (stock("mug", -1), stock("cup", -2), stock("pen", 0), stock("jar", 1)),
            [
                ("NEGATIVE_ON_HAND", "cup", "-2 on hand at main: a count is wrong"),
                ("NEGATIVE_ON_HAND", "mug", "-1 on hand at main: a count is wrong"),
            ],
        ),
        ((a(line("mug", 1)),), [("NO_DATED_SUPPLY", "a", NO_DATE)]),
        # Of one parcel, every line that is open has no date where one has none.
        (
            (a(line("mug", 1), line("cup", 1), line("pen", 1, shipped=1), ship="together"), stock("cup", 1)),
            [("NO_DATED_SUPPLY", "a", NO_DATE)] * 2,
        ),
        (
            (a(line("mug", 2)), stock("mug", 1), incoming("mug", 1, SOON), item("mug", backorder="deny")),
            [("OVERSOLD", "a", "the item may not be sold beyond stock, and this line goes beyond")],
        ),
        (
            (a(line("mug", 3)), incoming("mug", 3, SOON), item("mug", oversell_limit=2)),
            [("OVERSOLD", "a", "the item may be oversold by 2 at most, and this line goes beyond")],
        ),
        (
            (a(line("mug", 2, committed=1)), incoming("mug", 2, SOON)),
            [("COMMITTED_NOT_IN_STOCK", "a", "1 units are in picking and stock does not have them all")],
        ),
        (
            (a(line("mug", 4, cancelled=2, committed=3)), incoming("mug", 2, SOON)),
            [("COMMITTED_NOT_IN_STOCK", "a", "2 units are in picking and stock does not have them all")],
        ),
        (
            (a(line("mug", 1), promised=SOON), incoming("mug", 1, LATER)),
            [("PROMISE_BROKEN", "a", "promised for 2026-11-28, but the order completes on 2026-12-01")],
        ),
        (
            (a(line("mug", 1), promised=SOON),),
            [
                ("NO_DATED_SUPPLY", "a", NO_DATE),
                ("PROMISE_BROKEN", "a", "promised for 2026-11-28, but the order has no date now"),
            ],
        ),
        ((a(line("mug", 1), promised=SOON, order_class="win"), incoming("mug", 1, SOON)), []),
        (
            (a(line("mug", 1), order_class="win"), incoming("mug", 1, SOON)),
            [("WIN_NOT_MET", "a", "must be complete by 2026-11-23, is on 2026-11-28")],
        ),
        (
            (a(line("mug", 1), order_class="win"),),
            [("NO_DATED_SUPPLY", "a", NO_DATE), ("WIN_NOT_MET", "a", "must be complete by 2026-11-23, and has no date")],
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_in_these_words(rows, said):
    assert told(*rows) == said
