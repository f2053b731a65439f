"""Why the engine or a shop's rule decided as it did: codes, each with a sentence for merchant and customer."""

from enum import StrEnum

from core.sentences import sentence


class Reason(StrEnum):
    """One cause. The codes are part of the plan file and of the API."""

    NOTHING_OPEN = "NOTHING_OPEN"
    ALL_ON_HAND = "ALL_ON_HAND"
    SHORT_ON_HAND = "SHORT_ON_HAND"
    INCOMING_COVERS = "INCOMING_COVERS"
    NO_DATED_SUPPLY = "NO_DATED_SUPPLY"
    LENT = "LENT"
    WAITS_TOGETHER = "WAITS_TOGETHER"
    BELOW_MIN_SHIP = "BELOW_MIN_SHIP"
    PREORDER = "PREORDER"
    CAPPED = "CAPPED"
    CLASS_NOT_SERVED = "CLASS_NOT_SERVED"
    COMMITTED_NOT_IN_STOCK = "COMMITTED_NOT_IN_STOCK"
    BACKORDER_DENIED = "BACKORDER_DENIED"
    OVERSOLD = "OVERSOLD"
    PROMISE_BROKEN = "PROMISE_BROKEN"
    ON_HOLD_PAYMENT = "ON_HOLD_PAYMENT"
    ON_HOLD_FRAUD = "ON_HOLD_FRAUD"
    ON_HOLD_CUSTOMER = "ON_HOLD_CUSTOMER"
    ITEM_GONE = "ITEM_GONE"
    PART_TOO_SMALL = "PART_TOO_SMALL"
    PARCEL_CAP_REACHED = "PARCEL_CAP_REACHED"
    PARTS_SWITCHED_OFF = "PARTS_SWITCHED_OFF"
    HELD_BY_PERSON = "HELD_BY_PERSON"
    RELEASED_BY_PERSON = "RELEASED_BY_PERSON"
    FOREIGN_HOLD = "FOREIGN_HOLD"
    OFFER_FOR_WAIT = "OFFER_FOR_WAIT"
    OFFER_WORTH_ITS_COST = "OFFER_WORTH_ITS_COST"
    OFFER_COSTS_MORE = "OFFER_COSTS_MORE"
    OFFER_BELOW_MARGIN = "OFFER_BELOW_MARGIN"
    OFFER_BUDGET_SPENT = "OFFER_BUDGET_SPENT"
    OFFER_CUSTOMER_CAP = "OFFER_CUSTOMER_CAP"
    OFFER_HELD_OUT = "OFFER_HELD_OUT"
    OFFER_NOT_POSSIBLE = "OFFER_NOT_POSSIBLE"
    OFFER_NO_ACCOUNT = "OFFER_NO_ACCOUNT"
    OFFER_VOID = "OFFER_VOID"
    RESTOCKED = "RESTOCKED"
    SUPPLY_LATE = "SUPPLY_LATE"
    SUPPLY_GIVEN_UP = "SUPPLY_GIVEN_UP"
    PART_BELOW_SHARE = "PART_BELOW_SHARE"
    PART_WORTH_PARCEL = "PART_WORTH_PARCEL"
    PARCEL_COSTS_MORE = "PARCEL_COSTS_MORE"
    REST_JOINS_NEWER = "REST_JOINS_NEWER"
    LAW_LIMIT = "LAW_LIMIT"
    PART_CHOSEN = "PART_CHOSEN"
    ONE_PARCEL_CHOSEN = "ONE_PARCEL_CHOSEN"
    LARGE_ORDER = "LARGE_ORDER"
    LARGE_ORDER_REVIEW = "LARGE_ORDER_REVIEW"
    LARGE_ORDER_SCHEDULED = "LARGE_ORDER_SCHEDULED"
    LARGE_ORDER_OFFERED = "LARGE_ORDER_OFFERED"
    LARGE_ORDER_OFFER_LAPSED = "LARGE_ORDER_OFFER_LAPSED"
    ACCEPTED_BY_PERSON = "ACCEPTED_BY_PERSON"
    CHOSEN_BY_CUSTOMER = "CHOSEN_BY_CUSTOMER"
    DECLINED_BY_PERSON = "DECLINED_BY_PERSON"
    GIVEN_UP = "GIVEN_UP"
    SWAPPED = "SWAPPED"


