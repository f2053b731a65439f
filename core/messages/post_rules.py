"""Which drafts leave now, in which mail, and which never: merging, quiet hours, the cap, what a newer one replaces."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import get_args

from core.messages.notices import LAW_KINDS, MARKETING
from core.names import folded
from core.policy.shop_policy import NoticeKind, Notices
from core.records import NoticeRecord, OrderRecord, Shop
from core.records.endings import Giver
from core.sentences import sentence
from core.zones import zone_of

STATUS = frozenset({"waiting", "unexpected", "still_on_time", "date_changed", "ready"})
"""Kinds that say where an order stands: only the newest of an order is true."""
FIRST = frozenset({"waiting", "unexpected", "choices"})
"""What answers something that the customer did, or waits for their answer, is no interruption: no cap holds it back."""
SWITCHABLE = frozenset(get_args(NoticeKind))
"""What a merchant may do without."""
WAITS = STATUS - {"ready"}
"""Kinds that say that something waits."""
LAW_QUESTIONS = frozenset({"delay_option", "renewed_option"})
RECEIPTS = frozenset({"withdrawal"})
"""What was said, and when: each stands for itself."""
ENDS_WITH_ORDER = STATUS | {"part_shipped", "choices"} | LAW_QUESTIONS
"""Kinds that are about an open order: of one that has ended, the shop itself tells."""
SHIPPING = frozenset({"part_shipped", "ready"})
"""Kinds that the shop's own mail about a parcel says as well."""
DATED = WAITS | {"part_shipped"} | LAW_QUESTIONS
"""Kinds after which a customer believes the date in them."""
WEEK = timedelta(days=7)
STALE = timedelta(days=3)
"""That nothing has changed is no news any more when it could not leave for so long."""
LEFT_OUT = sentence("left out by the merchant")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorted:
    """Drafts that leave together now, by address, those that wait until then, and those that never leave, with why."""

    mails: tuple[tuple[NoticeRecord, ...], ...] = ()
    put_off: tuple[tuple[NoticeRecord, datetime], ...] = ()
    dropped: tuple[tuple[NoticeRecord, str], ...] = ()


def is_switchable(kind: str) -> bool:
    """Return whether messages of this kind can be switched off by themselves."""
    return kind in SWITCHABLE


def is_quiet(at: datetime, zone: str, rules: Notices) -> bool:
    """Return whether the instant lies in the shop's quiet hours."""
    if rules.quiet_from == rules.quiet_until:
        return False
    hour = at.astimezone(zone_of(zone)).hour
    if rules.quiet_from < rules.quiet_until:
        return rules.quiet_from <= hour < rules.quiet_until
    return hour >= rules.quiet_from or hour < rules.quiet_until


def quiet_ends(at: datetime, zone: str, rules: Notices) -> datetime:
    """Return the first instant, at or after this one, that is not quiet."""
    if not is_quiet(at, zone, rules):
        return at
    local = at.astimezone(zone_of(zone))
    ends = datetime.combine(local.date(), time(rules.quiet_until), tzinfo=zone_of(zone))
    if ends <= local:
        ends = datetime.combine(local.date() + timedelta(days=1), time(rules.quiet_until), tzinfo=zone_of(zone))
    return ends.astimezone(UTC)


def may_leave(shop: Shop, *, ready: bool) -> str | None:
    """Return why nothing leaves at present, as a sentence; None when messages leave."""
    rules = shop.policy.notices
    if not ready and rules.sent_by == "us":
        return sentence("No mail server is set (BACKORDER_SMTP_URL): messages stay here.")
    if shop.policy.mode != "act":
        return sentence("The shop is only observed.")
    if rules.paused:
        return sentence("Messages are paused.")
    if not rules.wording_seen:
        return sentence("You have not approved the wording yet.")
    return None


def sort_out(
    shop: Shop,
    drafts: Sequence[NoticeRecord],
    *,
    now: datetime,
    mailed: Mapping[str, Sequence[datetime]],
    stopped: Mapping[str, Mapping[str, str]],
    orders: Mapping[str, OrderRecord | None],
    told: Mapping[str, str | None],
) -> Sorted:
    """Return what leaves now and what never does. `mailed`: when each address got mails in the last seven days.

    Call it only outside quiet hours. An address's drafts wait until its window is over, then leave as one mail.
    `orders` are those that the drafts are about, as they stand now; `told` the date that each order's customer was told
    last (None: that there is none), where they were told any.
    """
    drafts = [_after(draft, told) for draft in drafts]
    siblings = _by_order(drafts)
    dropped = [
        (draft, why)
        for draft in drafts
        if (
            why := _never(draft, siblings[draft.order], stopped, now)
            or overtaken(draft.kind, shop, orders[draft.order])
        )
    ]
    gone = {draft.id for draft, _ in dropped}
    by_address = _by_mail([draft for draft in drafts if draft.id not in gone], inside=shop.policy.notices.offers_inside)
    mails, put_off = [], []
    for (address, _), waiting in by_address.items():
        until = _full_until(mailed.get(address, ()), shop.policy.notices.per_week, now)
        due = [draft for draft in waiting if draft.due_at <= now]
        leaving = [draft for draft in due if until is None or draft.kind in LAW_KINDS | FIRST]
        if leaving:
            mails.append(tuple(leaving))
        put_off += [(draft, until) for draft in due if until is not None and draft not in leaving]
    return Sorted(mails=tuple(mails), put_off=tuple(put_off), dropped=tuple(dropped))


def believed(notices: Iterable[NoticeRecord]) -> tuple[str | None, ...]:
    """Return the dates that one order's customer was told, oldest first."""
    return tuple(made.facts.get("on") for made in notices if made.state == "sent" and made.kind in DATED)


