"""What rows of incoming supply tell of deliveries, and what is learned of how long they take."""

from dataclasses import replace

import pytest

from core.dates.arrivals import Arrival, changes
from core.forecast.lead_times import LeadTimes
from core.forecast.records import BuyingTerms
from tests.core.shop_builders import TODAY, in_days, supply

ROW = replace(supply("PO-1", "mug", 9, 4), supplier="Kiln & Co")
(KNOWN,) = changes((), [ROW], in_days(-5)).put


HERE = replace(KNOWN, received_on=in_days(-1))


def told(days):
    on = None if days is None else in_days(days)
    return {"first_on": on, "last_on": on}


def test_a_new_row_is_expected_from_the_day_on_which_it_was_noted():
    assert Arrival(
        shop="fern", supply="PO-1", sku="mug", location="main", noted_on=in_days(-5), first_on=in_days(4), last_on=in_days(4),
        supplier="Kiln & Co", by_platform=False, received_on=None,
    ) == KNOWN  # fmt: skip


def changed(row, **facts):
    return replace(row, incoming=replace(row.incoming, **facts))


@pytest.mark.parametrize(
    ("known", "row", "put"),
    [
        ((), changed(ROW, received=9), []),
        ((KNOWN,), ROW, []),
        ((KNOWN,), changed(ROW, received=9), [replace(KNOWN, received_on=TODAY)]),
        ((KNOWN,), changed(ROW, eta=in_days(9)), [replace(KNOWN, last_on=in_days(9))]),
        ((KNOWN,), changed(ROW, eta=in_days(2)), [replace(KNOWN, first_on=in_days(2), last_on=in_days(2))]),
        ((KNOWN,), changed(ROW, eta=None), []),
        ((KNOWN,), replace(ROW, supplier=None), []),
        ((KNOWN,), replace(ROW, supplier="Kiln"), [replace(KNOWN, supplier="Kiln")]),
        ((KNOWN,), changed(ROW, received=4, closed=True), [replace(KNOWN, received_on=TODAY)]),
        ((HERE,), changed(ROW, received=9, eta=in_days(9)), []),
        ((HERE,), changed(ROW, received=4, eta=in_days(9)), [replace(KNOWN, last_on=in_days(9))]),
        ((replace(KNOWN, noted_on=TODAY),), changed(ROW, eta=in_days(9)), [replace(KNOWN, noted_on=TODAY, **told(9))]),
        ((replace(KNOWN, **told(None)),), ROW, [KNOWN]),
        ((), ROW, [replace(KNOWN, noted_on=TODAY)]),
        ((), replace(ROW, source="platform"), [replace(KNOWN, noted_on=TODAY, by_platform=True)]),
    ],
    ids=[
        "finished before",
        "the same",
        "all here",
        "later",
        "earlier",
        "no date any more",
        "no supplier any more",
        "another supplier",
        "closed when some were here",
        "here already",
        "taken back in part",
        "corrected at once",
        "dated at last",
        "new",
        "new of the platform",
    ],
)
def test_a_row_tells_of_its_delivery(known, row, put):
    assert list(changes(known, [row], TODAY).put) == put


@pytest.mark.parametrize(
    ("known", "rows", "put", "forgotten"),
    [
        (KNOWN, [changed(ROW, closed=True)], 0, 1),
        (KNOWN, [], 0, 1),
        (replace(KNOWN, by_platform=True, last_on=in_days(60)), [], 0, 1),
        (replace(KNOWN, by_platform=True, last_on=TODAY), [], 1, 0),
        (replace(KNOWN, by_platform=True, last_on=in_days(7)), [], 1, 0),
        (replace(KNOWN, by_platform=True, last_on=in_days(8)), [], 0, 1),
        (replace(KNOWN, by_platform=True, last_on=None), [], 0, 1),
        (replace(KNOWN, received_on=in_days(-1)), [], 0, 0),
    ],
    ids=[
        "closed",
        "deleted",
        "gone early",
        "gone on its day",
        "gone a week before",
        "gone more than a week before",
        "gone undated",
        "received",
    ],
)
def test_what_is_off_the_books_came_or_is_forgotten(known, rows, put, forgotten):
    found = changes((known,), rows, TODAY)
    assert (len(found.put), len(found.forget)) == (put, forgotten)


def test_how_late_a_supplier_is_comes_from_dates_told():
    came = replace(KNOWN, received_on=in_days(7))
    undated = replace(came, supply="PO-2", first_on=None, last_on=None)
    terms = {"cup": BuyingTerms(shop="fern", sku="cup", supplier="Early Bird")}
    leads = LeadTimes([came, undated, replace(KNOWN, supply="PO-3")], 14, terms)
    assert (leads.slip_of("kiln & co"), leads.slip_of("Early Bird")) == (0.75, 0.0)
    assert (leads.supplier_of("mug"), leads.supplier_of("cup"), leads.supplier_of("jug")) == (
        "Kiln & Co",
        "Early Bird",
        None,
    )
    assert leads.of("mug").days < 14
    assert leads.of("jug").days == 14
