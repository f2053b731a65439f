"""Which choices a person has for an order just now, each with what it brings about and whether it can be undone."""

from dataclasses import dataclass

from core.records import OrderRecord, Shop
from pages.words import OFFERS

REVIEWED = frozenset({"review", "decline"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One button. `do` is the engine's word for it; `primary` marks the safest next step."""

    do: str
    label: str
    brings: str
    undo: str
    primary: bool = False


def choices_for(record: OrderRecord, shop: Shop) -> tuple[Choice, ...]:
    """Return what can be chosen, the safest next step first."""
    if record.snapshot.status != "open" or record.plan is None:
        return ()
    found = (_accept(record), _decline(record), _ship_part(record, shop), _hold(record), _offer(record, shop))
    return tuple(choice for choice in found if choice is not None)


def _accept(record: OrderRecord) -> Choice | None:
    if record.plan is None or record.plan.decision not in REVIEWED:
        return None
    brings = "The order is served like any other, in its place in the queue."
    return Choice(do="accept", label="Accept the order", brings=brings, undo="Hold it to stop it again.", primary=True)


def _decline(record: OrderRecord) -> Choice | None:
    if record.plan is None or record.plan.decision not in REVIEWED or record.manual.get("answer") == "decline":
        return None
    brings = "Nothing of it ships. Tell the customer and refund in the shop."
    return Choice(do="decline", label="Decline the order", brings=brings, undo="Accept it to take that back.")


def _ship_part(record: OrderRecord, shop: Shop) -> Choice | None:
    plan = record.plan
    if plan is None or record.snapshot.hold:
        return None
    if sum(line.release_now for line in plan.lines) >= sum(line.on_hand for line in plan.lines):
        return None
    undo = "Hold the order to stop it, as long as the parcel has not left."
    if shop.policy.fulfil == "create":
        undo = "Cannot be undone: the part is recorded as shipped in the shop."
    return Choice(
        do="ship_part", label="Ship what is in stock", brings="What is there leaves now, the rest follows.",
        undo=undo, primary=plan.decision not in REVIEWED,
    )  # fmt: skip


def _hold(record: OrderRecord) -> Choice | None:
    if "hold" in record.manual:
        brings = "The order ships again as its plan says."
        return Choice(do="release", label="Release the order", brings=brings, undo="You can hold it again.")
    brings = "Nothing of it ships until you release it. It keeps its place in the queue."
    return Choice(do="hold", label="Hold the order", brings=brings, undo="You can release it again.")


def _offer(record: OrderRecord, shop: Shop) -> Choice | None:
    offers = shop.policy.offers
    if record.plan is None or not record.plan.backordered or len(record.offers) >= max(1, offers.per_order):
        return None
    worth = "" if offers.kind == "free_shipping" else f" of {offers.percent} %"
    brings = f"The customer gets {OFFERS[offers.kind]}{worth} for the wait, good for {offers.valid_days} days."
    undo = "Cannot be undone from here once the code exists; you can delete it in the shop."
    return Choice(do="offer", label="Offer something for the wait", brings=brings, undo=undo)
