"""After old books were put back in place: what they say of the shops is no longer so."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from core.house import House
from core.messages.notices import TO_MERCHANT
from core.planning import wake_ups
from core.ports.books import Unit
from core.records import Shop

FROM_A_COPY = "restored from a copy"


FEW = timedelta(minutes=1)
"""What a standby may lack that takes over. Of so little no person is to look at what was mailed in it, and what was
still to be done is so still: whatever was done looks first whether it is."""


def begin_anew(house: House, *, lost: timedelta | None = None) -> int:
    """Drop what was still to be done, forget what stood at the shops, and ask for a comparison; return how many shops.

    What was done since the copy is found by looking: every effect has a name of its own at the shop. What was mailed
    since cannot be looked up: nothing more is, until a person lets it. Nor can who was signed out since. `lost`: how
    much time the books lack, where it is known; where it is little nothing is dropped, and mails go on.
    """
    now, old = datetime.now(UTC), lost is None or lost > FEW
    with house.books.write() as unit:
        if old:
            unit.sessions.purge(now)
            unit.access.end_links()
        shops = [shop for shop in unit.shops.all() if shop.state != "uninstalled"]
        for shop in shops:
            unit.shops.lock(shop.id)
            forget_marks(unit, shop)
            if old:
                unit.outbox.skip_all(shop.id, now=now, why=FROM_A_COPY)
                _hold_messages(unit, shop)
            wake_ups.compare(unit, shop.id, at=now)
            wake_ups.replan(unit, shop.id, at=now)
            actor = "person" if lost is None else "backorder"
            unit.audit.write(shop=shop.id, at=house.now(), actor=actor, what=FROM_A_COPY)
    return len(shops)


def _hold_messages(unit: Unit, shop: Shop) -> None:
    """Make drafts again of what waited for the mail server, and pause all messages, so that a person looks first."""
    for mail in unit.mails.withdraw(shop.id):
        for notice in unit.notices.of_mail(shop.id, mail):
            kept = notice.kind != TO_MERCHANT
            unit.notices.settle([notice], "draft" if kept else "skipped", error=None if kept else FROM_A_COPY)
    if shop.policy.notices.wording_seen:
        paused = replace(shop.policy.notices, paused=True)
        unit.shops.save(replace(shop, policy=replace(shop.policy, notices=paused)))


def forget_marks(unit: Unit, shop: Shop) -> None:
    """Forget what stood on orders and items outside: holds that are gone were then not removed by a person."""
    for item in unit.items.marked(shop.id):
        unit.items.put_announced(shop.id, item.sku, None)
    for record in unit.orders.open_all(shop.id):
        if record.shown or record.noted or record.expected_held:
            unit.orders.put(replace(record, shown="", noted="", expected_held={}))
