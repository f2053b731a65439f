"""Recording a part as shipped: a fulfilment where the store has them, else our metadata and a customer's note."""

from collections.abc import Mapping, Sequence

from connectors.woocommerce import marks
from connectors.woocommerce.client import Client
from connectors.woocommerce.fields import Json, own_id, part
from connectors.woocommerce.orders import FULFILMENTS, Orders
from connectors.woocommerce.refusals import NoRoute
from core.actions import Fulfil
from core.errors import Rejected
from core.outcomes import Already, Blocked, Done, Outcome
from core.sentences import sentence
from core.snapshots import LineSnapshot, OrderSnapshot

TRACKING = {"company": "_shipping_provider", "number": "_tracking_number", "url": "_tracking_url"}


def fulfil(client: Client, orders: Orders, features: frozenset[str], action: Fulfil) -> Outcome:
    """Record the units that are missing to reach `action.shipped`, which are totals: a repeat finds none missing."""
    shown, seen, shipments = orders.whole(action.order)
    ours = next((row for row in shipments if marks.meta_of(row).get(marks.REFERENCE) == action.reference), None)
    missing = _missing(seen, action.shipped)
    if not missing:
        return Already(reference=own_id(ours) if ours else "")
    if seen.status != "open":
        return Blocked(reason=sentence("The order is cancelled or in the trash."))
    if ours is not None and ours.get("is_fulfilled") is not True:
        return Blocked(
            reason=sentence("A person set our fulfilment %(own_id)s back to not fulfilled.", own_id=own_id(ours))
        )
    if FULFILMENTS in features:
        try:
            return _create(client, action, missing)
        except NoRoute:
            pass  # the feature was turned off since the profile was read: nothing was done
    return _write_down(client, shown, seen, action, missing)


def _missing(seen: OrderSnapshot, wanted: Mapping[str, int]) -> dict[str, int]:
    """Return units per line still to be recorded, never more than the customer waits for."""
    lines = {line.id: line for line in seen.lines}
    strangers = sorted(set(wanted) - set(lines))
    if strangers and seen.status == "open":
        raise Rejected(sentence("The order has no line %(strangers)s any more.", strangers=strangers[0][:40]))
    return {line: count for line, total in wanted.items() if (count := _short(lines.get(line), total)) > 0}


def _short(line: LineSnapshot | None, total: int) -> int:
    return 0 if line is None else min(total, line.ordered - line.cancelled - line.refunded) - line.shipped


def _create(client: Client, action: Fulfil, missing: Mapping[str, int]) -> Outcome:
    items = [{"item_id": int(line), "qty": count} for line, count in sorted(missing.items())]
    made = client.post(
        f"orders/{action.order}/{FULFILMENTS}",
        {
            "status": "fulfilled",
            "is_fulfilled": True,
            "notify_customer": action.notify_customer,
            "meta_data": [
                {"id": 0, "key": "_items", "value": items},
                {"id": 0, "key": marks.REFERENCE, "value": action.reference},
                *({"id": 0, "key": key, "value": said} for key, said in _tracking(action).items()),
            ],
        },
    )
    # WooCommerce 10.2 answers with an object that holds the fulfilment, 10.5 with the fulfilment alone.
    return Done(reference=own_id(part(made, "fulfillment") or made))


def _tracking(action: Fulfil) -> dict[str, str]:
    """Return the parcel's tracking under the keys that WooCommerce reads."""
    return {key: said for name, key in TRACKING.items() if (said := action.tracking.get(name, "").strip())}


def _write_down(
    client: Client, shown: Json, seen: OrderSnapshot, action: Fulfil, missing: Mapping[str, int]
) -> Outcome:
    """Write the note first: it is found by its marker, so a lost answer to either write is mended by a repeat."""
    meta = marks.meta_of(shown)
    before = marks.units_in(meta, marks.SHIPPED)
    after = {line: before.get(line, 0) + missing.get(line, 0) for line in {*before, *missing}}
    marker = marks.marker_of("fulfil", action.order, action.reference, marks.units_text(after) or "")
    note = marks.note_with(client, action.order, marker)
    if note is None:
        note = marks.write_note(client, action.order, marker, _words(seen.lines, missing, action), to_customer=True)
    parcels = dict.fromkeys((*marks.parcels_in(meta), action.reference.replace(" ", "-")))
    changes = {marks.SHIPPED: marks.units_text(after), marks.PARCELS: " ".join(parcels)}
    client.put(f"orders/{action.order}", marks.written(changes))
    return Done(reference=note)


def _words(lines: Sequence[LineSnapshot], missing: Mapping[str, int], action: Fulfil) -> str:
    said = ", ".join(f"{missing[line.id]} × {line.title}" for line in lines if line.id in missing)
    parcel = " ".join(_tracking(action).values())
    return f"Shipped: {said}." + (f" Tracking: {parcel}" if parcel else "")
