"""A sentence beside each group of settings: what they mean for what happened over the last 90 days."""

from core.consolation.gift_past import Gifts
from core.policy.past import Parts, PolicyPast, policy_past
from core.policy.shop_policy import ShopPolicy
from core.ports.books import Unit
from core.records import Shop
from core.reports.gathering import facts_of
from core.reports.records import Period
from core.reports.report import Facts
from pages.languages import _, n_
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
    return {
        "served_first": n_(
            "%(number)s order line waits for stock now.", "%(number)s order lines wait for stock now.", past.waiting
        ),
        "parts": _parts(past.parts, currency),
        "dates": _dates(past),
        "offers": _gifts(gifts, currency),
        "large": n_(
            "%(number)s order line had to wait for asking too much at once.",
            "%(number)s order lines had to wait for asking too much at once.", past.large,
        ),
        "cancelling": n_(
            "%(number)s wait ended, %(cancelled)s of them in a cancellation.",
            "%(number)s waits ended, %(cancelled)s of them in a cancellation.",
            past.ended.whole, cancelled=printed.number(past.ended.part),
        ),
        "longest_wait": n_(
            "%(number)s order line of %(all)s that wait now was placed over %(days)s ago.",
            "%(number)s order lines of %(all)s that wait now were placed over %(days)s ago.",
            past.over_limit, all=printed.number(past.waiting), days=printed.units(limit, "day"),
        ),
        "telling": n_(
            "%(number)s order had to wait: so many customers wanted a word.",
            "%(number)s orders had to wait: so many customers wanted a word.", past.parts.waited,
        ),
        "buying": _("Stock covered %(share)s of the units asked for.", share=_percent(past)),
        "laws": n_("%(number)s order waited over 30 days.", "%(number)s orders waited over 30 days.", past.over_law),
    }  # fmt: skip


def _gifts(gifts: Gifts, currency: str) -> str:
    said = n_("%(number)s order would have got something.", "%(number)s orders would have got something.", gifts.orders)
    if gifts.cost is None or not gifts.orders:
        return said
    cost = _("That costs %(money)s at most.", money=printer().money(gifts.cost, currency))
    return f"{said} {cost}"


def _parts(parts: Parts, currency: str) -> str:
    counts = {"waited": printer().units(parts.waited, "order"), "parts": printer().number(parts.orders)}
    if parts.freight is None:
        return _("Of %(waited)s that had to wait, %(parts)s would have left in two parcels.", **counts)
    return _(
        "Of %(waited)s that had to wait, %(parts)s would have left in two parcels, for %(money)s more freight.",
        money=printer().money(parts.freight, currency), **counts,
    )  # fmt: skip


def _dates(past: PolicyPast) -> str:
    if past.days_late is None:
        return _("No delivery was received, so nothing is known of how late suppliers come.")
    late = past.days_late
    counts = {"number": printer().number(past.deliveries), "days": printer().decimal(abs(late))}
    if late >= 0:
        return _("Deliveries received: %(number)s; days late, on the mean: %(days)s.", **counts)
    return _("Deliveries received: %(number)s; days early, on the mean: %(days)s.", **counts)


def _percent(past: PolicyPast) -> str:
    return "–" if past.filled.rate is None else printer().percent(past.filled.rate)
