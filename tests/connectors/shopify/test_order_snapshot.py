"""One order in the house's words: units still to ship above all, whatever was removed, shipped and refunded."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.shopify.order_snapshot import totals
from core.facts import Line
from core.snapshots import Customer
from tests.draws import examples


@pytest.fixture
def read(shop, connector, node):
    """Read an order of these lines, fulfilment orders and parcels."""

    def run(lines, fulfilment_orders=(), parcels=(), **changes):
        order = node.order(1, lines=lines, fulfilment_orders=fulfilment_orders, parcels=parcels, **changes)
        shop.answer("OrderWhole", {"order": order})
        return connector.read_order("1")

    return run


def still_open(line):
    return Line(
        id=line.id,
        sku="x",
        ordered=line.ordered,
        cancelled=line.cancelled,
        refunded=line.refunded,
        shipped=line.shipped,
    ).open


def test_an_untouched_order_is_open_in_full(read, node):
    seen = read([node.line(11, 3)], [node.fulfilment_order(7, node.fo_line(71, 11, 3))])
    assert (seen.platform_id, seen.name, seen.status, seen.hold) == ("1", "#1001", "open", None)
    assert seen.placed_at == datetime(2026, 11, 20, 8, 59, tzinfo=UTC)
    assert seen.version == datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
    assert seen.read_at == datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    assert (seen.currency, seen.location) == ("EUR", "5")
    line = seen.lines[0]
    assert (line.id, line.item, line.sku, line.title) == ("11", "911", "MUG-11", "Mug 11 - Blue")
    assert (line.ordered, line.cancelled, line.refunded, line.shipped, line.committed) == (3, 0, 0, 0, 0)
    assert (line.unit_price, line.ships) == (1250, True)


def test_who_ordered_is_told(read, node):
    seen = read([node.line(11, 1)])
    assert seen.customer == Customer(
        id="12", email="customer12@example.com", name="Customer 12", locale="de", country="DE"
    )


@pytest.mark.parametrize(
    "withheld",
    [
        {"customer": None, "email": None, "customerLocale": None, "shippingAddress": None},
        {"customer": {"id": "gid://shopify/Customer/12", "firstName": None, "lastName": None, "defaultEmailAddress": None},
         "email": None, "customerLocale": None, "shippingAddress": {"countryCodeV2": None}},
    ],
)  # fmt: skip
def test_withheld_personal_data_costs_nothing(read, node, withheld):
    seen = read([node.line(11, 1)], **withheld)
    assert seen.status == "open"
    assert (seen.customer.email, seen.customer.name, seen.customer.locale, seen.customer.country) == (None,) * 4


# (quantity, current, unfulfilled, in parcels) -> (open, shipped, removed before shipping)
TOTALS = [
    ((3, 3, 3, 0), (3, 0, 0), "untouched"),
    ((3, 3, 1, 2), (1, 2, 0), "two shipped"),
    ((3, 2, 2, 0), (2, 0, 1), "one removed before shipping"),
    ((3, 2, 0, 2), (0, 2, 1), "one removed, then two shipped"),
    ((3, 2, 0, 3), (0, 3, 0), "three shipped, one of them refunded"),
    ((5, 3, 2, 2), (2, 2, 1), "one removed, two shipped, one of those refunded"),
    ((5, 1, 1, 4), (1, 4, 0), "four shipped and all four refunded"),
    ((3, 0, 0, 0), (0, 0, 3), "removed whole"),
    ((3, 3, 1, 0), (1, 2, 0), "two shipped in parcels that cannot be seen"),
    ((3, 2, 1, 0), (1, 1, 1), "parcels unseen: as few shipped as the numbers allow"),
    ((3, 3, 3, 2), (3, 0, 0), "a parcel that the line does not know yet"),
    ((3, 1, 3, 0), (1, 0, 2), "never more to ship than is left of the line"),
    ((0, 0, 0, 0), (0, 0, 0), "nothing"),
]


@pytest.mark.parametrize(("told", "meant", "case"), TOTALS, ids=[case for *_, case in TOTALS])
def test_totals_come_from_the_platforms_own_numbers(told, meant, case):
    quantity, current, unfulfilled, parcels = told
    node = {"quantity": quantity, "currentQuantity": current, "unfulfilledQuantity": unfulfilled}
    assert totals(node, parcels) == meant


@examples(200)
@given(st.integers(0, 40), st.data())
def test_every_history_of_a_line_is_told_as_it_was(quantity, data):
    removed = data.draw(st.integers(0, quantity))
    shipped = data.draw(st.integers(0, quantity - removed))
    returned = data.draw(st.integers(0, shipped))
    node = {
        "quantity": quantity,
        "currentQuantity": quantity - removed - returned,
        "unfulfilledQuantity": quantity - removed - shipped,
    }
    assert totals(node, shipped) == (quantity - removed - shipped, shipped, removed)


@examples(200)
@given(st.lists(st.integers(-5, 30), min_size=4, max_size=4))
def test_no_numbers_make_nonsense(numbers):
    node = dict(zip(("quantity", "currentQuantity", "unfulfilledQuantity"), numbers[:3], strict=True))
    node["quantity"] = abs(node["quantity"])
    left, sent, removed = totals(node, abs(numbers[3]))
    assert min(left, sent, removed) >= 0
    assert left + sent + removed == node["quantity"]


def test_units_refunded_before_shipping_are_no_longer_waited_for(read, node):
    seen = read([node.line(11, 5, unfulfilled=3, current=3)], [node.fulfilment_order(7, node.fo_line(71, 11, 3))])
    assert seen.lines[0].refunded == 2
    assert still_open(seen.lines[0]) == 3


def test_units_refunded_after_shipping_stay_shipped(read, node):
    seen = read(
        [node.line(11, 5, unfulfilled=1, current=3)],
        [node.fulfilment_order(7, node.fo_line(71, 11, 1))],
        [node.parcel(1, {11: 4})],
    )
    line = seen.lines[0]
    assert (line.shipped, line.refunded, still_open(line)) == (4, 0, 1)
    assert seen.outside.shipped_parcels == 1


def test_a_cancelled_parcel_shipped_nothing(read, node):
    seen = read([node.line(11, 2)], parcels=[node.parcel(1, {11: 2}, status="CANCELLED")])
    assert (seen.lines[0].shipped, seen.outside.shipped_parcels) == (0, 0)


@pytest.mark.parametrize(
    ("changes", "unfulfilled", "status"),
    [
        ({}, 2, "open"),
        ({}, 0, "closed"),
        ({"closedAt": "2026-11-22T00:00:00Z"}, 2, "closed"),
        ({"cancelledAt": "2026-11-22T00:00:00Z"}, 2, "cancelled"),
        ({"cancelledAt": "2026-11-22T00:00:00Z", "closedAt": "2026-11-22T00:00:00Z"}, 0, "cancelled"),
    ],
)
def test_an_orders_status(read, node, changes, unfulfilled, status):
    shipped = [node.parcel(1, {11: 2 - unfulfilled})] if unfulfilled < 2 else []
    assert read([node.line(11, 2, unfulfilled=unfulfilled)], parcels=shipped, **changes).status == status


def test_a_cancelled_orders_units_are_cancelled(read, node):
    seen = read([node.line(11, 2, unfulfilled=0, current=0)], cancelledAt="2026-11-22T00:00:00Z")
    assert (seen.lines[0].cancelled, seen.lines[0].refunded) == (2, 0)


@pytest.mark.parametrize("changes", [{"requiresShipping": False}, {"isGiftCard": True}])
def test_what_does_not_ship_keeps_no_order_open(read, node, changes):
    seen = read([node.line(11, 1, **changes)])
    assert not seen.lines[0].ships
    assert seen.status == "closed"


@pytest.mark.parametrize(
    ("financial", "hold"),
    [
        ("PAID", None), ("AUTHORIZED", None), ("PARTIALLY_PAID", None), ("PARTIALLY_REFUNDED", None), ("REFUNDED", None),
        (None, None), ("PENDING", "payment"), ("EXPIRED", "payment"), ("VOIDED", "payment"),
    ],
)  # fmt: skip
def test_an_unpaid_order_is_on_payment_hold(read, node, financial, hold):
    assert read([node.line(11, 1)], displayFinancialStatus=financial).hold == hold


@pytest.mark.parametrize(
    ("reasons", "everywhere", "hold"),
    [
        (["HIGH_RISK_OF_FRAUD"], False, "fraud"),
        (["AWAITING_PAYMENT"], False, "payment"),
        (["AWAITING_PAYMENT", "HIGH_RISK_OF_FRAUD"], False, "fraud"),
        (["INCORRECT_ADDRESS"], False, "customer"),
        (["OTHER"], False, None),
        (["INVENTORY_OUT_OF_STOCK"], True, "customer"),
    ],
)
def test_somebody_elses_hold_may_hold_the_whole_order(read, node, reasons, everywhere, hold):
    holds = [node.hold(n, ours=False, handle="x", reason=reason) for n, reason in enumerate(reasons, 1)]
    rows = [node.fulfilment_order(7, node.fo_line(71, 11, 1), status="ON_HOLD", holds=holds)]
    if not everywhere:
        rows.append(node.fulfilment_order(8, node.fo_line(81, 12, 1)))
    seen = read([node.line(11, 1), node.line(12, 1)], rows)
    assert seen.hold == hold
    assert seen.outside.blocked == {"11"}
    assert seen.outside.held == {}


def test_our_own_holds_are_told_by_line(read, node):
    held = node.fulfilment_order(
        7, node.fo_line(71, 11, 2), node.fo_line(72, 12, 1), status="ON_HOLD", holds=[node.hold(1)]
    )
    by_handle = node.fulfilment_order(
        8, node.fo_line(81, 11, 1), status="ON_HOLD", holds=[node.hold(2, ours=False, handle="backorder-hold-1-8")]
    )
    closed = node.fulfilment_order(9, node.fo_line(91, 11, 0), status="CLOSED", holds=[node.hold(3)])
    seen = read([node.line(11, 4), node.line(12, 1)], [held, by_handle, closed])
    assert seen.outside.held == {"11": 3, "12": 1}
    assert seen.outside.blocked == frozenset()
    assert seen.hold is None


def test_a_hold_that_others_share_blocks_its_lines(read, node):
    rows = [
        node.fulfilment_order(
            7, node.fo_line(71, 11, 2), status="ON_HOLD", holds=[node.hold(1), node.hold(2, ours=False, handle="x")]
        ),
        node.fulfilment_order(8, node.fo_line(81, 12, 2)),
    ]
    seen = read([node.line(11, 2), node.line(12, 2)], rows)
    assert (seen.outside.held, seen.outside.blocked) == ({"11": 2}, {"11"})


@pytest.mark.parametrize("status", ["SCHEDULED", "INCOMPLETE", "ON_HOLD"])
def test_what_the_platform_itself_keeps_back_is_blocked(read, node, status):
    rows = [
        node.fulfilment_order(7, node.fo_line(71, 11, 2), status=status),
        node.fulfilment_order(8, node.fo_line(81, 12, 2)),
    ]
    assert read([node.line(11, 2), node.line(12, 2)], rows).outside.blocked == {"11"}


def test_units_in_picking_are_committed(read, node):
    rows = [
        node.fulfilment_order(7, node.fo_line(71, 11, 2), status="IN_PROGRESS"),
        node.fulfilment_order(8, node.fo_line(81, 11, 3), location=6),
    ]
    seen = read([node.line(11, 5)], rows)
    assert seen.lines[0].committed == 2
    assert seen.location == "5"


def test_our_tags_and_the_merchants_are_kept_apart(read, node):
    seen = read([node.line(11, 1)], tags=["backorder", "backorder-waiting", "backordered", "Backorder-x", "vip"])
    assert seen.outside.tags == {"backorder", "backorder-waiting"}
    assert seen.merchant_tags == {"backordered", "Backorder-x", "vip"}


def test_our_notes_are_seen_by_their_markers(read, node):
    seen = read([node.line(11, 1)], note="please ring\n\nMug: 1 waits\n[backorder:abc2]\n[backorder:]")
    assert seen.outside.notes == {"abc2"}


def test_a_deleted_product_keeps_its_item_through_the_fulfilment_order(read, node):
    rows = [node.fulfilment_order(7, node.fo_line(71, 11, 1))]
    seen = read([node.line(11, 1, variant=None), node.line(12, 1, variant=None, sku="", name=None)], rows)
    assert [line.item for line in seen.lines] == ["911", None]
    assert (seen.lines[1].sku, seen.lines[1].title) == (None, "Mug 12")


@pytest.mark.parametrize(("currency", "minor"), [("EUR", 1250), ("JPY", 13), ("KWD", 12500)])
def test_prices_are_in_minor_units(read, node, currency, minor):
    assert read([node.line(11, 1)], currencyCode=currency).lines[0].unit_price == minor
