"""Offers in words: what was given with both sides of its sum, and what offers changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.consolations import Consolation
from core.hazard import PRIOR_DAYS, PRIOR_LOST
from core.offer_sum import OfferSum
from core.offers import why
from core.reasons import merchant_sentence
from core.reports.intervals import Difference
from core.reports.trial import Arm, Trial
from core.shop_policy import Rung
from pages.printing import printer
from pages.weighing import Side
from pages.words import OFFERS, Badge

POINTS = 100
NOTHING_YET = "Nothing can be told yet: on each side there must be customers whose wait has ended."
FEW = "Of the value kept there is too little to tell: fewer than 30 ended waits on a side."
WHEN = {"ahead": "{} still lie ahead", "waited": "{} were waited", "late": "it is {} late"}
STATES: dict[str, Badge] = {
    "promised": Badge(word="on its way", icon="waiting"),
    "made": Badge(word="not used yet", icon="waiting"),
    "used": Badge(word="used", icon="ready"),
    "void": Badge(word="ended", icon="closed"),
    "expired": Badge(word="ran out unused", icon="closed"),
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
    by = "Given by a person." if row.arm == "by_hand" else merchant_sentence(why(row))
    said = (by, sides_sentence(row.weighed)) if row.weighed and row.arm != "by_hand" else (by,)
    return GivenRow(row=row, what=what(row), badge=STATES["expired" if ran_out else row.state], why=said)


def what(row: Consolation) -> str:
    """Return what is given."""
    words = OFFERS[row.kind]
    if row.kind == "free_shipping":
        return words
    amount = f"{row.amount} {row.currency}" if Decimal(row.amount) else f"{row.percent} %"
    return f"{words}, {amount}"


def sides_sentence(found: OfferSum) -> str:
    """Return both sides of the sum in one sentence."""
    money, days = _money(found, found.value), printer().units(found.days, "day")
    wait = f"{days} more" if found.until else f"without a date (counted as {days})"
    return (
        f"{money} wait {wait}, with a chance of {printer().percent(found.chance)} that they are cancelled: about "
        f"{_money(found, found.loss)} to lose, against {_money(found, found.cost)} that this costs at most."
    )


def chance_sentence(found: OfferSum) -> str:
    """Return where the chance comes from."""
    seen = f"{printer().units(found.lost, 'order')} cancelled in {printer().units(found.order_days, 'day')} of waiting"
    return (
        f"The chance is learned from {seen}; before there is history, {PRIOR_LOST} in {PRIOR_DAYS} waiting orders is "
        "taken to cancel a day."
    )


def sides(found: OfferSum, *, given: bool) -> tuple[Side, ...]:
    """Return both sides of the sum for a picture."""
    dearer = max(found.loss, found.cost, 1)
    return (
        Side(words="Waiting is likely to lose", cost=_money(found, found.loss), share=found.loss * 100 // dearer,
             chosen=not given),
        Side(words="Something for the wait costs at most", cost=_money(found, found.cost),
             share=found.cost * 100 // dearer, chosen=given),
    )  # fmt: skip


def trial_words(found: Trial, currency: str) -> tuple[str, ...]:
    """Return what offers changed, in plain words with the intervals; why nothing can be said where it cannot."""
    if not found.offered.cancelled.whole or not found.held_out.cancelled.whole:
        return (NOTHING_YET, _arm("offered something", found.offered), _arm("held out", found.held_out))
    said = [_arm("offered something", found.offered), _arm("held out", found.held_out)]
    if found.cancelled:
        said.append(_cancelled(found.cancelled))
    said.append(_kept(found.kept, currency) if found.kept else FEW)
    return tuple(said)


def _arm(words: str, arm: Arm) -> str:
    share = arm.cancelled
    customers = printer().units(share.whole, "customer")
    rate = f", {printer().percent(share.rate)}" if share.rate is not None else ""
    kept = f", and {printer().percent(arm.kept_share)} of what waited was kept" if arm.kept_share is not None else ""
    goes_on = f" {printer().number(arm.waiting)} go on waiting." if arm.waiting else ""
    return (
        f"Of {customers} {words} whose wait has ended, {printer().number(share.part)} cancelled{rate}{kept}.{goes_on}"
    )


def _cancelled(found: Difference) -> str:
    bounds = f"between {_points(found.low)} and {_points(found.high)}"
    changed = f"Offers changed the share that cancels by {_points(found.estimate)} points"
    said = f"{changed} ({bounds}, in 95 of 100 such trials)."
    if not found.is_clear:
        return f"{said} That can be chance: nothing is proven yet."
    return f"{said} So they {'keep customers' if found.high < 0 else 'do not help: more cancel with an offer'}."


def _kept(found: Difference, currency: str) -> str:
    low, high = (printer().money(round(bound), currency) for bound in (found.low, found.high))
    said = f"For each order they kept {printer().money(round(found.estimate), currency)} more of what waited"
    return f"{said} (between {low} and {high}){'' if found.is_clear else ', which can be chance'}."


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
    worth = {state: money for state, (_, money) in sums.items()}
    standing = worth.get("promised", 0) + worth.get("made", 0)
    given = standing + worth.get("used", 0) + worth.get("expired", 0)
    return Month(
        budget=budget, given=given, used=worth.get("used", 0), standing=standing, expired=worth.get("expired", 0),
        left=None if budget is None else budget - given, counts={state: count for state, (count, _) in sums.items()},
    )  # fmt: skip


def rung_words(rung: Rung) -> str:
    """Return one rung in a sentence."""
    amount = rung.amount if Decimal(rung.amount) else f"{rung.percent} %"
    gift = OFFERS[rung.kind] if rung.kind == "free_shipping" else f"{OFFERS[rung.kind]} of {amount}"
    days = printer().units(rung.days, "day")
    when = WHEN[rung.after].format(days)
    weighed = ", where the order is likely to lose more than that" if rung.weigh else ""
    return f"{gift[:1].upper()}{gift[1:]} once {when}{weighed}"
