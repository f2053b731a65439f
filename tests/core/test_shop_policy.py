import re

import pytest

from core.capabilities import Capability, Support
from core.consolation.offers import refuse_impossible
from core.policy.limits import MAIL_ADDRESS, WEB_ADDRESS
from core.policy.reading import PolicyProblem, merge
from core.policy.shop_policy import ShopPolicy, as_document

ECMA_BLANK = r"\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
"""What `\\s` stands for in a JSON schema (ECMA-262, WhiteSpace and LineTerminator)."""


def test_putting_back_what_was_read_changes_nothing():
    policy = merge(ShopPolicy(), {"offers": {"enabled": True, "percent": 20}})
    assert merge(policy, as_document(policy)) == policy


@pytest.mark.parametrize(
    ("patch", "key"),
    [
        ({"x": 1}, "x"),
        ({"mode": "b"}, "mode"),
        ({"offers": {"percent": 0}}, "offers.percent"),
        ({"offers": {"amount": None}}, "offers.amount"),
        ({"offers": {"minimum": "-1"}}, "offers.minimum"),
        ({"offers": {"combines": "yes"}}, "offers.combines"),
        ({"offers": {"percent": True}}, "offers.percent"),
        ({"ship_part": 3}, "ship_part"),
        ({"laws": ["mars"]}, "laws"),
        ({"offers": {"monthly_budget": "1_000"}}, "offers.monthly_budget"),
        ({"offers": {"monthly_budget": "١٢"}}, "offers.monthly_budget"),
        ({"offers": {"monthly_budget": " 5"}}, "offers.monthly_budget"),
        ({"offers": {"monthly_budget": "5\n"}}, "offers.monthly_budget"),
        ({"offers": {"monthly_budget": "1e3"}}, "offers.monthly_budget"),
        ({"offers": {"monthly_budget": "1000000000001"}}, "offers.monthly_budget"),
        ({"large_order": {"share": "1.01"}}, "large_order.share"),
        ({"together_by_tag": "x" * 256}, "together_by_tag"),
        ({"tiers_by_tag": {"x" * 256: 1}}, "tiers_by_tag." + "x" * 87),
        ({"tiers_by_tag": {"": 1}}, "tiers_by_tag."),
        ({"ship_part": {"min_part_value": "NaN"}}, "ship_part.min_part_value"),
        ({"offers": {"ladder": {}}}, "offers.ladder"),
        ({"parcels": {"tracking_url": "example.com"}}, "parcels.tracking_url"),
        ({"reorder": {"digest_to": "nobody at all"}}, "reorder.digest_to"),
        ({"reorder": {"digest_to": "a@example.com, b@example.com"}}, "reorder.digest_to"),
        ({"parcels": {"tracking_url": "ftp://example.com"}}, "parcels.tracking_url"),
        ({"promises": {"working_days": "mon"}}, "promises.working_days"),
        ({"promises": {"working_days": []}}, "promises.working_days"),
        ({"promises": {"holidays": "2026-12-24"}}, "promises.holidays"),
        ({"promises": {"holidays": ["02-30"]}}, "promises.holidays"),
        ({"tiers_by_tag": []}, "tiers_by_tag"),
        ({"ship_part": {"day_price_by_tag": []}}, "ship_part.day_price_by_tag"),
        ({"tiers_by_tag": {"vip": 1001}}, "tiers_by_tag.vip"),
        ({"reorder": {"service_by_class": {"A": "1"}}}, "reorder.service_by_class.A"),
        ({"reorder": {"service_by_class": {"mug": "0.9"}}}, "reorder.service_by_class"),
        ({"reorder": {"closed_by_supplier": []}}, "reorder.closed_by_supplier"),
        ({"reorder": {"closed_by_supplier": {"Kiln": "in May"}}}, "reorder.closed_by_supplier.Kiln"),
    ],
)
def test_a_bad_setting_is_named(patch, key):
    with pytest.raises(PolicyProblem) as problem:
        merge(ShopPolicy(), patch)
    assert problem.value.key == key


def test_a_parcel_may_be_followed_at_any_address_of_the_web_and_the_refusal_says_so():
    for address in ("https://track.example.com/?ref={number}", "http://track.example.com/{number}", ""):
        assert merge(ShopPolicy(), {"parcels": {"tracking_url": address}}).parcels.tracking_url == address
    with pytest.raises(PolicyProblem, match="https:// or http://"):
        merge(ShopPolicy(), {"parcels": {"tracking_url": "track.example.com"}})


def test_holidays_are_kept_as_written_each_once():
    policy = merge(ShopPolicy(), {"promises": {"holidays": ["12-25", "2026-12-24", "02-29", "12-25"]}})
    assert policy.promises.holidays == ("12-25", "2026-12-24", "02-29")


@pytest.mark.parametrize(
    ("before", "after", "key"),
    [
        ({}, {"kind": "store_credit"}, "offers.kind"),
        ({}, {"ladder": [{"kind": "gift_card"}]}, "offers.ladder.1.kind"),
        ({"kind": "store_credit"}, {"kind": "store_credit", "percent": 20}, None),
        ({}, {"kind": "discount_code"}, None),
    ],
)
def test_a_consolation_that_the_platform_cannot_give_is_refused_where_it_is_chosen_anew(before, after, key):
    support = {Capability.DISCOUNT_CODE: Support(level="full", how="by codes")}
    policies = [merge(ShopPolicy(), {"offers": offers}) for offers in (before, after)]
    if key is None:
        refuse_impossible(*policies, support)
        return
    with pytest.raises(PolicyProblem, match="not possible here: choose a discount code") as problem:
        refuse_impossible(*policies, support)
    assert problem.value.key == key


@pytest.mark.parametrize(("address", "begins"), [(WEB_ADDRESS, "https://a"), (MAIL_ADDRESS, "a@b.c")])
def test_an_address_ends_at_the_same_signs_for_us_and_for_who_reads_the_description(address, begins):
    theirs = re.compile(address.pattern.replace(r"\s", ECMA_BLANK))
    taken = [begins + chr(code) for code in range(0x10000)]
    refused = [one[-1] for one in taken if theirs.fullmatch(one) and not address.fullmatch(one)]
    assert refused == []
