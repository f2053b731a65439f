"""What happened to one order: the log, which holds every action that ended, and what the customer was told."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from core.records import AuditEntry, NoticeRecord, OrderRecord
from pages.log_words import logged, tells_news
from pages.printing import printer
from pages.words import Badge, state_badge


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One thing that happened. `badge` is how it ended, where it has an end of its own."""

    at: datetime
    who: str
    what: str
    more: str | None = None
    badge: Badge | None = None


def timeline(entries: Sequence[AuditEntry], notices: Sequence[NoticeRecord], record: OrderRecord) -> tuple[Moment, ...]:
    """Return everything in one list, newest first; it begins when the order was placed."""
    moments = [*(_logged(entry) for entry in entries if tells_news(entry)), *map(_told, notices), _placed(record)]
    return tuple(reversed(_once_each(sorted(moments, key=lambda moment: moment.at))))


def _once_each(moments: Sequence[Moment]) -> list[Moment]:
    """Return the moments, oldest first, without a reason that the one before them gave already: they follow from it."""
    told: list[Moment] = []
    said = None
    for moment in moments:
        told.append(replace(moment, more=None) if moment.more == said else moment)
        said = moment.more or said
    return told


def _placed(record: OrderRecord) -> Moment:
    seen = record.snapshot
    units = sum(line.ordered for line in seen.lines if line.ships)
    what = f"{seen.name} was placed: {printer().units(units)} to ship"
    return Moment(at=seen.placed_at, who="Customer", what=what)


def _logged(entry: AuditEntry) -> Moment:
    words = logged(entry)
    return Moment(at=entry.at, who=words.who, what=words.what, more=words.more)


def _told(notice: NoticeRecord) -> Moment:
    what = f"Message to the customer: {notice.subject}"
    return Moment(at=notice.created_at, who="Backorder", what=what, more=notice.error, badge=state_badge(notice.state))
