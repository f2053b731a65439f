"""Discount codes: unique whatever their case, so that a repeat of the same code is refused as TAKEN."""

from datetime import datetime
from decimal import Decimal

from connectors.simulator.shopify.gift_rows import Discount
from connectors.simulator.shopify.graphql_errors import Refused
from connectors.simulator.shopify.search import moment
from connectors.simulator.shopify.state import Json, State, gid
from core.errors import Misuse

LONGEST_CODE = 255


def basic(state: State, wanted: Json) -> Discount:
    """Make a code that takes a fraction, or a sum of money, off everything. Raises Refused."""
    off = (wanted.get("customerGets") or {}).get("value") or {}
    if off.get("discountAmount"):
        return _create(state, wanted, "basicCodeDiscount", amount=_sum(off["discountAmount"]))
    value = off.get("percentage")
    if value is None or not 0 < value <= 1:
        raise Refused(
            "Value must be between 0.0 and 1.0",
            field=("basicCodeDiscount", "customerGets", "value", "percentage"),
            code="VALUE_OUTSIDE_RANGE",
        )
    return _create(state, wanted, "basicCodeDiscount", percent=value)


def free_shipping(state: State, wanted: Json) -> Discount:
    """Make a code for free shipping. Raises Refused."""
    if not wanted.get("destination"):
        raise Refused("Destination can't be blank", field=("freeShippingCodeDiscount", "destination"), code="BLANK")
    return _create(state, wanted, "freeShippingCodeDiscount")


def use(state: State, code: str, customer: int | None) -> str:
    """Use the code for an order of the customer, and return it as it was made. Raises Misuse where it cannot be."""
    row = state.discounts.get(code.casefold())
    now = state.now()
    if row is None or not row.active or now < row.starts_at or (row.ends_at is not None and now >= row.ends_at):
        raise Misuse(f"the code {code} is not valid")
    if row.customers and (customer is None or gid("Customer", customer) not in row.customers):
        raise Misuse(f"the code {code} is somebody else's")
    if row.usage_limit is not None and row.used >= row.usage_limit:
        raise Misuse(f"the code {code} was used before")
    row.used += 1
    return row.code


def _sum(wanted: Json) -> Decimal:
    amount = Decimal(str(wanted.get("amount") or 0))
    if amount <= 0:
        field = ("basicCodeDiscount", "customerGets", "value", "discountAmount", "amount")
        raise Refused("Amount must be greater than 0", field=field, code="GREATER_THAN")
    return amount


def _least(wanted: Json) -> Decimal:
    """The value of goods that the code asks for."""
    subtotal = (wanted.get("minimumRequirement") or {}).get("subtotal") or {}
    return Decimal(str(subtotal.get("greaterThanOrEqualToSubtotal") or 0))


def _create(
    state: State, wanted: Json, root: str, *, percent: float | None = None, amount: Decimal | None = None
) -> Discount:
    code = wanted.get("code") or ""
    starts_at, ends_at = _checked(wanted, root)
    if code.casefold() in state.discounts:
        raise Refused("Code must be unique. Please try a different code.", field=(root, "code"), code="TAKEN")
    made = Discount(
        id=state.new_id("DiscountCodeNode"),
        code=code,
        title=wanted["title"],
        starts_at=starts_at,
        ends_at=ends_at,
        percent=percent,
        amount=amount,
        minimum=_least(wanted),
        combines=bool((wanted.get("combinesWith") or {}).get("orderDiscounts")),
        usage_limit=wanted.get("usageLimit"),
        once=bool(wanted.get("appliesOncePerCustomer")),
        customers=tuple(((wanted.get("context") or {}).get("customers") or {}).get("add") or ()),
    )
    state.discounts[code.casefold()] = made
    return made


def _checked(wanted: Json, root: str) -> tuple[datetime, datetime | None]:
    code, ends = wanted.get("code") or "", wanted.get("endsAt")
    if not code.strip():
        raise Refused("Code can't be blank", field=(root, "code"), code="BLANK")
    if len(code) > LONGEST_CODE:
        raise Refused("Code is too long (maximum is 255 characters)", field=(root, "code"), code="TOO_LONG")
    if "\n" in code:
        raise Refused("Code cannot contain newline characters.", field=(root, "code"), code="INVALID")
    if not wanted.get("title"):
        raise Refused("Title can't be blank", field=(root, "title"), code="BLANK")
    if not wanted.get("startsAt"):
        raise Refused("Starts at can't be blank", field=(root, "startsAt"), code="BLANK")
    starts_at, ends_at = moment(wanted["startsAt"]), moment(ends) if ends else None
    if ends_at is not None and ends_at <= starts_at:
        raise Refused("Ends at needs to be after starts_at", field=(root, "endsAt"), code="END_DATE_BEFORE_START_DATE")
    return starts_at, ends_at