SENTENCES: dict[Reason, tuple[str, str]] = {
    Reason.NOTHING_OPEN: (sentence("Nothing is left to ship."), "Nothing of your order is left to ship."),
    Reason.ALL_ON_HAND: (sentence("Stock on hand covers every open unit."), "Everything you ordered is in stock."),
    Reason.SHORT_ON_HAND: (
        sentence("Stock on hand does not cover every unit."),
        "We do not have every unit in stock right now.",
    ),
    Reason.INCOMING_COVERS: (
        sentence("Incoming supply with a date covers the rest."),
        "The rest is on its way to us and has a date.",
    ),
    Reason.NO_DATED_SUPPLY: (
        sentence("No supply with a usable date covers all of the rest."),
        "We have no date for all of the rest yet.",
    ),
    Reason.LENT: (
        sentence("Units that an earlier order cannot use yet leave with this one; supply covers that order in time."),
        "We found units that can leave earlier than planned.",
    ),
    Reason.WAITS_TOGETHER: (
        sentence("The order ships in one parcel and waits until it is complete."),
        "Your order ships in one parcel once it is complete.",
    ),
    Reason.BELOW_MIN_SHIP: (
        sentence("The ready units of a line are fewer than its smallest shipment."),
        "The units that are ready are too few for a parcel.",
    ),
    Reason.PREORDER: (
        sentence("An item of the order is on pre-order and may not leave before its date."),
        "An item of your order is not released yet.",
    ),
    Reason.CAPPED: (
        sentence("The order is large: it got its share of the stock, and others are served before it gets more."),
        "Your order is large, so we serve it in steps.",
    ),
    Reason.CLASS_NOT_SERVED: (
        sentence("The order's class is given nothing beyond what is in picking."),
        "We cannot ship more of your order at present.",
    ),
    Reason.COMMITTED_NOT_IN_STOCK: (
        sentence("Units are in picking that the stock does not have."),
        "We are checking our stock for your order.",
    ),
    Reason.BACKORDER_DENIED: (
        sentence("An item that may not be backordered is short."),
        "An item of your order has sold out.",
    ),
    Reason.OVERSOLD: (
        sentence("More units are sold than may be sold beyond stock."),
        "More of an item was ordered than we can promise.",
    ),
    Reason.PROMISE_BROKEN: (
        sentence("The published date cannot be kept."),
        "The date that we told you cannot be kept.",
    ),
    Reason.ON_HOLD_PAYMENT: (sentence("The order waits for its payment."), "We are waiting for your payment."),
    Reason.ON_HOLD_FRAUD: (sentence("The order is held for a fraud check."), "We are checking your order."),
    Reason.ON_HOLD_CUSTOMER: (sentence("The order is held as asked."), "Your order is on hold as asked."),
    Reason.ITEM_GONE: (
        sentence(
            "An item that it waits for is gone from the shop, so it gets no date: "
            "cancel it, swap it, or ship it by hand."
        ),
        "An item of your order is no longer in our shop, and we will be in touch about it.",
    ),
    Reason.PART_TOO_SMALL: (
        sentence("The ready part is worth less than a parcel of its own."),
        "The part that is ready will travel with the rest.",
    ),
    Reason.PARCEL_CAP_REACHED: (
        sentence("The order has used up its parcels; the rest leaves in one."),
        "The rest of your order will come in one last parcel.",
    ),
    Reason.PARTS_SWITCHED_OFF: (
        sentence("Shipping in parts is switched off for this shop."),
        "Your order ships in one parcel once it is complete.",
    ),
    Reason.HELD_BY_PERSON: (sentence("A person put the order on hold."), "Your order is on hold."),
    Reason.RELEASED_BY_PERSON: (
        sentence("A person took our hold off units of it; those are not held again until the order changes."),
        "Your order was released for shipping.",
    ),
    Reason.FOREIGN_HOLD: (
        sentence("Another app or person holds units of it at the platform; that hold is left alone."),
        "Your order is on hold.",
    ),
    Reason.OFFER_FOR_WAIT: (sentence("The customer is offered something for the wait."), "This is for your patience."),
    Reason.OFFER_WORTH_ITS_COST: (
        sentence("Waiting is likely to lose more of this order than something for the wait costs."),
        "This is for your patience.",
    ),
    Reason.OFFER_COSTS_MORE: (
        sentence("Something for the wait would cost more than waiting is likely to lose of this order."),
        "Thank you for waiting.",
    ),
    Reason.OFFER_BELOW_MARGIN: (
        sentence("After the goods and something for the wait, too little would be left of what waits."),
        "Thank you for waiting.",
    ),
    Reason.OFFER_BUDGET_SPENT: (
        sentence("This month's budget for offers would be passed."),
        "Thank you for waiting.",
    ),
    Reason.OFFER_CUSTOMER_CAP: (
        sentence("The customer has had as many offers this month as one may have."),
        "Thank you for waiting.",
    ),
    Reason.OFFER_HELD_OUT: (
        sentence("The customer belongs to those who get no offers, so that it can be told what offers change."),
        "Thank you for waiting.",
    ),
    Reason.OFFER_NOT_POSSIBLE: (
        sentence("The shop's platform cannot give this, or what waits is worth nothing of it."),
        "Thank you for waiting.",
    ),
    Reason.OFFER_NO_ACCOUNT: (
        sentence("The order has no customer account that store credit could be put on."),
        "Thank you for waiting.",
    ),
    Reason.OFFER_VOID: (
        sentence("The order was cancelled before the offer for its wait was used."),
        "The offer for the wait ended with your order.",
    ),
    Reason.RESTOCKED: (
        sentence("Stock came in and covers what was waiting."),
        "What you were waiting for has come in.",
    ),
    Reason.SUPPLY_LATE: (
        sentence("Supply that it waits for is overdue; the date is our estimate from how late supply has come before."),
        "A delivery to us is late; the date is our best estimate.",
    ),
    Reason.SUPPLY_GIVEN_UP: (
        sentence("Supply that it waits for is overdue for so long that it gives no date any more."),
        "A delivery to us is very late, and we have no date for it any more.",
    ),
    Reason.PART_BELOW_SHARE: (
        sentence("The ready part is too small a share of the order for a parcel of its own."),
        "Too little of your order is ready for a parcel of its own.",
    ),
    Reason.PART_WORTH_PARCEL: (
        sentence("A second parcel costs no more than letting the ready part wait."),
        "We send what is ready now, and the rest follows.",
    ),
    Reason.PARCEL_COSTS_MORE: (
        sentence("A second parcel costs more than letting the ready part wait."),
        "The part that is ready waits for the rest, so that all of it comes in one parcel.",
    ),
    Reason.REST_JOINS_NEWER: (
        sentence("The rest can travel with a newer order to the same address and needs no parcel of its own."),
        "The rest can come together with your newer order.",
    ),
    Reason.LAW_LIMIT: (
        sentence("Waiting for the rest would pass the last day that the law gives, so what is ready leaves now."),
        "We send what is ready now, so that it is not late.",
    ),
    Reason.PART_CHOSEN: (
        sentence("A person, or the customer, chose to have what is ready sent now."),
        "As chosen, we send what is ready now.",
    ),
    Reason.ONE_PARCEL_CHOSEN: (
        sentence("A person, or the customer, chose to have everything sent in one parcel."),
        "As chosen, everything comes in one parcel.",
    ),
    Reason.LARGE_ORDER: (
        sentence("The order is very large for what it asks of the stock."),
        "Your order is larger than usual.",
    ),
    Reason.LARGE_ORDER_REVIEW: (
        sentence(
            "The order is very large and waits for your decision; it keeps its place and nothing of it ships before."
        ),
        "Your order is larger than usual, and we are checking how we can serve it.",
    ),
    Reason.LARGE_ORDER_SCHEDULED: (
        sentence("The order is very large and is taken with the date that the supply gives; that date is kept for it."),
        "Your order is larger than usual; we keep the date that we told you.",
    ),
    Reason.LARGE_ORDER_OFFERED: (
        sentence(
            "The order is very large; its customer was offered choices, and its units are kept while the offer stands."
        ),
        "We offered you choices for your order and keep the units for you while you decide.",
    ),
    Reason.LARGE_ORDER_OFFER_LAPSED: (
        sentence("The offer to the customer has expired without an answer; the order now stands behind all others."),
        "The choices that we offered have expired; we will be in touch about your order.",
    ),
    Reason.ACCEPTED_BY_PERSON: (sentence("You accepted the order as it is."), "We confirmed your order."),
    Reason.CHOSEN_BY_CUSTOMER: (
        sentence("The customer chose from what you offered, and the order follows that choice."),
        "Your order follows what you chose.",
    ),
    Reason.DECLINED_BY_PERSON: (
        sentence("You declined the order; its units are free for others."),
        "We cannot serve your order and will be in touch about it.",
    ),
    Reason.GIVEN_UP: (
        sentence("What is being cancelled is no longer planned; the shop is told."),
        "What was cancelled is being taken off your order.",
    ),
    Reason.SWAPPED: (
        sentence("Its customer swapped what waits for another item; the shop is told, and its units are kept."),
        "What you chose instead is being put on your order.",
    ),
}


def merchant_sentence(reason: Reason) -> str:
    """Return the reason in the merchant's words."""
    return SENTENCES[reason][0]


def customer_sentence(reason: Reason) -> str:
    """Return the reason in words for the customer: no codes, nothing about other orders."""
    return SENTENCES[reason][1]
