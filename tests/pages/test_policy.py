"""Settings as a form, and the switch between observing and acting."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.shopify import SUPPORT
from core.policy.limits import LIMITS
from core.policy.shop_policy import Offers, ShopPolicy
from pages.changes import flat
from pages.policy_form import FIELDS, answered, typed_of


def form_of(policy):
    """What a browser sends for an untouched form."""
    return {key: values for key, values in typed_of(flat(policy)).items() if values}


def stored(books):
    with books.read() as unit:
        return unit.shops.get("fern").policy


def field(page, key):
    start = page.index(f'name="{key}"')
    return page[page.rindex('class="field"', 0, start) : page.index('class="field"', start)]


def test_every_setting_but_the_mode_has_its_field():
    assert {entry.key for entry in FIELDS} == set(flat(ShopPolicy())) - {"mode", "offers.ladder"}


def test_every_number_has_its_unit_beside_it():
    assert all(entry.unit for entry in FIELDS if entry.kind == "number")
    assert {entry.key for entry in FIELDS if entry.kind == "number"} == {
        key for key in LIMITS if not key.startswith("offers.ladder.")
    }, "the ladder has a form of its own"


def test_every_choice_is_offered_and_can_be_taken():
    for entry in (entry for entry in FIELDS if entry.options):
        for value, _ in entry.options:
            assert not answered(ShopPolicy(), form_of(ShopPolicy()) | {entry.key: [value]}, SUPPORT).problems


@given(
    st.builds(
        ShopPolicy,
        allocation=st.sampled_from(["first_come", "tiers", "fair_share"]),
        laws=st.sampled_from([(), ("us_ftc_435",), ("eu_2011_83", "uk_cra_2015")]),
        tiers_by_tag=st.dictionaries(
            st.from_regex(r"[a-z=]([a-z =]*[a-z])?", fullmatch=True), st.integers(-1000, 1000), max_size=4
        ),
        offers=st.builds(Offers, monthly_budget=st.sampled_from([None, "0", "250.50"]), percent=st.integers(1, 100)),
    )
)
def test_saving_an_untouched_form_changes_nothing(policy):
    answer = answered(policy, form_of(policy), SUPPORT)
    assert answer.problems == {}
    assert answer.policy == policy


def test_a_change_is_stored_logged_and_planned(client, send, books):
    typed = form_of(ShopPolicy()) | {
        "ship_part.max_parcels": "3",
        "laws": ["us_ftc_435"],
        "tiers_by_tag": "vip = -1\nlate=2",
    }
    assert send(client, "/policy", **typed).status_code == 303
    policy = stored(books)
    assert (policy.ship_part.max_parcels, policy.laws, policy.tiers_by_tag) == (
        3,
        ("us_ftc_435",),
        {"vip": -1, "late": 2},
    )
    with books.read() as unit:
        entry = unit.audit.page("fern").items[0]
        assert unit.inbox.next_due() is not None
    assert entry.what == "changed the settings"
    assert entry.detail["changed"]["ship_part.max_parcels"] == {"before": 10, "after": 3}


def test_an_unticked_box_turns_a_setting_off(client, send, books):
    typed = form_of(ShopPolicy())
    del typed["ship_part.enabled"]
    send(client, "/policy", **typed)
    assert stored(books).ship_part.enabled is False


def test_saving_without_a_change_leaves_no_trace(client, send, books):
    send(client, "/policy", **form_of(ShopPolicy()))
    assert "Nothing was changed." in client.get("/policy").text
    with books.read() as unit:
        assert [entry.what for entry in unit.audit.page("fern").items] == ["signed in"]


@pytest.mark.parametrize(
    ("key", "typed", "words"),
    [
        ("ship_part.max_parcels", "0", "Must be a whole number from 1 to 100."),
        ("ship_part.max_parcels", "3.5", "Must be a whole number from 1 to 100."),
        ("ship_part.max_parcels", "", "Must be a whole number from 1 to 100."),
        ("ship_part.min_part_value", "ten", "Must be an amount such as 0.5, from 0 to"),
        ("offers.monthly_budget", "-1", "Must be an amount such as 0.5, from 0 to"),
        ("large_order.share", "1.5", "from 0 to 1."),
        ("tiers_by_tag", "vip", "Must be a whole number from -1000 to 1000."),
        ("tiers_by_tag", "vip = high", "Must be a whole number from -1000 to 1000."),
        ("allocation", "lottery", "Must be one of first_come"),
        ("laws", "moon", "Must be one of us_ftc_435"),
    ],
)
def test_a_problem_stands_beside_its_setting_and_nothing_is_saved(client, send, books, key, typed, words):
    answer = send(client, "/policy", **(form_of(ShopPolicy()) | {key: typed, "together_by_tag": "one-box"}))
    assert answer.status_code == 422
    assert words in _beside(answer.text, key).replace("&#34;", '"')
    assert 'value="one-box"' in answer.text
    assert stored(books) == ShopPolicy()


def _beside(page, key):
    return page.split(f'id="{key.replace(".", "-")}-wrong"')[1].split("</p>")[0]


def test_before_acting_the_page_says_what_will_be_sent(client, lively):
    page = client.get("/policy/mode").text
    assert "Start acting?" in page
    assert "1 action" in page


def test_acting_sends_what_was_planned(client, lively, send, books):
    assert send(client, "/policy/mode", mode="act").status_code == 303
    with books.read() as unit:
        assert unit.shops.get("fern").policy.mode == "act"
        assert [row.state for row in unit.outbox.of_order("fern", "1005")] == ["pending"]
        assert unit.audit.page("fern").items[0].what == "switched to acting"
        assert unit.inbox.next_due() is not None
        assert [row.state for row in unit.outbox.of_order("moss", "1005")] == ["planned"]


def test_observing_again_skips_what_waits(client, keep, make, lively, send, books):
    send(client, "/policy/mode", mode="act")
    assert "Go back to observing" in client.get("/policy").text
    send(client, "/policy/mode", mode="observe")
    with books.read() as unit:
        assert [row.state for row in unit.outbox.of_order("fern", "1005")] == ["skipped"]


def test_a_shop_that_removed_the_app_is_not_offered_to_act(client, send, books):
    with books.write() as unit:
        unit.shops.save(replace(unit.shops.get("fern"), state="uninstalled"))
    for path in ("/policy", "/policy/mode"):
        page = client.get(path).text
        assert "has removed this app" in page
        assert "Start acting" not in page
    assert send(client, "/policy/mode", mode="act").location == "/policy/mode"
    assert stored(books) == ShopPolicy()


@pytest.mark.parametrize("mode", ["", "fly"])
def test_an_unknown_mode_changes_nothing(client, send, books, mode):
    assert send(client, "/policy/mode", mode=mode).status_code == 400
    assert stored(books) == ShopPolicy()


def test_settings_changed_elsewhere_meanwhile_are_not_lost(client, send, books, keep, make):
    keep(make.shop(policy=make.policy(mode="act")))
    send(client, "/policy", **form_of(ShopPolicy()))
    assert stored(books).mode == "act"
    assert stored(books) == replace(ShopPolicy(), mode="act")
