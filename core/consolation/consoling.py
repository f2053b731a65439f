"""Whether an order's customer is consoled now, within the shop's caps and budget, and what becomes of it.

A use case over the books' promises (`core.ports`). Sums are read and rows written in one transaction that alone may
plan the shop, so that two workers together stay within what one may give.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import cached_property

from core.actions import Code, EndCode
from core.capabilities import Capability, Support
from core.codes import customer_key, is_held_out
from core.consolation import offers
from core.consolation.consolations import BY_HAND, Arm, Consolation
from core.consolation.offer_sum import OfferSum
from core.consolation.offers import Case
from core.desired_state.desired import Wanted
from core.errors import NotAllowed
from core.money import minor
from core.names import folded
from core.parcels.hazard import Exposure
from core.policy.shop_policy import Rung
from core.ports.books import Unit
from core.reasons import Reason, merchant_sentence
from core.records import OrderRecord, Shop
from core.reports.records import Period
from core.sentences import sentence
from core.zones import local_day

OVER = frozenset({"cancelled", "gone"})
USABLE = frozenset({"promised", "made"})
GIVEN = frozenset({Reason.OFFER_FOR_WAIT, Reason.OFFER_WORTH_ITS_COST})
RULED: frozenset[Arm] = frozenset({"offered", "planned"})
"""What the shop's own rule gives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What is decided about an order just now, by which rung, and both sides of the sum."""

    case: Case
    reason: Reason
    step: int
    rung: Rung
    weighed: OfferSum


def standing(rows: Sequence[Consolation]) -> Consolation | None:
    """Return the rule's latest decision about an order that still stands: given, or held out."""
    decided = [row for row in rows if row.arm != "by_hand" and row.state != "void"]
    return decided[-1] if decided else None


