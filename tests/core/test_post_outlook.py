"""What leaves next: the worker's rules, played forward."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.messages import post_outlook, post_rules
from core.messages.post_outlook import Past
from core.records import NewNotice
from tests.core.shop_builders import NOW, item, kept, line, order
from tests.core.test_post_rules import NOON, Standing, draft, shop
from tests.draws import examples

HOUR = timedelta(hours=1)


def look(*drafts, mailed=(), most=50, **notices):
    past = Past(mailed={"customer12@example.com": list(mailed)}, stopped={}, orders=Standing(), told={})
    return post_outlook.outlook(shop(**notices), drafts, past, now=NOON, most=most)


def when(found):
    return [(round((mail.at - NOON) / HOUR, 2), [part.id for part in mail.parts]) for mail in found.mails]


def test_a_draft_leaves_when_its_window_and_the_quiet_hours_are_over():
    night = NOON + 10 * HOUR
    found = look(draft(1, age=5), draft(2, order="2", to="b@example.com", due=night))
    assert when(found) == [(0.17, [1]), (20, [2])]


def test_what_the_cap_holds_back_leaves_when_it_may():
    week = [NOON - timedelta(days=age) for age in (6, 2, 1)]
    assert when(look(draft(1, "still_on_time"), mailed=week)) == [(24, [1])]


def test_mails_that_are_to_come_fill_the_cap_too():
    drafts = [draft(number, "ready", f"r{number}", due=NOON + number * HOUR) for number in range(1, 4)]
    found = look(*drafts, per_week=2)
    assert when(found) == [(1, [1]), (2, [2]), (1 + 7 * 24, [3])]
    drafts[2] = draft(3, "still_on_time", "3", due=NOON + 3 * HOUR)
    # A week later, that nothing has changed would be no news any more.
    assert [(one.id, why) for one, why in look(*drafts, per_week=2).dropped] == [(3, "it waited too long to be news")]


def test_it_looks_no_further_than_asked():
    drafts = [
        draft(number, order=str(number), to=f"c{number}@example.com", due=NOON + number * HOUR) for number in range(9)
    ]
    assert len(look(*drafts, most=3).mails) == 3


@pytest.mark.parametrize(
    ("kinds", "may_skip"),
    [(["waiting"], True), (["offer", "ready"], True), (["waiting", "delay_option"], False), (["withdrawal"], False)],
)
def test_the_merchant_may_do_without_a_mail_unless_a_law_asks_for_a_part_of_it(kinds, may_skip):
    (mail,) = look(*(draft(number, kind, str(number)) for number, kind in enumerate(kinds)), offers_inside=True).mails
    assert (mail.to, mail.may_skip) == ("customer12@example.com", may_skip)


def noted(unit, order, kind, on, *, state="draft", to="customer12@example.com"):
    """Store a message about the order, in that state; return it."""
    key = f"{kind}:{order}:{on}"
    unit.notices.add(
        [NewNotice(shop="fern", order=order, kind=kind, key=key, to=to, facts={"on": on}, at=NOW, due=NOW)]
    )
    made = unit.notices.of_order("fern", order)[-1]
    unit.notices.settle([made], state)
    return replace(made, state=state)


def test_what_the_rules_must_know_of_the_past_is_read_from_the_books():
    with kept(item("mug", 2), order(1, line("mug", 5))) as shop, shop.books.write() as unit:
        noted(unit, "1", "waiting", "2026-12-05", state="sent")
        noted(unit, "2", "waiting", "2026-12-05", state="sent")
        drafts = [
            noted(unit, "1", "date_changed", "2026-12-09", to=" Customer12@Example.com"),
            noted(unit, "2", "ready", None),
            noted(unit, "3", "date_changed", "2026-12-09", to=None),
        ]
        for days in (1, 6, 8):
            unit.mails.handed(
                "fern", "customer12@example.com", message_id=f"<{days}@x>", now=NOW - timedelta(days=days)
            )
        unit.mails.stop("fern", "customer12@example.com", "marketing", why="asked", at=NOW)
        found = post_outlook.past_of(unit, unit.shops.get("fern"), drafts, NOW)
    assert found.mailed == {"customer12@example.com": (NOW - timedelta(days=6), NOW - timedelta(days=1))}
    assert found.stopped == {"customer12@example.com": {"marketing": "asked"}}
    assert {number: record and record.id for number, record in found.orders.items()} == {"1": "1", "2": None, "3": None}
    # Only where a new date is to be told does it matter which one was told last.
    assert found.told == {"1": "2026-12-05"}


KIND = st.sampled_from(["waiting", "ready", "date_changed", "still_on_time", "part_shipped", "offer", "delay_option"])
DRAFTS = st.lists(st.tuples(KIND, st.integers(1, 3), st.integers(-3000, 3000)), max_size=8)


def worked(drafts, **notices):
    """What a worker sends that looks at every instant at which something may have become due."""
    left, sent, mailed = list(drafts), [], []
    for step in range(14 * 24 * 12):
        now = NOON + step * timedelta(minutes=5)
        if not left:
            break
        if post_rules.is_quiet(now, "UTC", shop(**notices).policy.notices) or min(one.due_at for one in left) > now:
            continue
        recent = {"customer12@example.com": [one for one in mailed if one >= now - post_rules.WEEK]}
        found = post_rules.sort_out(
            shop(**notices), left, now=now, mailed=recent, stopped={}, orders=Standing(), told={}
        )
        sent += [(now, [part.id for part in parts]) for parts in found.mails]
        mailed += [now for _ in found.mails]
        later = {one.id: until for one, until in found.put_off}
        gone = {one.id for one, _ in found.dropped} | {part.id for parts in found.mails for part in parts}
        left = [replace(one, due_at=later.get(one.id, one.due_at)) for one in left if one.id not in gone]
    return sent


@examples(20)
@given(DRAFTS, st.integers(1, 3))
def test_the_outlook_is_what_the_worker_then_does(rows, cap):
    drafts = [
        draft(number, kind, str(order), due=NOON + minutes // 5 * timedelta(minutes=5), law="us_ftc_435")
        for number, (kind, order, minutes) in enumerate(rows, 1)
    ]
    seen = [(mail.at, [part.id for part in mail.parts]) for mail in look(*drafts, per_week=cap).mails]
    assert seen == worked(drafts, per_week=cap)
