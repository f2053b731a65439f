"""The log's entries as sentences."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.orders.choices import CHOICES
from core.records import AuditEntry
from pages.log_words import CHOSEN, DONE, MESSAGES, WRITTEN, logged, tells_news

pytestmark = pytest.mark.usefixtures("_app_context")
AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def entry(**fields):
    return AuditEntry(**{"id": 1, "shop": "fern", "at": AT, "actor": "engine", "what": "decided", **fields})


def plan(decision, on=None, ready=0):
    return {"decision": decision, "completes_on": on, "release_now": ready}


PART, FULL = plan("ship_part", f"{AT:%Y}-12-04", 3), plan("ship_all", f"{AT:%Y}-11-23", 8)
WAIT, UNDATED = plan("wait", f"{AT:%Y}-12-13"), plan("wait")


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (None, PART, "Decided: 3 units can ship now, the rest on {friday}"),
        (None, FULL, "Decided: can ship in full"),
        (None, WAIT, "Decided: waits until {sunday}"),
        (None, plan("ship_part", None, 1), "Decided: 1 unit can ship now, the rest without a date"),
        (PART, UNDATED, "Decided: waits, no date yet"),
        (UNDATED, WAIT, "Planned anew: waits until {sunday} (before: waits, no date yet)"),
        (None, plan("review"), "Decided: needs your decision"),
        (WAIT, plan("none"), "Decided: nothing left to ship"),
    ],
)
def test_a_decision_says_what_was_decided_and_what_was_before(before, after, told):
    from pages.printing import printer

    days = {"friday": printer().day(AT.date().replace(month=12, day=4)),
            "sunday": printer().day(AT.date().replace(month=12, day=13))}  # fmt: skip
    words = logged(entry(outcome=after["decision"], why="SHORT_ON_HAND", detail={"before": before, "after": after}))
    assert words.who == "Plan"
    assert words.what == told.format(**days)
    assert words.more == "Stock on hand does not cover every unit."


@pytest.mark.parametrize(
    ("before", "after", "news"),
    [
        (None, FULL, True),
        (PART, FULL, True),
        (WAIT, UNDATED, True),
        (FULL, plan("ship_all", f"{AT:%Y}-11-24", 8), False),
        (UNDATED, UNDATED, False),
    ],
)
def test_what_looks_the_same_to_people_is_no_news(before, after, news):
    assert tells_news(entry(outcome=after["decision"], detail={"before": before, "after": after})) is news


@pytest.mark.parametrize(
    ("what", "outcome", "told", "more"),
    [
        ("hold", "done", "Held in the shop what waits", "It is short."),
        ("tag", "stood there already", "Tagged the order in the shop", "It stood there. It is short."),
        ("hold", "failed: no such order", "Failed: hold in the shop what waits", "No such order. It is short."),
        ("code", "skipped: it ended.", "Skipped: make a code for the wait", "It ended. It is short."),
    ],
)
def test_an_action_says_how_it_ended(what, outcome, told, more):
    words = logged(entry(actor="backorder", what=what, outcome=outcome, why="It is short."))
    assert (words.who, words.what, words.more) == ("Backorder", told, more)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"actor": "merchant", "what": "chose hold"}, ("Merchant", "Put the order on hold", None)),
        ({"actor": "api", "what": "chose something new"}, ("API", "Chose something new", None)),
        ({"actor": "person", "what": "connected", "outcome": "observe"}, ("Operator", "Connected", "Only observed for now.")),
        ({"actor": "backorder", "what": "webhook mended", "outcome": "made anew"}, ("Backorder", "Webhook mended", "made anew")),
        ({"actor": "backorder", "what": "told the customer: date_changed"}, ("Backorder", "Told the customer: The date has changed", None)),
        ({"actor": "backorder", "what": "handed to your tool: ready"}, ("Backorder", "Handed to your tool: Everything is here", None)),
        ({"actor": "somebody", "what": "did it", "outcome": "done"}, ("somebody", "Did it", None)),
        ({"what": "decided", "outcome": "wait"}, ("Plan", "Decided: waits", None)),
    ],
)  # fmt: skip
def test_other_entries_are_sentences_too(fields, told):
    words = logged(entry(**fields))
    assert (words.who, words.what, words.more) == told


def test_every_entry_that_is_written_has_words():
    """Else it stays English, in whatever language the log is read."""
    root, entries = Path(__file__).parents[2], set()
    for room in ("core", "connectors", "webhooks", "pages", "worker"):
        for path in (root / room).rglob("*.py"):
            entries |= set(re.findall(r'\b(?:what=|note(?:_change)?\(unit, )"([^"]+)"', path.read_text("utf-8")))
    known = {*WRITTEN, *DONE, *MESSAGES, *(f"chose {one}" for one in CHOSEN)}
    assert {one for one in entries if one.partition(": ")[0] not in known} <= {"decided"}


def test_every_action_and_every_choice_has_words():
    from core.actions import ACTIONS

    assert set(DONE) == set(ACTIONS) | {"stop_backorders"}, "to stop and to take are told apart"
    assert set(CHOSEN) == set(CHOICES)
