"""Bringing about what the plan wants at a store: look first, write only what is missing, leave the status alone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from connectors.woocommerce import marks
from connectors.woocommerce.client import Client
from connectors.woocommerce.closing import cancel, refund, remove
from connectors.woocommerce.coupons import make_code
from connectors.woocommerce.leaving import clear, end_code
from connectors.woocommerce.order_snapshot import STATUSES
from connectors.woocommerce.orders import PLAIN_ID, Orders
from connectors.woocommerce.promises import publish
from connectors.woocommerce.selling import announce, sell_on
from connectors.woocommerce.shipments import fulfil
from connectors.woocommerce.substituting import substitute
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
    Publish,
    Refund,
    Release,
    Remove,
    Substitute,
    Tag,
    Untag,
)
from core.capabilities import Capability, Support
from core.errors import NotFound, Unsupported
from core.item_actions import Announce, ItemAction, SellOn
from core.outcomes import Already, Blocked, Done, Outcome
from core.sentences import sentence

SUPPORT: dict[Capability, Support] = {
    Capability.TAGS: Support(level="said", how=sentence("order metadata of ours; the order's status is left alone")),
    Capability.HOLD: Support(
        level="said", how=sentence("waiting and ready units in order metadata and a private note")
    ),
    Capability.PARTIAL_FULFILMENT: Support(
        level="full",
        how=sentence("a fulfillment where that feature is on; else order metadata and a note to the customer"),
    ),
    Capability.DISCOUNT_CODE: Support(
        level="full", how=sentence("a coupon of a percentage or an amount, usable once, for the customer's address")
    ),
    Capability.FREE_SHIPPING: Support(
        level="full", how=sentence("a coupon; a free shipping method of the store must ask for a coupon")
    ),
    Capability.STORE_CREDIT: Support(level="none", how=sentence("WooCommerce has no store credit")),
    Capability.GIFT_CARD: Support(level="none", how=sentence("WooCommerce has no gift cards")),
    Capability.NOTE: Support(level="full", how=sentence("a private order note")),
    Capability.CUSTOMER_NOTE: Support(level="full", how=sentence("a note to the customer, which the store mails")),
    Capability.PROMISE: Support(
        level="said", how=sentence("the expected day in order metadata, for themes and plugins")
    ),
    Capability.DEADLINE: Support(level="none", how=sentence("WooCommerce has no ship-by date")),
    Capability.LINE_REMOVAL: Support(
        level="full",
        how=sentence("the line's quantity and total while the order is unpaid; a paid one is refunded instead"),
    ),
    Capability.CANCEL: Support(
        level="full", how=sentence("status cancelled, or refunded where money was paid; the store puts the units back")
    ),
    Capability.REFUND: Support(
        level="full",
        how=sentence("by the payment gateway where it can; else on record, with a note to send the money by hand"),
    ),
    Capability.REFUND_TO_CREDIT: Support(level="none", how=sentence("WooCommerce keeps no store credit")),
    Capability.SUBSTITUTION: Support(
        level="full",
        how=sentence("the order's lines, whose sum stays what was paid; a cheaper substitute's difference is refunded"),
    ),
    Capability.SECOND_FREIGHT: Support(
        level="none",
        how=sentence(
            "a fee on a paid order is asked for only in the status pending, which puts its units back into stock"
        ),
    ),
    Capability.INCOMING_SUPPLY: Support(
        level="none", how=sentence("WooCommerce has none: enter it, import it or use the API")
    ),
    Capability.LOCATIONS: Support(level="none", how=sentence("WooCommerce counts one stock")),
    Capability.BACKORDERS: Support(
        level="full",
        how=sentence("the product's backorders: no while the wait is too long, then what they were before"),
    ),
    Capability.ITEM_PROMISE: Support(
        level="said", how=sentence("the product's _backorder_eta, which the companion plugin shows on product pages")
    ),
}

NO_OTHERS: Mapping[str, None] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """What effects work with: the line to the store, its orders and its features."""

    client: Client
    orders: Orders
    features: frozenset[str]


def carry_out(store: Store, action: Action) -> Outcome:
    """Bring about the wanted end; see `core.ports.connector.ShopConnector.carry_out` for what it raises."""
    if not isinstance(action, ItemAction) and not PLAIN_ID.fullmatch(action.order):
        raise NotFound(sentence("A store's order ids are numbers."))
    return EFFECTS[type(action)](store, action)


def _tag(store: Store, action: Tag) -> Outcome:
    meta = marks.meta_of(store.client.get_object(f"orders/{action.order}"))
    return _put_tags(store, action.order, meta, marks.tags_in(meta) | set(action.tags))


def _untag(store: Store, action: Untag) -> Outcome:
    """Take tags away; from an order that is over, also what was said to wait and to be ready: nobody packs it."""
    try:
        shown = store.client.get_object(f"orders/{action.order}")
    except NotFound:
        return Already()  # nothing stands on an order that is gone
    meta = marks.meta_of(shown)
    over = (marks.WAITING, marks.READY) if STATUSES.get(str(shown.get("status")), "open") != "open" else ()
    stale = {key: None for key in over if key in meta}
    return _put_tags(store, action.order, meta, marks.tags_in(meta) - set(action.tags), stale)


def _put_tags(
    store: Store, order: str, meta: Mapping[str, Any], tags: frozenset[str], others: Mapping[str, None] = NO_OTHERS
) -> Outcome:
    changes = {} if tags == marks.tags_in(meta) else {marks.TAGS: marks.tags_text(tags)}
    if not changes and not others:
        return Already()
    store.client.put(f"orders/{order}", marks.written({**changes, **others}))
    return Done()


def _hold(store: Store, action: Hold | Release) -> Outcome:
    """Say what waits and what is ready, in metadata for programs and in a private note for people.

    The note comes first and is found by its marker; metadata that is already right means that both stand.
    """
    shown = store.client.get_object(f"orders/{action.order}")
    meta = marks.meta_of(shown)
    held = _some(action.held)
    # An order of which nothing waits is like any other: all of it may ship, and no key need say so.
    ready = _some(action.ready) if held else {}
    waited, was_ready = marks.units_in(meta, marks.WAITING), marks.units_in(meta, marks.READY)
    if (held, ready) == (waited, was_ready):
        return Already()
    over = STATUSES.get(str(shown.get("status")), "open") != "open"
    if isinstance(action, Hold) and over:
        return Blocked(reason=sentence("The order is no longer open at the store."))
    wanted = {marks.WAITING: marks.units_text(held), marks.READY: marks.units_text(ready)}
    if over or (held == waited and all(count <= was_ready.get(line, 0) for line, count in ready.items())):
        # Units that were ready have left, or all is over: no news to the people who sent them.
        store.client.put(f"orders/{action.order}", marks.written(wanted))
        return Done()
    return _told(store, action, wanted, before=str(meta.get(marks.SAID) or ""))


def _some(units: Mapping[str, int]) -> dict[str, int]:
    return {line: count for line, count in units.items() if count > 0}


def _told(store: Store, action: Hold | Release, wanted: Mapping[str, str | None], *, before: str) -> Outcome:
    """Write note and metadata. The marker follows from the one before: the same wish, wanted again, is said again."""
    said = marks.marker_of("hold", action.order, before, *map(str, wanted.values()), action.note)
    note = marks.note_stands(store.client, action.order, said, action.note, to_customer=False)
    store.client.put(f"orders/{action.order}", marks.written({**wanted, marks.SAID: said}))
    return Done(reference=note)


def _note(store: Store, action: Note) -> Outcome:
    """Let one note of the marker stand and say it. What a customer was told is never taken back."""
    if action.to_customer:
        found = marks.note_with(store.client, action.order, action.marker)
        if found is not None:
            return Already(reference=found)
        made = marks.write_note(store.client, action.order, action.marker, action.text, to_customer=True)
        return Done(reference=made)
    before = marks.notes_of(store.client, action.order, action.marker)
    marker = marks.saying(action.marker, action.text)
    stands = before.pop(marker, "") if action.text else ""
    wrote = bool(before) or (bool(action.text) and not stands)
    if action.text and not stands:
        stands = marks.write_note(store.client, action.order, marker, action.text, to_customer=False)
    for outdated in before.values():
        store.client.delete(f"orders/{action.order}/notes/{outdated}")
    return Done(reference=stands) if wrote else Already(reference=stands)


def _deadline(_store: Store, _action: Deadline) -> Outcome:
    raise Unsupported(sentence("WooCommerce has no ship-by date."))


EFFECTS: Mapping[type[Action], Callable[[Store, Any], Outcome]] = {
    Tag: _tag,
    Untag: _untag,
    Hold: _hold,
    Release: _hold,
    Fulfil: lambda store, action: fulfil(store.client, store.orders, store.features, action),
    Code: lambda store, action: make_code(store.client, action),
    Note: _note,
    Publish: lambda store, action: publish(store.client, action),
    Remove: lambda store, action: remove(store.client, store.orders, action),
    Cancel: lambda store, action: cancel(store.client, store.orders, action),
    Refund: lambda store, action: refund(store.client, store.orders, action),
    Substitute: lambda store, action: substitute(store.client, store.orders, action),
    Clear: lambda store, action: clear(store.client, action),
    Deadline: _deadline,
    SellOn: lambda store, action: sell_on(store.client, action),
    Announce: lambda store, action: announce(store.client, action),
    EndCode: lambda store, action: end_code(store.client, action),
}
