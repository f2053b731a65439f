"""What happened to one order: what the shop told, the log with every action that ended, what the customer was told."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from core.records import AuditEntry, Delivery, NoticeRecord, OrderRecord
from pages.delivery_words import heard
from pages.languages import _
from pages.log_words import WHO, logged, tells_news
from pages.printing import printer
from pages.retelling import retold
from pages.words import Badge, state_badge


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One thing that happened. `badge` is how it ended, where it has an end of its own; `heard` of the shop."""

    at: datetime
    who: str
    what: str
    more: str | None = None
    badge: Badge | None = None
    heard: bool = False


def timeline(
    entries: Sequence[AuditEntry],
    notices: Sequence[NoticeRecord],
    record: OrderRecord,
    deliveries: Sequence[Delivery] = (),
) -> tuple[Moment, ...]:
    """Return everything in one list, newest first; it begins when the order was placed."""
    # In this order where moments are the same: what was placed is heard of, and what was heard of is decided.
    moments = [_placed(record), *map(_heard, reversed(deliveries))]
    moments += [*(_logged(entry) for entry in reversed(entries) if tells_news(entry)), *map(_told, notices)]
    return tuple(reversed(_once_each(_together(sorted(moments, key=lambda moment: moment.at)))))


def _together(moments: Sequence[Moment]) -> Iterator[Moment]:
    """Yield the moments, oldest first; what the shop told several times in a row, with nothing between, as one."""
    for _what, run in groupby(enumerate(moments), key=lambda one: (one[1].heard and one[1].what) or one[0]):
        same = [moment for _place, moment in run]
        yield same[-1] if len(same) == 1 else replace(same[-1], more=printer().units(len(same), "time"))


def _once_each(moments: Iterable[Moment]) -> list[Moment]:
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
    what = _("%(name)s was placed: %(units)s to ship", name=seen.name, units=printer().units(units))
    return Moment(at=seen.placed_at, who=_("Customer"), what=what)


def _heard(delivery: Delivery) -> Moment:
    return Moment(
        at=delivery.taken_at or delivery.received_at, who=_(WHO["platform"]), what=heard(delivery.topic), heard=True
    )


def _logged(entry: AuditEntry) -> Moment:
    words = logged(entry)
    return Moment(at=entry.at, who=words.who, what=words.what, more=words.more)


def _told(notice: NoticeRecord) -> Moment:
    what = _("Message to the customer: %(subject)s", subject=notice.subject)
    return Moment(
        at=notice.created_at,
        who=_("Backorder"),
        what=what,
        more=retold(notice.error) if notice.error else None,
        badge=state_badge(notice.state),
    )
