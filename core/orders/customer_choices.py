"""What a customer chooses on their order's page: to cancel what waits, one parcel, or the ready part first.

Each is checked against the order as it is now, stored, logged and planned. A cancellation can be taken back for as long
as the policy says; how the order ships, as long as nothing has left.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from core.errors import NotAllowed
from core.large.large_orders import is_kept_back
from core.orders import change_of_mind, choices, ending_choices, giving_up
from core.planning import wake_ups
from core.planning.shop_facts import ship_of
from core.ports.books import Unit
from core.records import OrderRecord, Shop
from core.records.proposals import Swap

SAID_BY = "ship_said"
"""Who chose how the order ships: only what its customer chose is theirs to take back."""
CUSTOMER = "customer"


def may_cancel(record: OrderRecord, shop: Shop) -> dict[str, int]:
    """Return per line how many units the customer may give up, zeros left out."""
    return giving_up.waiting(record) if ending_choices.customer_may(shop, record) else {}


def cancel(
    unit: Unit, shop: Shop, order: str, units: Mapping[str, int], *, as_of: datetime, now: datetime
) -> OrderRecord:
    """Give up these units per line, which can be taken back for a while. Raises NotAllowed.

    More than waits by now is refused whole: the page that was answered no longer tells how things are.
    """
    record = unit.orders.get(shop.id, order)
    allowed = may_cancel(record, shop) if record else {}
    wanted = {line: count for line, count in units.items() if count}
    if record is None or not wanted or any(not 0 < count <= allowed.get(line, 0) for line, count in wanted.items()):
        raise NotAllowed("this cannot be cancelled here, or not any more")
    return give_up(unit, shop, record, wanted, "cancelled what waits", as_of=as_of, now=now)


def give_up(
    unit: Unit, shop: Shop, record: OrderRecord, units: Mapping[str, int], what: str, *, as_of: datetime,
    now: datetime, swap: Swap | None = None,
) -> OrderRecord:  # fmt: skip
    """Store what the customer gives up and come back when it is final; at once where the policy gives no time.

    `swap`: what they take in its place.
    """
    grace = timedelta(minutes=shop.policy.choices.undo_minutes)
    ended = giving_up.ended(record, units, by="customer", at=as_of, until=as_of + grace if grace else None, swap=swap)
    if grace:
        # Under the decision's own moment: one that was taken back still waits for its end, which is no end of this one.
        why = f"choice-ends:{now.isoformat()}"
        wake_ups.replan_order(unit, shop.id, record.id, at=now, due=now + grace, why=why)
    else:
        ended = change_of_mind.decided(unit, shop, ended)
    return choices.noted(unit, record, ended, what, actor=CUSTOMER, as_of=as_of, now=now)


def may_take_back(record: OrderRecord, as_of: datetime) -> bool:
    """Return whether what the customer gave up can still be kept."""
    ending = record.ending
    return giving_up.is_open(record) and ending is not None and ending.until is not None and as_of < ending.until


def take_back(unit: Unit, shop: Shop, order: str, about: str, *, as_of: datetime, now: datetime) -> OrderRecord:
    """Keep after all what was given up; `about` is the decision's key. Raises NotAllowed once it is final."""
    record = unit.orders.get(shop.id, order)
    ending = record.ending if record else None
    if record is None or ending is None or ending.key != about or not may_take_back(record, as_of):
        raise NotAllowed("this is final already")
    kept, what = replace(record, ending=None), "took a swap back" if ending.swap else "took a cancellation back"
    return choices.noted(unit, record, kept, what, actor=CUSTOMER, as_of=as_of, now=now)


def may_wait_together(record: OrderRecord, shop: Shop) -> bool:
    """Return whether a part would leave first and could wait for the rest instead."""
    if record.snapshot.status != "open" or record.plan is None or record.plan.decision != "ship_part":
        return False
    return ship_of(record, shop) == "as_ready" and not _is_leaving(record)


def one_parcel(unit: Unit, shop: Shop, order: str, *, as_of: datetime, now: datetime) -> OrderRecord:
    """Let the rest of the order leave in one parcel, as its customer asks. Raises NotAllowed."""
    record = unit.orders.get(shop.id, order)
    if record is None or not may_wait_together(record, shop):
        raise NotAllowed("this order is not split, or not any more")
    return _ships(unit, record, "together", as_of=as_of, now=now)


def ready_units(record: OrderRecord, shop: Shop) -> int:
    """Return how many units wait for the rest and could leave first, at the customer's word; 0 where none may."""
    plan, seen = record.plan, record.snapshot
    if not shop.policy.choices.ship_ready or plan is None or seen.status != "open" or seen.hold or is_kept_back(plan):
        return 0
    if plan.decision != "wait" or not plan.backordered or "hold" in record.manual or giving_up.is_open(record):
        return 0
    said_by_merchant = "ship" in record.manual and record.manual.get(SAID_BY) != CUSTOMER
    return 0 if said_by_merchant else sum(line.on_hand for line in plan.lines)


def ready_first(unit: Unit, shop: Shop, order: str, *, as_of: datetime, now: datetime) -> OrderRecord:
    """Send what is ready, and the rest later, as the customer asks. Raises NotAllowed."""
    record = unit.orders.get(shop.id, order)
    if record is None or not ready_units(record, shop):
        raise NotAllowed("nothing of this order is ready, or not any more")
    return _ships(unit, record, "as_ready", as_of=as_of, now=now)


def chosen_shipping(record: OrderRecord) -> str | None:
    """Return how the customer chose that it ships, `together` or `as_ready`, while that can still be taken back."""
    if record.snapshot.status != "open" or record.manual.get(SAID_BY) != CUSTOMER or _is_leaving(record):
        return None
    return record.manual.get("ship")


def usual_shipping(unit: Unit, shop: Shop, order: str, *, as_of: datetime, now: datetime) -> OrderRecord:
    """Let the order ship as it would have without its customer's word. Raises NotAllowed once something is leaving."""
    record = unit.orders.get(shop.id, order)
    if record is None or chosen_shipping(record) is None:
        raise NotAllowed("nothing was chosen, or it is leaving already")
    manual = {key: said for key, said in record.manual.items() if key not in {"ship", SAID_BY}}
    after, what = replace(record, manual=manual), "went back to the usual shipping"
    return choices.noted(unit, record, after, what, actor=CUSTOMER, as_of=as_of, now=now)


def _ships(unit: Unit, record: OrderRecord, how: str, *, as_of: datetime, now: datetime) -> OrderRecord:
    after = replace(record, manual={**record.manual, "ship": how, SAID_BY: CUSTOMER})
    what = "chose together" if how == "together" else "chose ship_part"
    return choices.noted(unit, record, after, what, actor=CUSTOMER, as_of=as_of, now=now)


def _is_leaving(record: OrderRecord) -> bool:
    return any(line.committed for line in record.snapshot.lines)
