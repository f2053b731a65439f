"""What happened to one order: what the shop told, the log with every action that ended, what the customer was told."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

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
    return tuple(reversed(_together(_once_each(sorted(moments, key=lambda moment: moment.at)))))


def _together(moments: Iterable[Moment]) -> list[Moment]:
    """Return the moments, oldest first; what the shop told again, within a minute or with nothing between, as one.

    Each write of ours brings news from the shop that the order has changed: they say nothing one by one.
    """
    told: list[Moment] = []
    times: Counter[int] = Counter()
    places: dict[tuple[str, datetime], int] = {}
    for moment in moments:
        place = len(told)
        if moment.heard:
            minute = (moment.what, moment.at.replace(second=0, microsecond=0))
            before = place - 1 if told and told[-1].heard and told[-1].what == moment.what else place
            place = places.setdefault(minute, before)
        if place == len(told):
            told.append(moment)
        times[place] += 1
        told[place] = replace(told[place], at=moment.at)
    return [_times(moment, times[place]) for place, moment in enumerate(told)]


def _times(moment: Moment, times: int) -> Moment:
    return moment if times == 1 else replace(moment, more=printer().units(times, "time"))


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
