"""Every action states an end: reached once, found the second time, and reached once too when an answer was lost."""

from datetime import UTC, date, datetime, timedelta

import pytest

from core.actions import (
    ACTIONS,
    Cancel,
    Clear,
    Code,
    Deadline,
    EndCode,
    Fulfil,
    Hold,
    Note,
    Publish,
    Refund,
    Release,
    Remove,
    Substitute,
    Tag,
    Untag,
)
from core.errors import NotFound, Rejected, Unavailable
from core.item_actions import Announce, SellOn
from core.outcomes import Already, Blocked, Done

NOW = datetime.now(UTC)
KEY = "5f1c9a52-7f0f-4d6e-9a35-0d6a2f3b1c11"


def hold(b, held):
    return Hold(order=b.order, held=held, ready={b.lamp: 3}, handle="backorder-hold-1", note="waits")


def code(b):
    return Code(
        order=b.order, code="bo-abc", offer="discount_code", percent=10, starts_at=NOW, ends_at=NOW + timedelta(days=9),
        title="For the wait", customer=None, email=None,
    )  # fmt: skip


def refund(b, units=2, **more):
    return Refund(order=b.order, units={b.mug: units}, restock=True, key=KEY, note="out of stock", **more)


def cup(b):
    """The platform's id of a cheaper item, where it is sold."""
    return str(getattr(b.shop.state.by_sku.get("CUP"), "item", 1))


ENDS = {
    "tag": lambda b: Tag(order=b.order, tags=("backorder-waiting",)),
    "untag": lambda b: Untag(order=b.order, tags=("backorder-review",)),
    "hold": lambda b: hold(b, {b.mug: 3}),
    "release": lambda b: Release(order=b.order, held={}, ready={}, handle="backorder-hold-1", note=""),
    "fulfil": lambda b: Fulfil(order=b.order, shipped={b.mug: 2, b.lamp: 3}, reference="backorder-1"),
    "code": code,
    "note": lambda b: Note(order=b.order, marker="m1", text="three wait"),
    "publish": lambda b: Publish(order=b.order, ready=5, waiting=3, expected_on=date(2026, 12, 10)),
    "deadline": lambda b: Deadline(order=b.order, lines={b.mug: date(2026, 12, 10)}),
    "remove": lambda b: Remove(order=b.order, left={b.mug: 2}, restock=True, note="will not come"),
    "cancel": lambda b: Cancel(order=b.order, restock=True, refund=True, note="out of stock"),
    "refund": refund,
    "substitute": lambda b: Substitute(
        order=b.order, line=b.mug, units=2, item=cup(b), before=0, worth=2500, key=KEY, note="swapped"
    ),
    "clear": lambda b: Clear(order=b.order, codes=("bo-old",)),
    "end_code": lambda b: EndCode(order=b.order, code="bo-abc"),
    "sell_on": lambda b: SellOn(item=b.item, beyond=False, setting="CONTINUE"),
    "announce": lambda b: Announce(item=b.item, expected_on=date(2026, 12, 10)),
}  # fmt: skip


def prepare(b, kind):
    """Let there be something to do for the ends that take away."""
    if kind == "untag":
        b.shop.tag(b.order, "backorder-review")
    if kind in {"release", "clear"}:
        b.connector.carry_out(hold(b, {b.mug: 3}))
    if kind == "substitute":
        b.shop.add_product("CUP", "Cup", "5", 9)
    if kind == "end_code":
        b.connector.carry_out(code(b))
    if kind == "clear":
        b.connector.carry_out(ENDS["note"](b))
        b.connector.carry_out(ENDS["publish"](b))
        b.shop.tag(b.order, "backorder-waiting")


def test_every_action_has_its_example():
    assert ENDS.keys() == ACTIONS.keys()


@pytest.mark.parametrize("kind", ENDS)
def test_an_end_is_reached_once_and_found_the_second_time(beside, kind):
    prepare(beside, kind)
    assert isinstance(beside.connector.carry_out(ENDS[kind](beside)), Done)
    writes = len(beside.writes())
    assert isinstance(beside.connector.carry_out(ENDS[kind](beside)), Already)
    assert len(beside.writes()) == writes


