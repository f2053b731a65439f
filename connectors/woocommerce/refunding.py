"""Making a refund at a store, once: it bears its key in its reason, where we look for it."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from connectors.woocommerce import marks
from connectors.woocommerce.client import Client
from connectors.woocommerce.fields import Json, money, own_id, text
from core.errors import NotFound, PayloadChanged, Rejected
from core.sentences import sentence

GATEWAY = re.compile(r"[A-Za-z0-9_-]{1,60}")


def made_under(given: Iterable[Json], key: str) -> Json | None:
    """Return the refund that was made under this key; None where there is none."""
    return next((row for row in given if marks.ending(key) in str(row.get("reason"))), None)


def worth(line: Mapping[str, Any]) -> Decimal:
    """Return what a line of a refund gives back, its tax included."""
    taxes = sum((Decimal(tax["refund_total"]) for tax in line.get("refund_tax", ())), Decimal(0))
    return Decimal(line["refund_total"]) + taxes


def pay_back(client: Client, shown: Json, body: Json, note: str, key: str, *, restock: bool) -> Json:
    """Make the refund of this body, with its key in its reason; return it as the store shows it."""
    asked = {
        **body,
        "reason": f"{note.strip()} {marks.ending(key)}".strip(),
        "api_refund": _gateway_pays(client, shown),
        "api_restock": restock,
    }
    return client.post(f"orders/{own_id(shown)}/refunds", asked)


def _gateway_pays(client: Client, shown: Json) -> bool:
    """Whether the gateway can send money back: left to itself the store tries, and fails for those that cannot."""
    method = text(shown.get("payment_method"))
    if not shown.get("date_paid_gmt") or not GATEWAY.fullmatch(method):
        return False
    try:
        supports = client.get_object(f"payment_gateways/{method}").get("method_supports")
    except (NotFound, Rejected, PayloadChanged):
        return False  # the gateway is gone, or its settings are not for our eyes
    return isinstance(supports, list) and "refunds" in supports


def by_hand(client: Client, shown: Json, made: Json, key: str) -> None:
    """Tell people where money that was paid is on record as given back and nobody has sent it."""
    if made.get("refunded_payment") is not False or not shown.get("date_paid_gmt") or not money(made, "amount"):
        return
    method = text(shown.get("payment_method_title")) or sentence("The payment method")
    words = sentence(
        "%(method)s cannot send money back by itself: send %(text)s to the customer by hand.",
        method=method,
        text=text(made.get("amount")),
    )
    marks.note_stands(client, own_id(shown), marks.marker_of(sentence("by hand"), key), words, to_customer=False)
