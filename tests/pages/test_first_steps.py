"""The first steps tick themselves off what stands in the books; they can be put away and taken up again."""

from datetime import date

from core.policy.shop_policy import Notices


def done(client):
    page = client.get("/first-steps").text.split("<main")[1].split("</main>")[0]
    return [
        part.split("</strong>")[0]
        for part in page.split("<strong>")[1:]
        if "<small>done</small>" in part.split("</li>")[0]
    ]


def test_each_step_ticks_itself_off_what_really_stands(client, keep, make):
    keep(make.shop(synced_at=None))
    assert done(client) == []
    keep(make.shop())
    assert done(client) == ["Connect your shop"]
    keep(make.supply("PO-1", "mug", 9, date(2026, 12, 1)))
    keep(make.shop(policy=make.policy(notices=Notices(wording_seen=True))))
    page = client.get("/").text
    assert "First steps: 2 of 4 done" in page, "what is read is not told yet"
    assert "Begin to draft messages" in page
    keep(make.shop(policy=make.policy(notices=Notices(wording_seen=True, enabled=True))))
    assert done(client)[1:] == ["Bring in what is on order", "Check what customers are told"]
    assert "First steps: 3 of 4 done" in client.get("/").text
    keep(make.shop(policy=make.policy(mode="act", notices=Notices(wording_seen=True, enabled=True))))
    assert len(done(client)) == 4
    assert "First steps: " not in client.get("/").text


def test_they_can_be_put_away_and_stay_away(client, send):
    page = client.get("/").text
    assert "First steps: 1 of 4 done" in page
    assert page.count('class="note"') == 0
    send(client, "/first-steps/away")
    page = client.get("/").text
    assert "First steps: " not in page
    assert 'href="/first-steps"' in page
    assert "nothing is written to the shop yet" in page


def test_a_shop_that_must_be_connected_again_says_that_first(client, keep, make):
    keep(make.shop(state="reconnect"))
    page = client.get("/").text
    assert "no longer lets us in" in page
    assert "First steps: " not in page


def test_the_demo_has_no_first_steps(app_of, keep, make, link_for):
    keep(make.shop())
    browser = app_of(story=make.story()).test_client()
    browser.get(f"/login?login={link_for()}")
    assert "First steps: " not in browser.get("/").text
