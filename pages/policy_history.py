"""What became of the settings: every change with who made it, taken back by a button; and the settings as a file."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Response, abort, flash, redirect, request
from flask.typing import ResponseReturnValue

from core.policy.presets import undone
from core.policy.reading import PolicyProblem
from core.policy.shop_policy import Rung, as_document
from core.ports.books import Unit
from core.records import AuditEntry, Shop
from pages.changes import changing_shop, shop_now, store_policy
from pages.languages import _, later
from pages.log_words import who_of
from pages.offer_words import rung_words
from pages.policy_words import FIELDS, GROUPS
from pages.retelling import retold
from pages.row_ids import row_id
from pages.visitor import actor, merchant_blueprint, visit

SHOWN = 10
LADDER = "offers.ladder"
LABELS = {field.key: (group.title, field.label) for group in GROUPS for field in group.fields}
UNITS = {field.key: field.unit for field in FIELDS if field.unit}
LABELS[LADDER] = (later("Offers"), later("The ladder"))
LABELS["mode"] = ("", later("Observe or act"))
CHOICES = {field.key: dict(field.options) for field in FIELDS if field.options}

blueprint = merchant_blueprint("policy_history", __name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """One change: who made it when, each setting with its values before and after, and whether it can be undone."""

    entry: int
    at: datetime
    who: str
    settings: tuple[tuple[str, object, object], ...]
    undoable: bool


def changes_shown(unit: Unit, shop: Shop) -> tuple[Changed, ...]:
    """Return the newest changes of the shop's settings."""
    return tuple(_changed(entry) for entry in unit.audit.of_settings(shop.id, limit=SHOWN))


def _changed(entry: AuditEntry) -> Changed:
    changed = _settings_of(entry)
    return Changed(
        entry=entry.id, at=entry.at, who=who_of(entry.actor), undoable="mode" not in changed,
        settings=said(changed),
    )  # fmt: skip


def said(changed: Mapping[str, Any]) -> tuple[tuple[str, object, object], ...]:
    """Return each changed setting as (label, before, after), choices in the words of the form."""
    return tuple(
        (
            _label(key),
            _said(key, both["before"]),
            _said(key, both["after"]),
        )
        for key, both in changed.items()
    )


def _label(key: str) -> str:
    label = ": ".join(_(words) for words in LABELS.get(key, (key,)) if words)
    return f"{label} ({_(UNITS[key])})" if key in UNITS else label


def _said(key: str, value: object) -> object:
    if key == LADDER and isinstance(value, list):
        return [f"{number}. {rung_words(Rung(**one), visit().shop.currency)}" for number, one in enumerate(value, 1)]
    words = {one: _(said) for one, said in CHOICES.get(key, {}).items()}
    if isinstance(value, list):
        return [words.get(str(one), one) for one in value]
    return words.get(value, value) if isinstance(value, str) else value


def _settings_of(entry: AuditEntry) -> Mapping[str, Any]:
    found = entry.detail.get("changed", {})
    return found if isinstance(found, dict) else {}


@blueprint.get("/policy.json")
def policy_file() -> ResponseReturnValue:
    """Give every setting as a file that can be read back, here or by another shop."""
    answer = Response(json.dumps(as_document(visit().shop.policy), indent=2) + "\n", content_type="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="policy-{visit().shop.id}.json"'
    return answer


@blueprint.post("/policy/undo")
def undo() -> ResponseReturnValue:
    """Take one change back; what was changed again since stays, and is named."""
    number = request.form.get("entry", 0, type=row_id)
    with changing_shop() as unit:
        shop = shop_now(unit)
        entry = unit.audit.one(shop.id, number)
        changed = _settings_of(entry) if entry else {}
        if not changed or "mode" in changed:
            abort(404)
        try:
            wanted, kept = undone(shop.policy, dict(changed))
        except PolicyProblem as problem:
            abort(409, _("This change cannot be undone any more: %(problem)s.", problem=retold(problem.message)))
        done = store_policy(unit, shop, wanted, actor=actor(), at=visit().house.now())
    if kept:
        named = ", ".join(map(_label, kept))
        flash(_("Changed again since, so left as it is: %(named)s.", named=named), "problem")
    flash(_("Taken back. The plan is being made anew.") if done else _("Nothing was changed."), "done")
    return redirect("/policy", 303)
