"""What happened to one order: the log, what we asked of the shop, what the customer was told, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.records import ActionRecord, AuditEntry, NoticeRecord
from pages.words import Badge, describe, outcome_words, state_badge


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One thing that happened. `badge` is how it ended, where it has an end of its own."""

    at: datetime
    who: str
    what: str
    more: str | None = None
    badge: Badge | None = None


def timeline(
    entries: Sequence[AuditEntry], actions: Sequence[ActionRecord], notices: Sequence[NoticeRecord]
) -> tuple[Moment, ...]:
    """Return everything in one list, newest first."""
    moments = [*map(_logged, entries), *map(_asked, actions), *map(_told, notices)]
    return tuple(sorted(moments, key=lambda moment: moment.at, reverse=True))


def _logged(entry: AuditEntry) -> Moment:
    return Moment(at=entry.at, who=entry.actor, what=entry.what, more=outcome_words(entry))


def _asked(action: ActionRecord) -> Moment:
    return Moment(
        at=action.finished_at or action.created_at,
        who="outbox",
        what=describe(action.action),
        more=action.error if action.state in {"failed", "skipped"} else None,
        badge=state_badge(action.state),
    )


def _told(notice: NoticeRecord) -> Moment:
    what = f"Message to the customer: {notice.subject}"
    return Moment(at=notice.created_at, who="notices", what=what, more=notice.error, badge=state_badge(notice.state))
