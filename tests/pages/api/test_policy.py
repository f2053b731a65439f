"""Settings: merged, previewed, logged, and what a change of mode brings about."""

import pytest

from core.actions import Tag
from core.policy.shop_policy import ShopPolicy, as_document


def test_put_takes_what_get_gave_and_changes_nothing(ask, books):
    policy = ask("GET", "/policy")
    assert policy == as_document(ShopPolicy())
    assert ask("PUT", "/policy", policy) == policy
    with books.read() as unit:
        assert unit.audit.page("fern").items == ()


def test_put_merges_the_keys_given(ask, books):
    policy = ask("PUT", "/policy", {"offers": {"percent": 15}, "laws": ["eu_2011_83"]})
    assert (policy["offers"]["percent"], policy["offers"]["valid_days"], policy["laws"]) == (15, 60, ["eu_2011_83"])
    assert ask("GET", "/policy") == policy
    assert ask("GET", "/policy", shop="moss") == as_document(ShopPolicy())
    with books.read() as unit:
        entry = unit.audit.page("fern").items[0]
        assert entry.detail["changed"] == {
            "offers.percent": {"before": 10, "after": 15},
            "laws": {"before": [], "after": ["eu_2011_83"]},
        }
        assert unit.inbox.next_due() is not None


WRONG = [
    ({"mode": "fly"}, "mode"), ({"colour": 1}, "colour"), ({"offers": 5}, "offers"), ({"offers": {"percent": 101}}, "offers.percent"),
    ({"offers": {"percent": "10"}}, "offers.percent"), ({"offers": {"surprise": 1}}, "offers.surprise"), ({"laws": "all"}, "laws"),
    ({"ship_part": {"max_parcels": 2**80}}, "ship_part.max_parcels"), ({"ship_part": {"min_part_value": "NaN"}}, "ship_part.min_part_value"),
    ({"tiers_by_tag": {"vip": 10**9}}, "tiers_by_tag.vip"), ({"tiers_by_tag": {"v\0": 1}}, "tiers_by_tag.v?"),
    ({"together_by_tag": "\udfff"}, "together_by_tag"), ({"laws": [{}]}, "laws"), ({"mode": None}, "mode"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "key"), WRONG)
@pytest.mark.parametrize(("method", "path"), [("PUT", "/policy"), ("POST", "/policy/preview")])
def test_a_setting_that_cannot_be_taken_is_422_naming_it(ask, method, path, body, key):
    assert ask(method, path, body, status=422)["key"] == key
    assert ask("GET", "/policy") == as_document(ShopPolicy())


def test_a_gift_that_the_platform_cannot_give_is_refused(ask):
    wish = {"offers": {"kind": "store_credit"}}
    for method, path in (("PUT", "/policy"), ("POST", "/policy/preview")):
        assert ask(method, path, wish, shop="moss", status=409)["key"] == "offers.kind"
    assert ask("GET", "/policy", shop="moss") == as_document(ShopPolicy())


def states(books, shop="fern"):
    with books.read() as unit:
        return [action.state for action in unit.outbox.of_order(shop, "1001")]


def test_acting_sends_what_was_only_planned_and_observing_takes_back_what_waits(ask, books, make):
    with books.write() as unit:
        for shop in ("fern", "moss"):
            unit.outbox.want(shop, "1001", [(Tag(order="1001", tags=("t",)), "t", "waits")], now=make.now, act=False)
    ask("PUT", "/policy", {"mode": "act"})
    assert (states(books), states(books, "moss")) == (["pending"], ["planned"])
    ask("PUT", "/policy", {"mode": "observe"})
    assert states(books) == ["skipped"]


def test_a_preview_says_what_would_change_and_stores_nothing(ask, books):
    found = ask("POST", "/policy/preview", {"ship_part": {"enabled": False}})["items"]
    assert [row["order"] for row in found if row["after"]["decision"] == "wait"] == ["1001"]
    assert ask("GET", "/policy") == as_document(ShopPolicy())
    assert ask("GET", "/orders/1001")["decision"] == "ship_part"
