"""The post: drafts that are due become mails, one for each customer, and mails go to the server and are settled."""

import random
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import structlog
from structlog.contextvars import bound_contextvars

from core.delay_laws import law_watch
from core.delay_laws.cases import Evidence
from core.errors import BackorderError, Rejected
from core.house import House
from core.messages import post_outlook, post_rules, wording
from core.messages.correspondence import MailRecord
from core.messages.notices import LAW_KINDS, TO_MERCHANT
from core.planning import wake_ups
from core.ports.books import Unit
from core.ports.clockwork import LeaseLost
from core.records import NewNotice, NoticeRecord, Shop
from core.sentences import sentence
from worker import handing, letters
from worker.claiming import Found, claimed, nobody_waits

ATTEMPTS = 10
LONGEST = 3600.0
LEASE = timedelta(minutes=2)
"""Longer than the server's time to answer: nobody else sends the mail meanwhile."""
log = structlog.get_logger(__name__)


def collect(house: House) -> bool:
    """Make mails of the drafts that are due, shop by shop; return whether any was made or dropped."""
    with house.books.read() as unit:
        shops = [shop for shop in unit.shops.all() if post_rules.may_leave(shop, ready=house.post.ready) is None]
        due = [shop for shop in shops if not _quiet(shop, house) and _any_due(unit, shop, house.now())]
    return any([_collect(house, shop.id) for shop in due])  # noqa: C419  # every shop's post, not the first's


def _quiet(shop: Shop, house: House) -> bool:
    return shop.state == "uninstalled" or post_rules.is_quiet(house.now(), shop.timezone, shop.policy.notices)


def _any_due(unit: Unit, shop: Shop, now: datetime) -> bool:
    due = unit.notices.next_due(shop.id)
    return due is not None and due <= now


def _collect(house: House, shop_id: str) -> bool:
    now = house.now()
    with house.books.write() as unit:
        unit.shops.lock(shop_id)
        shop, drafts = unit.shops.get(shop_id), unit.notices.drafts(shop_id)
        if shop is None or post_rules.may_leave(shop, ready=house.post.ready) is not None:
            return False
        past = post_outlook.past_of(unit, shop, drafts, now)
        sorted_out = post_rules.sort_out(
            shop, drafts, now=now, mailed=past.mailed, stopped=past.stopped, orders=past.orders, told=past.told
        )
        for draft, why in sorted_out.dropped:
            unit.notices.settle([draft], "skipped", error=why)
        for draft, until in sorted_out.put_off:
            unit.notices.put_off(draft, until=until)
        left = [_leaves(unit, house, shop, parts) for parts in sorted_out.mails]
    return any(left) or bool(sorted_out.dropped)


def _leaves(unit: Unit, house: House, shop: Shop, parts: Sequence[NoticeRecord]) -> bool:
    """Send the parts on their way, by us or by the merchant's own tool; False where neither can take them now."""
    by_tool = shop.policy.notices.sent_by == "tool"
    mine = [part for part in parts if not by_tool or part.kind in LAW_KINDS]
    theirs = [part for part in parts if part not in mine]
    if mine and house.post.ready:
        _queue(unit, house, shop, mine)
    handed = bool(theirs) and handing.over(unit, house, shop, theirs)
    return handed or bool(mine and house.post.ready)


def _queue(unit: Unit, house: House, shop: Shop, parts: Sequence[NoticeRecord]) -> None:
    """Word the parts as one mail, queue it, and mark them as carried by it."""
    _, worded = letters.worded(unit, house, shop, parts)
    heads = {
        "message_id": letters.message_id(house, shop.id, [part.key for part in parts]),
        "sender": wording.name_of(shop),
        "reply_to": shop.email,
    }
    mail = unit.mails.add(shop.id, parts[0].to or "", worded, headers=heads, now=house.now())
    unit.notices.settle(parts, "queued", mail=mail)


def write_to_merchant(unit: Unit, house: House, shop: Shop, key: str, facts: Mapping[str, str]) -> None:
    """Queue a mail to the merchant, once by its key; where none can leave, the outbox shows it and says why."""
    now, to = house.now(), shop.policy.reorder.digest_to or shop.email
    new = unit.notices.add([NewNotice(
        shop=shop.id, order="", kind=TO_MERCHANT, key=key, to=to, facts=facts, at=now, due=now
    )])  # fmt: skip
    if not new:
        return
    # Those about no order are a few; the drafts to customers may be thousands.
    made = [draft for draft in unit.notices.of_order(shop.id, "") if draft.key == key]
    if house.post.ready and to:
        _queue(unit, house, shop, made)
    else:
        why = (
            sentence("the shop gave no address: set one under Buying on the policy page")
            if house.post.ready
            else sentence("no mail server is set (BACKORDER_SMTP_URL)")
        )
        unit.notices.settle(made, "skipped", error=why)


