"""Deliveries that come at the same moment share a commit, and nobody is answered before it ended."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace

import pytest

from connectors.database.group_commit import MOST, GroupCommit
from connectors.database.inbox import packed
from core.errors import Unavailable
from core.ports.inbox import Letter


@pytest.fixture
def letter(make):
    def writing(key, *, shop="fern", body=b"{}"):
        return Letter(shop=shop, platform="shopify", topic="orders/updated", key=str(key), body=body, at=make.now)

    return writing


@pytest.fixture(params=["among the deliveries", "aside"])
def counted(request, kept):
    """Group commits of these books, and how many letters each transaction of theirs held."""
    # PostgreSQL keeps nothing aside.
    aside = request.param == "aside" and kept._letterbox
    sizes, gate = [], threading.Event()
    gate.set()

    @contextmanager
    def write():
        gate.wait(60)
        with (kept._letterbox.open if aside else kept._inbox)() as where:
            before = stored(kept)
            yield where
        sizes.append(stored(kept) - before)

    commits = GroupCommit(write)
    return commits, sizes, gate


def stored(books):
    with books.read() as unit:
        return sum(unit.inbox.counts(shop.id)["new"] for shop in unit.shops.all())


def at_once(work, arguments):
    with ThreadPoolExecutor(len(arguments)) as pool:
        return [job.exception() for job in [pool.submit(work, argument) for argument in arguments]]


def test_a_letter_is_durable_when_its_writer_is_answered(kept, letter, take):
    kept.write_down(letter("k1", body=b'{"id": 7}'))
    kept.empty_letterbox()
    (delivery,), _ = take()
    assert (delivery.key, delivery.topic, delivery.body) == ("k1", "orders/updated", b'{"id": 7}')


def test_letters_that_come_while_somebody_else_writes_are_all_kept_in_one_transaction(counted, kept, letter):
    commits, sizes, gate = counted
    gate.clear()
    threads = [threading.Thread(target=commits.add, args=[letter(number)]) for number in range(30)]
    for thread in threads:
        thread.start()
    while len(commits._line) < len(threads):
        time.sleep(0.001)
    gate.set()
    for thread in threads:
        thread.join(30)
    assert stored(kept) == 30
    assert sizes == [30]


def test_more_letters_than_one_transaction_takes_are_written_in_several(counted, kept, letter):
    commits, sizes, _ = counted
    assert at_once(commits.add, [letter(number) for number in range(MOST + 20)]) == [None] * (MOST + 20)
    assert stored(kept) == MOST + 20
    assert max(sizes) <= MOST


def test_a_letter_that_comes_twice_is_kept_once_as_it_first_came(kept, letter, take):
    for body in (b"first", b"second"):
        kept.write_down(letter("k1", body=body))
    assert at_once(kept.write_down, [letter("k1")] * 8) == [None] * 8
    kept.empty_letterbox()
    assert [delivery.body for delivery in take()[0]] == [b"first"]


def waiting_together(commits, gate, letters):
    """Hand the letters in while a commit cannot end; return what became of each."""
    gate.clear()
    with ThreadPoolExecutor(len(letters)) as pool:
        jobs = [pool.submit(commits.add, letter) for letter in letters]
        gate.set()
    return jobs


def test_a_letter_to_an_unknown_shop_takes_no_other_with_it(counted, kept, letter):
    commits, _, gate = counted
    letters = [letter(number, shop="nobody" if number == 3 else "fern.myshopify.com") for number in range(6)]
    shops = [job.result() for job in waiting_together(commits, gate, letters)]
    assert [number for number, shop in enumerate(shops) if shop is None] == [3]
    assert stored(kept) == 5


def test_a_letter_that_cannot_be_stored_takes_no_other_with_it(counted, kept, letter):
    commits, _, gate = counted
    letters = [letter(number) for number in range(6)]
    letters[3] = replace(letters[3], at=letters[3].at.replace(tzinfo=None))
    problems = [job.exception() for job in waiting_together(commits, gate, letters)]
    assert [number for number, problem in enumerate(problems) if problem] == [3]
    assert stored(kept) == 5


def test_all_who_wait_are_told_when_the_database_is_away(letter):
    @contextmanager
    def away():
        raise Unavailable("the database cannot be used now")
        yield

    commits = GroupCommit(away)
    for _ in range(2):
        told = at_once(commits.add, [letter(number) for number in range(8)])
        assert [type(problem) for problem in told] == [Unavailable] * 8


def test_of_letters_to_a_shop_that_was_left_only_a_last_wish_is_kept(kept, letter, take):
    with kept.write() as unit:
        unit.shops.save(replace(unit.shops.get("fern"), state="uninstalled", subscribed_at=None))
    assert [kept.write_down(one).left for one in (letter("k1"), replace(letter("k2"), last_wish=True))] == [True, True]
    kept.empty_letterbox()
    assert [delivery.key for delivery in take()[0]] == ["k2"]


def test_a_letter_under_a_name_of_another_platforms_shop_is_for_nobody(kept, letter):
    assert kept.write_down(replace(letter("k1"), platform="woocommerce")) is None
    assert stored(kept) == 0


def test_two_processes_writing_the_same_letters_in_opposite_order_do_not_wait_crosswise(kept, letter):
    letters = [letter(number) for number in range(200)]

    def write_all(order):
        with kept.write() as unit:
            unit.inbox.accept([packed(one) for one in order])

    assert at_once(write_all, [letters, letters[::-1]] * 2) == [None] * 4
    assert stored(kept) == 200