class Consoler:
    """One shop's consolations within one transaction. `code_key` is what codes are made of."""

    def __init__(
        self, unit: Unit, shop: Shop, *, support: Mapping[Capability, Support], code_key: str, as_of: datetime
    ) -> None:
        self.unit, self.shop, self.support, self.as_of = unit, shop, support, as_of
        self._key = code_key

    @cached_property
    def exposure(self) -> Exposure:
        """How long customers have waited in all, and how many cancelled meanwhile."""
        return self.unit.orders.waits(self.shop.id).until(local_day(self.as_of, self.shop.timezone))

    @cached_property
    def costs(self) -> Mapping[str, int]:
        """What a unit costs, by SKU, as far as the merchant said."""
        terms = self.unit.planning.terms(self.shop.id)
        return {sku: one.cost for sku, one in terms.items() if one.cost is not None}

    def concerns(self, record: OrderRecord) -> bool:
        """Return whether there is anything to decide about the order."""
        if record.snapshot.status != "open":
            return record.managed or bool(record.offers)
        waited = record.managed or (record.plan is not None and record.plan.backordered > 0)
        return self.shop.policy.offers.enabled and record.plan is not None and waited

    def wanted(self, record: OrderRecord, rows: Sequence[Consolation]) -> tuple[Wanted, ...]:
        """Decide about an order that it concerns, write that down, and return what it asks of the shop.

        `rows`: what was decided about the order before.
        """
        if record.snapshot.status != "open":
            return tuple(self._ends(record, rows))
        standing = next((row for row in rows if row.arm in RULED and row.state == "promised"), None)
        if standing is None:
            row = self._decided(record, rows) if offers.may_be_consoled(record.plan, record) else None
        else:
            row = self._kept(standing, record)
        return (offers.wanted(row, record),) if row else ()

    def verdict(self, record: OrderRecord, rows: Sequence[Consolation]) -> Verdict | None:
        """Return what the shop's rule says of the order now; None where no further rung is reached."""
        if record.plan is None:
            return None
        case = Case(plan=record.plan, record=record, shop=self.shop, as_of=self.as_of)
        found = offers.next_rung(case, rows)
        if found is None:
            return None
        step, rung = found
        weighed = offers.weighed(case, rung, self.exposure)
        return Verdict(case=case, reason=self._reason(case, rung, weighed), step=step, rung=rung, weighed=weighed)

    def by_hand(self, record: OrderRecord) -> Consolation:
        """Write down what a person gives, within the same caps. Raises NotAllowed where one of them is reached."""
        policy, rows = self.shop.policy.offers, self.unit.consolations.of_order(self.shop.id, record.id)
        if record.plan is None or not offers.may_be_consoled(record.plan, record):
            raise NotAllowed(sentence("nothing of the order waits, or it is being paid back: an offer is for a wait"))
        if not self.shop.counts_in(record.snapshot):
            raise NotAllowed(
                sentence("the order is paid in another currency than the shop's, which is what offers are in")
            )
        had = max(len(record.offers), sum(row.counts for row in rows))
        if had >= max(1, policy.per_order):
            raise NotAllowed(
                sentence("the order has had its %(had)s offer(s), the most that the policy allows", had=had)
            )
        case, rung = Case(plan=record.plan, record=record, shop=self.shop, as_of=self.as_of), offers.by_hand(policy)
        weighed = offers.weighed(case, rung, self.exposure)
        refused = self._capped(case, rung, weighed)
        if refused:
            raise NotAllowed(merchant_sentence(refused)[:-1])
        verdict = Verdict(case=case, reason=Reason.OFFER_FOR_WAIT, step=BY_HAND, rung=rung, weighed=weighed)
        return self._written(verdict, rows, "by_hand")

    def customer_of(self, record: OrderRecord) -> str:
        """Return under which name the order's customer is counted; one who is not known is their order."""
        customer = record.snapshot.customer
        address = folded(customer.email)
        known = f"id:{customer.id}" if customer.id else f"mail:{address}" if address else f"order:{record.id}"
        return customer_key(self._key, shop=self.shop.id, customer=known)

    def _kept(self, row: Consolation, record: OrderRecord) -> Consolation | None:
        """Return a promise that still stands; the order that needs none any more has lost it."""
        if not offers.may_be_consoled(record.plan, record):
            self.unit.consolations.put(replace(row, state="void"))
            return None
        if row.arm == self._arm:
            return row
        changed = replace(row, arm=self._arm, on=local_day(self.as_of, self.shop.timezone))
        self.unit.consolations.put(changed)
        return changed

    @property
    def _arm(self) -> Arm:
        """What the rule's gifts are: while the shop is only observed nobody gets them, and nothing is learned."""
        return "offered" if self.shop.policy.mode == "act" else "planned"

    def _decided(self, record: OrderRecord, rows: Sequence[Consolation]) -> Consolation | None:
        verdict = self.verdict(record, rows)
        if verdict is None:
            return None
        if verdict.reason is Reason.OFFER_HELD_OUT and self._arm == "offered":
            self._written(verdict, rows, "held_out")
        if verdict.reason not in GIVEN:
            return None
        return self._written(verdict, rows, self._arm)

    def _written(self, verdict: Verdict, rows: Sequence[Consolation], arm: Arm) -> Consolation:
        """Write the decision down; one that was taken back before the shop had it is renewed, under its own code."""
        case = verdict.case
        again = (row.number for row in rows if row.rung == verdict.step and not offers.is_settled(row, case.record))
        number = next(again, max([len(case.record.offers), *(row.number for row in rows)]) + 1)
        row = offers.given(
            case, verdict.rung, number=number, step=verdict.step, arm=arm, key=self._key,
            customer=self.customer_of(case.record), weighed=verdict.weighed,
        )  # fmt: skip
        self.unit.consolations.put(row)
        return row

    def _reason(self, case: Case, rung: Rung, weighed: OfferSum) -> Reason:
        """Return the first rule that speaks against it, what is drawn by lot last of all."""
        if rung.weigh and not weighed.is_worth_it:
            return Reason.OFFER_COSTS_MORE
        if not self._has_margin(case, weighed.cost):
            return Reason.OFFER_BELOW_MARGIN
        if refused := self._capped(case, rung, weighed):
            return refused
        share, customer = Decimal(self.shop.policy.offers.hold_out), self.customer_of(case.record)
        if is_held_out(self._key, shop=self.shop.id, customer=customer, share=share):
            return Reason.OFFER_HELD_OUT
        return Reason.OFFER_WORTH_ITS_COST if weighed.cost and weighed.is_worth_it else Reason.OFFER_FOR_WAIT

    def _capped(self, case: Case, rung: Rung, weighed: OfferSum) -> Reason | None:
        if impossible := offers.impossible(case, rung, self.support):
            return impossible
        policy = self.shop.policy.offers
        if policy.per_customer and self._had(self.customer_of(case.record)) >= policy.per_customer:
            return Reason.OFFER_CUSTOMER_CAP
        if policy.monthly_budget is None:
            return None
        left = minor(policy.monthly_budget, self.shop.currency) - self._promised()
        return Reason.OFFER_BUDGET_SPENT if weighed.cost > left else None

    @cached_property
    def _month(self) -> Period:
        return offers.month_of(local_day(self.as_of, self.shop.timezone))

    def _had(self, customer: str) -> int:
        """Return how many the customer was given this month; asked anew each time, for what was just given counts."""
        return self.unit.consolations.of_customer(self.shop.id, customer, self._month)

    def _promised(self) -> int:
        """Return what those given this month are worth in all."""
        return self.unit.consolations.promised(self.shop.id, self._month)

    def _has_margin(self, case: Case, cost: int) -> bool:
        """Return whether enough is left of what waits; what the goods cost must be known of every line, else it is."""
        least = self.shop.policy.offers.min_margin
        waiting = [line for line in case.plan.lines if line.backordered]
        if not Decimal(least) or any(line.sku not in self.costs for line in waiting):
            return True
        goods = sum(line.backordered * self.costs[line.sku] for line in waiting)
        return offers.leaves_margin(case.value, goods, cost, least)

    def _ends(self, record: OrderRecord, rows: Sequence[Consolation]) -> Iterator[Wanted]:
        """Ask for the end of what a cancelled order's customer was given and has not used; a promise ends by itself."""
        for row in rows:
            if row.state == "promised" and row.arm in RULED and not self._was_sent(row):
                self.unit.consolations.put(replace(row, state="void"))
            elif row.state in USABLE and record.snapshot.status in OVER:
                customer = record.snapshot.customer.id
                action = EndCode(order=row.order, code=row.code, offer=row.kind, customer=customer)
                reason = merchant_sentence(Reason.OFFER_VOID)
                yield Wanted(action=action, key=f"end_code:{row.code}", reason=reason)

    def _was_sent(self, row: Consolation) -> bool:
        """Return whether the shop may have the code although nobody told us."""
        lane = self.unit.outbox.of_order(self.shop.id, row.order)
        return any(isinstance(one.action, Code) and one.action.code == row.code and one.attempts for one in lane)


class Onlooker(Consoler):
    """The same for who only looks, at however many orders: a month's sums are read once, and must not change."""

    @cached_property
    def _all(self) -> tuple[Mapping[str, int], int]:
        return self.unit.consolations.by_customer(self.shop.id, self._month), super()._promised()

    def _had(self, customer: str) -> int:
        return self._all[0].get(customer, 0)

    def _promised(self) -> int:
        return self._all[1]


def made(unit: Unit, shop: str, code: str) -> None:
    """Note that the shop has the code."""
    row = unit.consolations.by_code(shop, code)
    if row is not None and row.state in {"promised", "void"}:
        unit.consolations.put(replace(row, state="made"))


def ended(unit: Unit, shop: str, code: str) -> None:
    """Note that nobody can use the code any more."""
    row = unit.consolations.by_code(shop, code)
    if row is not None and row.state in USABLE:
        unit.consolations.put(replace(row, state="void"))


def used(unit: Unit, shop: str, codes: Mapping[str, str | None]) -> None:
    """Note that these codes were used, each by the order named, where that is known."""
    for code, order in codes.items():
        row = unit.consolations.by_code(shop, code)
        if row is not None and row.state != "used":
            unit.consolations.put(replace(row, state="used", used_by=order))
