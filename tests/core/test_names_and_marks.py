"""What we recognise by a name or a digest: our codes and tags, a token, the words of a mail that left."""

from dataclasses import replace

import pytest

from core.access.people import digest
from core.codes import ours
from core.dates.promise_ranges import PromiseRange, on_day
from core.desired_state.our_tags import is_ours
from core.errors import PayloadChanged, RateLimited
from core.messages.correspondence import MailRecord
from core.messages.post_rules import is_switchable
from core.messages.wording import Wording, effective
from core.money import major, minor
from core.records.finding import Claims, Demanded
from tests.core.shop_builders import NOW, in_days, shop

MAIL = MailRecord(id=1, shop="fern", to="customer12@example.com", language="en", subject="Late", text="a", html="b",
                  message_id="<1@example.com>", reply_to=None, sender="", unsubscribe=None, state="sent", created_at=NOW,
                  next_at=NOW)  # fmt: skip


def test_codes_are_ours_however_they_were_typed():
    assert ours([" SORRY-2 ", "sorry-1", "Sorry-1", "WELCOME"]) == ("sorry-1", "sorry-2")


@pytest.mark.parametrize(
    ("tag", "is_one"), [("backorder", True), ("backorder-waiting", True), ("backordered", False), ("vip", False)]
)
def test_tags_are_ours_by_their_whole_prefix(tag, is_one):
    assert is_ours(tag) is is_one


def test_any_text_has_one_digest():
    assert digest("a") == "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"
    assert digest("\ud800") != digest("a")


@pytest.mark.parametrize("change", [{"subject": "Later"}, {"text": "c"}, {"html": "c"}])
def test_the_evidence_of_a_mail_changes_with_each_of_its_words(change):
    assert MAIL.content_hash == replace(MAIL, to="customer13@example.com").content_hash
    assert MAIL.content_hash != replace(MAIL, **change).content_hash


@pytest.mark.parametrize("amount", ["many", "NaN", "Infinity", ""])
def test_what_is_no_amount_is_named(amount):
    with pytest.raises(PayloadChanged, match=f"not an amount of money: '{amount}'"):
        minor(amount, "EUR")


@pytest.mark.parametrize(
    ("amount", "currency", "units", "text"),
    [
        ("12.50", "EUR", 1250, "12.50"), ("0.125", "EUR", 13, "0.13"), ("-0.125", "EUR", -13, "-0.13"),
        ("1200", "JPY", 1200, "1200"), ("12.5", "JPY", 13, "13"), ("1.2345", "KWD", 1235, "1.235"), (0.1, "USD", 10, "0.10"),
    ],
)  # fmt: skip
def test_money_is_kept_in_the_smallest_units_of_its_currency_half_up(amount, currency, units, text):
    assert minor(amount, currency) == units
    assert major(units, currency) == text


def test_what_nobody_wants_has_no_claims():
    assert Demanded(claims={"mug": Claims(open=3)}).of("mug").open == 3
    assert Demanded().of("mug") == Claims()


def test_a_pause_that_a_platform_asks_for_is_kept():
    assert RateLimited("slow down", retry_after=2.5).retry_after == 2.5


@pytest.mark.parametrize(("kind", "can"), [("ready", True), ("delay_option", False)])
def test_what_a_law_asks_for_is_never_switched_off(kind, can):
    assert is_switchable(kind) is can


def test_a_range_of_one_day_is_none():
    assert not on_day(NOW.date()).is_open
    assert PromiseRange(earliest=in_days(1), likely=in_days(1), latest=in_days(2)).is_open


@pytest.mark.parametrize(
    ("mine", "words"),
    [
        (None, ("s", "b")),
        (Wording(subject="", body="mine"), ("s", "mine")),
        (Wording(subject="t", body="mine"), ("t", "mine")),
    ],
)
def test_the_merchants_words_go_before_the_original(mine, words):
    made = effective(mine, Wording(subject="s", body="b"))
    assert (made.subject, made.body) == words


@pytest.mark.parametrize(
    ("state", "subscribed", "left"),
    [("uninstalled", None, True), ("uninstalled", NOW, False), ("connected", None, False)],
)
def test_a_shop_left_where_a_person_disconnected_it_here(state, subscribed, left):
    assert replace(shop(), state=state, subscribed_at=subscribed).left is left
