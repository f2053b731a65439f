"""What can come back from the shop, and what it means: for reads, which are tried again, and writes, which never are."""

import json

import pytest
import requests
from urllib3.connection import HTTPConnection
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError, ProtocolError

from connectors.shopify.answers import Refused, read_answer, read_payload
from core.actions import Tag
from core.errors import (
    CredentialsRevoked,
    Frozen,
    NotFound,
    OutcomeUnknown,
    PayloadChanged,
    RateLimited,
    Rejected,
    Unavailable,
)
from core.outcomes import Already, Done

TAG = Tag(order="1", tags=("backorder-waiting",))


def body(*errors, data="absent", cost=None):
    told = {"errors": list(errors)}
    if data != "absent":
        told["data"] = data
    if cost:
        told["extensions"] = {"cost": cost}
    return 200, {}, json.dumps(told)


def error(code=None, message="no", path=None):
    told = {"message": message}
    if code:
        told["extensions"] = {"code": code}
    if path:
        told["path"] = path
    return told


def refused_connection():
    return requests.ConnectionError(
        MaxRetryError(None, "/", NewConnectionError(HTTPConnection("fern.myshopify.com"), "refused"))
    )


def reset():
    return requests.ConnectionError(ProtocolError("Connection aborted.", ConnectionResetError(104, "reset")))


THROTTLED = body(
    error("THROTTLED", "Throttled"),
    cost={
        "requestedQueryCost": 70,
        "actualQueryCost": None,
        "throttleStatus": {"maximumAvailable": 2000, "currentlyAvailable": 20, "restoreRate": 100},
    },
)
DENIED_ROOT = body(error("ACCESS_DENIED", "Access denied for tagsAdd field.", ["tagsAdd"]), data={"tagsAdd": None})

# (what comes back, what a write raises)
WRITES = [
    (refused_connection(), Unavailable),
    (requests.ConnectTimeout("slow"), Unavailable),
    (requests.ConnectionError(MaxRetryError(None, "/", ConnectTimeoutError("slow"))), Unavailable),
    (requests.exceptions.SSLError("bad certificate"), OutcomeUnknown),
    (requests.ReadTimeout("slow"), OutcomeUnknown),
    (reset(), OutcomeUnknown),
    (requests.ConnectionError("unknown"), OutcomeUnknown),
    (requests.exceptions.ChunkedEncodingError("cut off"), OutcomeUnknown),
    ((500, {}, "oops"), OutcomeUnknown),
    ((502, {}, "<html>"), OutcomeUnknown),
    ((503, {}, ""), OutcomeUnknown),
    ((200, {}, "<html>"), OutcomeUnknown),
    ((200, {}, ""), OutcomeUnknown),
    ((200, {}, "[1]"), OutcomeUnknown),
    ((200, {}, "null"), OutcomeUnknown),
    ((200, {}, "[" * 100_000), OutcomeUnknown),
    ((200, {}, '{"data": {"tagsAdd": null}}'), OutcomeUnknown),
    (body(error("INTERNAL_SERVER_ERROR", path=["tagsAdd"]), data={"tagsAdd": None}), OutcomeUnknown),
    (body(error(None, path=["tagsAdd"]), data={"tagsAdd": None}), OutcomeUnknown),
    # The payload is blank because one field of it was denied: the write itself may have run.
    (body(error("ACCESS_DENIED", path=["tagsAdd", "node", "id"]), data={"tagsAdd": None}), OutcomeUnknown),
    (THROTTLED, RateLimited),
    (body(error("THROTTLED"), data={"tagsAdd": None}), RateLimited),
    ((429, {"Retry-After": "3"}, ""), RateLimited),
    (DENIED_ROOT, Rejected),
    (body(error("RESOURCE_NOT_FOUND", "Invalid id: gid://x", ["tagsAdd"]), data={"tagsAdd": None}), NotFound),
    (body(error("INVALID_VARIABLE")), Rejected),
    (body(error("BAD_REQUEST", path=["tagsAdd"]), data={"tagsAdd": None}), Rejected),
    (body(error(None, "Field 'x' doesn't exist")), Rejected),
    (body(error("undefinedField", "Field 'x' doesn't exist", ["mutation TagsAdd", "tagsAdd", "x"])), Rejected),
    (body(error("INTERNAL_SERVER_ERROR")), OutcomeUnknown),
    ((200, {}, '{"errors": "a sentence"}'), Rejected),
    ((401, {}, '{"errors":"[API] Invalid API key"}'), CredentialsRevoked),
    ((402, {}, ""), Frozen),
    ((423, {}, ""), Frozen),
    ((403, {}, ""), Rejected),
    ((404, {}, ""), NotFound),
    ((302, {"Location": "https://evil.example.com/"}, ""), Unavailable),
    ((307, {"Location": "https://evil.example.com/"}, ""), Unavailable),
    ((408, {}, ""), OutcomeUnknown),
    ((400, {}, ""), Rejected),
    ((430, {}, ""), Rejected),
    (
        (200, {}, json.dumps({"data": {"tagsAdd": {"node": None, "userErrors": [{"field": None, "message": "no"}]}}})),
        Refused,
    ),
]


