"""A sentence beside each group of settings: what they mean for what happened over the last 90 days."""

from core.policy_past import Parts, PolicyPast, policy_past
from core.ports.books import Unit
from core.records import Shop
from core.reports.gathering import facts_of
from core.reports.records import Period
from core.reports.report import Facts
from core.shop_policy import ShopPolicy
from pages.printing import printer
from pages.report_period import last_days

DAYS = 90


def past_facts(unit: Unit, shop: Shop) -> Facts:
    """Return the facts of the last 90 days."""
    today = printer().today
    period: Period = last_days(today, DAYS)
    return facts_of(unit, shop, period, today)


def past_sentences(policy: ShopPolicy, facts: Facts) -> dict[str, str]:
    """Return a sentence by group; groups about which the past says nothing are left out."""
    if not facts.lines and not facts.orders and not facts.arrivals:
        return {}
    past, printed, currency = policy_past(policy, facts), printer(), facts.currency
    gifts, limit = past.gifts, policy.wait_gate.max_days
    cost = "" if gifts.cost is None else f"; for all of them {printed.money(gifts.cost, currency)} at most"
    return {
        "served_first": f"{printed.units(past.waiting, 'order line')} {_do(past.waiting, 'wait')} for stock now.",
        "parts": _parts(past.parts, currency),
        "dates": _dates(past),
        "offers": f"{printed.units(gifts.orders, 'order')} would have got something{cost}.",
        "large": f"{printed.units(past.large, 'order line')} had to wait for asking too much at once.",
        "cancelling": f"{printed.units(past.ended.whole, 'wait')} ended, {printed.number(past.ended.part)} of them "
        "in a cancellation.",
        "longest_wait": f"{printed.units(past.over_limit, 'order line')} of {printed.number(past.waiting)} that wait "
        f"now were placed over {printed.units(limit, 'day')} ago.",
        "telling": f"{printed.units(past.parts.waited, 'order')} had to wait: so many customers wanted a word.",
        "buying": f"Stock covered {_percent(past)} of the units asked for.",
        "laws": f"{printed.units(past.over_law, 'order')} waited over 30 days.",
    }  # fmt: skip


def _do(count: int, verb: str) -> str:
    return f"{verb}s" if count == 1 else verb


def _parts(parts: Parts, currency: str) -> str:
    freight = "" if parts.freight is None else f", for {printer().money(parts.freight, currency)} more freight"
    waited = printer().units(parts.waited, "order")
    return f"Of {waited} that had to wait, {printer().number(parts.orders)} would have left in two parcels{freight}."


def _dates(past: PolicyPast) -> str:
    if past.days_late is None:
        return "No delivery was received, so nothing is known of how late suppliers come."
    late = past.days_late
    said = f"{printer().decimal(abs(late))} days {'late' if late >= 0 else 'early'}"
    return f"{printer().number(past.deliveries)} received deliveries came {said} on the mean."


def _percent(past: PolicyPast) -> str:
    return "–" if past.filled.rate is None else printer().percent(past.filled.rate)