def world(b):
    """What stands at the shop, without ids and times: parcels, refunds, codes, marks, units."""
    row = b.row
    rows = b.shop.state.of_order(row)
    return (
        sorted(row.tags),
        row.note,
        bool(row.cancelled_at),
        sorted((meta.key, meta.value) for meta in row.metafields.values()),
        sorted((fo.status, fo.remaining, len(fo.holds), str(fo.fulfil_by)) for fo in rows if fo.alive),
        [sorted(parcel.units.items()) for parcel in row.fulfilments],
        [made.rows for made in row.refunds],
        sorted(b.shop.state.discounts),
        [(line.current, line.unfulfilled) for line in row.lines],
        b.shop.state.by_item[int(b.item)].policy,
    )


@pytest.mark.parametrize("fault", ["lost", "truncated", "error", "html"])
@pytest.mark.parametrize("kind", ENDS)
def test_an_end_is_reached_once_whatever_becomes_of_its_answer(beside, kind, fault):
    prepare(beside, kind)
    beside.shop.faults.add(fault, match=WRITTEN[kind])
    for _ in range(6):
        try:
            beside.connector.carry_out(ENDS[kind](beside))
            break
        except Unavailable:
            continue
    seen = world(beside)
    assert isinstance(beside.connector.carry_out(ENDS[kind](beside)), Already)
    assert world(beside) == seen
    assert beside.shop.faults.left() == 0
    assert len(beside.row.refunds) <= 1
    assert len(beside.row.fulfilments) <= 1


WRITTEN = {
    "tag": "tagsAdd", "untag": "tagsRemove", "hold": "fulfillmentOrderHold", "release": "ReleaseHold",
    "fulfil": "fulfillmentCreate", "code": "discountCodeBasicCreate", "note": "orderUpdate", "publish": "metafieldsSet",
    "deadline": "SetFulfillmentDeadline", "remove": "orderEditCommit", "cancel": "orderCancel", "refund": "refundCreate", "substitute": "refundCreate",
    "clear": "metafieldsDelete", "sell_on": "productVariantsBulkUpdate", "end_code": "discountCodeDeactivate",
    "announce": "metafieldsSet",
}  # fmt: skip


# --- what each end looks like --------------------------------------------------------------------------------------


def test_the_expected_day_stands_where_themes_read_it(beside):
    beside.connector.carry_out(Publish(order=beside.order, ready=5, waiting=3, expected_on=date(2026, 12, 10)))
    told = {(meta.namespace, meta.key): (meta.kind, meta.value) for meta in beside.row.metafields.values()}
    assert told == {
        ("app--4242--backorder", "eta"): ("date", "2026-12-10"),
        ("app--4242--backorder", "ready"): ("number_integer", "5"),
        ("app--4242--backorder", "waiting"): ("number_integer", "3"),
    }
    assert set(beside.shop.state.definitions) == {("ORDER", *key) for key in told}


def test_a_new_day_is_one_write_and_no_day_takes_it_away(beside):
    beside.connector.carry_out(Publish(order=beside.order, ready=5, waiting=3, expected_on=date(2026, 12, 10)))
    before = len(beside.writes())
    beside.connector.carry_out(Publish(order=beside.order, ready=5, waiting=3, expected_on=date(2026, 12, 17)))
    assert beside.writes()[before:] == ["metafieldsSet"]
    beside.connector.carry_out(Publish(order=beside.order, ready=5, waiting=3, expected_on=None))
    assert sorted(key for _, key in beside.row.metafields) == ["ready", "waiting"]
    beside.connector.carry_out(Publish(order=beside.order, ready=8, waiting=0, expected_on=None))
    assert beside.row.metafields == {}


def test_a_definition_that_is_refused_costs_nothing_else(beside):
    beside.shop.faults.add("refuse", match="metafieldDefinitionCreate", times=3)
    assert isinstance(beside.connector.carry_out(ENDS["publish"](beside)), Done)
    assert len(beside.row.metafields) == 3


def test_what_ships_together_is_due_by_the_latest_day(beside):
    beside.connector.carry_out(hold(beside, {beside.mug: 3}))
    days = {beside.mug: date(2026, 12, 10), beside.lamp: date(2026, 12, 2)}
    assert isinstance(beside.connector.carry_out(Deadline(order=beside.order, lines=days)), Done)
    due = {
        tuple(sorted(part.line for part in fo.lines)): fo.fulfil_by.date()
        for fo in beside.shop.state.of_order(beside.row)
    }
    mug, lamp = int(beside.mug), int(beside.lamp)
    assert due == {(mug,): date(2026, 12, 10), (mug, lamp): date(2026, 12, 2)}


