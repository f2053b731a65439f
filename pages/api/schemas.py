"""The shapes of what the API takes and gives, as JSON Schema (2020-12), for the description and its tests."""

from typing import get_args

from core.actions import OfferKind
from core.dates.hand_promises import LONGEST_WHY
from core.dates.hand_promises import SET as PROMISE
from core.delay_laws.cases import State
from core.facts import MAX_UNITS
from core.forecast.records import URGENCIES, Pattern
from core.hooks.outgoing import EVENTS, TEST, EndpointState, MessageState
from core.items.item_gate import Wish as GateWish
from core.items.item_rules_reading import LONGEST_SKU, MOST_SUBSTITUTES
from core.large.large_orders import Standing
from core.large.sizes import Test
from core.orders.choices import CHOICES
from core.plan import ON_HAND
from core.planning.root_causes import Cause
from core.planning.what_if import MOST_DAYS, MOST_UNITS
from core.policy.shop_policy import Law, ShopPolicy
from core.reasons import Reason
from core.records.proposals import OptionKey, ProposalState
from core.reports.meanings import MEANINGS, Kind
from pages.api.buying_rows import MAX_BREAKS, MAX_COST, MAX_DAYS, MAX_PARTS, SERVICE
from pages.api.buying_rows import MAX_TEXT as LONGEST_SUPPLIER
from pages.api.hooks import DOINGS, URL
from pages.api.kinds import (
    DAY,
    FLAG,
    INSTANT,
    RATE,
    TEXT,
    UNITS,
    WHOLE,
    Schema,
    many,
    maybe,
    names,
    one_of,
    partial,
    record,
    ref,
    text,
)
from pages.api.orders import MOST_LINES
from pages.api.settings_schema import settings
from pages.api.summary import AGES, DEFINITIONS, OLDEST
from pages.api.supply_rows import MAX_TEXT

DECISIONS = ("ship_all", "ship_part", "wait", "review", "decline", "none")
OFFER_KINDS: tuple[str, ...] = get_args(OfferKind)
OFFER_REASONS = tuple(reason.value for reason in Reason if reason.startswith("OFFER_"))
ACTION_STATES = ("planned", "pending", "done", "failed", "skipped")


MONEY = record(amount=TEXT, currency=TEXT)
LOGGED: dict[str, Schema] = {"at": INSTANT, "actor": TEXT, "what": TEXT, "why": maybe(TEXT), "outcome": maybe(TEXT)}