@pytest.mark.parametrize(("answer", "expected"), WRITES, ids=str)
def test_a_write_that_fails_says_whether_it_may_have_run(shop, connector, node, answer, expected):
    shop.answer("OrderMarks", {"order": {"id": node.gid("Order", 1), "tags": [], "note": None}})
    shop.answer_raw("TagsAdd", answer)
    with pytest.raises(expected) as raised:
        connector.carry_out(TAG)
    assert type(raised.value) is expected
    assert shop.operations().count("TagsAdd") == 1, "a write is never sent twice"
    assert "\n" not in str(raised.value)
    assert "canary" not in str(raised.value)


# (what comes back every time, what a read raises, how often it is asked)
READS = [
    (refused_connection(), Unavailable, 4),
    (requests.ReadTimeout("slow"), Unavailable, 4),
    (reset(), Unavailable, 4),
    ((500, {}, "oops"), Unavailable, 4),
    ((200, {}, "<html>"), Unavailable, 4),
    (THROTTLED, RateLimited, 4),
    ((429, {"Retry-After": "3"}, ""), RateLimited, 4),
    ((429, {"Retry-After": "300"}, ""), RateLimited, 1),
    ((402, {}, ""), Frozen, 1),
    ((401, {}, ""), CredentialsRevoked, 1),
    ((403, {}, ""), Rejected, 1),
    ((404, {}, ""), NotFound, 1),
    ((302, {"Location": "https://evil.example.com/"}, ""), Unavailable, 1),
    # No order in it at all: that is not an order that was deleted.
    ((200, {}, '{"data": {}}'), Unavailable, 1),
    ((200, {}, '{"data": null}'), Unavailable, 1),
    (body(error("ACCESS_DENIED", path=["order"]), data={"order": None}), Rejected, 1),
    (body(error("INTERNAL_SERVER_ERROR", path=["order"]), data={"order": None}), Unavailable, 1),
    (body(error(None, "Field 'x' doesn't exist")), Rejected, 1),
]


@pytest.mark.parametrize(("answer", "expected", "times"), READS, ids=str)
def test_a_read_is_tried_again_where_that_may_help(shop, connector, answer, expected, times):
    shop.answer_raw("OrderWhole", *[answer] * times)
    with pytest.raises(expected) as raised:
        connector.read_order("1")
    assert type(raised.value) is expected
    assert len(shop.calls) == times


def test_a_read_that_works_at_last_is_an_answer(shop, connector, node):
    shop.answer_raw("OrderWhole", (503, {}, ""), reset(), THROTTLED)
    shop.answer("OrderWhole", {"order": node.order(1, lines=[node.line(11, 2)])})
    assert connector.read_order("1").status == "open"


