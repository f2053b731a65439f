"""Coupons: made over REST, used at the checkout. Codes are lower case; expiry is a date in the store's time."""

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from connectors.simulator.woocommerce import metadata, payloads, rest
from connectors.simulator.woocommerce.rest import Answer, Call, RestError
from connectors.simulator.woocommerce.rows import Coupon, CouponLine, Json, Order
from connectors.simulator.woocommerce.state import State

DEFAULTS: dict[str, Json] = {
    "amount": "0.00",
    "discount_type": "fixed_cart",
    "description": "",
    "individual_use": False,
    "product_ids": [],
    "excluded_product_ids": [],
    "usage_limit": None,
    "usage_limit_per_user": None,
    "limit_usage_to_x_items": None,
    "free_shipping": False,
    "product_categories": [],
    "excluded_product_categories": [],
    "exclude_sale_items": False,
    "minimum_amount": "0.00",
    "maximum_amount": "0.00",
    "email_restrictions": [],
}
MONEY = ("amount", "minimum_amount", "maximum_amount")
COUNTING = frozenset({"pending", "completed", "processing", "on-hold"})


def listed(state: State, call: Call) -> Answer:
    """A page of coupons, the trashed ones left out; `code` finds the one with this code."""
    rows = [coupon for coupon in state.coupons.values() if coupon.status != "trash"]
    if "code" in call.query:
        rows = [coupon for coupon in rows if coupon.code == call.query["code"].lower()]
    rows = rest.ordered(call, rest.chosen(call, rows))
    return rest.page(state, call, rows, lambda coupon: shown(state, coupon))


def get(state: State, call: Call, coupon_id: int) -> Answer:  # noqa: ARG001  # one shape for all routes
    """One coupon."""
    return Answer(shown(state, _found(state, coupon_id)))


def create(state: State, call: Call) -> Answer:
    """Add a coupon; a code that is in use is refused, one in the trash is free again."""
    code = str(call.body.get("code") or "").lower()
    if not code:
        raise RestError(400, "woocommerce_rest_empty_coupon_code", "The coupon code cannot be empty.")
    _free(state, code, None)
    now = state.now()
    coupon = Coupon(id=state.new_id("post"), code=code, created=now, modified=now, fields=dict(DEFAULTS))
    _write(state, coupon, call.body)
    state.coupons[coupon.id] = coupon
    state.fire("coupon.created", coupon.id)
    where = payloads.rest_url(state, f"coupons/{coupon.id}")
    return Answer(shown(state, coupon), 201, {"Location": where})


def update(state: State, call: Call, coupon_id: int) -> Answer:
    """Change a coupon."""
    coupon = _found(state, coupon_id)
    if "code" in call.body:
        code = str(call.body["code"]).lower()
        _free(state, code, coupon)
        coupon.code = code
    _write(state, coupon, call.body)
    coupon.modified = state.now()
    state.fire("coupon.updated", coupon.id)
    return Answer(shown(state, coupon))


def delete(state: State, call: Call, coupon_id: int) -> Answer:
    """Trash a coupon (told to product webhooks too, with the coupon's id), or with `force` delete it for good."""
    coupon = _found(state, coupon_id)
    body = shown(state, coupon)
    if call.flag("force"):
        del state.coupons[coupon.id]
    elif coupon.status == "trash":
        raise RestError(410, "woocommerce_rest_already_trashed", "The shop_coupon has already been deleted.")
    else:
        coupon.status = "trash"
        state.fire("coupon.deleted", coupon.id)
        state.fire("product.deleted", coupon.id)
    return Answer(body)


def apply(state: State, order: Order, codes: Iterable[str]) -> None:
    """Use coupons on an order: lines get cheaper. Raises RestError 400 for one that may not be used."""
    for code in codes:
        coupon = _usable(state, order, code.lower())
        taken = _discount(state, order, coupon)
        order.coupon_lines.append(
            CouponLine(id=state.new_id("line"), code=coupon.code, discount=taken, coupon_id=coupon.id)
        )
        if coupon.fields["free_shipping"]:
            for line in order.shipping_lines:
                line.total = Decimal(0)


def count_use(state: State, order: Order) -> None:
    """Count the order's coupons as used, once; a cancelled order gives its use back."""
    cancelled = order.status == "cancelled"
    if order.coupons_counted != cancelled or (not cancelled and order.status not in COUNTING):
        return
    order.coupons_counted = not cancelled
    user = str(order.customer_id or order.billing["email"])
    for line in order.coupon_lines:
        coupon = state.coupons.get(line.coupon_id)
        if coupon is None:
            continue
        if not cancelled:
            coupon.used_by.append(user)
        elif user in coupon.used_by:
            coupon.used_by.remove(user)


