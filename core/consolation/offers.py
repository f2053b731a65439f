"""The consolation for a wait: which rung of the shop's ladder an order has reached, what it is and what it costs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from core.actions import MONEY, Code, OfferKind
from core.capabilities import Capability, Support
from core.codes import offer_code
from core.consolation.consolations import NOBODY, Arm, Consolation
from core.consolation.offer_sum import OfferSum, offer_sum
from core.desired_state.desired import Wanted, can
from core.messages.notices import UNTOLD
from core.money import major, minor
from core.orders import giving_up
from core.parcels.hazard import Exposure
from core.parcels.part_weighing import NO_DATE_DAYS
from core.parcels.ship_rules import waiting_value
from core.plan import OrderPlan
from core.planning.shop_facts import tier_of
from core.policy.reading import Contradiction
from core.policy.shop_policy import Offers, Rung, ShopPolicy
from core.reasons import Reason, merchant_sentence
from core.records import OrderRecord, Shop
from core.reports.records import Period
from core.sentences import sentence
from core.zones import local_day

CAPABILITY: dict[OfferKind, Capability] = {
    "discount_code": Capability.DISCOUNT_CODE,
    "free_shipping": Capability.FREE_SHIPPING,
    "store_credit": Capability.STORE_CREDIT,
    "gift_card": Capability.GIFT_CARD,
}


def refuse_impossible(before: ShopPolicy, after: ShopPolicy, support: Mapping[Capability, Support]) -> None:
    """Raise Contradiction where a consolation is chosen anew that the shop's platform cannot give."""
    had = {before.offers.kind, *(rung.kind for rung in before.offers.ladder)}
    kinds = {"offers.kind": after.offers.kind}
    kinds |= {f"offers.ladder.{number}.kind": rung.kind for number, rung in enumerate(after.offers.ladder, 1)}
    for key, kind in kinds.items():
        capability = CAPABILITY[kind]
        if kind not in had and not can(support, capability):
            how = support[capability].how if capability in support else sentence("not possible here")
            raise Contradiction(key, sentence("%(how)s: choose a discount code or free shipping", how=how))


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One waiting order on the shop's day `today`, about which it is asked whether its customer is consoled."""

    plan: OrderPlan
    record: OrderRecord
    shop: Shop
    as_of: datetime

    @property
    def today(self) -> date:
        """The shop's day."""
        return local_day(self.as_of, self.shop.timezone)

    @property
    def value(self) -> int:
        """What waits, in minor units."""
        return waiting_value(self.plan, self.record)

    @property
    def days(self) -> int:
        """Days that still lie ahead; a wait without a date counts as some."""
        on = self.plan.completes_on
        return NO_DATE_DAYS if on is None else max(0, (on - self.today).days)

    def cost(self, rung: Rung) -> int:
        """What the rung costs at most for this order, in minor units."""
        return cost_of(rung, self.value, self.shop.policy, self.shop.currency)


def month_of(day: date) -> Period:
    """Return the day's month."""
    first = day.replace(day=1)
    return Period(first=first, last=(first + timedelta(days=31)).replace(day=1) - timedelta(days=1))


def ladder(offers: Offers) -> tuple[Rung, ...]:
    """Return the shop's ladder; without one, the only rung that the settings beside it are."""
    return offers.ladder or (by_hand(offers),)


def by_hand(offers: Offers) -> Rung:
    """Return what a person gives: no rung of the ladder, and never weighed."""
    return Rung(
        after="ahead", days=offers.min_wait_days, kind=offers.kind, percent=offers.percent, amount=offers.amount,
        weigh=False,
    )  # fmt: skip


def may_be_consoled(plan: OrderPlan | None, record: OrderRecord) -> bool:
    """Return whether the order waits at all; never one of which something is paid back, by anybody's word or a law's.

    A consolation takes no refund's place.
    """
    if plan is None or record.snapshot.status != "open" or not plan.backordered:
        return False
    return not giving_up.counts_as_cancelled(record) and not giving_up.is_open(record)


def next_rung(case: Case, given: Sequence[Consolation]) -> tuple[int, Rung] | None:
    """Return the highest rung that the order has reached above those that it had; None where none is, or the cap is.

    `given`: what was decided about the order before.
    """
    offers, unknown = case.shop.policy.offers, set(case.record.offers) - {row.code for row in given}
    had = [row for row in given if is_settled(row, case.record)]
    if not offers.enabled or not may_be_consoled(case.plan, case.record):
        return None
    # What is gone from the shop is not worth the wait: a person decides about it. And caps and budget are in one money.
    if Reason.ITEM_GONE in case.plan.reasons or not case.shop.counts_in(case.record.snapshot):
        return None
    # For one who was forgotten a code could be locked to nobody.
    if len(had) + len(unknown) >= offers.per_order or any(row.customer == NOBODY for row in given):
        return None
    # A code that the books know nothing else of comes from the time before there were ladders.
    reached = max([row.rung for row in had] + [1 for _ in unknown], default=0)
    rungs = [(number, rung) for number, rung in enumerate(ladder(offers), 1) if number > reached]
    return next(((number, rung) for number, rung in reversed(rungs) if _is_reached(rung, case)), None)


