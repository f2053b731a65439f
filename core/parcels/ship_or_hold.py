"""Whether the part of an order that could leave does: hard rules first, then the sum of both costs, the law above them.

What the engine itself keeps back (an order on hold, one parcel, a line's smallest shipment) never gets here.
"""

from dataclasses import dataclass, replace

from core.delay_laws.scope import laws_of
from core.parcels.part_sum import PartSum
from core.parcels.part_weighing import Waiting, is_priced, weighed
from core.parcels.ship_rules import only_picked, refusal
from core.plan import OrderPlan
from core.policy.shop_policy import ShopPolicy
from core.reasons import Reason
from core.records import OrderRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The plan after the rules, and the sum where a second parcel costs anything."""

    plan: OrderPlan
    part: PartSum | None = None


def judged(plan: OrderPlan, record: OrderRecord, policy: ShopPolicy, waiting: Waiting) -> Judged:
    """Return the plan with the part kept back where a rule or the sum says so, and the reason added.

    A person's "ship the part", for the customer or not, passes over every rule; the law passes over what is only money.
    """
    if record.manual.get("ship") == "together" and Reason.WAITS_TOGETHER in plan.reasons:
        return Judged(plan=plan.because(Reason.ONE_PARCEL_CHOSEN))
    if plan.decision != "ship_part":
        return Judged(plan=plan)
    rules = policy.ship_part
    part = weighed(plan, record, rules, waiting) if is_priced(rules) else None
    if record.manual.get("ship") == "as_ready":
        return _decided(plan, record, part, ships=True, why=Reason.PART_CHOSEN)
    hard = refusal(plan, record, rules)
    holds = hard is not None or (part is not None and part.verdict == "hold")
    if holds and misses_limit(record, policy, waiting):
        return _decided(plan, record, part, ships=True, why=Reason.LAW_LIMIT)
    if hard is not None:
        return _decided(plan, record, part, ships=False, why=hard)
    return Judged(plan=plan) if part is None else _decided(plan, record, part, ships=not holds, why=part.decided_by)


def misses_limit(record: OrderRecord, policy: ShopPolicy, waiting: Waiting) -> bool:
    """Return whether waiting for the rest passes the last day that a law gives for the order.

    The date told first stands for the time stated when ordering. A law that measures delivery is held to the day of
    shipment too: how long a parcel travels is not known here, so this alarm is the latest that can be right.
    """
    packs = laws_of(record, policy, waiting.ordered_on)
    limits = [pack.limit(waiting.ordered_on, stated_on=record.first_promise_on) for pack in packs]
    return bool(limits) and (waiting.until is None or waiting.until > min(limits))


def _decided(plan: OrderPlan, record: OrderRecord, part: PartSum | None, *, ships: bool, why: Reason) -> Judged:
    if part is not None:
        part = replace(part, verdict="ship" if ships else "hold", decided_by=why)
    if not ships:
        plan = only_picked(plan, record)
        plan = replace(plan, decision="ship_part" if plan.release_now else "wait")
    return Judged(plan=plan.because(why), part=part)
