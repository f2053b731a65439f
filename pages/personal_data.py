"""What we keep of one customer, to be handed to them."""

import json

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from pages.changes import changing_shop, note_doing
from pages.languages import _
from pages.visitor import merchant_blueprint, visit

blueprint = merchant_blueprint("personal_data", __name__)
LONGEST = 10_000


@blueprint.post("/personal-data")
def download() -> ResponseReturnValue:
    """Answer with everything of the customer named by id, address or orders, as a file; the log says so."""
    here, form = visit(), request.form
    orders = tuple(filter(None, (part.strip() for part in form.get("orders", "")[:LONGEST].split(","))))
    customer, email = (form.get(name, "").strip()[:255] or None for name in ("customer", "email"))
    if not (orders or customer or email):
        flash(_("Name the customer: by their mail address, or by the ids of their orders."), "problem")
        return redirect(url_for("activity.activity"), 303)
    with changing_shop() as unit:
        kept = [
            {"table": table, **row}
            for table, row in unit.retention.export(here.shop.id, orders=orders, customer=customer, email=email)
        ]
        note_doing(unit, "downloaded a customer's data", outcome=f"{len(kept)} rows")
    answer = Response(json.dumps(kept, indent=1, ensure_ascii=False), mimetype="application/json")
    answer.headers["Content-Disposition"] = 'attachment; filename="personal-data.json"'
    return answer
