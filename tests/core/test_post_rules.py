"""Which drafts leave, together or never."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core.messages import notices, post_rules
from core.policy.reading import merge
from core.policy.shop_policy import Notices
from core.records import NoticeRecord, Shop
from tests.pages import builders as orders

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def shop(**notices):
    made = Shop(
        id="fern",
        platform="shopify",
        domain="d",
        origin="o",
        name="Fern",
        currency="EUR",
        timezone="UTC",
        connected_at=NOON,
    )
    given = {"enabled": True, "wording_seen": True, **notices}
    return replace(made, policy=merge(made.policy, {"mode": "act", "notices": given}))


def draft(id, kind="waiting", order="1", to="customer12@example.com", *, age=20, due=None, **facts):
    at = NOON - age * MINUTE
    return NoticeRecord(id=id, shop="fern", order=order, kind=kind, key=str(id), to=to, subject="", body="", state="draft", created_at=at,
                        due_at=at + 15 * MINUTE if due is None else due, facts=facts)  # fmt: skip


class Standing(dict):
    """Every order waits, whatever its id."""

    def __missing__(self, order):
        return orders.order(order, orders.line("a", "mug", 8, on_hand=0 if order.isdigit() else 8))


def sort(*drafts, mailed=(), stopped=(), **notices):
    found = post_rules.sort_out(
        shop(**notices), drafts, now=NOON, mailed={"customer12@example.com": [NOON] * len(mailed) or list(mailed)},
        stopped={"customer12@example.com": dict(stopped)}, orders=Standing(), told={},
    )  # fmt: skip
    return [[part.id for part in parts] for parts in found.mails], [(row.id, why) for row, why in found.dropped]


def test_messages_to_one_customer_about_several_orders_are_one_mail():
    assert sort(
        draft(1), draft(2, order="2", to=" Customer12@Example.com"), draft(3, order="3", to="b@example.com")
    ) == ([[1, 2], [3]], [])


def test_nothing_leaves_before_its_window_is_over():
    assert sort(draft(1, age=5)) == ([], [])


def test_only_the_newest_word_on_where_an_order_stands_leaves():
    newer = "a newer message took its place"
    assert sort(draft(1), draft(2, "date_changed"), draft(3, "date_changed"), draft(4, "part_shipped")) == (
        [[3, 4]],
        [(1, newer), (2, newer)],
    )


def test_an_offer_goes_inside_the_mail_about_the_order_where_wanted_but_never_beside_what_a_law_asks_for():
    assert sort(draft(1), draft(2, "offer"), offers_inside=True) == ([[1, 2]], [])
    assert sort(draft(1, "delay_option"), draft(2, "offer"), offers_inside=True) == ([[1], [2]], [])
    assert sort(draft(1), draft(2, "offer"), offers_inside=True, stopped={"marketing": "asked"}) == (
        [[1]],
        [(2, "the customer does not want offers")],
    )


@pytest.mark.parametrize(("rules", "agreed", "told"), [
    ({}, None, False), ({"offers": True}, None, True), ({"offers": True}, False, True),
    ({"offers": True, "offers_agreed": True}, None, False), ({"offers": True, "offers_agreed": True}, False, False),
    ({"offers": True, "offers_agreed": True}, True, True), ({"offers": True, "enabled": False}, True, False),
])  # fmt: skip
def test_a_code_is_told_by_mail_on_the_merchants_word_and_the_customers_where_that_is_asked_for(rules, agreed, told):
    record = orders.order("1", orders.line("a", "mug", 8))
    customer = replace(record.snapshot.customer, agreed=agreed)
    record = replace(record, snapshot=replace(record.snapshot, customer=customer))
    assert notices.may_tell_of_offer(shop(**rules), record) is told


def test_an_offer_goes_by_itself_and_not_to_who_declined():
    assert sort(draft(1), draft(2, "offer")) == ([[1], [2]], [])
    assert sort(draft(1), draft(2, "offer"), stopped={"marketing": "asked"}) == (
        [[1]],
        [(2, "the customer does not want offers")],
    )


def test_an_address_that_bounced_gets_nothing():
    assert sort(draft(1), draft(2, "delay_option"), stopped={"all": "550"})[0] == []


def test_the_cap_holds_back_all_but_the_first_message_and_what_a_law_asks():
    drafts = [
        draft(1, "still_on_time"),
        draft(2, "waiting", "2"),
        draft(3, "delay_option", "3", law="us_ftc_435"),
        draft(4, "ready", "r"),
    ]
    assert sort(*drafts, mailed=[NOON] * 3) == ([[2, 3]], [])


def test_what_the_cap_holds_back_waits_until_the_oldest_mail_that_counts_is_a_week_old():
    mailed = {"customer12@example.com": [NOON - timedelta(days=age) for age in (6, 5, 2, 1)]}
    found = post_rules.sort_out(
        shop(), [draft(1, "still_on_time")], now=NOON, mailed=mailed, stopped={}, orders=Standing(), told={}
    )
    assert [(row.id, until) for row, until in found.put_off] == [(1, NOON + timedelta(days=2))]


def test_only_the_newest_delay_notice_of_a_law_leaves():
    found = sort(
        draft(1, "delay_option", law="us_ftc_435"),
        draft(2, "delay_option", law="us_ftc_435"),
        draft(3, "delay_option", law="eu_2011_83"),
    )
    assert found[0] == [[2, 3]]


def test_old_news_is_no_news():
    assert sort(draft(1, "still_on_time", age=60 * 24 * 4)) == ([], [(1, "it waited too long to be news")])


def test_a_new_date_is_told_against_the_one_that_the_customer_knows_or_not_at_all():
    drafts = [
        draft(1, "date_changed", was="2026-12-05", on="2026-12-09"),
        draft(2, "date_changed", "2", was="2026-12-05", on="2026-12-01"),
    ]
    told = {"1": "2026-12-01", "2": "2026-12-01"}
    found = post_rules.sort_out(shop(), drafts, now=NOON, mailed={}, stopped={}, orders=Standing(), told=told)
    assert [part.facts["was"] for parts in found.mails for part in parts] == ["2026-12-01"]
    assert [(one.id, why) for one, why in found.dropped] == [(2, "the customer knows this date already")]


def test_a_customer_believes_the_date_of_every_message_that_left_and_tells_one():
    left = [
        replace(draft(number, kind, on=f"2026-12-0{number}"), state=state)
        for number, (kind, state) in enumerate(
            [
                ("waiting", "sent"),
                ("date_changed", "skipped"),
                ("ready", "sent"),
                ("delay_option", "sent"),
                ("part_shipped", "draft"),
            ],
            1,
        )
    ]
    left.append(replace(draft(6, "date_changed", on=None), state="sent"))
    assert post_rules.believed(left) == ("2026-12-01", "2026-12-04", None)
    assert post_rules.believed([]) == ()


@pytest.mark.parametrize("kind", ["waiting", "date_changed"])
def test_a_laws_question_tells_the_new_date_by_itself(kind):
    drafts = (
        draft(1, "delay_option", law="us_ftc_435", on="2026-12-09"),
        draft(2, kind, was="2026-12-01", on="2026-12-09"),
    )
    assert sort(*drafts) == ([[1]], [(2, "the question that a law asks says the new date")])
    assert sort(drafts[0], draft(2, kind, was="2026-12-01", on="2026-12-10")) == ([[1, 2]], [])


def test_a_new_date_that_the_cap_held_back_is_still_told():
    assert sort(draft(1, "date_changed", age=6 * 24 * 60, was="2026-12-05", on="2026-12-09")) == ([[1]], [])


def test_without_an_address_nothing_leaves():
    assert sort(draft(1, to=None)) == ([], [(1, "the shop gave no address")])


@pytest.mark.parametrize(
    ("zone", "hour", "quiet", "ends"),
    [
        ("UTC", 20, False, 20),
        ("UTC", 21, True, 32),
        ("UTC", 3, True, 8),
        ("UTC", 8, False, 8),
        ("Asia/Tokyo", 12, True, 23),
        ("Asia/Tokyo", 23, False, 23),
    ],
)
def test_quiet_hours_are_those_of_the_shop(zone, hour, quiet, ends):
    at = datetime(2026, 11, 25, hour, tzinfo=UTC)
    assert post_rules.is_quiet(at, zone, Notices()) == quiet
    assert post_rules.quiet_ends(at, zone, Notices()) == datetime(2026, 11, 25, tzinfo=UTC) + timedelta(hours=ends)


def test_equal_hours_are_no_quiet_time():
    assert not any(
        post_rules.is_quiet(NOON + timedelta(hours=n), "UTC", Notices(quiet_from=5, quiet_until=5)) for n in range(24)
    )
    for until, quiet in ((13, True), (12, False)):
        assert post_rules.is_quiet(NOON, "UTC", Notices(quiet_from=11, quiet_until=until)) == quiet


@pytest.mark.parametrize(
    ("changed", "ready", "why"),
    [
        ({}, True, None),
        ({}, False, "No mail server"),
        ({"paused": True}, True, "paused"),
        ({"wording_seen": False}, True, "not approved"),
    ],
)
def test_nothing_leaves_before_the_merchant_says_so(changed, ready, why):
    told = post_rules.may_leave(shop(**changed), ready=ready)
    assert (why in told) if why else told is None


def test_a_shop_that_is_observed_sends_nothing():
    made = shop()
    assert "only observed" in post_rules.may_leave(
        replace(made, policy=merge(made.policy, {"mode": "observe"})), ready=True
    )


WAITING = orders.order("1", orders.line("a", "mug", 8, on_hand=5))
HERE = orders.order("1", orders.line("a", "mug", 8, on_hand=8))
SHIPPED = orders.order("1", orders.line("a", "mug", 8, shipped=8))
CANCELLED = orders.order("1", orders.line("a", "mug", 8, cancelled=8), status="cancelled")
RECORDED = {"fulfil": "create", "parcels": {"notify_customer": True}}
ENDED, OVER = "the order has ended, and the shop tells of that itself", "nothing of the order waits any more"
PARCELS = "the shop writes about its parcels itself"
STATES = {"waits": WAITING, "all here": HERE, "shipped": SHIPPED, "cancelled": CANCELLED, "gone": None}


# Every kind of ours, against what the shop writes by itself: its order's end, its parcels, its refunds.
@pytest.mark.parametrize(
    ("kind", "policy", "leaves"),
    [
        ("waiting", {}, {"waits": None, "all here": OVER, "shipped": ENDED, "cancelled": ENDED, "gone": ENDED}),
        ("unexpected", {}, {"waits": None, "all here": OVER, "cancelled": ENDED}),
        ("still_on_time", {}, {"waits": None, "all here": OVER, "cancelled": ENDED}),
        ("date_changed", {}, {"waits": None, "all here": OVER, "cancelled": ENDED}),
        ("ready", {}, {"waits": "something of the order waits again", "all here": None, "shipped": ENDED, "cancelled": ENDED}),
        ("ready", RECORDED, {"all here": PARCELS}),
        ("ready", {**RECORDED, "parcels": {"notify_customer": False}}, {"all here": None}),
        ("ready", {**RECORDED, "fulfil": "hold_and_release"}, {"all here": None}),
        ("part_shipped", {}, {"waits": None, "all here": None, "shipped": ENDED, "cancelled": ENDED}),
        ("part_shipped", RECORDED, {"waits": PARCELS}),
        ("choices", {}, {"waits": None, "cancelled": ENDED}),
        ("delay_option", {}, {"waits": None, "all here": None, "shipped": ENDED, "cancelled": ENDED}),
        ("renewed_option", {}, {"waits": None, "shipped": ENDED}),
        ("offer", {}, {"waits": None, "shipped": None, "cancelled": "the order was cancelled"}),
        ("cancelled", {}, {"waits": None, "cancelled": None, "gone": None}),
        ("cancelled", RECORDED, {"cancelled": None}),
        ("date_changed", {"notices": {"off": ["date_changed"]}}, {"waits": "messages of this kind are switched off"}),
    ],
)  # fmt: skip
def test_nothing_leaves_that_the_shop_says_itself_or_that_is_no_longer_so(kind, policy, leaves):
    made = replace(shop(), policy=merge(shop().policy, policy))
    assert {state: post_rules.overtaken(kind, made, STATES[state]) for state in leaves} == leaves


@pytest.mark.parametrize(
    ("by", "address", "ready", "notices", "shop_writes"),
    [
        ("law", "a@example.com", True, {}, False),
        ("law", "a@example.com", False, {}, True),
        ("law", None, True, {}, True),
        ("law", "a@example.com", True, {"paused": True}, True),
        ("law", "a@example.com", True, {"wording_seen": False}, True),
        ("customer", "a@example.com", True, {}, True),
        ("person", "a@example.com", True, {}, True),
        ("policy", "a@example.com", True, {}, True),
    ],
)
def test_of_an_end_exactly_one_of_the_shop_and_us_writes(by, address, ready, notices, shop_writes):
    made = shop(**notices)
    assert post_rules.shop_tells_of_end(by, made, address, ready=ready) == shop_writes
    silent = replace(made, policy=merge(made.policy, {"cancelling": {"notify_customer": False}}))
    assert not post_rules.shop_tells_of_end(by, silent, address, ready=ready)
