"""The API described by itself: OpenAPI 3.1, built from one table of operations. A test holds it to the url map."""

from functools import cache
from typing import Any

from flask.typing import ResponseReturnValue

from pages.api.answers import answer
from pages.api.kinds import DAY, TEXT, Schema, one_of, page_of, ref
from pages.api.paging import CURSOR, MAX_LIMIT, USUAL_LIMIT
from pages.api.schemas import SCHEMAS
from pages.report_period import MOST_DAYS

Operation = dict[str, Any]

ERRORS = {
    400: "The body is not JSON",
    401: "The token is missing or opens no shop",
    403: "The token is for reading only",
    404: "Not here, or not this shop's",
    409: "The plan or the books contradict it, or one value another; or the key's first request is still worked on",
    413: "The body is too large",
    415: "The body is not application/json",
    422: "A value cannot be taken; `key` names it",
    429: "Too many requests within a minute: try again after Retry-After seconds",
    500: "Something went wrong here; it is in the log",
    503: "Busy: try again after Retry-After seconds",
}
BODY_ERRORS = (400, 409, 413, 415, 422)
LIST: tuple[Schema, ...] = (
    {
        "name": "limit",
        "in": "query",
        "description": "items on a page",
        "schema": {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": USUAL_LIMIT},
    },
    {
        "name": "cursor",
        "in": "query",
        "description": "`next` of an earlier page",
        "schema": {"type": "string", "pattern": f"^{CURSOR}$"},
    },
)


def show_description() -> ResponseReturnValue:
    """Answer with the description; no token is needed for it."""
    return answer(description())


@cache
def description() -> dict[str, Any]:
    """Return the OpenAPI document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Backorder",
            "version": "1",
            "description": (
                "Orders that a shop cannot ship in full: plans, supply, settings. One token opens one shop, to read or "
                "to change; each may ask 600 times a minute."
            ),
        },
        "servers": [{"url": "/api/v1"}],
        "security": [{"token": []}],
        "paths": PATHS,
        "components": {
            "schemas": SCHEMAS,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _path(name: str, meaning: str) -> Schema:
    return {"name": name, "in": "path", "required": True, "description": meaning, "schema": TEXT}


def _query(name: str, meaning: str, schema: Schema) -> Schema:
    return {"name": name, "in": "query", "description": meaning, "schema": schema}


def _json(schema: Schema, kind: str = "application/json") -> dict[str, Any]:
    return {kind: {"schema": schema}}


def _operation(  # one row of the table below
    name: str,
    summary: str,
    gives: Schema | None,
    *,
    status: int = 200,
    takes: str | None = None,
    parameters: tuple[Schema, ...] = (),
    errors: tuple[int, ...] = (),
) -> Operation:
    good: dict[str, Any] = {"description": summary}
    if gives is not None:
        good["content"] = _json(gives)
    failures = sorted({401, 403, 429, 500, 503, *errors, *(BODY_ERRORS if takes else ())})
    operation: Operation = {
        "operationId": name,
        "summary": summary,
        "responses": {str(status): good, **{str(code): _problem(code) for code in failures}},
    }
    if parameters:
        operation["parameters"] = list(parameters)
    if takes:
        operation["requestBody"] = {"required": True, "content": _json(ref(takes))}
    return operation


def _problem(code: int) -> dict[str, Any]:
    return {"description": ERRORS[code], "content": _json(ref("Problem"), "application/problem+json")}


def _list(name: str, summary: str, row: str, *more: Schema) -> Operation:
    return _operation(name, summary, page_of(ref(row)), parameters=(*more, *LIST), errors=(404, 422))


ORDER_ID = (_path("order", "the platform's bare id of the order"),)
SKU = (_path("sku", "our SKU of the item; it may hold slashes"),)
HOOK_ID = (_path("webhook", "our number of the endpoint"),)
SUPPLY_ID = (_path("supply", "the id of the incoming supply; it may hold slashes"),)
KEY: Schema = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "the same answer is given again for 24 hours to the same body, and nothing is done twice",
    "schema": {"type": "string", "pattern": '^("[!#-\\[\\]-~]{1,255}"|[!#-\\[\\]-~]{1,255})$'},
}
DAYS: Schema = {"type": "integer", "minimum": 1, "maximum": MOST_DAYS}
STATE = _query("state", "only orders in this state", one_of("backordered", "open", "closed"))
TAG = _query("tag", "only orders with this tag, the merchant's or one of ours", TEXT)

PATHS: dict[str, dict[str, Operation]] = {
    "/orders": {"get": _list("list_orders", "Orders with their plans, oldest first", "Order", STATE, TAG)},
    "/orders/{order}": {
        "get": _operation("show_order", "One order with its plan", ref("Order"), parameters=ORDER_ID, errors=(404,)),
    },
    "/orders/{order}/actions": {
        "post": _operation(
            "act_on_order", "The order; what was asked for is planned and will be done", ref("Order"), status=202,
            takes="Wish", parameters=(*ORDER_ID, KEY), errors=(404,),
        ),
    },
    "/orders/{order}/choices": {
        "post": _operation(
            "answer_offer", "The order, with its customer's answer to the offer", ref("Order"), status=202,
            takes="Choice", parameters=(*ORDER_ID, KEY), errors=(404,),
        ),
    },
    "/orders/{order}/impact": {
        "get": _operation(
            "show_impact", "Orders that wait because of this one", page_of(ref("Hit")), parameters=ORDER_ID,
            errors=(404,),
        ),
    },
    "/orders/{order}/evidence": {
        "get": _operation(
            "show_evidence", "Every move of the order's clocks under the delay laws, with what proves it",
            page_of(ref("Move")), parameters=ORDER_ID, errors=(404,),
        ),
    },
    "/items": {"get": _list("list_items", "Items by SKU", "Item")},
    "/items/{sku}": {
        "get": _operation("show_item", "One item", ref("Item"), parameters=SKU, errors=(404,)),
        "put": _operation(
            "change_item", "The item with the rules given merged", ref("Item"), takes="ItemPatch", parameters=SKU,
            errors=(404, 409),
        ),
    },
    "/incoming": {
        "get": _list("list_incoming", "Incoming supply by id, SKU and location", "Incoming"),
        "post": _operation(
            "add_incoming", "The row that was added", ref("Incoming"), status=201, takes="NewIncoming",
            parameters=(KEY,),
        ),
    },
    "/incoming/{supply}": {
        "get": _operation(
            "show_incoming", "The rows of one id: one per SKU and location", page_of(ref("Incoming")),
            parameters=SUPPLY_ID, errors=(404,),
        ),
        "put": _operation(
            "change_incoming", "The row with the keys given replaced", ref("Incoming"), takes="IncomingPatch",
            parameters=SUPPLY_ID, errors=(404,),
        ),
        "delete": _operation(
            "remove_incoming", "All rows of the id are removed", None, status=204, parameters=SUPPLY_ID,
            errors=(404, 409),
        ),
    },
    "/webhooks": {
        "get": _operation("list_webhooks", "Addresses that are told what happens", page_of(ref("Webhook"))),
        "post": _operation(
            "add_webhook", "The endpoint with its secret, which is told only here", ref("Webhook"), status=201,
            takes="NewWebhook", parameters=(KEY,),
        ),
    },
    "/webhooks/{webhook}": {
        "delete": _operation(
            "remove_webhook", "The endpoint is removed with what was on its way", None, status=204, parameters=HOOK_ID,
            errors=(404,),
        ),
    },
    "/webhooks/{webhook}/actions": {
        "post": _operation(
            "act_on_webhook", "The endpoint; after `rotate` with its new secret, which is told only here",
            ref("Webhook"), status=202, takes="WebhookWish", parameters=(*HOOK_ID, KEY), errors=(404,),
        ),
    },
    "/webhooks/{webhook}/sent": {
        "get": _operation(
            "list_sent", "The newest events for the endpoint, with what came back", page_of(ref("Sent")),
            parameters=HOOK_ID, errors=(404,),
        ),
    },
    "/policy": {
        "get": _operation("show_policy", "Every setting", ref("Policy")),
        "put": _operation("change_policy", "Every setting, the keys given merged", ref("Policy"), takes="PolicyPatch"),
    },
    "/policy/preview": {
        "post": _operation(
            "preview_policy", "Open orders and items that the settings given would change; nothing is stored",
            ref("PolicyPreview"), takes="PolicyPatch",
        ),
    },
    "/what-if": {
        "post": _operation(
            "what_if", "Open orders that this would hit, and how many of them fare worse; nothing is stored",
            ref("Consequences"), takes="Scenario",
        ),
    },
    "/activity": {
        "get": _list("list_activity", "The log, newest first", "Activity", _query("order", "only of this order", TEXT)),
    },
    "/reports": {
        "get": _operation(
            "show_report", "The figures of a period, beside those of the period before", ref("Report"),
            errors=(409, 422), parameters=(
                _query("from", "the first day, of the shop's calendar", DAY), _query("to", "the last day", DAY),
                _query("days", "so many days until today, where no dates are given", DAYS),
            ),
        ),
    },
    "/reports/summary": {
        "get": _operation("show_summary", "The figures, with what each of them means", ref("Summary")),
    },
    "/reorder": {
        "get": _list("list_suggestions", "What to order, by urgency and by the value that would wait", "Suggestion"),
    },
    "/reorder/{sku}": {
        "get": _operation(
            "show_suggestion", "One item's suggestion and forecast", ref("Suggestion"), parameters=SKU, errors=(404,)
        ),
        "put": _operation(
            "change_terms", "The item, with the keys given of how it is bought replaced", ref("Suggestion"),
            takes="BuyingPatch", parameters=SKU, errors=(404,),
        ),
    },
    "/habits": {
        "get": _list("list_habits", "Backorders that have become a habit, with the cheaper mend", "Habit"),
    },
    "/openapi.json": {
        "get": {
            "operationId": "show_description",
            "summary": "This description",
            "security": [],
            "responses": {"200": {"description": "OpenAPI 3.1", "content": _json({"type": "object"})}},
        },
    },
}  # fmt: skip
