"""Tags, codes, notes and clearing: each looks first, writes what is missing, and says whether it wrote."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from connectors import shopify
from connectors.shopify.answers import Refused
from connectors.shopify.marks import markers, with_line, without_lines
from core.actions import Clear, Code, Note, Tag, Untag
from core.capabilities import Capability
from core.desired_state.our_tags import is_ours
from core.errors import NotFound, Unsupported
from core.outcomes import Already, Blocked, Done
from tests.draws import examples

ORDER = "gid://shopify/Order/1"
CODE = Code(
    order="1", code="sorry-abc", offer="discount_code", percent=15, starts_at=datetime(2026, 11, 23, tzinfo=UTC),
    ends_at=datetime(2027, 2, 21, tzinfo=UTC), title="For the wait on order #1001", customer="12", email=None,
)  # fmt: skip


def marks(*tags, note=None):
    return {"order": {"id": ORDER, "tags": list(tags), "note": note}}


def done(root, **payload):
    return {root: {**payload, "userErrors": []}}


def refused(root, message, code=None, **payload):
    return {root: {**payload, "userErrors": [{"field": ["x"], "message": message, **({"code": code} if code else {})}]}}


def test_only_missing_tags_are_added(shop, connector):
    shop.answer("OrderMarks", marks("vip", "backorder-waiting"))
    shop.answer("TagsAdd", done("tagsAdd", node={"id": ORDER}))
    assert connector.carry_out(Tag(order="1", tags=("backorder-waiting", "backorder-no-date"))) == Done()
    assert shop.asked("TagsAdd") == [{"id": ORDER, "tags": ["backorder-no-date"]}]


def test_only_standing_tags_are_removed(shop, connector):
    shop.answer("OrderMarks", marks("vip", "backorder-waiting"))
    shop.answer("TagsRemove", done("tagsRemove", node={"id": ORDER}))
    assert connector.carry_out(Untag(order="1", tags=("backorder-waiting", "backorder-no-date"))) == Done()
    assert shop.asked("TagsRemove") == [{"id": ORDER, "tags": ["backorder-waiting"]}]


@pytest.mark.parametrize(
    ("action", "tags"),
    [
        (Tag(order="1", tags=("backorder-waiting",)), ["backorder-waiting"]),
        (Untag(order="1", tags=("backorder-waiting",)), ["vip"]),
    ],
)
def test_what_stands_already_is_not_written(shop, connector, action, tags):
    shop.answer("OrderMarks", marks(*tags))
    assert connector.carry_out(action) == Already()
    assert shop.operations() == ["OrderMarks"]


@pytest.mark.parametrize(
    "action",
    [
        Tag(order="1", tags=("backorder-x",)),
        Untag(order="1", tags=("backorder-x",)),
        Note(order="1", marker="m", text="t"),
    ],
)
def test_an_order_that_is_gone_is_not_found(shop, connector, action):
    shop.answer("OrderMarks", {"order": None})
    with pytest.raises(NotFound):
        connector.carry_out(action)


def test_a_percentage_code_is_for_one_customer_once(shop, connector):
    shop.answer("CodeLookup", {"codeDiscountNodeByCode": None})
    made = {"id": "gid://shopify/DiscountCodeNode/77"}
    shop.answer("CodeDiscount", done("discountCodeBasicCreate", codeDiscountNode=made))
    assert connector.carry_out(CODE) == Done(reference="77")
    asked = shop.asked("CodeDiscount")[0]["input"]
    assert asked["customerGets"] == {"value": {"percentage": 0.15}, "items": {"all": True}}
    assert asked["context"] == {"customers": {"add": ["gid://shopify/Customer/12"]}}
    assert (asked["usageLimit"], asked["appliesOncePerCustomer"]) == (1, True)
    assert (asked["code"], asked["title"]) == ("sorry-abc", "For the wait on order #1001")
    assert (asked["startsAt"], asked["endsAt"]) == ("2026-11-23T00:00:00Z", "2027-02-21T00:00:00Z")


def test_a_code_without_a_known_customer_is_for_whoever_has_it(shop, connector):
    from dataclasses import replace

    shop.answer("CodeLookup", {"codeDiscountNodeByCode": None})
    shop.answer("CodeDiscount", done("discountCodeBasicCreate", codeDiscountNode=None))
    assert connector.carry_out(replace(CODE, customer=None)) == Done()
    assert shop.asked("CodeDiscount")[0]["input"]["context"] == {"all": "ALL"}


def test_a_free_shipping_code(shop, connector):
    from dataclasses import replace

    shop.answer("CodeLookup", {"codeDiscountNodeByCode": None})
    made = {"id": "gid://shopify/DiscountCodeNode/78"}
    shop.answer("CodeFreeShipping", done("discountCodeFreeShippingCreate", codeDiscountNode=made))
    assert connector.carry_out(replace(CODE, offer="free_shipping")) == Done(reference="78")
    assert shop.asked("CodeFreeShipping")[0]["input"]["destination"] == {"all": True}


def test_a_code_that_exists_is_not_made_again(shop, connector):
    shop.answer("CodeLookup", {"codeDiscountNodeByCode": {"id": "gid://shopify/DiscountCodeNode/77"}})
    assert connector.carry_out(CODE) == Already(reference="77")


def test_a_code_made_in_the_meantime_is_already_there(shop, connector):
    shop.answer("CodeLookup", {"codeDiscountNodeByCode": None})
    shop.answer(
        "CodeDiscount", refused("discountCodeBasicCreate", "Code must be unique.", "TAKEN", codeDiscountNode=None)
    )
    assert connector.carry_out(CODE) == Already()


def test_a_code_that_is_refused_says_why(shop, connector):
    shop.answer("CodeLookup", {"codeDiscountNodeByCode": None})
    shop.answer(
        "CodeDiscount", refused("discountCodeBasicCreate", "Too big", "VALUE_OUTSIDE_RANGE", codeDiscountNode=None)
    )
    with pytest.raises(Refused, match="Too big"):
        connector.carry_out(CODE)


def test_notes_to_customers_are_declared_unsupported(shop, connector):
    with pytest.raises(Unsupported):
        connector.carry_out(Note(order="1", marker="m", text="t", to_customer=True))
    assert shop.calls == []


SAYS = Note(order="1", marker="waits", text="Backorder: 1 unit waits.")
OURS = with_line("", SAYS.text, "waits")


def test_a_note_is_a_line_below_what_people_wrote(shop, connector):
    shop.answer("OrderMarks", marks(note="please ring\n"))
    shop.answer("OrderNote", done("orderUpdate", order={"id": ORDER, "note": "x"}))
    assert connector.carry_out(SAYS) == Done()
    assert shop.asked("OrderNote") == [{"input": {"id": ORDER, "note": f"please ring\n\n{OURS}"}}]


def test_a_note_stands_once(shop, connector):
    shop.answer("OrderMarks", marks(note=f"please ring\n{OURS}\nand knock"))
    assert connector.carry_out(SAYS) == Already()


def test_a_line_that_a_person_changed_is_theirs(shop, connector):
    for text in (SAYS.text, ""):
        shop.answer("OrderMarks", marks(note=OURS.replace("1 unit waits", "ask Customer 12 first")))
        assert connector.carry_out(replace(SAYS, text=text)) == Already()


def test_a_full_note_is_left_alone(shop, connector):
    shop.answer("OrderMarks", marks(note="x" * 4990))
    assert isinstance(connector.carry_out(SAYS), Blocked)


PEOPLE = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]) | st.sampled_from("\n\r"), max_size=60)
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp"]), min_size=1, max_size=40)


@given(before=PEOPLE, after=PEOPLE, first=WORDS, second=WORDS)
@examples(60)
def test_whatever_people_write_around_our_line_stays_as_it_is(before, after, first, second):
    # Half a line break of Windows: with ours behind it, it is a whole one.
    assume(not before.endswith("\r"))
    noted = with_line(before, first, "waits")
    assert with_line(noted, first, "waits") == noted
    assert noted.startswith(before)
    assert without_lines(noted) == with_line(noted, "", "waits") == before
    if first.strip():
        assert with_line(f"{noted}\n{after}", "", "waits") == (f"{before}\n{after}" if before else after)
        moved = with_line(noted, second, "waits")
        assert len(markers(moved)) == bool(second.strip())
        assert without_lines(moved) == before


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        ("backorder", True),
        ("backorder-waiting", True),
        ("backordered", False),
        ("Backorder", False),
        ("pre-backorder-x", False),
        ("", False),
    ],
)
def test_our_names_are_known_by_their_prefix(name, ours):
    assert is_ours(name) is ours


def test_clearing_removes_our_tags_and_holds_and_nobody_elses(shop, connector, node):
    shop.answer("OrderMarks", marks("vip", "backorder-waiting", "backorder"))
    shop.answer("TagsRemove", done("tagsRemove", node={"id": ORDER}))
    rows = [
        node.fulfilment_order(
            7, node.fo_line(71, 11, 1), status="ON_HOLD", holds=[node.hold(1), node.hold(2, ours=False, handle="x")]
        ),
        node.fulfilment_order(
            8, node.fo_line(81, 12, 1), status="ON_HOLD", holds=[node.hold(3, ours=False, handle="x")]
        ),
    ]
    shop.answer("FulfilmentOrders", {"order": {"id": ORDER, "fulfillmentOrders": node.page(*rows)}})
    shop.answer("ReleaseHold", done("fulfillmentOrderReleaseHold", fulfillmentOrder=None))
    shop.answer("Promise", {"order": {"id": ORDER, "metafields": {"nodes": []}}})
    assert connector.carry_out(Clear(order="1")) == Done()
    assert shop.asked("TagsRemove") == [{"id": ORDER, "tags": ["backorder", "backorder-waiting"]}]
    assert shop.asked("ReleaseHold") == [{"id": rows[0]["id"], "holdIds": [node.gid("FulfillmentHold", 1)]}]


def test_clearing_an_order_without_marks_writes_nothing(shop, connector, node):
    shop.answer("OrderMarks", marks("vip"))
    shop.answer("FulfilmentOrders", {"order": {"id": ORDER, "fulfillmentOrders": node.page()}})
    shop.answer("Promise", {"order": {"id": ORDER, "metafields": {"nodes": []}}})
    assert connector.carry_out(Clear(order="1")) == Already()


def test_clearing_a_deleted_order_is_done(shop, connector):
    shop.answer("OrderMarks", {"order": None})
    assert connector.carry_out(Clear(order="1")) == Already()


def test_every_capability_is_declared_with_how():
    assert set(shopify.SUPPORT) == set(Capability)
    assert all(support.how.endswith(".") for support in shopify.SUPPORT.values())
    assert {name for name, support in shopify.SUPPORT.items() if support.level == "none"} == {
        Capability.CUSTOMER_NOTE,
        Capability.SECOND_FREIGHT,
    }
