"""What leaves next, to whom and when: the rules of the post, played forward over the drafts. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from core.messages import post_rules
from core.messages.notices import LAW_KINDS
from core.ports.books import Unit
from core.records import NoticeRecord, OrderRecord, Shop


@dataclass(frozen=True, slots=True, kw_only=True)
class Upcoming:
    """One mail to come: when, and the messages that it carries."""

    at: datetime
    parts: tuple[NoticeRecord, ...]

    @property
    def to(self) -> str:
        """Whom it goes to."""
        return self.parts[0].to or ""

    @property
    def may_skip(self) -> bool:
        """Whether the merchant may do without it: not where a law asks for a part of it."""
        return not any(part.kind in LAW_KINDS for part in self.parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What sorting out drafts needs to know of the books: mails of the last week, stops, orders, dates told last."""

    mailed: Mapping[str, Sequence[datetime]]
    stopped: Mapping[str, Mapping[str, str]]
    orders: Mapping[str, OrderRecord | None]
    told: Mapping[str, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class PostOutlook:
    """The next mails, in their order, and the drafts that will never leave with why, as far as was looked."""

    mails: tuple[Upcoming, ...]
    dropped: tuple[tuple[NoticeRecord, str], ...]


def past_of(unit: Unit, shop: Shop, drafts: Sequence[NoticeRecord], now: datetime) -> Past:
    """Return from the books what sorting these drafts out needs."""
    addresses = {post_rules.address_of(draft) for draft in drafts if draft.to}
    dates = {
        draft.order: post_rules.believed(unit.notices.of_order(shop.id, draft.order))
        for draft in drafts
        if draft.kind == "date_changed"
    }
    return Past(
        mailed={one: unit.mails.times(shop.id, one, since=now - post_rules.WEEK) for one in addresses},
        stopped={one: unit.mails.stopped(shop.id, one) for one in addresses},
        orders={order: unit.orders.get(shop.id, order) for order in {draft.order for draft in drafts}},
        told={order: known[-1] for order, known in dates.items() if known},
    )


def outlook(shop: Shop, drafts: Sequence[NoticeRecord], past: Past, *, now: datetime, most: int) -> PostOutlook:
    """Return what becomes of the drafts if nothing new happens and messages may leave; at least `most` mails of many.

    The worker's own rules decide, at each instant at which it would look.
    """
    mails: list[Upcoming] = []
    dropped: list[tuple[NoticeRecord, str]] = []
    mailed = {address: list(times) for address, times in past.mailed.items()}
    left = list(drafts)
    while left and len(mails) < most:
        soonest = max(now, min(draft.due_at for draft in left))
        at = post_rules.quiet_ends(soonest, shop.timezone, shop.policy.notices)
        recent = {address: [one for one in times if one >= at - post_rules.WEEK] for address, times in mailed.items()}
        found = post_rules.sort_out(
            shop, left, now=at, mailed=recent, stopped=past.stopped, orders=past.orders, told=past.told
        )
        mails += [Upcoming(at=at, parts=parts) for parts in found.mails]
        dropped += found.dropped
        for parts in found.mails:
            mailed.setdefault(post_rules.address_of(parts[0]), []).append(at)
        later = {draft.id: until for draft, until in found.put_off}
        gone = {draft.id for draft, _ in found.dropped} | {part.id for parts in found.mails for part in parts}
        left = [replace(one, due_at=later.get(one.id, one.due_at)) for one in left if one.id not in gone]
    return PostOutlook(mails=tuple(mails), dropped=tuple(dropped))
