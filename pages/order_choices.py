"""Which choices a person has for an order just now, each with what it brings about and whether it can be undone."""

from decimal import Decimal

from core.consolation.offers import by_hand
from core.large.large_orders import excess_of, is_kept_back
from core.orders import ending_choices, giving_up
from core.orders.choices import is_open_question
from core.orders.customer_choices import may_wait_together
from core.planning.shop_facts import USUAL_SHARE
from core.records import OrderRecord, Shop
from pages.choice import FINAL, Choice
from pages.languages import _, n_
from pages.offer_words import gift_words
from pages.printing import printer
from pages.undo_choices import undo_choices

REVIEWED = frozenset({"review", "decline"})


def choices_for(record: OrderRecord, shop: Shop, *, to_credit: bool = False) -> tuple[Choice, ...]:
    """Return what can be chosen: the safest next step first, what cannot be undone last.

    `to_credit`: paid money becomes store credit.
    """
    if record.snapshot.status != "open" or record.plan is None:
        return ()
    if giving_up.counts_as_cancelled(record):
        left = _cancel(record, shop, to_credit=False)
        return (left,) if left else ()
    found = (
        _accept(record), _cap(record, shop), _counter(record, shop), _decline(record, shop, to_credit=to_credit),
        _ship_part(record, shop), _together(record, shop), _hold(record), _offer(record, shop), _keep(record),
        _cancel_waiting(record, shop, to_credit=to_credit), _cancel(record, shop, to_credit=to_credit),
    )  # fmt: skip
    named = (*(choice for choice in found if choice is not None), *undo_choices(record))
    return tuple(sorted(named, key=lambda choice: choice.final))


def _accept(record: OrderRecord) -> Choice | None:
    if not is_open_question(record):
        return None
    brings = _("The order is served like any other, in its place in the queue.")
    return Choice(
        do="accept", label=_("Accept the order"), brings=brings, undo=_("Hold it to stop it again."), primary=True
    )


def _cap(record: OrderRecord, shop: Shop) -> Choice | None:
    if not is_open_question(record) or not excess_of(record, shop):
        return None
    share = Decimal(shop.policy.large_order.share or USUAL_SHARE) * 100
    brings = _(
        "It gets at most %(share)s %% of the stock at first; the rest keeps its place in the queue.",
        share=f"{share.normalize():f}",
    )
    return Choice(do="cap", label=_("Cap the order"), brings=brings, undo=_("Hold it to stop it again."))


def _counter(record: OrderRecord, shop: Shop) -> Choice | None:
    offered = record.proposal is not None and record.proposal.state == "open"
    if not is_open_question(record) or offered or record.plan is None or not record.plan.backordered:
        return None
    length = printer().units(shop.policy.large_order.offer_days, "day")
    brings = _(
        "The customer gets choices with prices, good for %(length)s; the units are kept meanwhile.", length=length
    )
    undo = _("Accept or decline it to withdraw the offer.")
    return Choice(do="counter", label=_("Offer the customer choices"), brings=brings, undo=undo)


def _decline(record: OrderRecord, shop: Shop, *, to_credit: bool) -> Choice | None:
    if not is_open_question(record) or record.manual.get("answer") == "decline":
        return None
    if shop.policy.cancelling.declined and ending_choices.may_cancel(shop, record):
        brings = _paid_back(record, _("The order is cancelled in the shop at once."), to_credit=to_credit)
        return Choice(do="decline", label=_("Decline and cancel the order"), brings=brings, undo=_(FINAL), final=True)
    brings = _("Nothing of it ships and its units are free for others. You then cancel it below, or in the shop.")
    undo = _("Accept it to take that back, until it is cancelled: that cannot be undone.")
    suggested = shop.policy.large_order.answer == "decline" and bool(excess_of(record, shop))
    label = _("Decline the order (your policy's suggestion)") if suggested else _("Decline the order")
    return Choice(do="decline", label=label, brings=brings, undo=undo)


