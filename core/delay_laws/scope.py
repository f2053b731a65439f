"""Whose clocks run: which of the laws that a shop chose govern an order of its books."""

from datetime import date

from core.delay_laws.packs import Pack, governing
from core.policy.shop_policy import ShopPolicy
from core.records import OrderRecord


def clocks_run(policy: ShopPolicy) -> bool:
    """Return whether any do: not while the shop is observed, where no notice leaves and nothing is held."""
    return bool(policy.laws) and policy.mode == "act"


def is_exempt(record: OrderRecord, policy: ShopPolicy) -> bool:
    """Return whether the merchant said that no delay law is about the order (a business bought, a subscription)."""
    return policy.law_clock.exempt_tag in record.snapshot.merchant_tags


def laws_of(record: OrderRecord, policy: ShopPolicy, on: date) -> tuple[Pack, ...]:
    """Return the chosen laws that govern the order, in the versions of that day; none of one that is exempt."""
    return () if is_exempt(record, policy) else governing(record.snapshot.customer.country, policy.laws, on)