def is_settled(row: Consolation, record: OrderRecord) -> bool:
    """Return whether the row stands: not one that was taken back before the shop had it."""
    return row.state != "void" or row.code in record.offers


def _is_reached(rung: Rung, case: Case) -> bool:
    if tier_of(case.record, case.shop) > rung.tier or case.value < minor(rung.min_value, case.shop.currency):
        return False
    unaware = bool(UNTOLD & set(case.plan.reasons))
    if rung.told != "any" and unaware != (rung.told == "untold"):
        return False
    return CLOCKS[rung.after](case, rung.days)


def _ahead(case: Case, days: int) -> bool:
    on = case.plan.completes_on
    return on is None or (on - case.today).days >= days


def _waited(case: Case, days: int) -> bool:
    wait = case.record.wait
    return wait is not None and wait.until is None and (case.today - wait.since).days >= days


def _late(case: Case, days: int) -> bool:
    on, first = case.plan.completes_on, case.record.first_promise_on
    return first is not None and (on is None or (on - first).days >= days)


CLOCKS = {"ahead": _ahead, "waited": _waited, "late": _late}
"""How each clock of a rung is read. A wait without a date counts as long, and as late."""


def cost_of(rung: Rung, value: int, policy: ShopPolicy, currency: str) -> int:
    """Return what it costs at most, in minor units: the amount, else the percentage of what waits.

    Free shipping costs what a second parcel does; 0 where nobody said.
    """
    if rung.kind == "free_shipping":
        return minor(policy.ship_part.parcel_cost, currency)
    if Decimal(rung.amount):
        return minor(rung.amount, currency)
    return int(Decimal(value) * rung.percent / 100)


def weighed(case: Case, rung: Rung, exposure: Exposure) -> OfferSum:
    """Return both sides of the sum."""
    return offer_sum(
        currency=case.record.snapshot.currency, value=case.value, cost=case.cost(rung),
        days=case.days, until=case.plan.completes_on, exposure=exposure,
    )  # fmt: skip


def impossible(case: Case, rung: Rung, support: Mapping[Capability, Support]) -> Reason | None:
    """Return why this order's customer cannot be given this: the platform, no account for credit, or nothing in it."""
    if rung.kind == "store_credit" and case.record.snapshot.customer.id is None:
        return Reason.OFFER_NO_ACCOUNT
    empty = rung.kind in MONEY and not case.cost(rung)
    return Reason.OFFER_NOT_POSSIBLE if empty or not can(support, CAPABILITY[rung.kind]) else None


def leaves_margin(value: int, goods: int, cost: int, least: str) -> bool:
    """Return whether that share of what waits is left after its goods and the consolation."""
    return Decimal(value - goods - cost) >= Decimal(least) * value


def given(
    case: Case, rung: Rung, *, number: int, step: int, arm: Arm, key: str, customer: str, weighed: OfferSum
) -> Consolation:  # fmt: skip
    """Return the consolation, promised; its code is the same however often this is asked."""
    offers, shop = case.shop.policy.offers, case.shop
    cost = weighed.cost
    return Consolation(
        shop=shop.id, order=case.record.id, number=number, arm=arm, rung=step,
        state="none" if arm == "held_out" else "promised", on=case.today, customer=customer,
        code=offer_code(key, shop=shop.id, order=case.record.id, kind=rung.kind, n=number), kind=rung.kind,
        percent=rung.percent, amount=major(cost, shop.currency) if rung.kind in MONEY else rung.amount,
        minimum=offers.minimum,
        # Two of one order are never used together.
        combines=offers.combines and number == 1, worth=cost, value=case.value, starts_at=case.as_of,
        ends_at=case.as_of + timedelta(days=offers.valid_days), weighed=weighed, currency=shop.currency,
    )  # fmt: skip


def wanted(row: Consolation, record: OrderRecord) -> Wanted:
    """Return the action that makes the consolation stand at the shop, with why."""
    customer = record.snapshot.customer
    action = Code(
        order=row.order, code=row.code, offer=row.kind, percent=row.percent, starts_at=row.starts_at,
        ends_at=row.ends_at, title=f"For the wait on order {record.snapshot.name}", customer=customer.id,
        email=customer.email, amount=row.amount, minimum=row.minimum, combines=row.combines, worth=row.worth,
        currency=row.currency,
    )  # fmt: skip
    return Wanted(action=action, key=f"code:{row.code}", reason=merchant_sentence(why(row)))


def why(row: Consolation) -> Reason:
    """Return the reason of a decision that was made."""
    if row.arm == "held_out":
        return Reason.OFFER_HELD_OUT
    worth = row.arm == "offered" and row.weighed is not None and row.weighed.is_worth_it and row.weighed.cost
    return Reason.OFFER_WORTH_ITS_COST if worth else Reason.OFFER_FOR_WAIT
