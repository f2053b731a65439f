"""What is asked for under one key is taken once, answered again, and freed when nobody answers."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from core.ports.replies import KEPT, Reply

DONE = Reply(fingerprint="f", status=202, body='{"ok": "ünd"}', location="/here")


@pytest.fixture
def ask(kept, make):
    """Claim a key `after` seconds; None: it is ours."""

    def asking(key="k", after=0, **fields):
        with kept.write() as unit:
            now = make.now + timedelta(seconds=after)
            return unit.replies.claim(make.asked(key, after=after, **fields), now=now)

    return asking


def keep(kept, asked, reply=DONE):
    with kept.write() as unit:
        return unit.replies.keep(asked, reply, order="1")


def test_a_key_is_taken_once_and_answered_as_it_was(kept, ask, make):
    assert ask() is None
    assert ask(after=1, fingerprint="other") == Reply(fingerprint="f")
    assert keep(kept, make.asked())
    assert ask(after=2) == DONE


@pytest.mark.parametrize("other", [{"token": "another"}, {"route": "POST /incoming"}, {"shop": "moss"}, {"key": "K"}])
def test_another_asker_place_or_key_is_another_thing_with_an_answer_of_its_own(kept, ask, make, other):
    assert ask() is None
    assert ask(**other) is None
    assert keep(kept, make.asked())
    assert (ask(after=1), ask(after=1, **other)) == (DONE, Reply(fingerprint="f"))


def test_a_key_that_is_not_answered_in_its_time_is_free_and_the_late_answer_is_refused(kept, ask, make):
    ask()
    assert ask(after=59) is not None
    assert ask(after=60) is None
    assert not keep(kept, make.asked())
    assert keep(kept, make.asked(after=60))
    assert not keep(kept, make.asked(after=60))


def test_a_key_that_was_refused_is_free_and_one_that_was_answered_is_not(kept, ask, make):
    ask()
    with kept.write() as unit:
        unit.replies.drop(make.asked())
    assert ask(after=1) is None
    keep(kept, make.asked(after=1))
    with kept.write() as unit:
        unit.replies.drop(make.asked(after=1))
    assert ask(after=2) == DONE


def test_an_answer_is_given_for_a_day_and_then_forgotten(kept, ask, make):
    ask()
    keep(kept, make.asked())
    assert ask(after=KEPT.total_seconds() - 1) == DONE
    with kept.write() as unit:
        assert unit.replies.forget(make.now) == 0
        assert unit.replies.forget(make.now + make.second) == 1
    assert ask(after=KEPT.total_seconds()) is None


def test_an_answer_goes_with_the_customer_of_its_order_and_its_key_stays_taken(kept, ask, make, put):
    put(make.order("1"))
    ask()
    keep(kept, make.asked())
    with kept.write() as unit:
        unit.orders.redact("fern", ["1"], None, None)
    assert ask(after=1) == Reply(fingerprint="f", status=202, body=None, location="/here")


def test_of_many_who_ask_at_once_one_takes_the_key(ask):
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda number: ask(after=number), range(4)))
    assert [answer for answer in answers if answer is None] == [None]
