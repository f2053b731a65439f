"""Other tools hear what happens at both shops, and send the messages where the merchant leaves that to them."""

from datetime import timedelta

import pytest

from core.hooks.outgoing import EVENTS, new_secret
from core.messages.post_rules import WEEK
from tests.connectors.receiving import Receiver
from tests.scenarios.test_mails_and_laws import NOTICES, buys, subjects


@pytest.fixture
def tool(side):
    made = Receiver()
    made.secret = new_secret()
    with side.house.books.write() as unit:
        unit.hooks.add(side.record.id, made.url, list(EVENTS), made.secret, at=side.house.now())
    yield made
    made.close()


def of_type(tool, name):
    return [event["data"] for event in tool.events() if event["type"] == name]


def test_a_new_promise_and_its_end_are_told_once_each(side, tool):
    order = buys(side)
    (first,) = of_type(tool, "promise.changed") or [None]
    assert first is None, "there is no date yet"
    side.enter_supply("PO-1", "MUG", 3, side.house.now().date() + timedelta(days=365))
    side.settle()
    (told,) = of_type(tool, "promise.changed")
    assert (told["platform_id"], told["previous"], bool(told["current"])) == (order, None, True)
    assert [(line["now"], line["waits"]) for line in told["lines"]] == [(5, 3)]
    assert told["customer_status_url"].startswith(side.service.server.url)
    side.shop.restock("MUG", 3)
    side.settle()
    (ready,) = of_type(tool, "order.ready")
    assert (ready["platform_id"], ready["customer"]["email"]) == (order, "customer12@example.com")
    assert len(set(tool.ids())) == len(tool.ids())


def test_a_message_is_sent_by_us_or_by_the_tool_and_never_by_both(side, post, tool):
    made, _ = post
    side.set_policy(notices={**NOTICES, "sent_by": "tool"})
    order = buys(side)
    (due,) = of_type(tool, "notice.due")
    assert (due["to"], due["kinds"], due["language"]) == ("customer12@example.com", ["waiting"], "en")
    assert "5 can ship now; 3 will follow" in due["text"]
    assert [one["platform_id"] for one in due["orders"]] == [order]
    assert made.taken == []
    assert [notice["state"] for notice in side.order(order)["notices"]] == ["sent"]
    with side.house.books.read() as unit:
        week_ago = side.house.now() - WEEK
        assert len(unit.mails.times(side.record.id, due["to"], since=week_ago)) == 1, "it counts for the week like ours"
    side.set_policy(notices={"sent_by": "us"})
    side.shop.restock("MUG", 3)
    side.settle()
    assert subjects(made) == ["everything is here now"]
    assert len(of_type(tool, "notice.due")) == 1


def test_what_a_law_asks_for_is_mailed_by_us_and_without_a_tool_the_rest_stays(side, post, tool):
    made, later = post
    with side.house.books.write() as unit:
        (known,) = unit.hooks.all(side.record.id)
        unit.hooks.remove(side.record.id, known.id)
    side.set_policy(notices={**NOTICES, "sent_by": "tool"}, laws=["us_ftc_435"])
    order = buys(side)
    assert [notice["state"] for notice in side.order(order)["notices"]] == ["draft"]
    later(days=24)
    to_customer = [mail["Subject"] for mail in made.taken if mail["To"] == "customer12@example.com"]
    assert ["please choose" in subject for subject in to_customer] == [True]
    assert tool.came == []
