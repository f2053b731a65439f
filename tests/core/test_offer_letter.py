"""A priced choice in words."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.errors import Misuse
from core.large.countering import answered
from core.messages.offer_letter import TITLES, option_facts, put, title, words
from core.records import OrderRecord
from core.records.proposals import Option, Proposal, Swap
from tests.core.shop_builders import NOW, in_days, kept, line, order, shop

PART = Option(key="part", now=3, later=2, on=in_days(9), price=5000, freight=490)


class Plain:
    """A reader's language that says everything as it stands."""

    def say(self, template, **filled):
        return template % filled if filled else template

    def money(self, units, currency):
        return f"{units / 100:.2f} {currency}"

    def count(self, one, many, number, **filled):
        return (one if number == 1 else many) % {"number": number, **filled}

    def day(self, day):
        return day.isoformat()


@pytest.mark.parametrize(
    ("option", "said"),
    [
        (
            PART,
            "3 units leave at once, 2 units follow by 2026-12-02. Goods: 50.00 EUR plus 4.90 EUR for the second parcel.",
        ),
        (replace(PART, on=None, later=1), "3 units leave at once, 1 unit follows later; we have no date yet. Goods"),
        (
            replace(PART, key="only", later=0, freight=0),
            "3 units leave at once, the rest is cancelled and refunded. Goods: 50.00 EUR.",
        ),
        (replace(PART, key="all", now=0), "2 units leave together by 2026-12-02. Goods"),
        (replace(PART, key="all", now=0, on=None), "2 units leave together later; we have no date yet. Goods"),
        (
            replace(
                PART,
                key="swap",
                later=0,
                swaps=(Swap(line="a", item="7", sku="cup", title="Cup", units=2, price=2000),),
            ),
            "3 units leave at once, 2 of them Cup. Goods",
        ),
    ],
)
def test_an_option_says_what_leaves_when_and_for_how_much(option, said):
    facts = option_facts(option, "EUR")
    assert words(facts, Plain()).startswith(said)
    assert title(facts, Plain()) == TITLES[option.key]


@pytest.mark.parametrize(("state", "drafted"), [("open", 1), ("answered", 0), (None, 0)])
def test_the_letter_of_an_open_offer_is_drafted_once(state, drafted):
    made = state and Proposal(made_at=NOW, ends_at=NOW, options=(PART,), state=state)
    record = OrderRecord(shop="fern", snapshot=order("1001", line("mug", 5)), proposal=made)
    with kept(order("1001", line("mug", 5))) as books, books.books.write() as unit:
        for _ in range(2):
            put(unit, shop(), record, as_of=NOW, now=NOW)
        assert [one.kind for one in unit.notices.of_order("fern", "1001")] == ["choices"] * drafted


@pytest.mark.parametrize(
    ("state", "key", "days", "words"),
    [
        (None, "part", 0, "no offer stands open"),
        ("answered", "part", 0, "no offer stands open"),
        ("open", "part", 1, "the offer has expired"),
        ("open", "all", 0, "option: must be one of part"),
    ],
)
def test_an_answer_to_what_is_not_offered_is_refused(state, key, days, words):
    made = state and Proposal(made_at=NOW, ends_at=in_days_at(1), options=(PART,), state=state)
    record = OrderRecord(shop="fern", snapshot=order("1001", line("mug", 5)), proposal=made)
    with pytest.raises(Misuse, match=words):
        answered(record, key, in_days_at(days))


def in_days_at(days):
    return NOW + timedelta(days=days)


def test_an_answer_is_how_the_order_ships():
    made = Proposal(made_at=NOW, ends_at=in_days_at(1), options=(PART,))
    record = OrderRecord(shop="fern", snapshot=order("1001", line("mug", 5)), proposal=made, manual={"hold": "1"})
    after = answered(record, "part", NOW)
    assert (after.proposal.state, after.proposal.answered, after.manual["answer"]) == ("answered", PART, "accept")
    assert "hold" not in after.manual