def test_a_deadline_for_what_no_longer_waits_is_left_alone(beside):
    beside.shop.fulfil(beside.order)
    assert isinstance(beside.connector.carry_out(ENDS["deadline"](beside)), Blocked)


def test_units_are_taken_off_without_touching_what_has_shipped(beside):
    beside.connector.carry_out(ENDS["fulfil"](beside))
    beside.connector.carry_out(Remove(order=beside.order, left={beside.mug: 1}, restock=True, note="n"))
    assert beside.open() == {beside.mug: 1, beside.lamp: 0}
    assert beside.row.line(int(beside.mug)).fulfilled == 2
    assert beside.row.refunds == []


def test_units_under_our_hold_can_be_taken_off(beside):
    beside.connector.carry_out(hold(beside, {beside.mug: 3}))
    beside.connector.carry_out(Remove(order=beside.order, left={beside.mug: 0}, restock=True, note="n"))
    assert beside.open()[beside.mug] == 0
    assert isinstance(beside.connector.carry_out(hold(beside, {})), Already)


def test_cancelling_says_why_and_gives_the_money_back(beside):
    beside.connector.carry_out(ENDS["cancel"](beside))
    assert beside.row.cancel_reason == "INVENTORY"
    assert beside.row.financial == "REFUNDED"


def test_an_order_that_has_begun_to_ship_is_not_cancelled(beside):
    beside.connector.carry_out(ENDS["fulfil"](beside))
    with pytest.raises(Rejected, match="outstanding fulfillments"):
        beside.connector.carry_out(ENDS["cancel"](beside))


def test_a_refund_gives_back_what_the_units_cost_and_where_they_return_to(beside):
    beside.connector.carry_out(refund(beside))
    [made] = beside.row.refunds
    assert made.amount == 25
    assert made.rows == [(int(beside.mug), 2, "CANCEL")]
    assert KEY in made.note
    assert beside.open()[beside.mug] == 3


def test_a_refund_without_restock_gives_the_units_up(beside):
    wanted = Refund(order=beside.order, units={beside.mug: 1}, restock=False, key=KEY, note="n")
    beside.connector.carry_out(wanted)
    assert beside.row.refunds[0].rows == [(int(beside.mug), 1, "NO_RESTOCK")]


def test_more_than_waits_is_not_refunded(beside):
    with pytest.raises(Rejected, match="decide again"):
        beside.connector.carry_out(refund(beside, units=6))
    assert beside.row.refunds == []


def test_a_second_decision_is_a_second_refund(beside):
    beside.connector.carry_out(refund(beside))
    other = Refund(order=beside.order, units={beside.mug: 1}, restock=True, key=KEY[:-1] + "2", note="n")
    beside.connector.carry_out(other)
    assert len(beside.row.refunds) == 2


def test_a_parcel_carries_its_tracking_and_tells_the_customer_if_wanted(beside):
    tracking = {"company": "DHL", "number": "JJD1", "url": "https://track.example.com/JJD1", "odd": "x"}
    wanted = Fulfil(order=beside.order, shipped={beside.mug: 2}, reference="r", notify_customer=True, tracking=tracking)
    beside.connector.carry_out(wanted)
    [parcel] = beside.row.fulfilments
    assert parcel.tracking == {"company": "DHL", "number": "JJD1", "url": "https://track.example.com/JJD1"}
    assert '"notifyCustomer": true' in beside.shop.journal.writes()[-1].detail


def test_leaving_takes_everything_of_ours_and_nothing_of_others(beside):
    beside.connector.carry_out(hold(beside, {beside.mug: 3}))
    beside.connector.carry_out(ENDS["publish"](beside))
    beside.connector.carry_out(code(beside))
    beside.shop.tag(beside.order, "backorder-waiting", "vip")
    beside.connector.carry_out(Clear(order=beside.order, codes=("bo-abc", "bo-never-made")))
    assert beside.row.tags == ["vip"]
    assert beside.row.metafields == {}
    assert all(not fo.holds for fo in beside.shop.state.of_order(beside.row))
    assert beside.shop.state.discounts["bo-abc"].active is False


def test_a_code_that_somebody_used_stays(beside):
    beside.connector.carry_out(code(beside))
    beside.shop.state.discounts["bo-abc"].used = 1
    beside.connector.carry_out(Clear(order=beside.order, codes=("bo-abc",)))
    assert isinstance(beside.connector.carry_out(ENDS["end_code"](beside)), Blocked)
    assert beside.shop.state.discounts["bo-abc"].active is True


