"""What the customer would be told, as plain text: drafted, never sent from here."""

from dataclasses import dataclass

from core.plan import LinePlan, OrderPlan
from core.published import moved
from core.records import OrderRecord, Shop
from core.snapshots import LineSnapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One message. `key` makes it once per order."""

    kind: str
    key: str
    subject: str
    body: str


def draft(plan: OrderPlan, record: OrderRecord, shop: Shop, before: OrderPlan | None) -> Draft | None:
    """Return the message that this change of plan calls for, or None.

    The first time an order waits: what ships now and what waits until when. Later: a date that moved beyond the
    shop's tolerance, and the end of the wait.
    """
    if not shop.policy.notices.enabled or record.snapshot.status != "open":
        return None
    if plan.backordered and (before is None or not before.backordered):
        return _message("waiting", "waiting", f"Your order {record.snapshot.name}: what ships when", plan, record)
    if not plan.backordered:
        if plan.decision == "none":
            return None  # nothing of it comes any more: there is nothing to look forward to
        return _ready(plan, record) if before is not None and before.backordered else None
    if moved(record.promised_on, plan.completes_on, shop.policy.notices.tolerance_days):
        day = plan.completes_on.isoformat() if plan.completes_on else "unknown"
        # A date may move away and back again: each move is news, so the plan's own time tells them apart.
        at = record.planned_at.isoformat() if record.planned_at else ""
        subject = f"Your order {record.snapshot.name}: the date has changed"
        return _message("date_changed", f"date_changed:{day}:{at}", subject, plan, record)
    return None


def _ready(plan: OrderPlan, record: OrderRecord) -> Draft:
    subject = f"Your order {record.snapshot.name}: everything is here now"
    return _message("ready", "ready", subject, plan, record)


def _message(kind: str, key: str, subject: str, plan: OrderPlan, record: OrderRecord) -> Draft:
    seen = {line.id: line for line in record.snapshot.lines}
    lines = [_sentence(line, seen[line.id]) for line in plan.lines if line.open]
    body = "\n".join([f"About your order {record.snapshot.name}:", "", *lines, ""])
    return Draft(kind=kind, key=f"{kind}:{record.id}:{key}", subject=" ".join(subject.split()), body=body)


def _sentence(line: LinePlan, seen: LineSnapshot) -> str:
    parts = []
    if line.release_now:
        parts.append(f"{line.release_now} can ship now")
    if line.backordered:
        when = f"by {line.completes_on:%Y-%m-%d}" if line.completes_on else "with no date yet; we will write again"
        parts.append(f"{line.backordered} will follow {when}")
    elif line.open > line.release_now:
        parts.append(f"{line.open - line.release_now} in stock, kept for one parcel with the rest")
    return f"- {seen.title}: {', '.join(parts)}."
