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
from core.desired_state.our_tags import NO_DATE, PART_READY, PREORDER, REVIEW, WAITING
from core.item_actions import Announce, ItemAction, SellOn
from core.orders.board import may_wait
from core.records import ActionRecord, OrderRecord, Platform
from pages.languages import _, later
from pages.printing import printer
from pages.retelling import full_stop, retold

PLATFORMS: dict[Platform, str] = {"shopify": "Shopify", "woocommerce": "WooCommerce"}

DECISIONS: dict[str, tuple[str, str]] = {
    "ship_all": ("ready", later("Can ship in full")),
    "ship_part": ("ready", later("A part can ship")),
    "wait": ("waiting", later("Waits")),
    "review": ("needs", later("Needs your decision")),
    "decline": ("needs", later("Cannot be served")),
    "none": ("closed", later("Nothing left to ship")),
}

COLUMNS: dict[str, tuple[str, str]] = {
    "ready": (later("Ready"), later("Everything is in stock and can leave.")),
    "waiting": (later("Waiting, on time"), later("Some units wait, and the date holds.")),
    "risk": (later("At risk"), later("The promised date may not hold.")),
    "needs": (later("Needs you"), later("Only a person can settle this.")),
}

EMPTY: dict[str, str] = {
    "ready": later("No open order is in stock in full."),
    "waiting": later("No order waits for stock."),
    "risk": later("No promise is in danger."),
    "needs": later("Nothing needs a decision from you."),
}

STATES: dict[str, tuple[str, str]] = {
    "planned": ("waiting", later("Planned, not sent: observing")),
    "pending": ("waiting", later("In line")),
    "done": ("ready", later("Done")),
    "failed": ("needs", later("Failed")),
    "skipped": ("closed", later("Skipped")),
    "draft": ("waiting", later("Not sent")),
    "queued": ("waiting", later("In line")),
    "sent": ("ready", later("Sent")),
}

OFFERS: dict[OfferKind, str] = {
    "discount_code": later("a discount code"),
    "free_shipping": later("free shipping"),
    "store_credit": later("store credit"),
    "gift_card": later("a gift card"),
}

CAPABILITIES: dict[Capability, str] = {
    Capability.TAGS: later("Tag an order"),
    Capability.HOLD: later("Hold what waits"),
    Capability.PARTIAL_FULFILMENT: later("Record a part as shipped"),
    Capability.DISCOUNT_CODE: later("Discount code for the wait"),
    Capability.FREE_SHIPPING: later("Free shipping for the wait"),
    Capability.STORE_CREDIT: later("Store credit for the wait"),
    Capability.GIFT_CARD: later("Gift card for the wait"),
    Capability.NOTE: later("Note for your staff"),
    Capability.CUSTOMER_NOTE: later("Note for the customer"),
    Capability.PROMISE: later("Show the expected day in the shop"),
    Capability.DEADLINE: later("Ship-by date"),
    Capability.LINE_REMOVAL: later("Take units off an order"),
    Capability.CANCEL: later("Cancel an order"),
    Capability.REFUND: later("Refund what will not come"),
    Capability.REFUND_TO_CREDIT: later("Refund as store credit"),
    Capability.SUBSTITUTION: later("Swap units for a substitute"),
    Capability.SECOND_FREIGHT: later("Ask a customer to pay for a second parcel"),
    Capability.INCOMING_SUPPLY: later("Read incoming stock"),
    Capability.LOCATIONS: later("Stock at several locations"),
    Capability.BACKORDERS: later("Stop and take backorders on an item"),
    Capability.ITEM_PROMISE: later("Tell on product pages when a next unit would leave"),
}

LEVELS: dict[str, tuple[str, str]] = {
    "full": ("ready", later("Yes")),
    "said": ("waiting", later("In words only")),
    "none": ("closed", later("No")),
}