def send_next(house: House, found: Found = nobody_waits) -> bool:
    """Send the next due mail; False when none is due. Mails are dated by business time, as their drafts are."""
    if not house.post.ready:
        return False
    mail = claimed(house, lambda unit: unit.mails, found, now=house.now(), lease=LEASE)
    if mail is None:
        return False
    with bound_contextvars(shop=mail.shop, mail=mail.id):
        try:
            _send(house, mail)
        except LeaseLost:
            log.warning("lease lost")
    return True


def _send(house: House, mail: MailRecord) -> None:
    with house.books.read() as unit:
        shop = unit.shops.get(mail.shop)
        stopped = unit.mails.stopped(mail.shop, mail.to)
    why = (
        sentence("the shop is not connected any more")
        if shop is None or shop.state == "uninstalled"
        else stopped.get("all")
    )
    if why is not None:
        _fail(house, mail, why, bounced=False)
        return
    try:
        house.post.send(mail)
    except Rejected as problem:
        _fail(house, mail, str(problem), bounced=True)
    except BackorderError as problem:
        _later(house, mail, str(problem))
    else:
        _sent(house, mail)


def _sent(house: House, mail: MailRecord) -> None:
    now = house.now()
    proof = Evidence(
        what=sentence("mail sent: %(subject)s", subject=mail.subject), at=now, address=mail.to,
        content_hash=mail.content_hash, message_id=mail.message_id,
    )  # fmt: skip
    with house.books.write() as unit:
        unit.shops.lock(mail.shop)
        unit.mails.sent(mail, now=now)
        carried = unit.notices.of_mail(mail.shop, mail.id)
        unit.notices.settle(carried, "sent")
        for notice in carried:
            _keep_the_word(unit, mail, notice, proof, now)
    log.info("mail sent", orders=sorted({notice.order for notice in carried if notice.order}))


def _keep_the_word(unit: Unit, mail: MailRecord, notice: NoticeRecord, proof: Evidence, now: datetime) -> None:
    """Take down what the customer was told now: a date is a promise from here on, a law's question has its evidence."""
    unit.audit.write(
        shop=mail.shop, at=now, actor="backorder", what=_said(notice), order=notice.order or None, outcome="done",
        detail={"message_id": mail.message_id, "hash": mail.content_hash},
    )  # fmt: skip
    letters.day_told(unit, unit.orders.get(mail.shop, notice.order), notice, now)
    shop = unit.shops.get(mail.shop)
    if shop is not None and notice.kind in LAW_KINDS:
        law_watch.notice_left(unit, shop, notice, proof, now)
        _look_again(unit, mail.shop, notice.order)


def _later(house: House, mail: MailRecord, error: str) -> None:
    if mail.attempts >= ATTEMPTS:
        _fail(house, mail, error, bounced=False)
        return
    log.warning("mail put back", problem=error[:200], attempts=mail.attempts)
    # Jitter keeps many mails from coming back in the same second.
    pause = min(LONGEST, 30.0 * 2.0 ** (mail.attempts - 1)) * random.uniform(0.5, 1.0)  # noqa: S311  # no secret
    with house.books.write() as unit:
        unit.mails.retry(mail, at=house.now() + timedelta(seconds=pause), error=error[:500])


def _fail(house: House, mail: MailRecord, error: str, *, bounced: bool) -> None:
    """Give the mail up."""
    log.warning("mail failed", problem=error[:200])
    with house.books.write() as unit:
        unit.mails.fail(mail, error=error[:500])
        not_arrived(unit, house, mail, error, stop=bounced)


def not_arrived(unit: Unit, house: House, mail: MailRecord, error: str, *, stop: bool) -> None:
    """Take down that a mail did not arrive; an address that is refused gets none any more, and its orders a person."""
    now = house.now()
    carried = unit.notices.of_mail(mail.shop, mail.id)
    unit.notices.settle(carried, "failed", error=error[:500])
    if stop:
        unit.mails.stop(mail.shop, mail.to, "all", why=error[:200], at=now)
    for notice in carried:
        unit.audit.write(
            shop=mail.shop, at=now, actor="backorder", what=_said(notice), order=notice.order or None,
            outcome=f"failed: {error[:200]}",
        )  # fmt: skip
        if notice.order:
            _look_again(unit, mail.shop, notice.order)


def _said(notice: NoticeRecord) -> str:
    return "wrote to the merchant" if notice.kind == TO_MERCHANT else f"told the customer: {notice.kind}"


def _look_again(unit: Unit, shop: str, order: str) -> None:
    """Ask for a new plan of the order: what a person should know of it has changed."""
    wake_ups.replan_order(unit, shop, order, at=datetime.now(UTC))
