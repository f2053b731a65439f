"""Twelve months of mail: the right one, on the right day, in the right language, none twice, every clock kept."""

from collections import Counter
from datetime import date, timedelta
from email.message import EmailMessage

import pytest

from core.messages.notices import LAW_KINDS
from core.messages.notices_past import would_have_been
from tests.core.shop_builders import kept
from tests.worker.months_of_mail import BOUNCES, PLACES, POLICY, WAYS, ZONE, Year

GREETINGS = {"en": "Hello", "de": "Guten Tag", "fr": "Bonjour", "es": "Hola", "ja": "様", "ar": "مرحبًا"}
WEEK = timedelta(days=7)
EVENTFUL = 1
"""The seed whose year is known to hold everything; what happens in the others is left to their dice."""
FREE = LAW_KINDS | {"waiting", "unexpected", "choices"}
SAID = {"waiting", "unexpected", "still_on_time", "date_changed", "part_shipped", "delay_option", "renewed_option"}


class Watcher:
    """Looks at the shop at every tick, and knows only what customers know: the mails that reached them."""

    def __init__(self):
        self.foreseen, self.wrong, self.late = None, [], []

    def __call__(self, year, text):
        got = {(at, to) for at, to, _ in year.sink.taken if at == year.now}
        # What the page said would leave until now, as of the tick before, when nothing happened between.
        if self.foreseen is not None:
            said = {(to) for at, to in self.foreseen if at <= year.now}
            if said - {BOUNCES} != {to for _, to in got}:
                self.wrong.append((year.now, said, got))
        self.foreseen = year.foresee() if text == ("03:00", "16:30")[year.now.day % 2] else None
        if text == "20:20":
            self.late += [(year.now, *one) for one in misled(year)]


def told(year, order):
    with year.kept.books.read() as unit:
        return [one for one in unit.notices.of_order("fern", order) if one.state == "sent"]


def misled(year):
    """Orders that wait, whose customers believe a date that is wrong by more than the shop's tolerance."""
    recent = Counter(to for at, to, _ in year.sink.taken if at > year.now - WEEK)
    for record in year.open_orders():
        who = record.snapshot.customer.email
        if not (record.plan and record.plan.backordered) or who == BOUNCES or recent[who] >= 3 or record.ending:
            continue
        dates = [one.facts["on"] for one in told(year, record.id) if one.kind in SAID]
        now = record.plan.completes_on
        believed = date.fromisoformat(dates[-1]) if dates and dates[-1] else None
        if not dates or (believed is None) != (now is None) or (now and abs((now - believed).days) > 2):
            yield record.id, dates, now


def mails_of(year):
    """Every mail with when and to whom it went, and the messages that it carried."""
    by_id = {message["Message-ID"]: (at, to, message) for at, to, message in year.sink.taken}
    carried = {}
    with year.kept.books.read() as unit:
        for number in range(year.number + 1):
            for one in unit.notices.of_order("fern", str(number)):
                if one.mail is not None:
                    carried.setdefault(unit.mails.get("fern", one.mail).message_id, []).append(one)
    return [(*by_id[key], parts) for key, parts in carried.items() if key in by_id]


@pytest.fixture(
    scope="module",
    params=[
        pytest.param((EVENTFUL, 365), id="a year"),
        *(pytest.param((seed, 730), id=f"seed {seed}", marks=pytest.mark.soak) for seed in range(2, 8)),
    ],
)
def lived(request):
    seed, days = request.param
    watcher = Watcher()
    with kept(**POLICY) as shop:
        year = Year(shop, seed).run(days, watcher)
        yield year, watcher, mails_of(year)


def test_enough_happened_to_tell(lived):
    year, _, mails = lived
    kinds = Counter(part.kind for *_, parts in mails for part in parts)
    assert {"waiting", "ready"} <= set(kinds)
    if year.seed != EVENTFUL:
        return
    assert {
        "waiting",
        "still_on_time",
        "date_changed",
        "ready",
        "part_shipped",
        "delay_option",
        "renewed_option",
        "cancelled",
    } <= set(kinds)
    assert len(mails) > 100


def test_no_mail_leaves_in_quiet_hours_or_goes_to_who_bounced(lived):
    year, _, _ = lived
    assert [at for at, _, _ in year.sink.taken if not 8 <= at.astimezone(ZONE).hour < 21] == []
    with year.kept.books.read() as unit:
        stops = unit.mails.stopped("fern", BOUNCES)
        tries = sum(
            one.state == "failed"
            for number in range(year.number + 1)
            for one in unit.notices.of_order("fern", str(number))
        )
    assert list(stops) == ["all"] * bool(tries)
    assert tries <= 2
    assert tries or year.seed != EVENTFUL


