"""Mail that came back: which of ours it was, that it did not arrive, and that its address gets no more."""

import structlog

from core.errors import Unavailable
from core.house import House
from core.messages.correspondence import Bounced
from core.sentences import sentence
from worker import post

log = structlog.get_logger(__name__)


def read(house: House) -> int:
    """Take in what the mailbox reports since the last visit; return how many reports it brought."""
    if house.bounces is None:
        return 0
    try:
        return house.bounces.visit(lambda told: _take(house, told))
    except Unavailable as problem:
        log.warning("bounces were not read", problem=str(problem)[:200])
        return 0


def _take(house: House, told: Bounced) -> None:
    """Write down that a mail came back. One that is not ours, or is known to have failed, changes nothing."""
    with house.books.write() as unit:
        for shop in unit.shops.all():
            mail = unit.mails.named(shop.id, told.message_id)
            if mail is None or mail.state != "sent":
                continue
            unit.shops.lock(shop.id)
            unit.mails.came_back(mail, error=sentence("it came back: %(why)s", why=told.why))
            post.not_arrived(unit, house, mail, sentence("it came back: %(why)s", why=told.why), stop=told.permanent)
            log.info("mail came back", shop=shop.id, mail=mail.id, permanent=told.permanent)
