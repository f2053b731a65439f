"""The health page: what is well, what is not, and the buttons that mend it."""

from datetime import UTC, datetime, timedelta

import pytest

from core.planning import wake_ups


def row(page, title):
    return page.split(f'<th scope="row">{title}</th>')[1].split("</tr>")[0]


@pytest.fixture
def dead(books, make, client):
    """A delivery that could not be taken in, and one that was; the answer is the first one's id."""
    with books.write() as unit:
        for key in ("a", "b"):
            unit.inbox.add(shop="fern", topic="orders/updated", key=key, body=b"{}", at=make.now)
        wake_ups.replan(unit, "fern", at=make.now)
        (bad, good, own), fence = unit.inbox.claim(now=make.now, lease=timedelta(seconds=60), limit=9)
        unit.inbox.retry([bad], fence, at=make.now, error="line 7 has no units", dead=True)
        unit.inbox.finish([good, own], fence)
    return bad.id


def test_a_shop_that_is_well_says_so(client, keep, make, books):
    keep(make.shop(subscribed_at=make.now))
    with books.write() as unit:
        unit.clockwork.beat("one", now=datetime.now(UTC))
    page = client.get("/health").text
    for title, word in (("Connection", "Connected"), ("Permissions", "All there"), ("Webhooks", "Set up"),
                        ("Worker", "At work"), ("Deliveries", "Taken in")):  # fmt: skip
        assert word in row(page, title)
    assert "Mend it" not in page
    assert "None: whatever was asked" in page


def test_of_a_shop_that_removed_the_app_nothing_is_called_well(client, keep, make):
    keep(make.shop(state="uninstalled", problem="the merchant removed the app", subscribed_at=make.now))
    page = client.get("/health").text
    assert "The merchant removed the app." in row(page, "Connection")
    for title in ("Permissions", "Webhooks"):
        assert "Not known" in row(page, title)


def test_of_a_shop_that_lets_nobody_in_no_permission_is_called_well(client, keep, make):
    keep(make.shop(state="reconnect", problem="the key was revoked", subscribed_at=make.now))
    assert "Not known" in row(client.get("/health").text, "Permissions")
    assert "The key was revoked. Nothing is read or written" in client.get("/").text


def test_another_shops_deliveries_make_nobody_behind(client, keep, make, books):
    keep(make.shop(), make.shop("moss", "woocommerce", "Moss and Mill"))
    with books.write() as unit:
        unit.inbox.add(shop="moss", topic="order.updated", key="a", body=b"{}", at=make.now)
    assert "Taken in" in row(client.get("/health").text, "Deliveries")


def test_what_is_not_well_says_what_to_do(client, keep, make, books, dead):
    keep(
        make.shop(
            "fern",
            "woocommerce",
            state="reconnect",
            problem="the key was revoked",
            lacks=("write_orders is missing: grant it.",),
        )
    )
    with books.write() as unit:
        unit.clockwork.beat("one", now=datetime.now(UTC) - timedelta(minutes=9))
    page = client.get("/health").text
    assert "The key was revoked." in row(page, "Connection")
    assert "write_orders is missing" in row(page, "Permissions")
    assert "Not set up" in row(page, "Webhooks")
    assert "must start it again" in row(page, "Worker")
    assert "1 not understood" in row(page, "Deliveries")
    assert 'href="/woocommerce/connect?url=https%3A%2F%2Ffern.example.com">Mend it</a>' in page
    assert "Store credit for the wait" in page.split('id="limits-head"')[1]


def test_failed_actions_are_shown_and_tried_again_together(client, lively, send, books):
    page = client.get("/health").text
    assert "Failed actions: 1" in page
    assert "the order is locked by another app" in page
    send(client, "/health/again")
    assert "In line again." in client.get("/health").text
    with books.read() as unit:
        assert unit.outbox.counts("fern").get("failed", 0) == 0
        assert unit.outbox.counts("moss")["failed"] == 1
        assert unit.audit.page("fern", limit=1).items[0].what == "asked to try failed actions again"
    send(client, "/health/again")
    assert "There is nothing to try again." in client.get("/health").text


def test_a_delivery_that_could_not_be_taken_in_is_tried_again(client, dead, send, books):
    page = client.get("/health").text
    assert "line 7 has no units" in page
    newest = page.split("The newest from the shop")[1]
    assert newest.count("orders/updated") == 2
    assert "backorder/" not in newest
    send(client, "/health/again", delivery=dead)
    with books.read() as unit:
        assert unit.inbox.dead("fern") == ()
        assert unit.inbox.counts("fern")["new"] == 1
    send(client, "/health/again", delivery=dead)
    assert "There is nothing to try again." in client.get("/health").text


def test_looking_again_asks_for_a_comparison_and_the_webhooks(client, send, books):
    send(client, "/health/look")
    with books.write() as unit:
        asked, _ = unit.inbox.claim(now=datetime.now(UTC), lease=timedelta(seconds=60), limit=9)
    assert {one.topic for one in asked} == {wake_ups.COMPARE, wake_ups.WEBHOOKS}


@pytest.mark.parametrize(
    ("sought", "shown"), [("camp-mug", "dded stock"), ("1004", "Decided"), ("MAX_PARCELS", "ettings")]
)
def test_the_log_is_searched(client, lively, sought, shown):
    page = client.get("/activity", query_string={"q": sought}).text
    assert shown in page
    assert page.split('class="timeline"')[1].count("<li>") == 1
    assert "Nothing in the log holds this." in client.get("/activity?q=zebra").text
