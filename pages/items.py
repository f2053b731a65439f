"""Items: physical stock, what is on its way, and who waits."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.errors import Misuse
from core.items import gating
from core.items.item_rules_reading import RuleProblem, merge
from core.ports.pages import Page
from pages.changes import changing_shop, machine_time, note_change
from pages.gate_view import gate_view, stopped_items
from pages.item_shelf import item_shelf
from pages.item_view import item_row, item_view
from pages.languages import _
from pages.printing import printer
from pages.retelling import full_stop, retold
from pages.visitor import merchant_blueprint, visit

A_PAGE = 25
CLAIMS_SHOWN = 100

blueprint = merchant_blueprint("items", __name__)


@blueprint.get("/items")
def item_list() -> ResponseReturnValue:
    """Show a page of items by SKU, the one whose SKU was searched, or those on which backorders are stopped."""
    sought = request.args.get("q", "").strip()[:200]
    shop, stopped = visit().shop.id, "stopped" in request.args
    with visit().house.books.read() as unit:
        if stopped:
            page = Page(stopped_items(unit, shop), None)
        elif sought:
            one = unit.items.get(shop, sought)
            page = Page((one,) if one else (), None)
        else:
            page = unit.items.page(shop, cursor=request.args.get("cursor"), limit=A_PAGE)
        demanded, supply = unit.orders.demanded(shop), unit.supply.all(shop)
    rows = [item_row(record, demanded, supply) for record in page.items]
    further = url_for("items.item_list", cursor=page.next) if page.next else None
    return render_template(
        "pages/items.html", here="/items", items=rows, further=further, sought=sought, stopped=stopped
    )


@blueprint.get("/items/<shop>/<rest_of_path:sku>", merge_slashes=False)
def item_page(shop: str, sku: str) -> ResponseReturnValue:
    """Show one item."""
    with visit().house.books.read() as unit:
        record = unit.items.get(shop, sku)
        if record is None:
            abort(404)
        orders = unit.orders.with_items(shop, [record.snapshot.platform_id])
        view = item_view(record, visit().shop, orders, unit.supply.all(shop))
        over_time = item_shelf(unit, record, orders, printer().today)
        gate = gate_view(unit, record, visit().shop, orders, as_of=visit().house.now())
    return render_template(
        "pages/item.html", here="/items", item=view, claims_shown=CLAIMS_SHOWN, gate=gate, over_time=over_time
    )


@blueprint.post("/items/<shop>/backorders")
def change_backorders(shop: str) -> ResponseReturnValue:
    """Take backorders on an item again, or let the longest wait decide about it again."""
    sku, here = request.form.get("sku", ""), visit()
    try:
        with changing_shop() as unit:
            item = unit.items.get(shop, sku) or abort(404)
            if request.form.get("do") == "hand_back":
                gating.hand_back(unit, item)
                note_change(unit, "handed the item's backorders back", sku=sku)
            else:
                gating.take_again(unit, item, now=machine_time(), act=here.shop.policy.mode == "act")
                note_change(unit, "took backorders on the item again", sku=sku)
    except Misuse as refused:
        flash(full_stop(retold(str(refused))), "problem")
    else:
        flash(_("Noted. The plan is being made anew."), "done")
    return redirect(url_for("items.item_page", shop=shop, sku=sku), 303)


@blueprint.post("/items/<shop>/rules")
def change_rules(shop: str) -> ResponseReturnValue:
    """Store the item's own rules, or say on its page what is wrong with them."""
    sku = request.form.get("sku", "")
    named = [one.strip() for one in request.form.get("substitutes", "").split(",") if one.strip()]
    wanted = {"preorder_until": request.form.get("preorder_until", "").strip() or None, "substitutes": named}
    try:
        with changing_shop() as unit:
            item = unit.items.get(shop, sku) or abort(404)
            rules = merge(item.rules, wanted)
            if rules != item.rules:
                unit.items.put_rules(shop, sku, rules)
                note_change(unit, "changed the item's rules", sku=sku)
    except RuleProblem as refused:
        words = str(refused).removeprefix(f"{refused.key}: ")
        label = _("Released on") if refused.key == "preorder_until" else _("Substitutes")
        flash(f"{label}: {retold(words)}.", "problem")
    else:
        flash(_("Saved. The plan is being made anew."), "done")
    return redirect(url_for("items.item_page", shop=shop, sku=sku), 303)
