"""Gift cards for a wait: whoever has the code can spend it, so it goes to the customer alone.

Once, because a code is taken once; its marker in the card's own note finds it again.
"""

from decimal import Decimal

from connectors.shopify.answers import Json, Refused
from connectors.shopify.client import Client
from connectors.shopify.ids import reference
from connectors.shopify.marks import markers
from core.actions import Code, EndCode
from core.outcomes import Already, Done, Outcome

A_FEW = 10
TAKEN = "already been taken"


def make(client: Client, wanted: Code) -> Outcome:
    """Make the card, unless it is there."""
    if (found := _card(client, wanted.code)) is not None:
        return Already(reference=reference(found))
    card = {
        "code": wanted.code,
        "initialAmount": {"amount": wanted.amount, "currencyCode": wanted.currency},
        "expiresOn": wanted.ends_at.date().isoformat(),
        "note": f"{wanted.title}\n[backorder:{wanted.code}]",
    }
    try:
        payload = client.write("gift_card", "giftCardCreate", {"input": card})
    except Refused as problem:
        # The search may lag behind, and this refusal came without a code.
        if problem.codes == {"TAKEN"} or TAKEN in str(problem):
            return Already()
        raise
    return Done(reference=reference(payload.get("giftCard")))


def end(client: Client, wanted: EndCode) -> Outcome:
    """Make the card unusable with what is left on it. One that is gone, spent or ended is so already."""
    found = _card(client, wanted.code)
    if found is None or not found["enabled"] or not Decimal(found["balance"]["amount"]):
        return Already()
    client.write("gift_card_deactivate", "giftCardDeactivate", {"id": found["id"]})
    return Done(reference=reference(found))


def _card(client: Client, code: str) -> Json | None:
    """Return our card of this code. The search takes whole codes, and finds what is like it as well."""
    page = client.read("gift_cards", "giftCards", {"first": A_FEW, "query": code})
    return next((dict(node) for node in page["nodes"] if code in markers(node.get("note"))), None)