RANGE = record(earliest=DAY, likely=DAY, latest=DAY)
PART = record(
    verdict=one_of("ship", "hold"), decided_by=TEXT, units=UNITS, value=MONEY, days=UNITS, until=maybe(DAY),
    parcel_cost=MONEY, waiting_cost=MONEY, margin=MONEY, chance=RATE, lost_margin=MONEY, day_price=MONEY,
    delay_cost=MONEY, order_days=UNITS, lost=UNITS, joins=maybe(TEXT),
)  # fmt: skip
ORDER = record(
    id=TEXT, platform_id=TEXT, name=TEXT, state=one_of("open", "closed", "cancelled", "gone"), placed_at=INSTANT,
    planned_at=maybe(INSTANT), currency=TEXT, customer_status_url={"type": "string", "format": "uri"},
    decision=maybe(one_of(*DECISIONS)), reasons=many(TEXT), release_now=FLAG, completes_on=maybe(DAY),
    lines=many(ref("Line")), large_order=ref("LargeOrder"),
    causes={"type": "object", "additionalProperties": one_of(*get_args(Cause))}, tags=many(TEXT),
    held={"type": "object", "additionalProperties": UNITS},
    left_alone=FLAG, customer_decides_until=maybe(INSTANT),
    hands_off={"type": "object", "additionalProperties": UNITS},
    promise=record(first=maybe(DAY), current=maybe(DAY), by_hand=FLAG), range=maybe(RANGE),
    line_ranges={"type": "object", "additionalProperties": RANGE},
    part=maybe(PART), offers=many(ref("Offer")), consolation=maybe(ref("Consolation")), notices=many(ref("Notice")),
    actions=many(ref("Action")), timeline=many(record(**LOGGED)), exceptions=many(ref("Exception")),
    problems=many(TEXT),
)  # fmt: skip
LINE = record(
    id=TEXT, sku=TEXT, open=UNITS, ahead=UNITS, on_hand=UNITS, backordered=UNITS, release_now=UNITS,
    completes_on=maybe(DAY), allocations=many(record(supply=TEXT, location=TEXT, units=UNITS, on=maybe(DAY))),
)  # fmt: skip
PROPOSAL = record(
    state=one_of(*get_args(ProposalState)), made_at=INSTANT, ends_at=INSTANT,
    answer=maybe(one_of(*get_args(OptionKey))), answered_at=maybe(INSTANT),
    options=many(record(
        option=one_of(*get_args(OptionKey)), now=UNITS, later=UNITS, on=maybe(DAY), price=UNITS, freight=UNITS,
        swaps=many(record(line=TEXT, sku=TEXT, units=UNITS, price=UNITS)),
    )),
)  # fmt: skip
LARGE_ORDER = record(
    standing=one_of(*get_args(Standing)),
    excesses=many(record(line=TEXT, sku=TEXT, test=one_of(*get_args(Test)), units=UNITS, most=TEXT, of=UNITS)),
    todo=many(TEXT), proposal=maybe(PROPOSAL),
)  # fmt: skip
OFFER = record(
    code=TEXT, kind=maybe(one_of(*OFFER_KINDS)), percent=maybe(WHOLE), amount=maybe(TEXT), ends_at=maybe(INSTANT),
    state=maybe(one_of(*ACTION_STATES)), ended=FLAG, rung=maybe(WHOLE), by_hand=maybe(FLAG),
    reason=maybe(one_of(*OFFER_REASONS)), sum=maybe(ref("OfferSum")), used_by=maybe(TEXT),
)  # fmt: skip
OFFER_SUM = record(
    value=MONEY, loss=MONEY, cost=MONEY, days=UNITS, until=maybe(DAY), chance={"type": "number"}, order_days=UNITS,
    lost=UNITS,
)  # fmt: skip
CONSOLATION = record(
    reason=one_of(*OFFER_REASONS), rung=UNITS, kind=one_of(*OFFER_KINDS), sum=ref("OfferSum"),
)  # fmt: skip
NOTICE = record(
    id=WHOLE, kind=TEXT, state=one_of("draft", "sent", "failed"), to=maybe(TEXT), subject=TEXT, body=TEXT,
    created_at=INSTANT, error=maybe(TEXT),
)  # fmt: skip
ACTION = record(
    id=WHOLE, kind=TEXT, state=one_of(*ACTION_STATES), attempts=UNITS, error=maybe(TEXT), reference=maybe(TEXT),
    reason=TEXT, created_at=INSTANT, finished_at=maybe(INSTANT),
)  # fmt: skip
EXCEPTION = {
    "type": "object",
    "properties": dict.fromkeys(("code", "detail", "sku", "order", "line", "incoming"), TEXT),
    "required": ["code", "detail"],
    "additionalProperties": False,
}
ITEM = record(
    sku=TEXT, title=TEXT, platform_id=TEXT, tracked=FLAG, on_hand=WHOLE,
    locations=many(record(location=TEXT, on_hand=WHOLE)), demand=UNITS, backordered=UNITS,
    backorders=record(taken=FLAG, stopped_since=maybe(DAY), left_alone=FLAG),
    preorder_until=maybe(DAY), substitutes=many(TEXT),
    atp=many(record(on=DAY, units=UNITS)),
    waiting=many(record(order=TEXT, line=TEXT, units=UNITS, completes_on=maybe(DAY))), incoming=many(ref("Incoming")),
    forecast=maybe(ref("Forecast")), reorder_point=maybe(UNITS),
)  # fmt: skip
NUMBER = {"type": "number", "minimum": 0}
STATE = one_of(*(state.value for state in State))
DAYS = {"type": ["integer", "null"], "minimum": 0}
FORECAST = record(**{
    "made_on": DAY, "pattern": one_of(*get_args(Pattern)), "method": TEXT, "class": TEXT, "units_a_week": NUMBER,
    "cover_days": NUMBER, "mean": NUMBER, "error": NUMBER,
    "quantiles": {"type": "object", "additionalProperties": UNITS},
    "lead_time": record(
        days=NUMBER, variance=NUMBER, own=UNITS, supplier=UNITS, slip={"type": "number"}, closed=UNITS, later=UNITS,
    ),
    "review_days": UNITS, "target": TEXT, "safety_stock": UNITS, "weeks": many(UNITS), "why": many(TEXT),
})  # fmt: skip
BUYING = record(
    supplier=maybe(TEXT), lead_days=DAYS, review_days=DAYS, minimum={"type": "integer", "minimum": 1},
    pack={"type": "integer", "minimum": 1}, cost={"type": ["integer", "null"], "minimum": 0}, service=maybe(TEXT),
    parts={"type": "object", "additionalProperties": {"type": "integer", "minimum": 1}},
    breaks=many(record(units={"type": "integer", "minimum": 2}, cost=UNITS)), made_to_order={"type": "boolean"},
)  # fmt: skip
MANY_UNITS: Schema = {"type": "integer", "minimum": 1, "maximum": MAX_UNITS}
COST: Schema = {"type": "integer", "minimum": 0, "maximum": MAX_COST}
BUYING_PATCH = partial(record(
    supplier=maybe(text(LONGEST_SUPPLIER)), lead_days=maybe({**UNITS, "maximum": MAX_DAYS}),
    review_days=maybe({"type": "integer", "minimum": 1, "maximum": MAX_DAYS}), minimum=MANY_UNITS, pack=MANY_UNITS,
    cost=maybe(COST), service=maybe({"type": "string", "pattern": f"^{SERVICE}$"}),
    parts=names(MANY_UNITS, {**TEXT, "minLength": 1}, maxProperties=MAX_PARTS),
    breaks={**many(record(units={**MANY_UNITS, "minimum": 2}, cost=COST)), "maxItems": MAX_BREAKS},
    made_to_order={"type": "boolean"},
))  # fmt: skip
SUGGESTION = record(
    sku=TEXT, title=TEXT, urgency=one_of(*URGENCIES), units=UNITS, on_hand=WHOLE, owed=UNITS, backordered=UNITS,
    incoming=UNITS, reorder_point=maybe(UNITS), order_up_to=maybe(UNITS), runs_out_on=maybe(DAY), arrives_on=DAY,
    would_wait=UNITS, value=maybe(WHOLE), cost=maybe(UNITS),
    cheaper=maybe(record(units=UNITS, price=UNITS, saves=UNITS, costs=UNITS)), currency=TEXT,
    supplier=maybe(TEXT), buying=ref("Buying"),
    reasons=many(TEXT), forecast=maybe(ref("Forecast")),
)  # fmt: skip
HABIT = record(
    kind=one_of("item", "supplier"), name=TEXT, rate={**NUMBER, "maximum": 1}, weeks=UNITS, units=UNITS, lost=UNITS,
    mean_wait=maybe(NUMBER), cost=maybe(UNITS), holding=maybe(UNITS), mend=TEXT, why=TEXT,
    currency=TEXT,
)  # fmt: skip
NAME = text(MAX_TEXT, shortest=1)
REMARK = maybe(text(MAX_TEXT))
COUNT = {"type": "integer", "minimum": 0, "maximum": MAX_UNITS}
SUPPLY = {**NAME, "not": {"const": ON_HAND}}
INCOMING = record(
    id=SUPPLY, sku=NAME, location=NAME, ordered=COUNT, received=COUNT, closed=FLAG, eta=maybe(DAY), latest=maybe(DAY),
    supplier=REMARK, note=REMARK, source=one_of("entered", "platform"),
)  # fmt: skip
NEW_INCOMING = record(**INCOMING["properties"] | {"source": one_of("entered")})
OUTLOOK = record(
    decision=one_of(*DECISIONS), reasons=many(TEXT), release_now=UNITS, backordered=UNITS, completes_on=maybe(DAY),
    tags=many(TEXT), actions=many(TEXT),
)  # fmt: skip
ARM = record(orders=UNITS, cancelled=UNITS, rate=RATE, value=MONEY, kept=MONEY, waiting=UNITS)
POINTS = {"type": "number", "minimum": -1, "maximum": 1}
SUMMARY = record(
    as_of=INSTANT, orders=record(open=UNITS, not_planned=UNITS, closed_recently=UNITS), unit_fill_rate=RATE,
    line_fill_rate=RATE, order_fill_rate=RATE, backorder_rate=RATE,
    ageing=many(record(days=one_of(*(name for _, name in AGES), OLDEST), orders=UNITS, units=UNITS)),
    units_waiting=UNITS, value_waiting=maybe(MONEY), promise_kept_rate=RATE,
    offers=record(made=UNITS, cost_estimate=maybe(MONEY),
                  effect=record(cancelled_with_offer=RATE, cancelled_without_offer=RATE),
                  trial=record(
                      days=UNITS, level={"type": "number"}, offered=ARM, held_out=ARM,
                      cancelled=maybe(record(estimate=POINTS, low=POINTS, high=POINTS)),
                      kept_per_order=maybe(record(estimate=MONEY, low=MONEY, high=MONEY)),
                  ),
                  budget=record(budget=maybe(MONEY), given=MONEY, used=MONEY, promised=MONEY, expired=MONEY)),
    definitions=record(**dict.fromkeys(DEFINITIONS, TEXT)),
)  # fmt: skip
SPAN = {"first": DAY, "last": DAY}
PARTS = {"part": UNITS, "whole": UNITS, "rate": RATE}
SHORTAGE = {"asked": UNITS, "waited": UNITS, "rate": RATE, "weeks": UNITS, "cancelled": UNITS}
ANY_NUMBER = {"type": ["number", "null"], "minimum": 0}
FIGURE = record(
    kind=one_of(*get_args(Kind)), value=ANY_NUMBER, part=maybe(UNITS), whole=maybe(UNITS), before=ANY_NUMBER,
    definition=TEXT,
)  # fmt: skip
REPORT = record(
    period=record(**SPAN), before=record(**SPAN), currency=TEXT,
    figures=record(**dict.fromkeys(MEANINGS, ref("Figure"))),
    waiting=many(record(on=DAY, units=UNITS)), ageing=many(record(days=TEXT, lines=UNITS, units=UNITS)),
    items=many(record(sku=TEXT, **SHORTAGE)), suppliers=many(record(supplier=TEXT, **SHORTAGE)),
    deliveries=many(record(supplier=TEXT, received=UNITS, on_time=UNITS, days_late={"type": "number"})),
    weeks=many(record(**SPAN, **PARTS)), waits=many(record(days=TEXT, **PARTS)),
    causes=many(record(cause=one_of(*get_args(Cause)), lines=UNITS, units=UNITS)),
)  # fmt: skip
PROBLEM = {
    "type": "object",
    "properties": {"type": TEXT, "title": TEXT, "status": WHOLE, "detail": TEXT, "key": TEXT},
    "required": ["type", "title", "status", "detail"],
    "additionalProperties": False,
}

