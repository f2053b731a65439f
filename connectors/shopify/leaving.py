"""Taking away what is ours when the merchant leaves: tags, holds, lines in notes, metafields, codes nobody used."""

from connectors.shopify import codes, fulfilment_orders, holding, promises
from connectors.shopify.client import Client
from connectors.shopify.ids import gid
from connectors.shopify.marks import without_lines
from core.actions import Clear, EndCode
from core.desired_state.our_tags import is_ours
from core.outcomes import Already, Done, Outcome


def clear(client: Client, wanted: Clear) -> Outcome:
    """Take away all that is ours, also where another app holds as well: its own hold stays.

    Holds go first: they keep goods back. A code that somebody used is part of their order and stays.
    """
    order = gid("Order", wanted.order)
    found = client.read("order_marks", "order", {"id": order})
    wrote = False
    if found is not None:
        held = [row for row in fulfilment_orders.read_all(client, order) if row.own_holds]
        holding.release(client, held)
        tags = sorted(tag for tag in found["tags"] if is_ours(tag))
        if tags:
            client.write("tags_remove", "tagsRemove", {"id": order, "tags": tags})
        noted = found.get("note") or ""
        if (kept := without_lines(noted)) != noted:
            client.write("note", "orderUpdate", {"input": {"id": order, "note": kept}})
        stands = sorted(promises.standing(client, order) or ())
        if stands:
            promises.withdraw(client, order, stands)
        wrote = bool(held or tags or stands or kept != noted)
    ended = [codes.end(client, EndCode(order=wanted.order, code=code)) for code in wanted.codes]
    return Done() if wrote or Done() in ended else Already()
