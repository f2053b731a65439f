"""Offers in words: what was given with both sides of its sum, and what offers changed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from core.consolation.consolations import Consolation
from core.consolation.offer_sum import OfferSum
from core.consolation.offers import why
from core.policy.shop_policy import Rung
from core.reasons import merchant_sentence
from core.reports.intervals import Difference
from core.reports.trial import Arm, Trial
from pages.languages import _, later, n_
from pages.printing import printer
from pages.retelling import capital, retold
from pages.weighing import Side, learned
from pages.words import OFFERS, Badge

POINTS = 100
NOTHING_YET = later("Nothing can be told yet: on each side there must be customers whose wait has ended.")
FEW = later("Of the value kept there is too little to tell: fewer than 30 ended waits on a side.")
WHEN = {
    "ahead": later("once %(days)s still lie ahead"),
    "waited": later("once %(days)s were waited"),
    "late": later("once it is %(days)s late"),
}
OFFERED = later("Of %(customers)s offered something whose wait has ended, %(cancelled)s cancelled.")
HELD_OUT = later("Of %(customers)s held out whose wait has ended, %(cancelled)s cancelled.")
STATES: dict[str, Badge] = {
    "promised": Badge(word=later("on its way"), icon="waiting"),
    "made": Badge(word=later("not used yet"), icon="waiting"),
    "used": Badge(word=later("used"), icon="ready"),
    "void": Badge(word=later("ended"), icon="closed"),
    "expired": Badge(word=later("ran out unused"), icon="closed"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenRow:
    """One gift as a row: the order, what, how far it is, and why it was given."""

    row: Consolation
    what: str
    badge: Badge
    why: tuple[str, ...]


def given_row(row: Consolation, today: date) -> GivenRow:
    """Return the gift in words, as of today."""
    ran_out = row.state in {"promised", "made"} and row.ends_at.date() < today
    by = _("Given by a person.") if row.arm == "by_hand" else retold(merchant_sentence(why(row)))
    said = (by, sides_sentence(row.weighed)) if row.weighed and row.arm != "by_hand" else (by,)
    badge = STATES["expired" if ran_out else row.state]
    return GivenRow(row=row, what=what(row), badge=replace(badge, word=_(badge.word)), why=said)


def what(row: Consolation) -> str:
    """Return what is given."""
    words = _(OFFERS[row.kind])
    if row.kind == "free_shipping":
        return words
    return f"{words}, {_amount(row, row.currency)}"


def sides_sentence(found: OfferSum) -> str:
    """Return both sides of the sum in one sentence."""
    money, days = _money(found, found.value), printer().units(found.days, "day")
    filled = {
        "money": money, "days": days, "chance": printer().percent(found.chance), "loss": _money(found, found.loss),
        "cost": _money(found, found.cost),
    }  # fmt: skip
    if found.until:
        return _(
            "%(money)s wait %(days)s more, with a chance of %(chance)s that they are cancelled: about "
            "%(loss)s to lose, against %(cost)s that this costs at most.",
            **filled,
        )
    return _(
        "%(money)s wait without a date (counted as %(days)s), with a chance of %(chance)s that they are cancelled: "
        "about %(loss)s to lose, against %(cost)s that this costs at most.", **filled,
    )  # fmt: skip


def chance_sentence(found: OfferSum) -> str:
    """Return where the chance comes from."""
    return learned(found.lost, found.order_days)


def sides(found: OfferSum, *, given: bool) -> tuple[Side, ...]:
    """Return both sides of the sum for a picture."""
    dearer = max(found.loss, found.cost, 1)
    return (
        Side(words=_("Waiting is likely to lose"), cost=_money(found, found.loss), share=found.loss * 100 // dearer,
             chosen=not given),
        Side(words=_("Something for the wait costs at most"), cost=_money(found, found.cost),
             share=found.cost * 100 // dearer, chosen=given),
    )  # fmt: skip


def trial_words(found: Trial, currency: str) -> tuple[str, ...]:
    """Return what offers changed, in plain words with the intervals; why nothing can be said where it cannot."""
    if not found.offered.cancelled.whole or not found.held_out.cancelled.whole:
        return (_(NOTHING_YET),)
    said = [_arm(OFFERED, found.offered), _arm(HELD_OUT, found.held_out)]
    if found.cancelled:
        said.append(_cancelled(found.cancelled))
    said.append(_kept(found.kept, currency) if found.kept else _(FEW))
    return tuple(said)


def _arm(words: str, arm: Arm) -> str:
    share = arm.cancelled
    customers = printer().units(share.whole, "customer")
    part = printer().number(share.part) + (f" ({printer().percent(share.rate)})" if share.rate is not None else "")
    said = [_(words, customers=customers, cancelled=part)]
    if arm.kept_share is not None:
        said.append(_("%(share)s of what waited was kept.", share=printer().percent(arm.kept_share)))
    if arm.waiting:
        said.append(n_("%(number)s goes on waiting.", "%(number)s go on waiting.", arm.waiting))
    return " ".join(said)


def _cancelled(found: Difference) -> str:
    said = _(
        "Offers changed the share that cancels by %(points)s points (between %(low)s and %(high)s, in 95 of 100 such "
        "trials).", points=_points(found.estimate), low=_points(found.low), high=_points(found.high),
    )  # fmt: skip
    if not found.is_clear:
        meaning = _("That can be chance: nothing is proven yet.")
    elif found.high < 0:
        meaning = _("So they keep customers.")
    else:
        meaning = _("So they do not help: more cancel with an offer.")
    return f"{said} {meaning}"


def _kept(found: Difference, currency: str) -> str:
    low, high = (printer().money(round(bound), currency) for bound in (found.low, found.high))
    filled = {"money": printer().money(round(found.estimate), currency), "low": low, "high": high}
    if found.is_clear:
        return _("For each order they kept %(money)s more of what waited (between %(low)s and %(high)s).", **filled)
    return _(
        "For each order they kept %(money)s more of what waited (between %(low)s and %(high)s), which can be chance.",
        **filled,
    )


def _points(share: float) -> str:
    return f"{'+' if share > 0 else ''}{printer().decimal(share * POINTS)}".replace("-", "\N{MINUS SIGN}")


def _money(found: OfferSum, amount: int) -> str:
    return printer().money(amount, found.currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """What was given this month, in minor units and in numbers; `left` is None without a budget."""

    budget: int | None
    given: int
    used: int
    standing: int
    expired: int
    left: int | None
    counts: Mapping[str, int]


def month_row(sums: Mapping[str, tuple[int, int]], budget: int | None) -> Month:
    """Return the month from its sums by state; what ended before its use costs nothing and is given back."""
    worth = {state: money for state, (_count, money) in sums.items()}
    standing = worth.get("promised", 0) + worth.get("made", 0)
    given = standing + worth.get("used", 0) + worth.get("expired", 0)
    return Month(
        budget=budget,
        given=given,
        used=worth.get("used", 0),
        standing=standing,
        expired=worth.get("expired", 0),
        left=None if budget is None else budget - given,
        counts={state: count for state, (count, _money) in sums.items()},
    )


def gift_words(rung: Rung, currency: str) -> str:
    """Return what a rung gives."""
    gift = _(OFFERS[rung.kind])
    if rung.kind == "free_shipping":
        return gift
    return _("%(gift)s of %(amount)s", gift=gift, amount=_amount(rung, currency))


def _amount(given: Rung | Consolation, currency: str) -> str:
    if Decimal(given.amount):
        return printer().amount(given.amount, currency)
    return printer().hundredths(given.percent)


def rung_words(rung: Rung, currency: str) -> str:
    """Return one rung in a sentence."""
    gift = gift_words(rung, currency)
    when = _(WHEN[rung.after], days=printer().units(rung.days, "day"))
    if rung.weigh:
        return capital(_("%(gift)s %(when)s, where the order is likely to lose more than that", gift=gift, when=when))
    return capital(f"{gift} {when}")
