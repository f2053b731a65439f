"""Candidates that could stand in for an item, from the catalogue; the merchant confirms those that are offered."""

from dataclasses import replace

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.forecast.positions import ids_of, kits_of, positions_of
from core.items.item_rules_reading import MOST_SUBSTITUTES
from core.items.substitute_candidates import Candidate, candidates
from core.ports.books import Unit
from core.records import ItemRecord
from pages.changes import changing_shop, note_change
from pages.languages import _
from pages.visitor import merchant_blueprint, visit

blueprint = merchant_blueprint("substitutes", __name__)


@blueprint.get("/items/<shop>/substitutes")
def candidate_list(shop: str) -> ResponseReturnValue:
    """Show what could stand in for the item `sku`, and why."""
    with visit().house.books.read() as unit:
        item = unit.items.get(shop, request.args.get("sku", "")) or abort(404)
        found = found_for(unit, item)
    return render_template("pages/substitutes.html", here="/items", item=item, found=found)


@blueprint.post("/items/<shop>/substitutes")
def confirm(shop: str) -> ResponseReturnValue:
    """Add the SKUs that were ticked behind those listed already."""
    with changing_shop() as unit:
        item = unit.items.get(shop, request.form.get("sku", "")) or abort(404)
        chosen = [sku for sku in request.form.getlist("chosen") if unit.items.get(shop, sku) and sku != item.sku]
        listed = tuple(dict.fromkeys((*item.rules.substitutes, *chosen)))[:MOST_SUBSTITUTES]
        if listed != item.rules.substitutes:
            unit.items.put_rules(shop, item.sku, replace(item.rules, substitutes=listed))
            note_change(unit, "changed the item's rules", sku=item.sku)
    flash(_("Saved. They are offered from now on.") if chosen else _("Nothing was chosen."), "done")
    return redirect(url_for("items.item_page", shop=shop, sku=item.sku), 303)


def found_for(unit: Unit, item: ItemRecord) -> tuple[Candidate, ...]:
    """Return the candidates for an item from the books."""
    items, supply = unit.items.all(item.shop), unit.supply.all(item.shop)
    kits = kits_of(unit.planning.terms(item.shop))
    positions = positions_of(items, unit.orders.open_all(item.shop), supply, kits)
    sku_of = {platform_id: one.sku for one in items for platform_id in ids_of(one)}
    bought: dict[str, int] = {}
    for platform_id, customers in unit.orders.bought_instead(item.shop, ids_of(item)).items():
        if platform_id in sku_of:
            bought[sku_of[platform_id]] = bought.get(sku_of[platform_id], 0) + customers
    free = {sku: seen.on_hand - seen.owed for sku, seen in positions.items()}
    return candidates(item, (one for one in items if one.snapshot.tracked), free, bought)
