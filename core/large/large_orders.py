"""Very large orders: where each of them stands, and what that does to its plan. Decided by policy, then by a person."""

from dataclasses import replace
from typing import Literal

from core.large.sizes import Excess, excesses
from core.parcels.ship_rules import only_picked
from core.plan import Decision, OrderPlan
from core.reasons import Reason
from core.records import OrderRecord, Shop
from core.records.proposals import Swap
from core.sentences import sentence
from core.snapshots import LineSnapshot

Standing = Literal["usual", "accepted", "scheduled", "capped", "counter", "offered", "lapsed", "review", "declined"]
BY_PERSON: dict[str, Standing] = {"accept": "accepted", "cap": "capped", "decline": "declined"}
BY_OFFER: dict[str, Standing] = {"open": "offered", "lapsed": "lapsed"}
# To decline moves money: only a person may, so the policy's word for it asks one.
BY_POLICY: dict[str, Standing] = {
    "accept": "usual", "schedule": "scheduled", "cap": "capped", "counter": "counter", "review": "review",
    "decline": "review",
}  # fmt: skip

# What does not stand here, such as a date that cannot be given, a person must decide like a review.
KEPT_BACK: dict[Standing, tuple[Decision, Reason]] = {
    "declined": ("decline", Reason.DECLINED_BY_PERSON),
    "offered": ("wait", Reason.LARGE_ORDER_OFFERED),
    "lapsed": ("review", Reason.LARGE_ORDER_OFFER_LAPSED),
    "review": ("review", Reason.LARGE_ORDER_REVIEW),
}


def excess_of(record: OrderRecord, shop: Shop) -> tuple[Excess, ...]:
    """Return what makes the order very large under the shop's rules, with numbers; nothing for a usual one."""
    return excesses(record.sizes or (), shop.policy.large_order)


def standing(record: OrderRecord, shop: Shop) -> Standing:
    """Return where the order stands: a person's word first, then an offer that was made, then the shop's policy."""
    if (answer := record.manual.get("answer")) in BY_PERSON:
        return BY_PERSON[answer]
    if record.proposal and record.proposal.state in BY_OFFER:
        return BY_OFFER[record.proposal.state]
    return BY_POLICY[shop.policy.large_order.answer] if excess_of(record, shop) else "usual"


def apply(plan: OrderPlan, record: OrderRecord, shop: Shop) -> OrderPlan:
    """Return the plan with what the order's standing means for it. An order with nothing open is left as it is."""
    where = standing(record, shop)
    if plan.decision == "none" or where == "usual":
        return plan
    if where == "accepted":
        by_customer = record.proposal is not None and record.proposal.answered is not None
        return _accepted(plan, Reason.CHOSEN_BY_CUSTOMER if by_customer else Reason.ACCEPTED_BY_PERSON)
    if where == "capped" or (where == "scheduled" and plan.completes_on):
        return plan.because(Reason.LARGE_ORDER if where == "capped" else Reason.LARGE_ORDER_SCHEDULED)
    decision, reason = KEPT_BACK.get(where, KEPT_BACK["review"])
    return replace(only_picked(plan, record), decision=decision).because(reason)


def is_kept_back(plan: OrderPlan) -> bool:
    """Return whether the plan lets nothing leave because a decision about a very large order is still open."""
    return bool({reason for _, reason in KEPT_BACK.values()} & set(plan.reasons))


def todo(record: OrderRecord) -> tuple[str, ...]:
    """Return what only the merchant can do in the shop to finish what was decided, as sentences."""
    if record.snapshot.status != "open" or record.ending:
        return ()
    if record.manual.get("answer") == "decline":
        return (sentence("Cancel the order in the shop and refund it. There it cannot be undone."),)
    option = record.proposal.answered if record.proposal else None
    if option is None:
        return ()
    sentences = []
    swaps = {swap.line: swap for swap in option.swaps}
    for line in record.snapshot.lines:
        rest = line.open - max(0, option.serve.get(line.id, line.ordered) - line.shipped)
        if rest > 0:
            sentences.append(_off(line, rest, swaps.get(line.id)))
    return tuple(sentences)


def _off(line: LineSnapshot, units: int, swap: Swap | None) -> str:
    named = {"units": units, "title": line.title}
    if swap is None:
        return sentence(
            "Take %(units)s x %(title)s off the order in the shop, refund them: the customer chose so.", **named
        )
    return sentence(
        "Take %(units)s x %(title)s off the order in the shop, add %(added)s x %(sku)s: the customer chose so.",
        added=swap.units, sku=swap.sku, **named,
    )  # fmt: skip


def _accepted(plan: OrderPlan, word: Reason) -> OrderPlan:
    """Return the plan as if nobody had asked, because of the `word`; a fraud check is not ours to pass over."""
    if plan.decision not in {"review", "decline"} or Reason.ON_HOLD_FRAUD in plan.reasons:
        return plan.because(word)
    whole = all(line.release_now == line.open for line in plan.lines)
    decision: Decision = "ship_all" if whole else "ship_part" if plan.release_now else "wait"
    return replace(plan, decision=decision).because(word)
