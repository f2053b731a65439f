"""The consolation for a wait: whether one is due, what it is, and that it stays within its caps."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from core import giving_up
from core.actions import MONEY, Capability, Code, OfferKind, Support
from core.codes import offer_code
from core.desired import Wanted, can
from core.money import major, minor
from core.plan import OrderPlan
from core.reasons import Reason, merchant_sentence
from core.records import ActionRecord, OrderRecord, Shop
from core.ship_rules import waiting_value
from core.shop_policy import PolicyProblem, ShopPolicy

CAPABILITY: dict[OfferKind, Capability] = {
    "discount_code": Capability.DISCOUNT_CODE,
    "free_shipping": Capability.FREE_SHIPPING,
    "store_credit": Capability.STORE_CREDIT,
    "gift_card": Capability.GIFT_CARD,
}


def refuse_impossible(before: ShopPolicy, after: ShopPolicy, support: Mapping[Capability, Support]) -> None:
    """Raise PolicyProblem where a consolation is chosen anew that the shop's platform cannot give."""
    capability = CAPABILITY[after.offers.kind]
    if after.offers.kind != before.offers.kind and not can(support, capability):
        how = support[capability].how if capability in support else "not possible here"
        raise PolicyProblem("offers.kind", f"{how}: choose a discount code or free shipping")


def is_due(plan: OrderPlan, record: OrderRecord, shop: Shop, as_of: datetime) -> bool:
    """Return whether the shop's own rule calls for an offer now: the wait is long enough and the cap not reached.

    A wait without a date counts as long.
    """
    offers = shop.policy.offers
    if not offers.enabled or record.snapshot.status != "open" or not plan.backordered:
        return False
    if len(record.offers) >= offers.per_order or giving_up.counts_as_cancelled(record):
        return False
    if why_not(plan, record, shop):
        return False
    return plan.completes_on is None or (plan.completes_on - as_of.date()).days >= offers.min_wait_days


def why_not(plan: OrderPlan, record: OrderRecord, shop: Shop) -> str:
    """Return in a sentence why the offer that the policy names cannot be made for this order, else nothing."""
    kind = shop.policy.offers.kind
    if kind == "store_credit" and record.snapshot.customer.id is None:
        return "the order has no customer account that store credit could be put on"
    if kind in MONEY and not _worth(plan, record, shop):
        return "what waits is worth nothing, so there is nothing to give"
    return ""


def offer(plan: OrderPlan, record: OrderRecord, shop: Shop, *, key: str, as_of: datetime) -> Wanted:
    """Return the next offer of the order. Its code is the same however often this is asked."""
    offers = shop.policy.offers
    number = len(record.offers) + 1
    code = offer_code(key, shop=shop.id, order=record.id, kind=offers.kind, n=number)
    worth = _worth(plan, record, shop)
    amount = major(worth, shop.currency) if offers.kind in MONEY else offers.amount
    action = Code(
        order=record.id, code=code, offer=offers.kind, percent=offers.percent, starts_at=as_of,
        ends_at=as_of + timedelta(days=offers.valid_days), title=f"For the wait on order {record.snapshot.name}",
        customer=record.snapshot.customer.id, email=record.snapshot.customer.email,
        amount=amount, minimum=offers.minimum, combines=offers.combines, worth=worth, currency=shop.currency,
    )  # fmt: skip
    return Wanted(action=action, key=f"code:{code}", reason=merchant_sentence(Reason.OFFER_FOR_WAIT))


def within_budget(shop: Shop, wanted: Code, made: tuple[ActionRecord, ...]) -> bool:
    """Return whether the month's offers, this one included, may cost at most the budget."""
    budget = shop.policy.offers.monthly_budget
    if budget is None:
        return True
    spent = sum(record.action.worth for record in made if isinstance(record.action, Code))
    return spent + wanted.worth <= minor(budget, shop.currency)


def _worth(plan: OrderPlan, record: OrderRecord, shop: Shop) -> int:
    """What the offer may cost at most: its amount, or its percentage of what waits. Free shipping is not priced."""
    if shop.policy.offers.kind == "free_shipping":
        return 0
    if Decimal(shop.policy.offers.amount):
        return minor(shop.policy.offers.amount, shop.currency)
    return int(Decimal(waiting_value(plan, record)) * shop.policy.offers.percent / 100)