def _after(draft: NoticeRecord, told: Mapping[str, str | None]) -> NoticeRecord:
    """Return the draft; a new date is told against the one told last, whatever we believed meanwhile."""
    if draft.kind != "date_changed" or draft.order not in told:
        return draft
    return replace(draft, facts={**draft.facts, "was": told[draft.order]})


def _full_until(mailed: Sequence[datetime], per_week: int, now: datetime) -> datetime | None:
    """Return when an address that has had its mails of seven days may get the next one; None where it may now."""
    until = sorted(mailed)[-per_week] + WEEK if len(mailed) >= per_week else now
    return until if until > now else None


def overtaken(kind: str, shop: Shop, order: OrderRecord | None) -> str | None:
    """Return why a message of this kind would be untrue by now, or repeat what the shop itself writes; else None.

    The one rule about both: what is about an open order ends with it, since the shop tells of its end and of its last
    parcel; that something waits is said only while it does; and where the shop writes about the parcels that we
    record, it says that they leave.
    """
    if kind in shop.policy.notices.off:
        return sentence("messages of this kind are switched off")
    if kind in SHIPPING and shop.policy.fulfil == "create" and shop.policy.parcels.notify_customer:
        return sentence("the shop writes about its parcels itself")
    return _untrue(kind, order) if kind in ENDS_WITH_ORDER | MARKETING else None


def _untrue(kind: str, order: OrderRecord | None) -> str | None:
    """Return why what a message says of an order that goes on is not so any more."""
    status = order.snapshot.status if order else "gone"
    if kind in MARKETING:
        return sentence("the order was cancelled") if status == "cancelled" else None
    if order is None or status != "open" or not any(line.open for line in order.snapshot.lines):
        return sentence("the order has ended, and the shop tells of that itself")
    waits = order.plan is None or bool(order.plan.backordered)
    if kind in WAITS and not waits:
        return sentence("nothing of the order waits any more")
    return sentence("something of the order waits again") if kind == "ready" and waits else None


def shop_tells_of_end(by: Giver, shop: Shop, address: str | None, *, ready: bool) -> bool:
    """Return whether the shop is to write about what was given up: not where our notice of a law's end leaves."""
    ours = by == "law" and ready and bool(address) and may_leave(shop, ready=ready) is None
    return shop.policy.cancelling.notify_customer and not ours


def _by_mail(drafts: Sequence[NoticeRecord], *, inside: bool) -> Mapping[tuple[str, bool], list[NoticeRecord]]:
    """Return the drafts of each mail by its address, and whether it is an offer that goes by itself.

    It does unless the merchant wants offers `inside`, and always beside what a law asks for, which says nothing else.
    """
    lawful = {address_of(draft) for draft in drafts if draft.kind in LAW_KINDS}
    found: dict[tuple[str, bool], list[NoticeRecord]] = {}
    for draft in drafts:
        alone = draft.kind in MARKETING and not (inside and address_of(draft) not in lawful)
        found.setdefault((address_of(draft), alone), []).append(draft)
    return found


def address_of(draft: NoticeRecord) -> str:
    """Return the address that the draft is for, as addresses are compared."""
    return folded(draft.to) or ""


def _by_order(drafts: Sequence[NoticeRecord]) -> Mapping[str, Sequence[NoticeRecord]]:
    found: dict[str, list[NoticeRecord]] = {}
    for draft in drafts:
        found.setdefault(draft.order, []).append(draft)
    return found


def _never(
    draft: NoticeRecord, drafts: Sequence[NoticeRecord], stopped: Mapping[str, Mapping[str, str]], now: datetime
) -> str | None:
    """Return why this draft never leaves; None when it may."""
    if not draft.to:
        return sentence("the shop gave no address")
    stops = stopped.get(address_of(draft), {})
    if "all" in stops:
        return sentence("the address takes no mail: %(stops)s", stops=stops["all"])
    if draft.kind in MARKETING and "marketing" in stops:
        return sentence("the customer does not want offers")
    return _replaced(draft, drafts, now)


def _replaced(draft: NoticeRecord, drafts: Sequence[NoticeRecord], now: datetime) -> str | None:
    """Return why the draft, one of its order's, says nothing new any more; None when it does."""
    if draft.kind in LAW_KINDS - RECEIPTS and any(_same_question(draft, other) for other in drafts):
        return sentence("a newer message took its place")
    newer = (other for other in drafts if other.id > draft.id)
    if draft.kind in STATUS and any(other.kind in STATUS for other in newer):
        return sentence("a newer message took its place")
    if draft.kind in {"waiting", "date_changed"} and any(_asks_about(draft, other) for other in drafts):
        return sentence("the question that a law asks says the new date")
    if draft.kind == "date_changed" and "on" in draft.facts and draft.facts["on"] == draft.facts.get("was"):
        return sentence("the customer knows this date already")
    if draft.kind == "still_on_time" and now - draft.created_at > STALE:
        return sentence("it waited too long to be news")
    return None


def _asks_about(draft: NoticeRecord, other: NoticeRecord) -> bool:
    """Return whether the other draft asks the customer about the very date that this one tells."""
    return other.kind in LAW_QUESTIONS and other.facts.get("on") == draft.facts.get("on")


def _same_question(draft: NoticeRecord, other: NoticeRecord) -> bool:
    """Return whether the other draft is a newer one of the same question: its date is the one we now believe."""
    same = (other.order, other.kind, other.facts.get("law")) == (draft.order, draft.kind, draft.facts.get("law"))
    return same and other.id > draft.id
