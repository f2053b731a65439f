"""The words that pages use for decisions, actions and their states: one place, so that they stay the same."""

from dataclasses import dataclass

from core.actions import (
    MONEY,
    Action,
    Cancel,
    Clear,
    Code,
    Deadline,
    EndCode,
    Fulfil,
    Hold,
    Note,
    OfferKind,
    Publish,
    Refund,
    Release,
    Remove,
    Substitute,
    Tag,
    Untag,
)
from core.capabilities import Capability
from core.item_actions import Announce, ItemAction, SellOn
from core.our_tags import NO_DATE, PART_READY, PREORDER, REVIEW, WAITING
from core.records import ActionRecord, OrderRecord, Platform

PLATFORMS: dict[Platform, str] = {"shopify": "Shopify", "woocommerce": "WooCommerce"}

DECISIONS: dict[str, tuple[str, str]] = {
    "ship_all": ("ready", "Can ship in full"),
    "ship_part": ("ready", "A part can ship"),
    "wait": ("waiting", "Waits"),
    "review": ("needs", "Needs your decision"),
    "decline": ("needs", "Cannot be served"),
    "none": ("closed", "Nothing left to ship"),
}

COLUMNS: dict[str, tuple[str, str]] = {
    "ready": ("Ready", "Everything is in stock and can leave."),
    "waiting": ("Waiting, on time", "Some units wait, and the date holds."),
    "risk": ("At risk", "The promised date may not hold."),
    "needs": ("Needs you", "Only a person can settle this."),
}

EMPTY: dict[str, str] = {
    "ready": "No open order is in stock in full.",
    "waiting": "No order waits for stock.",
    "risk": "No promise is in danger.",
    "needs": "Nothing needs a decision from you.",
}

STATES: dict[str, tuple[str, str]] = {
    "planned": ("waiting", "Planned, not sent: observing"),
    "pending": ("waiting", "In line"),
    "done": ("ready", "Done"),
    "failed": ("needs", "Failed"),
    "skipped": ("closed", "Skipped"),
    "draft": ("waiting", "Not sent"),
    "queued": ("waiting", "In line"),
    "sent": ("ready", "Sent"),
}

OFFERS: dict[OfferKind, str] = {
    "discount_code": "a discount code",
    "free_shipping": "free shipping",
    "store_credit": "store credit",
    "gift_card": "a gift card",
}

CAPABILITIES: dict[Capability, str] = {
    Capability.TAGS: "Tag an order",
    Capability.HOLD: "Hold what waits",
    Capability.PARTIAL_FULFILMENT: "Record a part as shipped",
    Capability.DISCOUNT_CODE: "Discount code for the wait",
    Capability.FREE_SHIPPING: "Free shipping for the wait",
    Capability.STORE_CREDIT: "Store credit for the wait",
    Capability.GIFT_CARD: "Gift card for the wait",
    Capability.NOTE: "Note for your staff",
    Capability.CUSTOMER_NOTE: "Note for the customer",
    Capability.PROMISE: "Show the expected day in the shop",
    Capability.DEADLINE: "Ship-by date",
    Capability.LINE_REMOVAL: "Take units off an order",
    Capability.CANCEL: "Cancel an order",
    Capability.REFUND: "Refund what will not come",
    Capability.REFUND_TO_CREDIT: "Refund as store credit",
    Capability.SUBSTITUTION: "Swap units for a substitute",
    Capability.INCOMING_SUPPLY: "Read incoming stock",
    Capability.LOCATIONS: "Stock at several locations",
    Capability.BACKORDERS: "Stop and take backorders on an item",
    Capability.ITEM_PROMISE: "Tell on product pages when a next unit would leave",
}

LEVELS: dict[str, tuple[str, str]] = {
    "full": ("ready", "Yes"),
    "said": ("waiting", "In words only"),
    "none": ("closed", "No"),
}


TAGS: dict[str, tuple[str, str]] = {
    WAITING: ("Units of it wait.", "No unit of it waits any more."),
    PART_READY: ("A part of it can ship.", "No part of it can ship just now."),
    NO_DATE: ("There is no date for the rest.", "There is a date for the rest."),
    PREORDER: ("An item of it is not released yet.", "Every item of it is released."),
    REVIEW: ("It needs your decision.", "It needs no decision any more."),
}
"""What each tag of ours says while it stands, and what its removal says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Badge:
    """A status as an icon's name and a word: never a colour alone."""

    icon: str
    word: str


def decision_badge(record: OrderRecord) -> Badge:
    """Return what is decided about an order, in a few words."""
    status = record.snapshot.status
    if status in {"cancelled", "gone", "closed"}:
        word = {"cancelled": "Cancelled", "gone": "Deleted in the shop", "closed": "Complete"}[status]
        return Badge(icon="closed", word=word)
    if record.plan is None:
        return Badge(icon="waiting", word="Not planned yet")
    if record.preorders and record.plan.decision in {"wait", "ship_part"} and not _backordered(record):
        return Badge(icon="waiting", word="Pre-order")
    icon, word = DECISIONS[record.plan.decision]
    return Badge(icon=icon, word=word)


def _backordered(record: OrderRecord) -> bool:
    """Whether units wait of what is released."""
    lines = record.plan.lines if record.plan else ()
    return any(line.backordered for line in lines if line.id not in record.preorders)