def test_everyone_is_written_to_in_their_language(lived):
    year, _, _ = lived
    for _, to, message in year.sink.taken:
        locale, _ = PLACES[int(to[1:].partition("@")[0]) % len(PLACES)]
        language = (locale or "en")[:2]
        assert message["Content-Language"] == language
        assert GREETINGS[language] in message.get_body(("plain",)).get_content()
        assert isinstance(message, EmailMessage)
        assert message["Auto-Submitted"] == "auto-generated"


def test_nothing_is_said_twice(lived):
    year, _, mails = lived
    assert max(Counter(message["Message-ID"] for _, _, message in year.sink.taken).values()) == 1
    said = Counter(
        (to, part.order, part.kind, str(part.facts))
        for _, to, _, parts in mails
        for part in parts
        if part.kind != "still_on_time"
    )
    assert [one for one, times in said.items() if times > 1] == []
    moments = Counter((at, to) for at, to, _ in year.sink.taken)
    assert max(moments.values()) == 1


def test_the_weekly_limit_holds_for_all_that_may_wait(lived):
    _, _, mails = lived
    for at, to, _, parts in mails:
        before = sum(1 for other, whom, *_ in mails if whom == to and at - WEEK < other < at)
        assert before < 3 or any(part.kind in FREE for part in parts), (at, to)


def test_whoever_waits_knows_the_date_that_we_believe(lived):
    _, watcher, _ = lived
    assert watcher.late == []


def test_a_new_date_is_told_against_the_one_told_before(lived):
    _, _, mails = lived
    last = {}
    for at, _, _, parts in sorted(mails, key=lambda one: one[0]):
        for part in parts:
            if part.kind == "date_changed":
                assert part.facts["was"] == last[part.order], (at, part.order)
                assert part.facts["on"] != part.facts["was"]
            if part.kind in SAID:
                last[part.order] = part.facts["on"]


def test_what_the_page_said_would_leave_is_what_left(lived):
    _, watcher, _ = lived
    assert watcher.wrong == []


def test_an_order_that_has_ended_brings_no_more_mail(lived):
    year, _, mails = lived
    with year.kept.books.read() as unit:
        for at, _, _, parts in mails:
            for part in parts:
                seen = unit.orders.get("fern", part.order).snapshot
                assert seen.status == "open" or at <= seen.version or part.kind == "cancelled", (at, part)


def test_every_clock_is_kept(lived):
    year, _, mails = lived
    asked = {
        (part.order, part.facts["law"]): at
        for at, _, _, parts in sorted(mails, key=lambda one: one[0], reverse=True)
        for part in parts
        if part.kind == "delay_option"
    }
    ends = Counter()
    with year.kept.books.read() as unit:
        for number in range(year.number + 1):
            record = unit.orders.get("fern", str(number))
            for case in unit.laws.of_orders("fern", [str(number)]).get(str(number), ()):
                way = WAYS[int(record.snapshot.customer.id[1:]) % len(WAYS)]
                moves = [edge for law, edge in unit.laws.edges("fern", case.order) if law == case.law]
                ends[case.law, way, str(case.state)] += 1
                if record.snapshot.customer.email == BOUNCES:
                    continue
                asks = [edge.on for edge in moves if edge.after == "notice_sent"]
                if asks:
                    # The question went out before the limit, and the mail is there to prove it.
                    assert asks[0] <= case.ship_by or case.late_adopted, case
                    assert asked[case.order, case.law].astimezone(ZONE).date() == asks[0]
                for edge in moves:
                    # Nobody who was asked in time loses the order by our silence, only by their own.
                    assert edge.after != "lapsed" or asks, (case, moves)
    assert ends
    assert year.seed != EVENTFUL or any(
        law == "us_ftc_435" and way == "ignores" and state in {"refund_due", "refunded"} for law, way, state in ends
    )


def test_the_log_played_back_tells_what_was_drafted(lived):
    year, _, _ = lived
    with year.kept.books.read() as unit:
        log, cursor = [], None
        while True:
            page = unit.audit.page("fern", what="decided", cursor=cursor, limit=500)
            log, cursor = [*log, *page.items], page.next
            if cursor is None:
                break
        rules = unit.shops.get("fern").policy.notices
        made = Counter((one.kind, one.order) for number in range(year.number + 1) for one in unit.notices.of_order("fern", str(number))
                       if one.kind in {"waiting", "unexpected", "date_changed", "ready"})  # fmt: skip
    back = Counter(
        (one.kind, one.order)
        for one in would_have_been(reversed(log), rules, since=log[-1].at, until=log[0].at)
        if one.kind != "still_on_time"
    )
    off = sum(((made - back) + (back - made)).values())
    assert off <= sum(made.values()) * 0.02, (made - back, back - made)
