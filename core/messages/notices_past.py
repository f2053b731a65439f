"""Which messages a policy would have sent over a stretch of the past: the log of plans, played back. Pure.

The log keeps of each plan its decision, its date and its reasons: enough to know when an order began to wait, when its
date moved, when all was there, and for how long nothing was said.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from core.dates.published import moved
from core.messages.notices import UNTOLD
from core.policy.shop_policy import Notices
from core.records import AuditEntry

DECIDED = "decided"


@dataclass(frozen=True, slots=True, kw_only=True)
class WouldBe:
    """One message that would have been drafted."""

    kind: str
    order: str
    at: datetime


def would_have_been(
    entries: Iterable[AuditEntry], rules: Notices, *, since: datetime, until: datetime
) -> list[WouldBe]:
    """Return the messages of a period in their order, those of kinds that are switched off left out.

    `entries` are those of plans, oldest first, from long enough before the period to know what was told last. Parts
    that shipped are not in them.
    """
    by_order: dict[str, list[AuditEntry]] = {}
    for entry in entries:
        if entry.order and entry.what == DECIDED:
            by_order.setdefault(entry.order, []).append(entry)
    found = (made for order, own in by_order.items() for made in _of_order(order, own, rules, until))
    kept = (made for made in found if since <= made.at <= until and made.kind not in rules.off)
    return sorted(kept, key=lambda made: (made.at, made.order))


def _of_order(order: str, entries: list[AuditEntry], rules: Notices, until: datetime) -> Iterator[WouldBe]:
    told_at: datetime | None = None
    told_on: date | None = None
    waits = False
    for entry in entries:
        before, after = _read(entry.detail.get("before")), _read(entry.detail.get("after"))
        if told_at is None:
            # Told before the log begins: of the date that stood.
            told_on = _day(before)
        if waits:
            yield from _beats(order, told_at, entry.at, told_on, rules)
        kind = _kind(_waits(before) if before else waits, after, entry.why or "", told_on, rules)
        waits = _waits(after)
        if kind:
            yield WouldBe(kind=kind, order=order, at=entry.at)
            told_at, told_on = entry.at, _day(after)
        elif waits and told_at is None:
            told_at, told_on = entry.at, _day(after)
    if waits:
        yield from _beats(order, told_at, until, told_on, rules)


def _kind(waited: bool, after: Mapping[str, Any], why: str, told_on: date | None, rules: Notices) -> str | None:  # noqa: FBT001  # read in order
    waits = _waits(after)
    if waits and not waited:
        return "unexpected" if set(why.split()) & UNTOLD else "waiting"
    if waited and not waits:
        return "ready" if after.get("decision") != "none" else None
    if waits and moved(told_on, _day(after), rules.tolerance_days):
        return "date_changed"
    return None


def _beats(
    order: str, told_at: datetime | None, until: datetime, told_on: date | None, rules: Notices
) -> Iterator[WouldBe]:
    """Yield that all is still on time, as often as the rules say between what was told last and then."""
    step = timedelta(days=rules.heartbeat_days)
    at = told_at + step if told_at and told_on else None
    while at is not None and at < until:
        yield WouldBe(kind="still_on_time", order=order, at=at)
        at += step


def _waits(summary: Mapping[str, Any]) -> bool:
    """Return whether units of the order waited; what the log of before does not say, its decision tells."""
    if "backordered" in summary:
        return bool(summary["backordered"])
    return summary.get("decision") in {"wait", "ship_part"}


def _read(summary: object) -> Mapping[str, Any]:
    return summary if isinstance(summary, dict) else {}


def _day(summary: Mapping[str, Any]) -> date | None:
    text = summary.get("completes_on")
    return date.fromisoformat(text) if isinstance(text, str) else None
