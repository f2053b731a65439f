"""One order as the API shows it: the plan file's keys and all that was promised, offered, said and done."""

from typing import Any

from core import plan_file
from core.consolation.consoling import Consoler
from core.dates.hand_promises import by_hand
from core.dates.promise_ranges import PromiseRange
from core.desired_state import undoing
from core.parcels.part_sum import PartSum
from core.records import ActionRecord, AuditEntry, Delivery, NoticeRecord, OrderRecord, Shop
from core.records.expectation import Expectation
from core.settings import Settings
from pages.api.answers import day, instant, money
from pages.api.offer_document import consolation_document, offers_document
from pages.api.order_facts import TIMELINE, Beside
from pages.api.proposal_document import large_order_document
from pages.customer_links import customer_link
from pages.letters import worded

UNPLANNED: dict[str, Any] = {"decision": None, "reasons": [], "release_now": False, "completes_on": None, "lines": []}


def order_document(
    record: OrderRecord, beside: Beside, shop: Shop, settings: Settings, consoler: Consoler
) -> dict[str, Any]:
    """Return everything the API tells about the order; one that was not planned yet has no decision and no lines."""
    seen = record.snapshot
    plan = plan_file.as_document(record.plan) if record.plan else UNPLANNED
    expected = record.expected or Expectation()
    return {
        **plan,
        "id": record.id,
        "platform_id": record.id,
        "name": seen.name,
        "state": seen.status,
        "placed_at": instant(seen.placed_at),
        "planned_at": instant(record.planned_at),
        "currency": seen.currency,
        "customer_status_url": customer_link(settings, record.shop, record.id),
        "tags": sorted(seen.outside.tags),
        "held": {line: units for line, units in sorted(record.expected_held.items()) if units},
        "left_alone": undoing.left_alone(record),
        "customer_decides_until": instant(record.ending.until) if record.ending else None,
        "hands_off": dict(sorted(record.hands_off.items())),
        "promise": {
            "first": day(record.first_promise_on),
            "current": day(record.promised_on),
            "by_hand": by_hand(record) is not None,
        },
        "range": _range(expected.ships) if expected.ships else None,
        "line_ranges": {line: _range(ships) for line, ships in expected.lines.items()},
        "part": _part(expected.part) if expected.part else None,
        "causes": dict(sorted(record.causes.items())),
        "large_order": large_order_document(record, shop),
        "offers": offers_document(record, beside.actions, beside.given),
        "consolation": consolation_document(consoler, record, beside.given),
        "notices": [notice_document(notice) for notice in worded(shop, {record.id: record}, beside.notices)],
        "actions": [action_document(action) for action in beside.actions],
        "timeline": _timeline(beside),
        "exceptions": [plan_file.exception_document(exception) for exception in record.exceptions],
        "problems": list(seen.problems),
    }


def _range(ships: PromiseRange) -> dict[str, Any]:
    return {"earliest": day(ships.earliest), "likely": day(ships.likely), "latest": day(ships.latest)}


def _part(part: PartSum) -> dict[str, Any]:
    """Return both sides of the sum; money with the order's currency."""
    amounts = ("value", "parcel_cost", "waiting_cost", "margin", "lost_margin", "day_price", "delay_cost")
    return {
        "verdict": part.verdict,
        "decided_by": part.decided_by,
        "units": part.units,
        "days": part.days,
        "until": day(part.until),
        "chance": part.chance,
        "order_days": part.order_days,
        "lost": part.lost,
        "joins": part.joins,
        **{name: money(getattr(part, name), part.currency) for name in amounts},
    }


def action_document(action: ActionRecord) -> dict[str, Any]:
    """Return one action with its state and outcome."""
    return {
        "id": action.id,
        "kind": action.kind,
        "state": action.state,
        "attempts": action.attempts,
        "error": action.error,
        "reference": action.reference,
        "reason": action.reason,
        "created_at": instant(action.created_at),
        "finished_at": instant(action.finished_at),
    }


def notice_document(notice: NoticeRecord) -> dict[str, Any]:
    """Return one message to the customer."""
    return {
        "id": notice.id,
        "kind": notice.kind,
        "state": notice.state,
        "to": notice.to,
        "subject": notice.subject,
        "body": notice.body,
        "created_at": instant(notice.created_at),
        "error": notice.error,
    }


def _timeline(beside: Beside) -> list[dict[str, Any]]:
    """Return the newest of what the shop told and of the order's log, oldest first."""
    both = [
        *((one.taken_at or one.received_at, _delivery(one)) for one in reversed(beside.told)),
        *((entry.at, _entry(entry)) for entry in reversed(beside.logged)),
    ]
    return [document for _, document in sorted(both, key=lambda one: one[0])][-TIMELINE:]


def _delivery(delivery: Delivery) -> dict[str, Any]:
    at = delivery.taken_at or delivery.received_at
    what = f"told: {delivery.topic}"
    return {"at": instant(at), "actor": "platform", "what": what, "why": None, "outcome": None}


def _entry(entry: AuditEntry) -> dict[str, Any]:
    return {
        "at": instant(entry.at),
        "actor": entry.actor,
        "what": entry.what,
        "why": entry.why,
        "outcome": entry.outcome,
    }