def state_badge(state: str) -> Badge:
    """Return how far an action or a message is."""
    icon, word = STATES[state]
    return Badge(icon=icon, word=word)


def level_badge(level: str) -> Badge:
    """Return how far a platform goes."""
    icon, word = LEVELS[level]
    return Badge(icon=icon, word=word)


def describe(action: Action) -> str:
    """Return what an action wants to be true at the shop, as a short phrase."""
    match action:
        case Tag():
            words = f"Tag the order: {', '.join(action.tags)}"
        case Untag():
            words = f"Remove our tags: {', '.join(action.tags)}"
        case Hold() | Release():
            words = _held(action)
        case Fulfil():
            words = f"Record {_units(action.shipped)} in all as shipped"
        case Code() | EndCode():
            words = _gift(action)
        case Note():
            words = _note(action)
        case Publish() | Deadline():
            words = _told(action)
        case Remove() | Cancel() | Refund() | Substitute() | Clear():
            words = _taken_back(action)
        case SellOn() | Announce():
            words = _of_item(action)
    return words


def _note(action: Note) -> str:
    reader = "the customer" if action.to_customer else "your staff"
    return f"Leave a note for {reader}: {action.text}" if action.text else "Take our note off the order"


def _gift(action: Code | EndCode) -> str:
    if isinstance(action, EndCode):
        taken = f"Take back what is left of {OFFERS[action.offer]}"
        return f"{taken if action.offer in MONEY else 'End the code, if nobody has used it'}: {action.code}"
    sum_of = f" of {action.amount} {action.currency}" if action.is_money else ""
    return f"Give the customer {OFFERS[action.offer]}{sum_of}: {action.code}"


def _of_item(action: ItemAction) -> str:
    if isinstance(action, Announce):
        day = f"the day {action.expected_on:%Y-%m-%d}" if action.expected_on else "no day any more"
        return f"Tell {day} on the item's pages"
    return "Take backorders on the item again" if action.beyond else "Stop taking backorders on the item"


def _told(action: Publish | Deadline) -> str:
    """Return what an action shows the customer, or tells who ships."""
    if isinstance(action, Deadline):
        return "Set the last day to ship what waits"
    if not action.waiting:
        return "Show the customer that nothing waits any more"
    when = f", expected {action.expected_on:%Y-%m-%d}" if action.expected_on else ", no date yet"
    ready, waiting = _units({"": action.ready}), _units({"": action.waiting})
    return f"Show the customer: {ready} ready, {waiting} waiting{when}"


def _taken_back(action: Remove | Cancel | Refund | Substitute | Clear) -> str:
    """Return what an action takes off an order or gives back; none of it can be undone."""
    match action:
        case Clear():
            return "Remove everything of ours from the order"
        case Remove():
            return "Take units that nobody waits for any more off the order"
        case Cancel():
            return f"Cancel the order{_paid_back(action) if action.refund else ''}"
        case Substitute():
            return f"Swap {_units({action.line: action.units})} for another item, at no higher price"
        case Refund():
            return f"Take {_units(action.units)} off the order{_paid_back(action)}"


def _paid_back(action: Cancel | Refund) -> str:
    return " and give what was paid as store credit" if action.to_credit else " and give back what was paid"


UNDO: dict[str, str] = {
    "tag": "Take our marks off to undo it.",
    "untag": "The plan marks it again when it should.",
    "hold": "Release our hold to undo it.",
    "release": "Hold the order to undo it, as long as nothing has left.",
    "fulfil": "Cannot be undone from here: cancel the parcel in the shop.",
    "code": "End the code to undo it, as long as nobody has used it.",
    "end_code": "Cannot be undone.",
    "note": "Take our marks off to undo it.",
    "publish": "Take our marks off to undo it.",
    "deadline": "Set another day in the shop.",
    "remove": "Cannot be undone from here: edit the order in the shop.",
    "cancel": "Cannot be undone.",
    "refund": "Cannot be undone.",
    "substitute": "Cannot be undone from here: edit the order in the shop.",
    "clear": "Cannot be undone.",
    "announce": "Switch it off in the policy, under Dates.",
    "sell_on": "Set it in the shop: it is then left alone.",
}
"""How a finished action is undone, by its kind, and where it cannot be."""


def because(record: ActionRecord) -> str:
    """Return why an action is asked for: what it says or keeps back, where that tells more than the plan's reasons."""
    match record.action:
        case Tag():
            words = " ".join(TAGS[tag][0] for tag in record.action.tags if tag in TAGS)
        case Untag():
            words = " ".join(TAGS[tag][1] for tag in record.action.tags if tag in TAGS)
        case Hold() | Release() if record.action.held:
            words = f"{record.action.note.rstrip('.')}. {record.reason}"
        case _:
            words = record.reason
    return words or record.reason


def _held(action: Hold | Release) -> str:
    held, ready = sum(action.held.values()), sum(action.ready.values())
    if not held:
        return "Release the whole order"
    rest = f", let {_units(action.ready)} go" if ready else ""
    return f"Hold {_units(action.held)}{rest}"


def _units(by_line: dict[str, int]) -> str:
    count = sum(by_line.values())
    return "1 unit" if count == 1 else f"{count} units"
