"""The demo's buttons, and that they do not exist elsewhere."""

import pytest


@pytest.fixture
def story(make):
    return make.story()


@pytest.fixture
def demo(app_of, keep, make, link_for, story):
    keep(make.shop(), make.shop("moss", "woocommerce", "Moss and Mill"))
    browser = app_of(story=story).test_client()
    browser.get(f"/login?login={link_for()},{link_for('moss', 'token-2')}")
    return browser


def test_the_board_tells_the_story_and_both_platforms_calls(demo):
    page = demo.get("/").text
    for words in ("Day 4:", "Make a shipment late", "Sell out an item", "Cancel an order", "+1 day", "3 units of #1004 wait",
                  "<s>Store credit for the wait</s> (the platform has no store credit)"):  # fmt: skip
        assert words in page


@pytest.mark.parametrize(
    ("path", "words"),
    [("late", "PO-108 slips by 9 days."), ("sell-out", "The last camp mug is gone."), ("cancel", "cancelled #1009")],
)
def test_a_button_makes_something_happen(demo, send, story, path, words, woken):
    assert send(demo, f"/demo/{path}").status_code == 303
    assert words in story.told[0]
    assert words in demo.get("/").text
    assert woken


def test_the_clock_moves_by_a_form(demo, send, story, make):
    assert send(demo, "/demo/clock", advance_days="1").status_code == 303
    assert (story.now - make.now).days == 1


def test_a_script_moves_the_clock_with_json_and_without_a_session(app_of, make, story):
    answer = app_of(story=story).test_client().post("/demo/clock", json={"advance_days": 3})
    assert answer.json == {"now": "2026-11-26T09:00:00+00:00"}


@pytest.mark.parametrize("days", [0, -1, 366, 1.5, True, None, "1.5", "many", [1]])
def test_only_whole_days_are_taken(app_of, make, story, days):
    answer = app_of(story=story).test_client().post("/demo/clock", json={"advance_days": days})
    assert answer.status_code == 400
    assert "advance_days must be a whole number from 1 to 365" in answer.text
    assert story.now == make.now


@pytest.mark.parametrize("body", ["[1]", "3", "{", "null"])
def test_a_body_that_is_no_object_is_refused(app_of, make, story, body):
    answer = app_of(story=story).test_client().post("/demo/clock", data=body, content_type="application/json")
    assert answer.status_code == 400
    assert story.now == make.now


@pytest.mark.parametrize("path", ["late", "sell-out", "cancel", "clock"])
def test_outside_the_demo_the_buttons_do_not_exist(client, send, path):
    assert send(client, f"/demo/{path}").status_code == 404
    assert client.post("/demo/clock", json={"advance_days": 1}).status_code == 404
    assert "Make a shipment late" not in client.get("/").text
