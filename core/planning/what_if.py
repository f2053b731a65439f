"""What would happen if: a shop's rows changed as a person imagines, then planned like any others. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from core.errors import Misuse
from core.planning.shop_facts import ShopState
from core.policy.shop_policy import ShopPolicy
from core.records import IncomingRecord, ItemRecord, OrderRecord
from core.sentences import sentence

MOST_DAYS = 3650
MOST_UNITS = 10**9
DECLINED = {"answer": "decline", "hold": "1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """What is imagined: other settings, supply (by id) so many days late, orders declined, stock (by SKU) changed."""

    policy: ShopPolicy | None = None
    late: Mapping[str, int] = field(default_factory=dict)
    declined: frozenset[str] = frozenset()
    stock: Mapping[str, int] = field(default_factory=dict)


def imagined(state: ShopState, scenario: Scenario) -> ShopState:
    """Return the state as it would be. What the scenario names and the state does not hold changes nothing.

    Raises Misuse for stock of an item that the shop does not count.
    """
    policy = scenario.policy or state.shop.policy
    return replace(
        state,
        shop=replace(state.shop, policy=policy),
        supply=tuple(_late(row, scenario.late.get(row.incoming.id, 0)) for row in state.supply),
        orders=tuple(_declined(record) if record.id in scenario.declined else record for record in state.orders),
        items={key: _stocked(item, scenario.stock.get(item.sku, 0)) for key, item in state.items.items()},
    )


def _late(row: IncomingRecord, days: int) -> IncomingRecord:
    if not days or row.incoming.eta is None:
        return row
    by = timedelta(days=days)
    latest = row.incoming.latest + by if row.incoming.latest else None
    return replace(row, incoming=replace(row.incoming, eta=row.incoming.eta + by, latest=latest))


def _declined(record: OrderRecord) -> OrderRecord:
    return replace(record, manual={**record.manual, **DECLINED})


def _stocked(item: ItemRecord, units: int) -> ItemRecord:
    if not units:
        return item
    if not item.snapshot.tracked or not item.snapshot.stock:
        raise Misuse(sentence("%(sku)s: the shop does not count its stock", sku=item.sku))
    first, *others = item.snapshot.stock
    changed = replace(first, quantity=first.quantity + units)
    return replace(item, snapshot=replace(item.snapshot, stock=(changed, *others)))
