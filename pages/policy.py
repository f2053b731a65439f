"""The shop's settings, and the switch between observing and acting."""

import json

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.planning.preview import gate_changes, preview
from core.planning.what_if import Scenario
from core.policy.presets import PRESETS, imported
from core.policy.reading import PolicyProblem, merge
from core.policy.shop_policy import ShopPolicy
from pages.changes import changing_shop, differences, flat, shop_now, store_policy
from pages.connect import impossible_gifts
from pages.languages import _
from pages.policy_form import Typed, answered, typed_of
from pages.policy_history import changes_shown, said
from pages.policy_past import past_facts, past_sentences
from pages.policy_words import GROUPS
from pages.printing import printer
from pages.retelling import retold
from pages.visitor import actor, house, merchant_blueprint, visit

CHANGES_SHOWN = 200
MOST_BYTES = 200_000

blueprint = merchant_blueprint("policy", __name__)


@blueprint.get("/policy")
def policy() -> ResponseReturnValue:
    """Show every setting."""
    return _page(typed_of(flat(visit().shop.policy)), {}, 200)


@blueprint.post("/policy")
def change() -> ResponseReturnValue:
    """Store all settings, or none and show each problem beside its field."""
    typed = request.form.to_dict(flat=False)
    with changing_shop() as unit:
        shop = shop_now(unit)
        answer = answered(shop.policy, typed, house().support_of(shop.platform))
        changed = not answer.problems and store_policy(unit, shop, answer.policy, actor=actor(), at=house().now())
    if answer.problems:
        return _page(typed, answer.problems, 422)
    flash(_("Saved. The plan is being made anew.") if changed else _("Nothing was changed."), "done")
    return redirect(url_for("policy.policy"), 303)


@blueprint.post("/policy/preview")
def preview_change() -> ResponseReturnValue:
    """Show what the settings in the form would change, for whom; nothing is stored before they are saved."""
    typed, here = request.form.to_dict(flat=False), visit()
    with here.house.books.read() as unit:
        shop = shop_now(unit)
        answer = answered(shop.policy, typed, house().support_of(shop.platform))
    if answer.problems:
        return _page(typed, answer.problems, 422)
    return _preview_page(typed, answer.policy)


@blueprint.get("/policy/presets/<name>")
def preview_preset(name: str) -> ResponseReturnValue:
    """Show what a preset would change, for whom; nothing is stored before it is saved."""
    preset = PRESETS.get(name) or abort(404)
    return propose(preset.applied(visit().shop.policy))


@blueprint.post("/policy/import")
def preview_file() -> ResponseReturnValue:
    """Show what the settings in a file would change, for whom; or what is wrong with the file."""
    file = request.files.get("file")
    raw = file.read(MOST_BYTES + 1) if file else b""
    try:
        return propose(imported(visit().shop.policy, _document(raw)))
    except PolicyProblem as problem:
        flash(_("The file was not taken: %(problem)s.", problem=f"{problem.key}: {retold(problem.message)}"), "problem")
    return redirect(url_for("policy.policy"), 303)


def propose(wanted: ShopPolicy) -> ResponseReturnValue:
    """Show what settings from elsewhere would change."""
    return _preview_page(typed_of(flat(wanted)), wanted)


def _document(raw: bytes) -> object:
    """Return the file's JSON. Raises PolicyProblem."""
    if not raw or len(raw) > MOST_BYTES:
        most = printer().number(MOST_BYTES)
        raise PolicyProblem(_("file"), _("choose a file of settings, of at most %(number)s bytes", number=most))
    try:
        return json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError) as problem:
        raise PolicyProblem(_("file"), _("is no JSON as the download gives it")) from problem


def _preview_page(typed: Typed, wanted: ShopPolicy) -> ResponseReturnValue:
    here = visit()
    with here.house.books.read() as unit:
        shop = shop_now(unit)
        changes = preview(
            unit, shop, Scenario(policy=wanted), as_of=house().now(), support=house().support_of(shop.platform)
        )
        gates = gate_changes(unit, shop, wanted, as_of=house().now())
        facts = past_facts(unit, shop)
    before, after = past_sentences(shop.policy, facts), past_sentences(wanted, facts)
    told = [
        (_(group.title), before[group.key], after[group.key])
        for group in GROUPS
        if before.get(group.key) != after.get(group.key)
    ]
    kept = [(key, value) for key, values in typed.items() if key != "csrf_token" for value in values]
    return render_template(
        "pages/policy_preview.html", here="/policy", changes=changes[:CHANGES_SHOWN], count=len(changes), kept=kept,
        gates=gates[:CHANGES_SHOWN], gate_count=len(gates), differences=said(differences(shop.policy, wanted)),
        told=told,
    )  # fmt: skip


@blueprint.get("/policy/mode")
def mode() -> ResponseReturnValue:
    """Show what acting would send first, before it is switched on; or what stopping means."""
    with visit().house.books.read() as unit:
        counts = unit.outbox.counts(visit().shop.id)
    return render_template("pages/mode.html", here="/policy", counts=counts)


@blueprint.post("/policy/mode")
def switch_mode() -> ResponseReturnValue:
    """Switch between observing and acting."""
    with changing_shop() as unit:
        shop = shop_now(unit)
        if shop.state == "uninstalled":
            return redirect("/policy/mode", 303)
        try:
            wanted = merge(shop.policy, {"mode": request.form.get("mode")})
        except PolicyProblem:
            abort(400)
        store_policy(unit, shop, wanted, actor=actor(), at=house().now())
    acting = wanted.mode == "act"
    flash(_("Acting: the plans are being carried out.") if acting else _("Observing: nothing more is written."), "done")
    return redirect("/", 303)


def _page(typed: Typed, problems: dict[str, str], status: int) -> ResponseReturnValue:
    impossible = impossible_gifts(visit().shop.platform)
    with visit().house.books.read() as unit:
        told = past_sentences(visit().shop.policy, past_facts(unit, visit().shop))
        history = changes_shown(unit, visit().shop)
    page = render_template(
        "pages/policy.html",
        here="/policy",
        groups=GROUPS,
        typed=typed,
        errors=problems,
        impossible=impossible,
        told=told,
        history=history,
        presets=PRESETS,
    )
    return page, status
