"""What is left for the merchant to do after a very large order was decided, and what an accepted one may do, by hand."""

from dataclasses import replace

import pytest

from core.large import large_orders
from core.plan import LinePlan, OrderPlan
from core.reasons import Reason
from core.records import OrderRecord
from core.records.endings import Ending
from core.records.proposals import Option, Proposal, Swap
from tests.core.shop_builders import NOW, line, order, shop

OFF = "Take {} x Mug off the order in the shop, refund them: the customer chose so."
CUPS = Swap(line="a", sku="cup", title="Cup", units=3, price=2700)


def record(*, serve=(), swaps=(), manual=(), status="open", **totals):
    option = Option(key="only", now=5, later=0, on=None, price=5000, serve=dict(serve), swaps=swaps)
    made = Proposal(made_at=NOW, ends_at=NOW, options=(option,), state="answered", answer="only")
    seen = order(1, line("mug", 8, **totals), status=status)
    return OrderRecord(shop="fern", snapshot=seen, proposal=made, manual=dict(manual))


@pytest.mark.parametrize(
    ("known", "said"),
    [
        (record(serve={"a": 5}), (OFF.format(3),)),
        (record(serve={"a": 5}, shipped=2), (OFF.format(3),)),
        (record(serve={"a": 5}, shipped=6), (OFF.format(2),)),  # more is gone than was to be served
        (record(serve={"a": 5}, cancelled=3), ()),
        (record(serve={"a": 5}, cancelled=2), (OFF.format(1),)),
        (record(serve={"a": 5}, shipped=8), ()),
        (record(), ()),
        (record(serve={"a": 5}, status="closed"), ()),
        (record(serve={"a": 5}, manual={"answer": "decline"}), ("Cancel the order in the shop and refund it. There it cannot be undone.",)),
        (record(manual={"answer": "decline"}, status="cancelled"), ()),
        (record(serve={"a": 5}, swaps=(CUPS,)), ("Take 3 x Mug off the order in the shop, add 3 x cup: the customer chose so.",)),
        (replace(record(serve={"a": 5}), proposal=None), ()),
        (replace(record(serve={"a": 5}), ending=Ending(key="k", by="person", at=NOW, whole=True)), ()),
    ],
)  # fmt: skip
def test_the_merchant_is_told_what_to_take_off_the_order(known, said):
    assert large_orders.todo(known) == said


def planned(decision, *lines, reasons=(Reason.SHORT_ON_HAND,)):
    made = tuple(
        LinePlan(id=str(n), sku="mug", open=units, ahead=0, on_hand=ready, backordered=units - ready, release_now=ready,
                 completes_on=None)
        for n, (ready, units) in enumerate(lines)
    )  # fmt: skip
    return OrderPlan(id="1", decision=decision, reasons=reasons, release_now=any(ready for ready, _ in lines),
                     completes_on=None, lines=made)  # fmt: skip


@pytest.mark.parametrize(
    ("plan", "decision"),
    [
        (planned("review", (8, 8), (2, 2)), "ship_all"),
        (planned("review", (8, 8), (0, 2)), "ship_part"),
        (planned("decline", (0, 8), (1, 2)), "ship_part"),
        (planned("decline", (0, 8)), "wait"),
        (planned("wait", (0, 8)), "wait"),
        (planned("review", (8, 8), reasons=(Reason.ON_HOLD_FRAUD,)), "review"),
    ],
)
def test_an_accepted_order_does_what_it_would_have_done_unasked(plan, decision):
    # Where its customer chose from an offer, the plan says that and not that the merchant took it as it is.
    chosen = record(manual={"answer": "accept"})
    for known, why in (
        (chosen, Reason.CHOSEN_BY_CUSTOMER),
        (replace(chosen, proposal=None), Reason.ACCEPTED_BY_PERSON),
        (replace(chosen, proposal=replace(chosen.proposal, state="lapsed", answer=None)), Reason.ACCEPTED_BY_PERSON),
    ):
        found = large_orders.apply(plan, known, shop())
        assert found == replace(plan, decision=decision, reasons=(*plan.reasons, why))


@pytest.mark.parametrize(
    ("offer", "word", "decision", "leaves", "reason"),
    [
        ("open", None, "wait", 0, Reason.LARGE_ORDER_OFFERED),
        ("lapsed", None, "review", 0, Reason.LARGE_ORDER_OFFER_LAPSED),
        ("lapsed", "decline", "decline", 0, Reason.DECLINED_BY_PERSON),
        ("lapsed", "cap", "ship_part", 5, Reason.LARGE_ORDER),
    ],
)
def test_an_order_is_told_why_it_is_kept_back(offer, word, decision, leaves, reason):
    known = record(manual={"answer": word} if word else {})
    known = replace(known, proposal=replace(known.proposal, state=offer))
    plan = planned("ship_part", (5, 8))
    found = large_orders.apply(replace(plan, lines=(replace(plan.lines[0], id="a"),)), known, shop())
    assert (found.decision, found.lines[0].release_now, found.release_now) == (decision, leaves, leaves > 0)
    assert found.reasons == (Reason.SHORT_ON_HAND, reason)


@pytest.mark.parametrize(
    ("reason", "kept"),
    [
        (Reason.SHORT_ON_HAND, False),
        (Reason.LARGE_ORDER_REVIEW, True),
        (Reason.LARGE_ORDER_OFFERED, True),
        (Reason.LARGE_ORDER_OFFER_LAPSED, True),
        (Reason.DECLINED_BY_PERSON, True),
        (Reason.LARGE_ORDER, False),
    ],
)
def test_an_order_is_kept_back_while_its_size_is_undecided(reason, kept):
    assert large_orders.is_kept_back(planned("wait", (0, 8), reasons=(reason,))) is kept
