"""Events on their way to the merchant's other tools: sent, tried again, given up, the endpoint switched off."""

import random
from datetime import UTC, datetime, timedelta

import structlog

from core.hooks import outgoing
from core.hooks.outgoing import Answer, Endpoint, Message
from core.house import House
from core.ports.books import Unit
from core.ports.clockwork import LeaseLost
from core.sentences import sentence
from worker.claiming import Found, claimed, nobody_waits

LEASE = timedelta(minutes=2)
"""Longer than an endpoint's time to answer."""
log = structlog.get_logger(__name__)


def send_next(house: House, found: Found = nobody_waits) -> bool:
    """Send the next due event; False when none is due. Tries are dated by machine time, as everything on the wire."""
    message = claimed(house, lambda unit: unit.hooks, found, now=datetime.now(UTC), lease=LEASE)
    if message is None:
        return False
    try:
        _send(house, message)
    except LeaseLost:
        log.warning("lease lost", shop=message.shop, message=message.id)
    return True


def _send(house: House, message: Message) -> None:
    with house.books.read() as unit:
        endpoint = unit.hooks.get(message.shop, message.endpoint)
        secrets = unit.hooks.secrets(message.shop, message.endpoint, at=datetime.now(UTC))
    if endpoint is None:
        return
    if endpoint.state != "on" and message.event != outgoing.TEST:
        answer = Answer(status=None, error=sentence("the endpoint is switched off"))
        with house.books.write() as unit:
            unit.hooks.settle(message, "failed", answer, at=datetime.now(UTC))
        return
    answer = house.hooks.deliver(endpoint.url, secrets, message, now=datetime.now(UTC))
    log.info("event sent", shop=message.shop, message=message.id, status=answer.status)
    with house.books.write() as unit:
        unit.shops.lock(message.shop)
        _settle(unit, house, message, answer)


def _settle(unit: Unit, house: House, message: Message, answer: Answer) -> None:
    now = datetime.now(UTC)
    wait = outgoing.pause(message.attempts)
    if answer.taken:
        unit.hooks.settle(message, "done", answer, at=now)
    elif wait is None or answer.gone or message.event == outgoing.TEST:
        # Who sends a test looks at what comes back, and sends another.
        unit.hooks.settle(message, "failed", answer, at=now)
    else:
        # Jitter keeps many events for one endpoint from coming back in the same second.
        pause = max(wait * random.uniform(1.0, 1.1), timedelta(seconds=answer.wait))  # noqa: S311  # no secret
        unit.hooks.settle(message, "pending", answer, at=now + pause)
    endpoint = unit.hooks.get(message.shop, message.endpoint)
    if endpoint is not None:
        _remember(unit, house, endpoint, outgoing.answered(endpoint, answer, now))


def _remember(unit: Unit, house: House, before: Endpoint, after: Endpoint) -> None:
    if after != before:
        unit.hooks.put(after)
    if after.state == "failing" and before.state != "failing":
        unit.audit.write(
            shop=after.shop, at=house.now(), actor="backorder", what="switched a webhook off", outcome=after.error,
            detail={"endpoint": after.id},
        )  # fmt: skip
