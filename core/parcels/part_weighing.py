"""What a second parcel costs now against what waiting would cost: the sum, in minor units of the order's currency.

Waiting costs the margin of the ready part times the chance of losing the order over the wait, and the days' price.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.money import minor, share_of
from core.parcels.hazard import Exposure
from core.parcels.part_sum import PartSum
from core.parcels.ship_rules import part_value
from core.plan import OrderPlan
from core.policy.shop_policy import ShipPart
from core.reasons import Reason
from core.records import OrderRecord

NO_DATE_DAYS = 30
"""What a wait without a date counts as."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """The wait for the rest, until `until` (None: no date), of an order placed on `ordered_on`, by the shop's calendar.

    `joins`: the order in whose parcel the rest can travel.
    """

    today: date
    ordered_on: date
    until: date | None
    exposure: Exposure
    joins: str | None = None

    @property
    def days(self) -> int:
        """Days of the wait."""
        return NO_DATE_DAYS if self.until is None else max(0, (self.until - self.today).days)


def is_priced(rules: ShipPart) -> bool:
    """Return whether a second parcel costs anything: else there is nothing to weigh."""
    return Decimal(rules.parcel_cost) > 0


def weighed(plan: OrderPlan, record: OrderRecord, rules: ShipPart, waiting: Waiting) -> PartSum:
    """Return both sides and what they say: ship where the parcel costs no more than the wait."""
    currency = record.snapshot.currency
    value = part_value(plan, record)
    margin = share_of(value, Decimal(rules.margin))
    chance = waiting.exposure.chance(waiting.days)
    a_day = minor(_day_price(record, rules), currency)
    lost_margin, delay_cost = share_of(margin, Decimal(str(chance))), a_day * waiting.days
    cost = 0 if waiting.joins else minor(rules.parcel_cost, currency)
    ships = cost <= lost_margin + delay_cost
    return PartSum(
        verdict="ship" if ships else "hold", decided_by=_reason(waiting, ships=ships), currency=currency,
        units=sum(line.release_now for line in plan.lines), value=value, days=waiting.days, until=waiting.until,
        parcel_cost=cost, margin=margin, chance=chance, lost_margin=lost_margin, day_price=a_day,
        delay_cost=delay_cost, order_days=waiting.exposure.order_days, lost=waiting.exposure.lost, joins=waiting.joins,
    )  # fmt: skip


def _reason(waiting: Waiting, *, ships: bool) -> Reason:
    if waiting.joins:
        return Reason.REST_JOINS_NEWER
    return Reason.PART_WORTH_PARCEL if ships else Reason.PARCEL_COSTS_MORE


def _day_price(record: OrderRecord, rules: ShipPart) -> str:
    """Return the price of a day for this order: the highest of its tags', else the shop's."""
    tagged = [rules.day_price_by_tag[tag] for tag in record.snapshot.merchant_tags if tag in rules.day_price_by_tag]
    return max(tagged, key=Decimal, default=rules.day_price)
