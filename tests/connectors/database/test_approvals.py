"""Approvals under way: each answered once, taken once, and forgotten with its keys when its time is over."""

from datetime import timedelta

import pytest

from core.access.approvals import Approval


@pytest.fixture
def begun(kept, make):
    approval = Approval(
        state="s1", browser="b", platform="woocommerce", address="https://birch.example.com",
        expires_at=make.now + timedelta(minutes=20),
    )  # fmt: skip
    with kept.write() as unit:
        assert unit.approvals.begin(approval, now=make.now, most=2)
    return approval


def test_an_approval_is_answered_once_and_taken_once(kept, begun, make):
    with kept.write() as unit:
        assert unit.approvals.answer("s1", now=make.now).address == begun.address
        assert unit.approvals.answer("s1", now=make.now) is None
        unit.approvals.keep("s1", {"consumer_key": "ck"})
    with kept.write() as unit:
        assert unit.approvals.take("s1", now=make.now).credentials == {"consumer_key": "ck"}
        assert unit.approvals.take("s1", now=make.now) is None


def test_why_it_failed_is_told_to_the_browser_that_began(kept, begun, make):
    with kept.write() as unit:
        unit.approvals.refuse("s1", "The key may not write.")
        assert unit.approvals.problem_of("b", now=make.now) == "The key may not write."
        assert unit.approvals.problem_of("another", now=make.now) is None


def test_what_is_too_old_is_neither_answered_nor_taken_and_makes_room(kept, begun, make):
    later = begun.expires_at
    with kept.write() as unit:
        assert unit.approvals.answer("s1", now=later) is None
        assert unit.approvals.begin(begun, now=later, most=1)
        assert not unit.approvals.begin(begun, now=make.now, most=1)
        assert unit.approvals.take("s1", now=later) is None
