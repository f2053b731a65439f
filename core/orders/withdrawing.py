"""Withdrawing from a contract of sale at a distance, as consumers in the European Economic Area may.

Directive 2011/83, articles 9 to 14; the function for it is that of article 11a (directive (EU) 2023/2673): labelled,
there for as long as the right is, with a step that confirms, and a receipt by mail of what was said and when.
Help, not legal advice: what is exempt (made to measure, sealed, perishable) a shop keeps out by the tag of the clocks.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from core.delay_laws.packs import EEA
from core.delay_laws.scope import is_exempt
from core.errors import NotAllowed
from core.messages import outreach, post_rules
from core.messages.notices import Draft
from core.orders import change_of_mind, choices, giving_up
from core.orders.withdrawals import kept, net
from core.ports.books import Unit
from core.records import OrderRecord, Shop
from core.records.endings import Withdrawal
from core.zones import local_day

KIND = "withdrawal"


def withdrawable(record: OrderRecord, shop: Shop, as_of: datetime, *, mail_ready: bool) -> dict[str, int]:
    """Return units per line that the customer can withdraw from now, sent ones included, zeros left out.

    Nothing where no receipt could be mailed, and of lines that are no goods. What is being cancelled is left out.
    """
    can_tell = bool(record.snapshot.customer.email) and post_rules.may_leave(shop, ready=mail_ready) is None
    if not shop.policy.choices.withdraw or not can_tell or not _is_consumer_in_time(record, shop, as_of):
        return {}
    going, keeps, swapping = giving_up.decided(record), kept(record), _may_be_swapped_yet(record)
    left = {
        line.id: min(net(line) - going.get(line.id, 0), keeps.get(line.id, net(line)))
        for line in record.snapshot.lines
        if line.ships and line.id != swapping
    }
    return {line: units for line, units in left.items() if units > 0}


def withdraw(
    unit: Unit, shop: Shop, order: str, units: Mapping[str, int], *, mail_ready: bool, as_of: datetime,
    now: datetime,
) -> OrderRecord:  # fmt: skip
    """Take the statement down, answer it by mail, and end what has not left. Final. Raises NotAllowed.

    What had left, or is being picked, comes back by the customer's hand: a person sees it as to be refunded.
    """
    record = unit.orders.get(shop.id, order)
    allowed = withdrawable(record, shop, as_of, mail_ready=mail_ready) if record else {}
    wanted = {line: count for line, count in units.items() if count}
    if record is None or not wanted or any(not 0 < count <= allowed.get(line, 0) for line, count in wanted.items()):
        raise NotAllowed("there is nothing of this to withdraw from, or not any more")
    unsent = _unsent(record, wanted)
    made = Withdrawal(
        at=as_of, units=wanted, keep={line: allowed[line] - count for line, count in wanted.items()},
        sent={line: rest for line, count in wanted.items() if (rest := count - unsent.get(line, 0))},
    )  # fmt: skip
    after = replace(record, withdrawals=(*record.withdrawals, made))
    if unsent:
        # What they cancelled a moment ago ends with it: who withdraws has made up their mind.
        going = giving_up.undecided(record)
        units = {line: unsent.get(line, 0) + going.get(line, 0) for line in (*going, *unsent)}
        ended = giving_up.ended(after, units, by=giving_up.WITHDRAWN, at=as_of)
        after = change_of_mind.decided(unit, shop, ended)
    after = outreach.tell(unit, shop, as_of, after, [_receipt(record, made)])
    what = "withdrew from the contract"
    return choices.noted(unit, record, after, what, actor="customer", as_of=as_of, now=now)


def ends_on(record: OrderRecord, shop: Shop) -> date | None:
    """Return the last day of the right, counted from the latest delivery of the last goods; None while some wait."""
    complete = record.served.complete_on
    if record.snapshot.status == "open" or complete is None:
        return None
    return complete + timedelta(days=shop.policy.law_clock.transit_days + shop.policy.choices.withdraw_days)


def _is_consumer_in_time(record: OrderRecord, shop: Shop, as_of: datetime) -> bool:
    seen = record.snapshot
    exempt = is_exempt(record, shop.policy)
    if exempt or (seen.customer.country or "").upper() not in EEA or seen.status not in {"open", "closed"}:
        return False
    last = ends_on(record, shop)
    return seen.status == "open" or (last is not None and local_day(as_of, shop.timezone) <= last)


def _may_be_swapped_yet(record: OrderRecord) -> str | None:
    """Return the line of which units are swapped, as long as that can be taken back."""
    ending = record.ending
    return ending.swap.line if ending and ending.swap and ending.until and not ending.done else None


def _unsent(record: OrderRecord, wanted: Mapping[str, int]) -> dict[str, int]:
    """Return the withdrawn units that we end by ourselves: those that have not left, unless the shop is ending some."""
    going = giving_up.undecided(record)
    under_way = giving_up.is_open(record) and not going
    if record.snapshot.status != "open" or under_way or _may_be_swapped_yet(record):
        return {}
    lines = {line.id: line.open - line.committed - going.get(line.id, 0) for line in record.snapshot.lines}
    found = {line: min(count, lines.get(line, 0)) for line, count in wanted.items()}
    return {line: units for line, units in found.items() if units > 0}


def _receipt(record: OrderRecord, made: Withdrawal) -> Draft:
    titles = {line.id: line.title for line in record.snapshot.lines}
    facts = {
        "at": made.at.isoformat(), "customer": record.snapshot.customer.name or "", "sent": sum(made.sent.values()),
        "withdrawn": [{"title": titles[line], "units": units} for line, units in made.units.items()],
    }  # fmt: skip
    return Draft(kind=KIND, key=f"{record.id}:{KIND}:{made.at.isoformat()}", facts=facts)
