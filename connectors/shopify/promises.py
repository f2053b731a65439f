"""What customers and packers are told: our metafields on orders and variants with the expected day, ship-by deadlines.

Theme and customer account read the metafields under `$app:backorder`; docs/shopify.md has blocks that show them.
"""

from collections import defaultdict
from datetime import date

from connectors.shopify import fulfilment_orders
from connectors.shopify.answers import Json, Refused, unknown
from connectors.shopify.client import Client
from connectors.shopify.ids import gid
from connectors.shopify.order_snapshot import instant
from core.actions import Deadline, Publish
from core.item_actions import Announce
from core.outcomes import Already, Blocked, Done, Outcome
from core.sentences import sentence

NAMESPACE = "$app:backorder"
FIELDS = {
    "eta": ("date", "Backorder: the rest is expected on"),
    "ready": ("number_integer", "Backorder: units that can ship now"),
    "waiting": ("number_integer", "Backorder: units that wait"),
}
NEXT_UNIT = "Backorder: a unit ordered now would leave on"
READABLE = {"storefront": "PUBLIC_READ", "customerAccount": "READ"}


def publish(client: Client, wanted: Publish) -> Outcome:
    """Make our metafields say what is wanted, or not stand at all when nothing waits."""
    order = gid("Order", wanted.order)
    stands = standing(client, order)
    if stands is None:
        raise unknown(wanted.order)
    told = _told(wanted)
    changed = {key: value for key, value in told.items() if stands.get(key) != value}
    surplus = sorted(stands.keys() - told.keys())
    if changed:
        _set(client, [_row(order, key, value) for key, value in sorted(changed.items())], owner="ORDER")
    if surplus:
        withdraw(client, order, surplus)
    return Done() if changed or surplus else Already()


def announce(client: Client, wanted: Announce) -> Outcome:
    """Make the item's variants name the day on which a unit ordered now could leave, or no day at all."""
    found = client.read(
        "item_promise", "inventoryItem", {"id": gid("InventoryItem", wanted.item), "namespace": NAMESPACE}
    )
    day = wanted.expected_on.isoformat() if wanted.expected_on else None
    variants = [(node["id"], _told_day(node)) for node in (found["variants"]["nodes"] if found else [])]
    differing = [variant for variant, stands in variants if stands != day]
    if not variants and day:
        return Blocked(reason=sentence("The item is not in the shop any more."))
    if not differing:
        return Already()
    if day is None:
        gone = [{"ownerId": variant, "namespace": NAMESPACE, "key": "eta"} for variant in differing]
        client.write("promise_delete", "metafieldsDelete", {"metafields": gone})
    else:
        _set(client, [_row(variant, "eta", day) for variant in differing], owner="PRODUCTVARIANT")
    return Done()


def _told_day(variant: Json) -> str | None:
    return next((str(node["value"]) for node in variant["metafields"]["nodes"] if node["key"] == "eta"), None)


def standing(client: Client, order: str) -> dict[str, str] | None:
    """Return our metafields on the order (a global id), by key; None where there is no such order."""
    found = client.read("promise", "order", {"id": order, "namespace": NAMESPACE})
    if found is None:
        return None
    return {str(node["key"]): str(node["value"]) for node in found["metafields"]["nodes"] if node["key"] in FIELDS}


def withdraw(client: Client, order: str, keys: list[str]) -> None:
    """Take metafields of ours off the order. One that is gone already is what we want."""
    gone = [{"ownerId": order, "namespace": NAMESPACE, "key": key} for key in keys]
    client.write("promise_delete", "metafieldsDelete", {"metafields": gone})


def set_deadlines(client: Client, wanted: Deadline) -> Outcome:
    """Make the fulfilment orders with these lines be due by the latest of their lines' days.

    Where units of a line are under our hold, it is those that wait: what may ship now has no other day.
    """
    rows = [row for row in fulfilment_orders.read_all(client, gid("Order", wanted.order)) if row.alive]
    held = {line for row in rows if row.held for line in row.units()}
    due = [
        (row, max(days))
        for row in rows
        if (days := [wanted.lines[k] for k in row.units() if k in wanted.lines and (row.held or k not in held)])
    ]
    if not due:
        return Blocked(reason=sentence("these units no longer wait at the platform"))
    by_day: defaultdict[date, list[str]] = defaultdict(list)
    for row, day in due:
        if row.due is None or instant(row.due).date() != day:
            by_day[day].append(row.id)
    for day, ids in sorted(by_day.items()):
        client.write(
            "deadline_set",
            "fulfillmentOrdersSetFulfillmentDeadline",
            {"ids": ids, "deadline": f"{day.isoformat()}T23:59:59Z"},
        )
    return Done() if by_day else Already()


def _told(wanted: Publish) -> dict[str, str]:
    if not wanted.waiting:
        return {}
    told = {"ready": str(wanted.ready), "waiting": str(wanted.waiting)}
    return told | ({"eta": wanted.expected_on.isoformat()} if wanted.expected_on else {})


def _row(owner: str, key: str, value: str) -> Json:
    return {"ownerId": owner, "namespace": NAMESPACE, "key": key, "type": FIELDS[key][0], "value": value}


def _set(client: Client, rows: list[Json], *, owner: str) -> None:
    payload = client.write("promise_set", "metafieldsSet", {"metafields": rows})
    for node in payload.get("metafields") or ():
        if node.get("definition") is None and node.get("key") in FIELDS:
            _define(client, str(node["key"]), owner)


def _define(client: Client, key: str, owner: str) -> None:
    """Let themes and customer accounts read the metafield: without a definition only we could."""
    kind, name = FIELDS[key]
    # A customer's account shows orders: what stands on a variant is for the storefront alone.
    access, label = (READABLE, name) if owner == "ORDER" else ({"storefront": "PUBLIC_READ"}, NEXT_UNIT)
    definition: Json = {"namespace": NAMESPACE, "key": key, "name": label, "type": kind, "ownerType": owner}
    try:
        client.write(
            "promise_definition", "metafieldDefinitionCreate", {"definition": {**definition, "access": access}}
        )
    except Refused:
        # Made in the meantime, or not allowed here: the value stands all the same.
        return
