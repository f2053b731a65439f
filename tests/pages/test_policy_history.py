"""The policy page: presets and files shown before they are saved, changes taken back, the past beside each group."""

import io
import json
from datetime import UTC, datetime

import pytest

from pages.changes import flat
from pages.policy_form import typed_of
from tests.connectors.database.paper_shop import fill


def policy_of(books):
    with books.read() as unit:
        return unit.shops.get("fern").policy


def save(client, send, books, **changes):
    typed = {key: values for key, values in typed_of(flat(policy_of(books))).items() if values}
    return send(client, "/policy", **(typed | changes))


def test_a_preset_is_shown_before_it_is_saved(client, send, books):
    page = client.get("/policy/presets/wholesale_first").text
    assert (
        "Who is served first: Share scarce units by: First come, first served: the oldest order gets the first unit → <strong>Tiers, then"
        in page
    )
    assert "Tiers by the shop&#39;s order tags: nothing → <strong>wholesale = -1</strong>" in page
    assert policy_of(books).allocation == "first_come"
    assert client.get("/policy/presets/best_of_all").status_code == 404


def test_settings_go_from_shop_to_shop_as_a_file(client, send, books):
    file = client.get("/policy.json")
    assert file.headers["Content-Disposition"].endswith('filename="policy-fern.json"')
    document = file.json | {"lending_age_days": 9, "mode": "act"}
    answer = send(client, "/policy/import", file=(io.BytesIO(json.dumps(document).encode()), "policy.json"))
    assert "older than (days): 30 → <strong>9</strong>" in answer.text
    assert "Observe or act" not in answer.text


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "choose a file of settings"),
        (b"{nothing", "is no JSON as the download gives it"),
        (b'{"colour": "red"}', "colour: is not a setting"),
        (b'{"ship_part": {"max_parcels": 0}}', "ship_part.max_parcels: must be a whole number"),
    ],
)
def test_a_file_that_cannot_be_taken_says_why(client, send, raw, words):
    send(client, "/policy/import", file=(io.BytesIO(raw), "policy.json"))
    assert words in client.get("/policy").text


def test_a_change_is_told_with_who_made_it_and_taken_back(client, send, books):
    save(client, send, books, lending_age_days="9")
    page = client.get("/policy").text
    assert "<strong>Merchant</strong>" in page
    assert "older than (days): 30 → <strong>9</strong>" in page
    with books.read() as unit:
        (entry,) = unit.audit.of_settings("fern", limit=5)
    assert send(client, "/policy/undo", entry=str(entry.id)).status_code == 303
    assert policy_of(books).lending_age_days == 30
    assert "Taken back." in client.get("/policy").text
    # A second time there is nothing left to take back: the setting has been changed again since.
    send(client, "/policy/undo", entry=str(entry.id))
    assert "Changed again since, so left as it is" in client.get("/policy").text


def test_only_a_change_of_this_shops_settings_can_be_taken_back(client, send, books, keep, make):
    with books.write() as unit:
        unit.shops.add(make.shop("moss"), {"token": "t"})
        unit.audit.write(shop="moss", at=make.now, actor="merchant", what="changed the settings",
                         detail={"changed": {"lending_age_days": {"before": 1, "after": 30}}})  # fmt: skip
        unit.audit.write(shop="fern", at=make.now, actor="merchant", what="added incoming stock")
        unit.audit.write(shop="fern", at=make.now, actor="merchant", what="switched to acting",
                         detail={"changed": {"mode": {"before": "observe", "after": "act"}}})  # fmt: skip
    for entry in ("1", "2", "3", "99", "x", "", "\N{SUPERSCRIPT TWO}", "9" * 18):
        assert send(client, "/policy/undo", entry=entry).status_code == 404
    assert "Take back" not in client.get("/policy").text


@pytest.fixture
def with_a_past(app_of, keep, make, link_for, books):
    keep(make.shop(timezone="UTC"))
    fill(books)
    browser = app_of(now=lambda: datetime(2026, 11, 9, 9, tzinfo=UTC)).test_client()
    browser.get(f"/login?login={link_for()}")
    return browser


def test_each_group_says_what_it_meant_over_the_last_90_days(with_a_past):
    page = with_a_past.get("/policy").text
    # O2, O3, O4 and O6 had to wait, of which O2 and O4 had a part ready; 23 of 33 units were there at once.
    assert "Of 4 orders that had to wait, 2 would have left in two parcels." in page
    assert "Stock covered 66.7% of the units asked for." in page
    assert "Deliveries received: 3; days late, on the mean: 1.3." in page


def test_a_preview_shows_the_past_under_both_settings(with_a_past, send, books):
    typed = {key: values for key, values in typed_of(flat(policy_of(books))).items() if values}
    page = send(
        with_a_past, "/policy/preview", **(typed | {"ship_part.min_part_value": "60", "ship_part.parcel_cost": "6.90"})
    ).text
    assert "2 would have left in two parcels." in page
    assert "1 would have left in two parcels, for €6.90 more freight." in page
