"""Discount codes: a code is a function of the order, so that one which stands there was made by an earlier try."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from connectors.shopify.answers import Json, Refused
from connectors.shopify.client import Client
from connectors.shopify.ids import gid, reference
from core.actions import Code, EndCode
from core.outcomes import Already, Blocked, Done, Outcome
from core.sentences import sentence

USABLE = frozenset({"ACTIVE", "SCHEDULED"})


def make(client: Client, wanted: Code) -> Outcome:
    """Make the code, unless it is there."""
    found = client.read("code_lookup", "codeDiscountNodeByCode", {"code": wanted.code})
    if found is not None:
        return Already(reference=reference(found))
    document, root, extra = KINDS[wanted.offer]
    try:
        payload = client.write(document, root, {"input": {**_offer(wanted), **extra(wanted)}})
    except Refused as problem:
        if problem.codes == {"TAKEN"}:
            return Already()
        raise
    return Done(reference=reference(payload.get("codeDiscountNode")))


def end(client: Client, wanted: EndCode) -> Outcome:
    """Make a code that nobody used unusable. One that is gone, or at its end, is so already."""
    found = client.read("code_usage", "codeDiscountNodeByCode", {"code": wanted.code})
    discount = (found or {}).get("codeDiscount") or {}
    if discount.get("status") not in USABLE:
        return Already()
    if discount.get("asyncUsageCount"):
        return Blocked(reason=sentence("The customer has used the code: it is part of their order."))
    client.write("code_deactivate", "discountCodeDeactivate", {"id": (found or {})["id"]})
    return Done()


def _offer(action: Code) -> Json:
    """Return what every code has: usable once, by this customer where we know which one."""
    customer = {"customers": {"add": [gid("Customer", action.customer)]}} if action.customer else {"all": "ALL"}
    least = {"greaterThanOrEqualToSubtotal": action.minimum}
    return {
        "title": action.title,
        "code": action.code,
        "startsAt": moment(action.starts_at),
        "endsAt": moment(action.ends_at),
        "usageLimit": 1,
        "appliesOncePerCustomer": True,
        "context": customer,
        **({"minimumRequirement": {"subtotal": least}} if action.has_minimum else {}),
    }


def _discount(action: Code) -> Json:
    """Return the discount; the platform takes a percentage as a fraction of one."""
    money = {"discountAmount": {"amount": action.amount, "appliesOnEachItem": False}}
    value = money if action.is_amount else {"percentage": action.percent / 100}
    mixes = {"shippingDiscounts": True, **_others(action)}
    return {"customerGets": {"value": value, "items": {"all": True}}, "combinesWith": mixes}


def _free_shipping(action: Code) -> Json:
    return {"destination": {"all": True}, "combinesWith": _others(action)}


def _others(action: Code) -> Json:
    return {"orderDiscounts": action.combines, "productDiscounts": action.combines}


def moment(at: datetime) -> str:
    """Return an instant as the platform takes it, to the second."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


KINDS: Mapping[str, tuple[str, str, Callable[[Code], Json]]] = {
    "discount_code": ("code_discount", "discountCodeBasicCreate", _discount),
    "free_shipping": ("code_free_shipping", "discountCodeFreeShippingCreate", _free_shipping),
}
