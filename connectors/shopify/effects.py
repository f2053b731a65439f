"""Carrying out actions: each looks first, writes only what is missing, and says whether anything was written."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from connectors.shopify import (
    closing,
    codes,
    fulfilling,
    gift_cards,
    holding,
    leaving,
    promises,
    selling,
    store_credit,
    substituting,
)
from connectors.shopify.answers import Json
from connectors.shopify.client import Client
from connectors.shopify.ids import gid
from connectors.shopify.marks import with_line
from connectors.shopify.orders import Orders
from core.actions import (
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
from core.capabilities import Capability, Support
from core.errors import Unsupported
from core.item_actions import Announce, SellOn
from core.outcomes import Already, Blocked, Done, Outcome
from core.sentences import sentence

SUPPORT: dict[Capability, Support] = {
    Capability.TAGS: Support(
        level="full", how=sentence("Order tags that begin with backorder-; other tags are never touched.")
    ),
    Capability.HOLD: Support(
        level="full",
        how=sentence(
            "One fulfilment hold of ours per fulfilment order, for lack of stock: held units cannot be fulfilled."
        ),
    ),
    Capability.PARTIAL_FULFILMENT: Support(
        level="full",
        how=sentence("The units that ship are split into a fulfilment order of their own, which is fulfilled whole."),
    ),
    Capability.DISCOUNT_CODE: Support(
        level="full",
        how=sentence("A code of a percentage or an amount, once per customer and once in all, until its end date."),
    ),
    Capability.FREE_SHIPPING: Support(
        level="full", how=sentence("A free shipping code, usable once, until its end date.")
    ),
    Capability.STORE_CREDIT: Support(
        level="full",
        how=sentence("Credit on the customer's account, given once: the second at which it expires is our mark."),
    ),
    Capability.GIFT_CARD: Support(
        level="full", how=sentence("A gift card with a code of ours; needs the scope write_gift_cards.")
    ),
    Capability.NOTE: Support(
        level="full",
        how=sentence("A line of ours in the order's note, below what people wrote; it follows the day, and goes."),
    ),
    Capability.CUSTOMER_NOTE: Support(level="none", how=sentence("Shopify has no note to the customer on an order.")),
    Capability.PROMISE: Support(
        level="full",
        how=sentence(
            "Metafields of ours on the order, for the theme and the customer's account; they go when nothing waits."
        ),
    ),
    Capability.DEADLINE: Support(
        level="full", how=sentence("The ship-by date of the fulfilment orders; another date replaces it.")
    ),
    Capability.LINE_REMOVAL: Support(
        level="full", how=sentence("An order edit; undone by another edit. It moves no money by itself.")
    ),
    Capability.CANCEL: Support(
        level="full",
        how=sentence("The order is cancelled for lack of stock, the payment given back if asked. Not undoable."),
    ),
    Capability.REFUND: Support(
        level="full", how=sentence("A refund to where the payment came from, under a key of its own. Not undoable.")
    ),
    Capability.REFUND_TO_CREDIT: Support(
        level="full",
        how=sentence("A refund or a cancellation can give store credit instead, to customers with an account."),
    ),
    Capability.SUBSTITUTION: Support(
        level="full",
        how=sentence(
            "One order edit; a dearer substitute is discounted to the same price, a cheaper one's difference refunded. "
            "Needs the scope write_order_edits."
        ),
    ),
    Capability.SECOND_FREIGHT: Support(
        level="none",
        how=sentence(
            "An order edit can add freight, but nothing collects it: the customer would get an invoice after choosing, "
            "and may not pay it. What is ready first costs them nothing."
        ),
    ),
    Capability.INCOMING_SUPPLY: Support(
        level="full",
        how=sentence("Inventory transfers and their shipments, with the shipment's expected day of arrival."),
    ),
    Capability.LOCATIONS: Support(
        level="full", how=sentence("Stock by location; an order's own location is the assigned one.")
    ),
    Capability.BACKORDERS: Support(
        level="full",
        how=sentence("The variant's inventory policy: deny while the wait is too long, then continue again."),
    ),
    Capability.ITEM_PROMISE: Support(
        level="full", how=sentence("A metafield of ours on the variant, which the theme can show.")
    ),
}


class Effects:
    """Carries out actions at one shop."""

    def __init__(self, client: Client, orders: Orders, now: Callable[[], datetime]) -> None:
        self._client = client
        self._orders = orders
        self._now = now

    def carry_out(self, action: Action) -> Outcome:
        """Bring about the wanted end; see `core.ports.connector.ShopConnector.carry_out` for what is raised."""
        do: Mapping[type[Action], Callable[[Any], Outcome]] = {
            Tag: self._tag,
            Untag: self._untag,
            Hold: partial(holding.converge, self._client),
            Release: partial(holding.converge, self._client),
            Fulfil: partial(fulfilling.fulfil, self._client, self._orders),
            Code: self._code,
            Note: self._note,
            Publish: partial(promises.publish, self._client),
            Deadline: partial(promises.set_deadlines, self._client),
            Remove: partial(closing.remove, self._client, self._orders),
            Cancel: partial(closing.cancel, self._client),
            Refund: partial(closing.refund, self._client),
            Substitute: partial(substituting.substitute, self._client, self._orders),
            Clear: partial(leaving.clear, self._client),
            EndCode: self._end_code,
            SellOn: partial(selling.sell_on, self._client),
            Announce: partial(promises.announce, self._client),
        }
        return do[type(action)](action)

    def _tag(self, action: Tag) -> Outcome:
        missing = sorted(set(action.tags) - set(self._marks(action.order)["tags"]))
        if not missing:
            return Already()
        self._client.write("tags_add", "tagsAdd", {"id": gid("Order", action.order), "tags": missing})
        return Done()

    def _untag(self, action: Untag) -> Outcome:
        return self._remove(action.order, sorted(set(action.tags) & set(self._marks(action.order)["tags"])))

    def _remove(self, order: str, tags: list[str]) -> Outcome:
        if not tags:
            return Already()
        self._client.write("tags_remove", "tagsRemove", {"id": gid("Order", order), "tags": tags})
        return Done()

    def _code(self, action: Code) -> Outcome:
        return MADE[action.offer](self._client, action)

    def _end_code(self, action: EndCode) -> Outcome:
        if action.offer == "store_credit":
            return store_credit.end(self._client, action, self._now)
        return (gift_cards.end if action.offer == "gift_card" else codes.end)(self._client, action)

    def _note(self, action: Note) -> Outcome:
        if action.to_customer:
            raise Unsupported(f"Shopify: {SUPPORT[Capability.CUSTOMER_NOTE].how}")
        # Read right before it is written: the platform replaces the note as a whole, people's words included.
        stands = self._marks(action.order).get("note") or ""
        text = with_line(stands, action.text, action.marker)
        if text is None:
            return Blocked(reason=sentence("The order's note is full (5,000 characters): shorten it in Shopify."))
        if text == stands:
            return Already()
        self._client.write("note", "orderUpdate", {"input": {"id": gid("Order", action.order), "note": text}})
        return Done()

    def _marks(self, order: str) -> Json:
        return self._client.order("order_marks", order)


MADE: Mapping[OfferKind, Callable[[Client, Code], Outcome]] = {
    "discount_code": codes.make,
    "free_shipping": codes.make,
    "store_credit": store_credit.make,
    "gift_card": gift_cards.make,
}