def shown(state: State, coupon: Coupon) -> dict[str, Json]:
    """One coupon as JSON."""
    fields = {name: coupon.fields[name] for name in DEFAULTS}
    head = {name: fields.pop(name) for name in ("amount", "discount_type", "description", "individual_use")}
    return {
        "id": coupon.id,
        "code": coupon.code,
        "amount": head["amount"],
        "status": coupon.status,
        "date_created": payloads.local(state, coupon.created),
        "date_created_gmt": payloads.gmt(coupon.created),
        "date_modified": payloads.local(state, coupon.modified),
        "date_modified_gmt": payloads.gmt(coupon.modified),
        "discount_type": head["discount_type"],
        "description": head["description"],
        "date_expires": payloads.local(state, coupon.expires),
        "date_expires_gmt": payloads.gmt(coupon.expires),
        "usage_count": len(coupon.used_by),
        "individual_use": head["individual_use"],
        **fields,
        "used_by": list(coupon.used_by),
        "meta_data": metadata.shown(coupon.meta),
        "_links": payloads.links(state, "coupons", coupon.id),
    }


def _write(state: State, coupon: Coupon, body: dict[str, Any]) -> None:
    """`date_expires_gmt` is accepted and silently ignored: only `date_expires`, in store time, counts."""
    rest.one_of("discount_type", str(body.get("discount_type", "percent")), ("percent", "fixed_cart", "fixed_product"))
    for name in DEFAULTS:
        if name in body:
            coupon.fields[name] = _money(state, name, body[name]) if name in MONEY else body[name]
    if "date_expires" in body:
        coupon.expires = _expiry(state, body["date_expires"])
    metadata.merge(state, coupon.meta, body.get("meta_data") or [])


def _money(state: State, name: str, value: object) -> str:
    try:
        return payloads.money(state, Decimal(str(value or "0")))
    except InvalidOperation:
        raise rest.invalid(name, f"{name} is not of type string.", "rest_invalid_type") from None


def _expiry(state: State, value: object) -> datetime | None:
    if not value:
        return None
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        raise rest.invalid("date_expires", "Invalid date.", "rest_invalid_date") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=state.zone)).astimezone(UTC)


def _usable(state: State, order: Order, code: str) -> Coupon:
    coupon = next((row for row in state.coupons.values() if row.code == code and row.status == "publish"), None)
    if coupon is None:
        raise _refused(f'Coupon "{code}" cannot be applied because it does not exist.')
    fields, email = coupon.fields, order.billing["email"].lower()
    user = str(order.customer_id or order.billing["email"])
    if coupon.expires is not None and state.now() > coupon.expires:
        raise _refused(f'Coupon "{code}" has expired.')
    if fields["usage_limit"] and len(coupon.used_by) >= int(fields["usage_limit"]):
        raise _refused(f'Usage limit for coupon "{code}" has been reached.')
    if fields["usage_limit_per_user"] and coupon.used_by.count(user) >= int(fields["usage_limit_per_user"]):
        raise _refused(f'Usage limit for coupon "{code}" has been reached.')
    if fields["email_restrictions"] and email not in [str(allowed).lower() for allowed in fields["email_restrictions"]]:
        raise _refused(f'Please enter a valid email to use coupon code "{code}".')
    if order.total - order.shipping_total < Decimal(fields["minimum_amount"]):
        raise _refused(f'The minimum spend for coupon "{code}" is {fields["minimum_amount"]}.')
    return coupon


def _discount(state: State, order: Order, coupon: Coupon) -> Decimal:
    """Take the discount off the lines and return what was taken; a fixed one is shared by value."""
    amount, goods = Decimal(coupon.fields["amount"]), sum((line.total for line in order.lines), Decimal(0))
    if not goods:
        return Decimal(0)
    share = amount / 100 if coupon.fields["discount_type"] == "percent" else min(Decimal(1), amount / goods)
    taken = Decimal(0)
    for line in order.lines:
        part = state.rounded(line.total * share)
        line.total -= part
        taken += part
    return taken


def _free(state: State, code: str, owner: Coupon | None) -> None:
    if any(row.code == code and row.status != "trash" and row is not owner for row in state.coupons.values()):
        raise RestError(400, "woocommerce_rest_coupon_code_already_exists", "The coupon code already exists")


def _found(state: State, coupon_id: int) -> Coupon:
    coupon = state.coupons.get(coupon_id)
    if coupon is None:
        raise RestError(404, "woocommerce_rest_shop_coupon_invalid_id", "Invalid ID.")
    return coupon


def _refused(message: str) -> RestError:
    return RestError(400, "woocommerce_rest_invalid_coupon", message)