def _ship_part(record: OrderRecord, shop: Shop) -> Choice | None:
    plan = record.plan
    if plan is None or record.snapshot.hold or is_kept_back(plan):
        return None
    if sum(line.release_now for line in plan.lines) >= sum(line.on_hand for line in plan.lines):
        return None
    undo = _("Hold the order to stop it, as long as the parcel has not left.")
    if shop.policy.fulfil == "create":
        undo = _("Cannot be undone: the part is recorded as shipped in the shop.")
    return Choice(
        do="ship_part", label=_("Ship what is in stock"), brings=_("What is there leaves now, the rest follows."),
        undo=undo, primary=plan.decision not in REVIEWED,
    )  # fmt: skip


def _together(record: OrderRecord, shop: Shop) -> Choice | None:
    if not may_wait_together(record, shop):
        return None
    brings = _(
        "Nothing leaves before all of it can; its units in stock stay its own, or are lent where they come back."
    )
    undo = _("Ship what is in stock to split it again.")
    return Choice(do="together", label=_("Keep it in one parcel"), brings=brings, undo=undo)


def _hold(record: OrderRecord) -> Choice | None:
    if "hold" in record.manual:
        brings = _("The order ships again as its plan says.")
        return Choice(do="release", label=_("Release the order"), brings=brings, undo=_("You can hold it again."))
    brings = _("Nothing of it ships until you release it. It keeps its place in the queue.")
    return Choice(do="hold", label=_("Hold the order"), brings=brings, undo=_("You can release it again."))


def _offer(record: OrderRecord, shop: Shop) -> Choice | None:
    offers = shop.policy.offers
    if record.plan is None or not record.plan.backordered or len(record.offers) >= max(1, offers.per_order):
        return None
    brings = _(
        "The customer gets %(gift)s for the wait, good for %(days)s.",
        gift=gift_words(by_hand(offers), shop.currency), days=printer().units(offers.valid_days, "day"),
    )  # fmt: skip
    undo = _("End the code to undo it, as long as nobody has used it.")
    return Choice(do="offer", label=_("Offer something for the wait"), brings=brings, undo=undo)


def _keep(record: OrderRecord) -> Choice | None:
    if not giving_up.is_open(record):
        return None
    brings = _("What was given up is planned again, as long as the shop has not carried it out.")
    return Choice(do="keep", label=_("Keep it after all"), brings=brings, undo=_("You can cancel it again."))


def _cancel_waiting(record: OrderRecord, shop: Shop, *, to_credit: bool) -> Choice | None:
    units = giving_up.waiting(record)
    if not units or units == giving_up.everything(record) or shop.policy.mode != "act" or giving_up.is_open(record):
        return None
    count = sum(units.values())
    label = n_("Cancel the unit that waits", "Cancel the %(number)s units that wait", count)
    brings = _paid_back(
        record, _("They come off the order in the shop; what is in stock still ships."), to_credit=to_credit
    )
    return Choice(do="cancel_waiting", label=label, brings=brings, undo=_(FINAL), final=True)


def _cancel(record: OrderRecord, shop: Shop, *, to_credit: bool) -> Choice | None:
    if not ending_choices.may_cancel(shop, record):
        return None
    shipped = any(line.shipped for line in record.snapshot.lines)
    what = _("What has not shipped comes off the order.") if shipped else _("The whole order is cancelled in the shop.")
    label = _("Cancel what has not shipped") if shipped else _("Cancel the order")
    brings = _paid_back(record, what, to_credit=to_credit)
    return Choice(do="cancel", label=label, brings=brings, undo=_(FINAL), final=True)


def _paid_back(record: OrderRecord, what: str, *, to_credit: bool) -> str:
    """Return what is done, and what becomes of the money."""
    if record.snapshot.hold == "payment":
        return what
    money = _("Its price becomes store credit.") if to_credit else _("Its price is paid back.")
    return f"{what} {money}"
