"""Consolation codes: looked up first, made once, gone at the end of their time on the store's own clock."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from connectors.woocommerce.coupons import local_time, zone_name, zone_of
from core.actions import Code
from core.errors import CredentialsRevoked, OutcomeUnknown, PayloadChanged, Rejected, Unsupported
from core.outcomes import Already, Done

INDEX = {"name": "Store", "timezone_string": "America/New_York", "gmt_offset": -5}


def code(**changes):
    plain = {
        "order": "34", "code": "sorry-abc234", "offer": "discount_code", "percent": 15, "starts_at": datetime(2026, 11, 23, tzinfo=UTC),
        "ends_at": datetime(2027, 1, 31, 5, 0, tzinfo=UTC), "title": "Sorry for the wait", "customer": None, "email": "customer12@example.com",
    }  # fmt: skip
    return Code(**(plain | changes))


def body(**changes):
    plain = {
        "code": "sorry-abc234", "description": "Sorry for the wait", "discount_type": "percent", "amount": "15", "free_shipping": False, "minimum_amount": "0",
        "individual_use": True, "usage_limit": 1, "usage_limit_per_user": 1, "email_restrictions": ["customer12@example.com"],
        "date_expires": "2027-01-31T00:00:00", "meta_data": [{"key": "_backorder_order", "value": "34"}],
    }  # fmt: skip
    return plain | changes


def index_of(store, index=INDEX):
    store.mock.add("GET", "https://store.example.com/wp-json/", json=index)


def test_a_percentage_is_made_once_for_one_customer(store, shop, captured):
    store.answers("coupons", [], query={"code": "sorry-abc234"})
    index_of(store)
    store.answers("coupons", captured("coupon-created.json"), method="POST", status=201, sent=body())
    assert shop.carry_out(code()) == Done(reference="49")


def test_free_shipping_is_a_coupon_of_nothing_that_frees_shipping(store, shop, captured):
    store.answers("coupons", [])
    index_of(store)
    free = body(discount_type="fixed_cart", amount="0", free_shipping=True)
    store.answers("coupons", captured("coupon-created.json"), method="POST", sent=free)
    shop.carry_out(code(offer="free_shipping"))


def test_without_an_address_anybody_may_use_it_once(store, shop, captured):
    store.answers("coupons", [])
    index_of(store)
    store.answers("coupons", captured("coupon-created.json"), method="POST", sent=body(email_restrictions=[]))
    shop.carry_out(code(email=None))


def test_a_code_that_stands_is_not_made_again(store, shop, captured):
    store.answers("coupons", captured("coupon-get.json"))
    assert shop.carry_out(code(code="Sorry-34")) == Already(reference="49")
    assert store.writes == []


def test_a_code_that_somebody_made_meanwhile_is_there_already(store, shop, captured):
    store.answers("coupons", [])
    index_of(store)
    store.answers("coupons", captured("coupon-duplicate.json"), method="POST", status=400)
    store.answers("coupons", captured("coupon-get.json"))
    assert shop.carry_out(code(code="sorry-34")) == Already(reference="49")


def test_a_refusal_for_another_reason_stays_one(store, shop):
    store.answers("coupons", [])
    index_of(store)
    store.answers(
        "coupons", {"code": "rest_invalid_param", "message": "Invalid parameter(s): amount"}, method="POST", status=400
    )
    with pytest.raises(Rejected, match="amount"):
        shop.carry_out(code())


def test_a_key_that_may_not_write_is_said_as_such(store, shop):
    store.answers("coupons", [])
    index_of(store)
    store.answers("coupons", {"code": "woocommerce_rest_cannot_create", "message": "Sorry"}, method="POST", status=403)
    with pytest.raises(CredentialsRevoked):
        shop.carry_out(code())


def test_a_lost_answer_is_looked_up_by_the_next_try(store, shop, captured):
    store.answers("coupons", [])
    index_of(store)
    store.answers("coupons", raw="<html>", method="POST", status=502)
    store.answers("coupons", captured("coupon-get.json"))
    with pytest.raises(OutcomeUnknown):
        shop.carry_out(code(code="sorry-34"))
    assert shop.carry_out(code(code="sorry-34")) == Already(reference="49")
    assert len(store.writes) == 1


def test_store_credit_is_unsupported_and_nobody_is_asked(store, shop):
    with pytest.raises(Unsupported):
        shop.carry_out(code(offer="store_credit"))


EXPIRIES = [
    # instant in UTC, index, local time
    ("2027-01-31T05:00:00", {"timezone_string": "America/New_York", "gmt_offset": -5}, "2027-01-31T00:00:00"),
    (
        "2027-07-01T04:00:00",
        {"timezone_string": "America/New_York", "gmt_offset": -5},
        "2027-07-01T00:00:00",
    ),  # summer time there, winter here
    (
        "2027-03-14T07:30:00",
        {"timezone_string": "America/New_York"},
        "2027-03-14T03:30:00",
    ),  # the hour that is left out
    ("2027-01-30T23:00:00", {"timezone_string": "Europe/Berlin"}, "2027-01-31T00:00:00"),
    ("2027-01-31T00:00:00", {"timezone_string": "Australia/Lord_Howe"}, "2027-01-31T11:00:00"),
    ("2027-01-31T00:00:00", {"timezone_string": "", "gmt_offset": "5.5"}, "2027-01-31T05:30:00"),
    ("2027-01-31T00:00:00", {"timezone_string": "", "gmt_offset": -9.5}, "2027-01-30T14:30:00"),
    ("2027-01-31T00:00:00", {"gmt_offset": 14}, "2027-01-31T14:00:00"),
    ("2027-01-31T00:00:00", {}, "2027-01-31T00:00:00"),
    ("2027-01-31T00:00:00", {"timezone_string": "Moon/Base", "gmt_offset": 1}, "2027-01-31T01:00:00"),
    ("2027-01-31T00:00:00", {"timezone_string": "../etc/passwd", "gmt_offset": "x"}, "2027-01-31T00:00:00"),
    ("2027-01-31T00:00:00", {"timezone_string": 5, "gmt_offset": 99}, "2027-01-31T00:00:00"),
]


@pytest.mark.parametrize(("instant", "index", "local"), EXPIRIES)
def test_the_end_is_written_on_the_stores_own_clock(instant, index, local):
    assert local_time(datetime.fromisoformat(instant).replace(tzinfo=UTC), zone_of(index)) == local


def test_an_instant_in_any_zone_ends_at_the_same_moment():
    tokyo = datetime(2027, 1, 31, 14, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
    assert local_time(tokyo, timezone(timedelta(hours=-5))) == "2027-01-31T00:00:00"


def test_an_index_that_is_none_makes_no_coupon(store, shop):
    store.answers("coupons", [])
    index_of(store, [])
    with pytest.raises(PayloadChanged):
        shop.carry_out(code())
    assert store.writes == []


@pytest.mark.parametrize(
    ("index", "name"),
    [
        ({"timezone_string": "Europe/Berlin"}, "Europe/Berlin"), ({"gmt_offset": -5}, "Etc/GMT+5"), ({"gmt_offset": "14"}, "Etc/GMT-14"),
        ({"gmt_offset": 5.5}, "Asia/Kolkata"), ({"gmt_offset": 0}, "UTC"), ({"gmt_offset": 1.25}, "UTC"), ({"timezone_string": "Moon/Base"}, "UTC"),
    ],
)  # fmt: skip
def test_the_stores_zone_has_a_name_that_python_knows(index, name):
    assert zone_name(index) == name
    moment = datetime(2027, 1, 31, tzinfo=UTC)
    if name != "UTC":
        assert moment.astimezone(ZoneInfo(name)).utcoffset() == moment.astimezone(zone_of(index)).utcoffset()