@pytest.mark.parametrize(
    "kind",
    sorted(
        ACTIONS.keys()
        - {"hold", "release", "code", "clear", "deadline", "untag", "tag", "sell_on", "end_code", "announce"}
    ),
)
def test_an_order_that_is_not_there_is_not_found(beside, kind):
    wanted = ENDS[kind](beside)
    beside.shop.cancel(beside.order)
    beside.shop.delete(beside.order)
    with pytest.raises(NotFound):
        beside.connector.carry_out(wanted)


@pytest.mark.parametrize(
    ("stands", "beyond", "setting"), [("DENY", True, "CONTINUE"), ("CONTINUE", False, "CONTINUE")]
)  # fmt: skip
def test_an_item_is_sold_beyond_its_stock_or_not(beside, stands, beyond, setting):
    beside.shop.set_policy("MUG", stands)
    wanted = SellOn(item=beside.item, beyond=beyond, setting=setting)
    assert beside.connector.carry_out(wanted) == Done()
    assert beside.shop.state.by_sku["MUG"].policy == ("CONTINUE" if beyond else "DENY")
    assert beside.shop.state.by_sku["LAMP"].policy == "CONTINUE", "nothing else is touched"


def test_a_day_stands_on_the_variant_until_there_is_none(beside):
    variant = beside.shop.state.by_sku["MUG"]
    assert beside.connector.carry_out(ENDS["announce"](beside)) == Done()
    (told,) = variant.metafields.values()
    assert (told.namespace, told.key, told.kind, told.value) == ("app--4242--backorder", "eta", "date", "2026-12-10")
    assert ("PRODUCTVARIANT", "app--4242--backorder", "eta") in beside.shop.state.definitions
    assert beside.connector.carry_out(Announce(item=beside.item, expected_on=None)) == Done()
    assert variant.metafields == {}
    assert beside.connector.carry_out(Announce(item=beside.item, expected_on=None)) == Already()
    assert isinstance(beside.connector.carry_out(Announce(item="999", expected_on=date(2026, 12, 10))), Blocked)


def test_a_setting_that_a_person_made_and_an_item_that_is_gone_are_left_alone(beside):
    assert isinstance(beside.connector.carry_out(SellOn(item=beside.item, beyond=False, setting="OTHER")), Blocked)
    assert isinstance(beside.connector.carry_out(SellOn(item="999", beyond=False, setting="CONTINUE")), Blocked)
    assert "productVariantsBulkUpdate" not in beside.writes()


@pytest.mark.parametrize("fault", [None, "lost", "truncated"])
def test_money_may_become_store_credit_once(beside, fault):
    if fault:
        beside.shop.faults.add(fault, match="refundCreate")
    for _ in range(3):
        try:
            beside.connector.carry_out(refund(beside, to_credit=True))
        except Unavailable:
            continue
    assert [made.amount for made in beside.row.refunds] == [25]
    assert [row.amount for made in beside.shop.state.credit_accounts.values() for row in made.entries] == [25]


def test_a_cancelled_order_may_become_store_credit(beside):
    wanted = Cancel(order=beside.order, restock=True, refund=True, note="out of stock", to_credit=True)
    assert isinstance(beside.connector.carry_out(wanted), Done)
    (account,) = beside.shop.state.credit_accounts.values()
    assert [row.amount for row in account.entries] == [5 * 12.5 + 3 * 40]


def test_nobody_is_given_store_credit_for_an_order_without_a_customer(beside):
    order = beside.shop.checkout([("LAMP", 1)])
    line = beside.shop.line(order, "LAMP")
    wanted = Refund(order=order, units={line: 1}, restock=True, key=KEY, note="n", to_credit=True)
    with pytest.raises(Rejected, match="customer"):
        beside.connector.carry_out(wanted)
    assert beside.shop.state.order(order).refunds == []


def test_a_refund_that_was_refused_may_be_sent_again_under_another_key(beside):
    beside.shop.state.order(beside.order).customer, kept = None, beside.row.customer
    with pytest.raises(Rejected):
        beside.connector.carry_out(refund(beside, to_credit=True))
    beside.row.customer = kept
    assert isinstance(beside.connector.carry_out(refund(beside, to_credit=True)), Done)
    assert len(beside.row.refunds) == 1
