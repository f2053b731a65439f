"""Which messages would have been sent, from the log of plans."""

from datetime import timedelta

import pytest

from core.messages.notices_past import would_have_been
from core.policy.shop_policy import Notices
from core.records import AuditEntry
from tests.core.shop_builders import NOW

RULES = Notices(heartbeat_days=7)


def decided(day, decision, backordered=None, on=None, before=None, why="SHORT_ON_HAND", order="1001", what="decided"):
    after = {"decision": decision, "completes_on": on} | ({} if backordered is None else {"backordered": backordered})
    detail = {"after": after} | ({"before": before} if before else {})
    at = NOW + timedelta(days=day)
    return AuditEntry(id=day, shop="fern", at=at, actor="engine", what=what, order=order, why=why, detail=detail)


WAITS = {"decision": "wait", "backordered": 2, "completes_on": "2026-12-01"}
FREE = {"decision": "ship_all", "backordered": 0}


@pytest.mark.parametrize(
    ("entries", "told"),
    [
        ([decided(0, "wait", 2, "2026-12-01", FREE), decided(2, "ship_all", 0)], [("waiting", 0), ("ready", 2)]),
        ([decided(0, "wait", 2, why="OVERSOLD")], [("unexpected", 0)]),
        ([decided(0, "wait"), decided(1, "none", 0)], [("waiting", 0)]),
        ([decided(0, "wait", 2, "2026-12-01"), decided(1, "wait", 2, "2026-12-20")], [("waiting", 0), ("date_changed", 1), ("still_on_time", 8)]),
        ([decided(0, "wait", 2, "2026-12-01"), decided(1, "wait", 2, "2026-12-01")], [("waiting", 0), ("still_on_time", 7)]),
        ([decided(0, "wait", 2, "2026-12-01", WAITS), decided(8, "ship_all", 0)], [("still_on_time", 7), ("ready", 8)]),
        ([decided(0, "wait", 2, "2026-12-20", WAITS)], [("date_changed", 0), ("still_on_time", 7)]),
        ([decided(0, "wait", 2, None, WAITS | {"completes_on": None})], []),
        ([decided(0, "wait", 2, what="undone")], []),
    ],
    ids=["waits-then-ready", "unexpected", "called-off", "later", "on-time", "told-before", "told-another", "no-date", "no-plan"],
)  # fmt: skip
def test_the_log_tells_what_would_have_been_sent(entries, told):
    found = would_have_been(entries, RULES, since=NOW, until=NOW + timedelta(days=10))
    assert [(made.kind, (made.at - NOW).days) for made in found] == told


def test_kinds_switched_off_and_other_days_are_left_out():
    entries = [decided(0, "wait", 2, "2026-12-01"), decided(2, "ship_all", 0)]
    rules = Notices(heartbeat_days=7, off=("ready",))
    assert [made.kind for made in would_have_been(entries, rules, since=NOW, until=NOW + timedelta(days=10))] == [
        "waiting"
    ]
    assert would_have_been(entries, RULES, since=NOW + timedelta(days=3), until=NOW + timedelta(days=10)) == []


def test_a_plan_without_an_account_of_itself_waits_for_nothing():
    entry = AuditEntry(id=1, shop="fern", at=NOW, actor="engine", what="decided", order="1001")
    assert would_have_been([entry], RULES, since=NOW, until=NOW) == []
