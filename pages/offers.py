"""The page Offers: the ladder as a form, this month's budget, what was given, and what offers changed."""

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from core.consolation.offers import month_of
from core.money import minor
from core.policy.past import policy_past
from core.policy.shop_policy import ShopPolicy
from core.ports.books import Unit
from core.records import Shop
from core.reports.report import Facts
from core.reports.trial import TRIAL_DAYS, trial
from pages.changes import changing_shop, flat, shop_now, store_policy
from pages.connect import impossible_gifts
from pages.ladder_form import AFTER, KINDS, TOLD, USUAL, Filled, Row, filled, rows_of, spoken, tiers_of
from pages.languages import _
from pages.offer_words import Month, given_row, month_row, trial_words
from pages.policy_form import Typed, answered, typed_of
from pages.policy_past import past_facts
from pages.policy_words import FIELDS
from pages.printing import printer
from pages.report_period import last_days
from pages.retelling import full_stop
from pages.visitor import actor, house, merchant_blueprint, visit

GIVEN_SHOWN = 50
CAPS = (
    "offers.enabled", "offers.per_order", "offers.per_customer", "offers.monthly_budget", "offers.min_margin",
    "offers.hold_out", "offers.valid_days", "offers.minimum",
)  # fmt: skip
CAP_FIELDS = tuple(entry for entry in FIELDS if entry.key in CAPS)

blueprint = merchant_blueprint("offers", __name__)


@blueprint.get("/offers")
def offers() -> ResponseReturnValue:
    """Show the ladder and what came of it; `start=1` fills the form with a usual ladder, which nothing stores yet."""
    policy = visit().shop.policy
    rungs = USUAL if request.args.get("start") and not policy.offers.ladder else policy.offers.ladder
    return _page(rows_of(rungs), typed_of(flat(policy)), {}, policy)


@blueprint.post("/offers")
def change() -> ResponseReturnValue:
    """Store the ladder and its caps, or none of it and show each problem beside its field."""
    typed = request.form.to_dict(flat=False)
    with changing_shop() as unit:
        shop = shop_now(unit)
        found, problems = _answered(shop, typed)
        changed = not problems and store_policy(unit, shop, found.policy, actor=actor(), at=visit().house.now())
    if problems:
        return _page(found.rows, typed, problems, shop.policy, status=422)
    flash(_("Saved. The plan is being made anew.") if changed else _("Nothing was changed."), "done")
    return redirect("/offers", 303)


@blueprint.post("/offers/preview")
def preview() -> ResponseReturnValue:
    """Show what the ladder in the form would have meant; nothing is stored."""
    typed = request.form.to_dict(flat=False)
    found, problems = _answered(visit().shop, typed)
    return _page(found.rows, typed, problems, found.policy, status=422 if problems else 200, tried=not problems)


def _answered(shop: Shop, typed: Typed) -> tuple[Filled, dict[str, str]]:
    """Return what the form asks for, and every problem by the name of its field."""
    support = house().support_of(shop.platform)
    caps = answered(shop.policy, typed, support, fields=CAP_FIELDS)
    found = filled(caps.policy, typed, support)
    wrong = {f"rung-{row.number}-{key}": words for row in found.rows for key, words in row.wrong.items()}
    return found, {**caps.problems, **wrong}


def _page(
    rows: tuple[Row, ...], typed: Typed, problems: dict[str, str], policy: ShopPolicy, *, status: int = 200,
    tried: bool = False,
) -> ResponseReturnValue:  # fmt: skip
    shop, today = visit().shop, printer().today
    with visit().house.books.read() as unit:
        facts = past_facts(unit, shop)
        month = _month(unit, shop)
        given = [given_row(row, today) for row in unit.consolations.newest(shop.id, limit=GIVEN_SHOWN)]
        names = {
            one.row.order: record.snapshot.name for one in given if (record := unit.orders.get(shop.id, one.row.order))
        }
        compared = trial(unit.consolations.outcomes(shop.id, last_days(today, TRIAL_DAYS)))
    page = render_template(
        "pages/offers.html",
        here="/offers",
        rows=rows,
        typed=typed,
        errors=problems,
        tried=tried,
        fields=CAP_FIELDS,
        month=month,
        given=given,
        names=names,
        shown=GIVEN_SHOWN,
        impossible=impossible_gifts(shop.platform),
        tiers=tiers_of(policy),
        after=spoken(AFTER),
        told=spoken(TOLD),
        kinds=spoken(KINDS),
        past=_past(policy, facts),
        trial=trial_words(compared, shop.currency),
        compared=compared,
        trial_days=TRIAL_DAYS,
        holds_out=float(shop.policy.offers.hold_out) > 0,
    )
    return page, status


def _past(policy: ShopPolicy, facts: Facts) -> str:
    """Return what this ladder would have meant, in a sentence; empty where the past says nothing."""
    if not facts.orders:
        return ""
    gifts, printed = policy_past(policy, facts).gifts, printer()
    days, orders = printed.units(facts.period.days, "day"), printed.units(gifts.orders, "order")
    said = [_("Of your last %(days)s, %(orders)s would have got something.", days=days, orders=orders)]
    if len(gifts.rungs) > 1:
        rungs = (
            _("%(orders)s by rung %(rung)s", orders=printed.number(count), rung=printed.number(number))
            for number, count in enumerate(gifts.rungs, 1)
        )
        said.append(full_stop(printed.all_of(tuple(rungs))))
    if gifts.cost is not None and gifts.orders:
        said.append(_("That costs %(money)s at most.", money=printed.money(gifts.cost, facts.currency)))
    return " ".join([*said, _("Caps, budget and tiers are left out.")])


def _month(unit: Unit, shop: Shop) -> Month:
    today, budget = printer().today, shop.policy.offers.monthly_budget
    sums = unit.consolations.by_state(shop.id, month_of(today), today)
    return month_row(sums, None if budget is None else minor(budget, shop.currency))