TAGS: dict[str, tuple[str, str]] = {
    WAITING: (later("Units of it wait."), later("No unit of it waits any more.")),
    PART_READY: (later("A part of it can ship."), later("No part of it can ship just now.")),
    NO_DATE: (later("There is no date for the rest."), later("There is a date for the rest.")),
    PREORDER: (later("An item of it is not released yet."), later("Every item of it is released.")),
    REVIEW: (later("It needs your decision."), later("It needs no decision any more.")),
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
        word = {"cancelled": _("Cancelled"), "gone": _("Deleted in the shop"), "closed": _("Complete")}[status]
        return Badge(icon="closed", word=word)
    if record.plan is None:
        return Badge(icon="waiting", word=_("Not planned yet"))
    if (
        record.preorders
        and record.plan.decision in {"wait", "ship_part"}
        and not any(line.backordered for line in may_wait(record))
    ):
        return Badge(icon="waiting", word=_("Pre-order"))
    icon, word = DECISIONS[record.plan.decision]
    return Badge(icon=icon, word=_(word))


def state_badge(state: str) -> Badge:
    """Return how far an action or a message is."""
    icon, word = STATES[state]
    return Badge(icon=icon, word=_(word))


def level_badge(level: str) -> Badge:
    """Return how far a platform goes."""
    icon, word = LEVELS[level]
    return Badge(icon=icon, word=_(word))


def describe(action: Action) -> str:
    """Return what an action wants to be true at the shop, as a short phrase."""
    match action:
        case Tag():
            words = _("Tag the order: %(tags)s", tags=", ".join(action.tags))
        case Untag():
            words = _("Remove our tags: %(tags)s", tags=", ".join(action.tags))
        case Hold() | Release():
            words = _held(action)
        case Fulfil():
            words = _("Record %(units)s in all as shipped", units=_units(action.shipped))
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
    if not action.text:
        return _("Take our note off the order")
    said = _("Leave a note for the customer") if action.to_customer else _("Leave a note for your staff")
    return f"{said}: {action.text}"


def _gift(action: Code | EndCode) -> str:
    if isinstance(action, EndCode):
        taken = _("Take back what is left of %(gift)s", gift=_(OFFERS[action.offer]))
        said = taken if action.offer in MONEY else _("End the code, if nobody has used it")
        return f"{said}: {action.code}"
    gift = {"gift": _(OFFERS[action.offer]), "code": action.code}
    if not action.is_money:
        return _("Give the customer %(gift)s: %(code)s", **gift)
    amount = printer().amount(action.amount, action.currency)
    return _("Give the customer %(gift)s of %(amount)s: %(code)s", amount=amount, **gift)


def _of_item(action: ItemAction) -> str:
    if isinstance(action, Announce):
        if action.expected_on is None:
            return _("Tell no day any more on the item's pages")
        return _("Tell the day %(day)s on the item's pages", day=printer().day(action.expected_on))
    return _("Take backorders on the item again") if action.beyond else _("Stop taking backorders on the item")


def _told(action: Publish | Deadline) -> str:
    """Return what an action shows the customer, or tells who ships."""
    if isinstance(action, Deadline):
        return _("Set the last day to ship what waits")
    if not action.waiting:
        return _("Show the customer that nothing waits any more")
    units = {"ready": _units({"": action.ready}), "waiting": _units({"": action.waiting})}
    if action.expected_on is None:
        return _("Show the customer: %(ready)s ready, %(waiting)s waiting, no date yet", **units)
    day = printer().day(action.expected_on)
    return _("Show the customer: %(ready)s ready, %(waiting)s waiting, expected %(day)s", day=day, **units)


def _taken_back(action: Remove | Cancel | Refund | Substitute | Clear) -> str:
    """Return what an action takes off an order or gives back; none of it can be undone."""
    match action:
        case Clear():
            return _("Remove everything of ours from the order")
        case Remove():
            return _("Take units that nobody waits for any more off the order")
        case Cancel():
            cancel = _("Cancel the order")
            return _joined(cancel, _paid_back(action)) if action.refund else cancel
        case Substitute():
            units = _units({action.line: action.units})
            return _("Swap %(units)s for another item, at no higher price", units=units)
        case Refund():
            return _joined(_("Take %(units)s off the order", units=_units(action.units)), _paid_back(action))


def _joined(done: str, paid_back: str) -> str:
    return _("%(done)s and %(also)s", done=done, also=paid_back)


def _paid_back(action: Cancel | Refund) -> str:
    return _("give what was paid as store credit") if action.to_credit else _("give back what was paid")


UNDO: dict[str, str] = {
    "tag": later("Take our marks off to undo it."),
    "untag": later("The plan marks it again when it should."),
    "hold": later("Release our hold to undo it."),
    "release": later("Hold the order to undo it, as long as nothing has left."),
    "fulfil": later("Cannot be undone from here: cancel the parcel in the shop."),
    "code": later("End the code to undo it, as long as nobody has used it."),
    "end_code": later("Cannot be undone."),
    "note": later("Take our marks off to undo it."),
    "publish": later("Take our marks off to undo it."),
    "deadline": later("Set another day in the shop."),
    "remove": later("Cannot be undone from here: edit the order in the shop."),
    "cancel": later("Cannot be undone."),
    "refund": later("Cannot be undone."),
    "substitute": later("Cannot be undone from here: edit the order in the shop."),
    "clear": later("Cannot be undone."),
    "announce": later("Switch it off in the policy, under Dates."),
    "sell_on": later("Set it in the shop: it is then left alone."),
}
"""How a finished action is undone, by its kind, and where it cannot be."""


def because(record: ActionRecord) -> str:
    """Return why an action is asked for: what it says or keeps back, where that tells more than the plan's reasons."""
    words = ""
    match record.action:
        case Tag():
            words = " ".join(_(TAGS[tag][0]) for tag in record.action.tags if tag in TAGS)
        case Untag():
            words = " ".join(_(TAGS[tag][1]) for tag in record.action.tags if tag in TAGS)
        case Hold() | Release() if record.action.held:
            words = f"{full_stop(retold(record.action.note))} {retold(record.reason)}"
    return words or retold(record.reason)


def _held(action: Hold | Release) -> str:
    held, ready = sum(action.held.values()), sum(action.ready.values())
    if not held:
        return _("Release the whole order")
    if not ready:
        return _("Hold %(units)s", units=_units(action.held))
    return _("Hold %(held)s, let %(ready)s go", held=_units(action.held), ready=_units(action.ready))


def _units(by_line: dict[str, int]) -> str:
    return printer().units(sum(by_line.values()))