SCHEMAS: dict[str, Schema] = {
    "Order": ORDER, "Line": LINE, "Offer": OFFER, "OfferSum": OFFER_SUM, "Consolation": CONSOLATION,
    "Notice": NOTICE, "Action": ACTION, "Exception": EXCEPTION,
    "Item": ITEM, "Incoming": INCOMING,
    "NewIncoming": {**partial(NEW_INCOMING), "required": ["sku", "ordered"]}, "IncomingPatch": partial(NEW_INCOMING),
    "Webhook": record(
        id=WHOLE, url=TEXT, events=many(one_of(*EVENTS)), state=one_of(*get_args(EndpointState)), error=maybe(TEXT),
        failing_since=maybe(INSTANT), created_at=INSTANT, secret=maybe(TEXT),
    ),
    "NewWebhook": record(
        url={"type": "string", "pattern": f"^{URL}$"}, events={**many(one_of(*EVENTS)), "minItems": 1},
    ),
    "WebhookWish": record(do=one_of(*DOINGS)),
    "Sent": record(
        webhook_id=TEXT, event=one_of(*EVENTS, TEST), order=maybe(TEXT), state=one_of(*get_args(MessageState)),
        attempts=UNITS, status=maybe(WHOLE), error=maybe(TEXT), created_at=INSTANT, next_at=maybe(INSTANT),
    ),
    "Policy": settings(ShopPolicy), "PolicyPatch": partial(settings(ShopPolicy), rows=True),
    "Change": record(order=TEXT, name=TEXT, before=OUTLOOK, after=OUTLOOK, days_later=maybe(WHOLE)),
    "GateChange": record(sku=TEXT, would=one_of(*get_args(GateWish)), next_unit_on=maybe(DAY), why=TEXT),
    "PolicyPreview": record(items=many(ref("Change")), next=maybe(TEXT), backorders=many(ref("GateChange"))),
    "Scenario": partial(record(
        late=names({"type": "integer", "minimum": 1, "maximum": MOST_DAYS}), declined=many(TEXT),
        stock=names({"type": "integer", "minimum": -MOST_UNITS, "maximum": MOST_UNITS}), policy=ref("PolicyPatch"),
    )) | {"minProperties": 1},
    "Consequences": record(items=many(ref("Change")), next=maybe(TEXT), worse=UNITS),
    "Wish": {
        **partial(record(
            do=one_of(*CHOICES), lines={**many(TEXT), "maxItems": MOST_LINES}, on=DAY, why=text(LONGEST_WHY),
        )),
        "required": ["do"], "if": {"properties": {"do": {"const": PROMISE}}}, "then": {"required": ["on"]},
        "else": {"properties": {"on": False, "why": False}},
    },
    "ItemPatch": partial(record(
        preorder_until=maybe(DAY), backorders=one_of("take", "hand_back"),
        substitutes={**many(text(LONGEST_SKU, shortest=1)), "maxItems": MOST_SUBSTITUTES},
    )),
    "LargeOrder": LARGE_ORDER, "Choice": record(option=one_of(*get_args(OptionKey))),
    "Move": record(
        law=one_of(*get_args(Law)), day=DAY, before=STATE, after=STATE, rule=TEXT, evidence=TEXT,
        at=maybe(INSTANT), address=maybe(TEXT), content_sha256=maybe(TEXT), message_id=maybe(TEXT),
    ),
    "Hit": record(order=TEXT, name=TEXT, days_later=maybe(WHOLE), units_fewer_now=UNITS),
    "Activity": record(id=WHOLE, **LOGGED, order=maybe(TEXT), sku=maybe(TEXT), detail={"type": "object"}),
    "Summary": SUMMARY, "Report": REPORT, "Figure": FIGURE,
    "Suggestion": SUGGESTION, "Habit": HABIT, "Forecast": FORECAST, "Buying": BUYING, "BuyingPatch": BUYING_PATCH,
    "Problem": PROBLEM,
}  # fmt: skip
