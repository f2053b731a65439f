"""Mails: queued once by their Message-ID, leased with a fence, settled once; and addresses that get none."""

from datetime import timedelta

import pytest

from core.ports.clockwork import LeaseLost
from core.records import NewNotice

MINUTE = timedelta(minutes=1)


@pytest.fixture
def queue(kept, make):
    def queueing(message_id="<1@x>", to="customer12@example.com", *, after=0, shop="fern"):
        heads = {"message_id": message_id, "sender": "Shop", "reply_to": "help@example.com"}
        with kept.write() as unit:
            return unit.mails.add(shop, to, make.worded(), headers=heads, now=make.now + after * MINUTE)

    return queueing


@pytest.fixture
def claim(kept, make):
    def claiming(after=0):
        with kept.write() as unit:
            return unit.mails.claim(now=make.now + after * MINUTE, lease=MINUTE)

    return claiming


def test_a_mail_comes_back_as_it_was_queued_and_once_only(queue, claim, make):
    assert queue() is not None
    assert queue() is None
    mail = claim()
    assert (mail.to, mail.subject, mail.text, mail.reply_to) == (
        "customer12@example.com",
        "Later",
        "Dear customer",
        "help@example.com",
    )
    assert (mail.attempts, mail.fence, mail.created_at) == (1, 1, make.now)
    assert len(mail.content_hash) == 64
    assert claim() is None


def test_a_lease_that_ran_out_is_free_and_its_holder_can_settle_nothing(kept, queue, claim, make):
    queue()
    lost, taken = claim(), claim(after=2)
    with pytest.raises(LeaseLost), kept.write() as unit:
        unit.mails.sent(lost, now=make.now)
    with kept.write() as unit:
        unit.mails.sent(taken, now=make.now)
        assert unit.mails.get("fern", taken.id).state == "sent"
    assert claim(after=9) is None


def test_a_mail_put_back_waits_for_its_time(kept, queue, claim, make):
    queue()
    with kept.write() as unit:
        mail = claim_in(unit, make)
        assert unit.census.mails_put_back() == {}
        unit.mails.retry(mail, at=make.now + 5 * MINUTE, error="busy")
        assert unit.census.mails_put_back() == {"fern": 1}
        assert unit.mails.next_due() == make.now + 5 * MINUTE
    assert claim(after=4) is None
    assert claim(after=5).attempts == 2


def claim_in(unit, make):
    return unit.mails.claim(now=make.now, lease=MINUTE)


def test_a_mail_that_failed_does_not_count_as_one_the_customer_got(kept, queue, make):
    queue("<1@x>")
    queue("<2@x>", after=3, to="CUSTOMER12@example.com ")
    queue("<3@x>", after=4, to="other@example.com")
    with kept.write() as unit:
        unit.mails.fail(claim_in(unit, make), error="no such address")
        for since in (0, 3):
            found = unit.mails.times("fern", "customer12@example.com", since=make.now + since * MINUTE)
            assert found == (make.now + 3 * MINUTE,)


def test_mails_that_wait_are_withdrawn_from_one_shop_and_come_back_from_no_server(kept, queue, make):
    left = queue("<0@x>")
    with kept.write() as unit:
        unit.mails.sent(unit.mails.claim(now=make.now, lease=MINUTE), now=make.now)
    waits, theirs = queue("<1@x>"), queue("<2@x>", shop="moss")
    with kept.write() as unit:
        assert unit.mails.get("moss", waits) is None
        unit.mails.came_back(unit.mails.get("fern", waits), error="it was never sent")
        assert unit.mails.get("fern", waits).state == "pending"
        assert unit.mails.withdraw("fern") == (waits,)
        assert unit.mails.get("fern", left).state == "sent"
        assert unit.mails.get("moss", theirs).state == "pending"


def test_an_address_can_be_stopped_in_whole_or_for_marketing(kept, make):
    with kept.write() as unit:
        unit.mails.stop("fern", " Customer12@Example.com", "marketing", why="asked", at=make.now)
        unit.mails.stop("fern", "customer12@example.com", "all", why="bounced", at=make.now)
        assert unit.mails.stopped("fern", "customer12@example.com") == {"all": "bounced", "marketing": "asked"}
        assert unit.mails.stopped("fern", "CUSTOMER12@example.com ").keys() == {"all", "marketing"}
        assert unit.mails.resume("fern", "customer12@example.com")
        assert unit.mails.stopped("fern", "customer12@example.com") == {"marketing": "asked"}, "it was their own wish"
        assert unit.mails.stopped("moss", "customer12@example.com") == {}


def test_addresses_that_bounced_are_found_as_they_were_asked_for(kept, make):
    with kept.write() as unit:
        unit.mails.stop("fern", "a@example.com", "all", why="bounced", at=make.now)
        unit.mails.stop("fern", "b@example.com", "marketing", why="asked", at=make.now)
        assert unit.mails.bounced("fern", ["A@example.com", "b@example.com"]) == {"A@example.com": "bounced"}


def test_cases_wake_and_their_moves_are_kept_in_order(kept, make):
    step = make.law_case()
    with kept.write() as unit:
        unit.laws.put("fern", step.case, wakes_at=make.now)
        unit.laws.log("fern", step.case, step.edges, at=make.now)
        assert unit.laws.of_orders("fern", ["1", "2"]) == {"1": (step.case,)}
        assert unit.laws.due(make.now - MINUTE) == ()
        assert unit.laws.due(make.now) == (("fern", "1"),)
        assert unit.laws.edges("fern", "1") == (("us_ftc_435", step.edges[0]),)
        assert unit.laws.period("fern", make.day, make.day) == (("1", "us_ftc_435", step.edges[0]),)
        assert unit.laws.period("fern", make.day + timedelta(days=1), make.day + timedelta(days=9)) == ()


def test_drafts_get_their_words_and_an_end(kept, make):
    with kept.write() as unit:
        unit.notices.add([NewNotice(shop="fern", order="1", kind="ready", key="a", to="c@example.com", at=make.now,
                         facts={"lines": [1]}, due=make.now + MINUTE)])  # fmt: skip
        (draft,) = unit.notices.drafts("fern")
        assert (draft.facts, draft.due_at) == ({"lines": [1]}, make.now + MINUTE)
        unit.notices.word(draft, subject="Ready", body="It is here.")
        unit.notices.settle([draft], "sent", mail=7)
        assert unit.notices.drafts("fern") == ()
        (sent,) = unit.notices.of_mail("fern", 7)
        assert (sent.subject, sent.body, sent.state) == ("Ready", "It is here.", "sent")
