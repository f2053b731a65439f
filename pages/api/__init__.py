"""The JSON API under /api/v1: a bearer token opens exactly one shop. One module per resource, one view per use case.

* resources: `orders`, `items`, `incoming`, `reorder`, `reports`, `policy`, `what_if`, `hooks`, `activity`
* what they show: `..._document`, `..._rows`, `order_facts`, `summary`; the API of itself: `openapi`, `schemas`, `kinds`
* every call: `door`, `limiting`, `reading`, `queries`, `once`, `paging`, `answers`, `problems`, `changes`
"""

from collections.abc import Callable

from flask import Blueprint, Flask
from flask.typing import ResponseReturnValue

from pages.api import (
    activity,
    hooks,
    incoming,
    items,
    limiting,
    once,
    openapi,
    orders,
    policy,
    problems,
    queries,
    reorder,
    reports,
    what_if,
)
from pages.api.door import check_token, keep_private
from pages.api.rest_of_path import RestOfPath

View = Callable[..., ResponseReturnValue]

VIEWS: tuple[tuple[str, str, View], ...] = (
    ("GET", "/orders", orders.list_orders),
    ("GET", "/orders/<order>", orders.show_order),
    ("POST", "/orders/<order>/actions", orders.act_on_order),
    ("POST", "/orders/<order>/choices", orders.answer_offer),
    ("GET", "/orders/<order>/impact", orders.show_impact),
    ("GET", "/orders/<order>/evidence", orders.show_evidence),
    ("GET", "/items", items.list_items),
    ("GET", "/items/<rest_of_path:sku>", items.show_item),
    ("PUT", "/items/<rest_of_path:sku>", items.change_item),
    ("GET", "/incoming", incoming.list_incoming),
    ("POST", "/incoming", incoming.add_incoming),
    ("GET", "/incoming/<rest_of_path:supply>", incoming.show_incoming),
    ("PUT", "/incoming/<rest_of_path:supply>", incoming.change_incoming),
    ("DELETE", "/incoming/<rest_of_path:supply>", incoming.remove_incoming),
    ("GET", "/policy", policy.show_policy),
    ("PUT", "/policy", policy.change_policy),
    ("POST", "/policy/preview", policy.preview_policy),
    ("POST", "/what-if", what_if.what_if),
    ("GET", "/activity", activity.list_activity),
    ("GET", "/reports", reports.show_report),
    ("GET", "/reports/summary", reports.show_summary),
    ("GET", "/reorder", reorder.list_suggestions),
    ("GET", "/reorder/<rest_of_path:sku>", reorder.show_suggestion),
    ("PUT", "/reorder/<rest_of_path:sku>", reorder.change_terms),
    ("GET", "/habits", reorder.list_habits),
    ("GET", "/webhooks", hooks.list_webhooks),
    ("POST", "/webhooks", hooks.add_webhook),
    ("POST", "/webhooks/<webhook>/actions", hooks.act_on_webhook),
    ("GET", "/webhooks/<webhook>/sent", hooks.list_sent),
    ("DELETE", "/webhooks/<webhook>", hooks.remove_webhook),
    ("GET", "/openapi.json", openapi.show_description),
)


def register(app: Flask) -> None:
    """Put the API into `app`. Where the app checks forms for forgery (`csrf`), the API is exempt: it has no cookies."""
    app.url_map.converters["rest_of_path"] = RestOfPath
    api = Blueprint("api", __name__, url_prefix="/api/v1")
    api.before_request(check_token)
    api.before_request(queries.refuse_unknown)
    api.before_request(once.begin)
    api.after_request(once.end)
    api.after_request(keep_private)
    problems.catch(api)
    limiting.register(app)
    for method, rule, view in VIEWS:
        # Two slashes in a row may be part of an SKU: they must not be merged by a redirect.
        api.add_url_rule(rule, view.__name__, view, methods=[method], merge_slashes=False)
    forms = app.extensions.get("csrf")
    if forms is not None:
        forms.exempt(api)
    app.register_blueprint(api)
    # First of all: a check of form tokens would else answer in the place of "no such page" and "not in this way".
    app.before_request_funcs.setdefault(None, []).insert(0, problems.misdirected)
    app.after_request(problems.speak_json)