@pytest.mark.parametrize(
    ("answer", "pause"),
    [
        (THROTTLED, 1.0),
        (body(error("THROTTLED")), 2.0),
        (body(error("THROTTLED"), cost={"requestedQueryCost": "x"}), 2.0),
        ((429, {"Retry-After": "7.5"}, ""), 7.5),
        ((429, {}, ""), 2.0),
        ((429, {"Retry-After": "Wed, 21 Oct"}, ""), 2.0),
        ((429, {"Retry-After": "999999"}, ""), 600.0),
    ],
)
def test_a_pause_is_as_long_as_the_platform_needs(shop, connector, node, answer, pause):
    shop.answer("OrderMarks", {"order": {"id": node.gid("Order", 1), "tags": [], "note": None}})
    shop.answer_raw("TagsAdd", answer)
    with pytest.raises(RateLimited) as raised:
        connector.carry_out(TAG)
    assert raised.value.retry_after == pause


def test_an_error_beside_the_payload_does_not_undo_the_write(shop, connector, node):
    shop.answer("OrderMarks", {"order": {"id": node.gid("Order", 1), "tags": [], "note": None}})
    shop.answer(
        "TagsAdd",
        {"tagsAdd": {"node": {"id": node.gid("Order", 1)}, "userErrors": []}},
        errors=[error("ACCESS_DENIED", path=["tagsAdd", "node", "x"])],
    )
    assert connector.carry_out(TAG) == Done()


def test_an_error_beside_a_reads_data_costs_that_field_only(shop, connector, node):
    order = node.order(1, lines=[node.line(11, 2)], customer=None, email=None, shippingAddress=None)
    shop.answer("OrderWhole", {"order": order}, errors=[error("ACCESS_DENIED", path=["order", "customer"])])
    seen = connector.read_order("1")
    assert seen.status == "open"
    assert seen.customer.id is None


def test_a_redirect_never_carries_the_token_away(shop, connector):
    shop.answer_raw("OrderWhole", (301, {"Location": "https://evil.example.com/admin"}, ""))
    with pytest.raises(Unavailable, match="redirect"):
        connector.read_order("1")
    assert [call.request.url for call in shop.http.calls] == [
        "https://fern.myshopify.com/admin/api/2026-10/graphql.json"
    ]


def test_an_odd_shape_is_named_and_not_guessed(shop, connector, node):
    shop.answer("OrderWhole", {"order": {"id": node.gid("Order", 1)}})
    with pytest.raises(PayloadChanged, match="order 1"):
        connector.read_order("1")


def test_an_older_api_version_than_asked_is_noticed_and_used(shop, connector, node):
    told = json.dumps({"data": {"order": {"id": node.gid("Order", 1), "tags": ["backorder-waiting"], "note": None}}})
    shop.answer_raw("OrderMarks", (200, {"X-Shopify-API-Version": "2027-01"}, told))
    assert connector.carry_out(TAG) == Already()
    assert connector._client._version == "2027-01"


@pytest.mark.parametrize(("cost", "left", "pause"), [(70, 20, 1.0), (520, 20, 5.0), (99_999, 0, 60.0), ("?", 0, 2.0)])
def test_the_pause_is_as_long_as_the_bucket_takes_to_hold_the_call(cost, left, pause):
    status = {"maximumAvailable": 2000, "currentlyAvailable": left, "restoreRate": 100}
    told = {
        "errors": [error("THROTTLED")],
        "extensions": {"cost": {"requestedQueryCost": cost, "throttleStatus": status}},
    }
    with pytest.raises(RateLimited) as raised:
        read_answer(told)
    assert raised.value.retry_after == pause


@pytest.mark.parametrize("name", ["userErrors", "orderCancelUserErrors"])
def test_a_refusal_in_the_payload_is_one_under_either_name(name):
    refusal = {"orderCancel": {"userErrors": [], name: [{"message": "no", "code": "INVALID"}]}}
    with pytest.raises(Refused) as raised:
        read_payload(read_answer({"data": refusal}), root="orderCancel")
    assert raised.value.codes == {"INVALID"}


def test_only_a_missing_scope_is_a_missing_scope():
    errors = [error(code, path=["order", "fulfillments"]) for code in ("INTERNAL_SERVER_ERROR", "ACCESS_DENIED")]
    answers = [read_answer({"data": {}, "errors": [one]}) for one in errors]
    assert [answer.denied("fulfillments") for answer in answers] == [False, True]
    assert not answers[1].denied("fulfillmentOrders")
