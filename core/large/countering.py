"""Making an offer to the customer of a very large order, and taking the answer into the books' record."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from core.errors import Misuse, NotAllowed
from core.money import minor
from core.plan import OrderPlan
from core.records import ItemRecord, OrderRecord, Shop
from core.records.proposals import Option, Proposal, Swap
from core.sentences import sentence
from core.snapshots import LineSnapshot

SHIPS_BY_ANSWER = {"part": "as_ready", "only": "as_ready", "swap": "as_ready", "all": "together"}


def proposal(
    plan: OrderPlan, record: OrderRecord, shop: Shop, substitutes: Mapping[str, tuple[ItemRecord, int]], as_of: datetime
) -> Proposal | None:
    """Return the options that the plan's numbers allow; None where there is only one way (nothing to choose).

    `substitutes`: by SKU of the item that is short, the one listed by the merchant with its free units.
    """
    options = tuple(_options(plan, record, shop, substitutes))
    if len(options) < 2:
        return None
    ends_at = as_of + timedelta(days=shop.policy.large_order.offer_days)
    return Proposal(made_at=as_of, ends_at=ends_at, options=options)


def answered(record: OrderRecord, key: str, at: datetime) -> OrderRecord:
    """Return the record with the customer's choice taken in.

    Raises NotAllowed where there is nothing to choose, or not any more, Misuse on an option that was not offered.
    """
    made = record.proposal
    if made is None or made.state != "open":
        raise NotAllowed(sentence("no offer stands open for this order"))
    if at >= made.ends_at:
        raise NotAllowed(sentence("the offer has expired"))
    option = next((one for one in made.options if one.key == key), None)
    if option is None:
        raise Misuse(sentence("option: must be one of %(words)s", words=", ".join(one.key for one in made.options)))
    manual = {**record.manual, "answer": "accept", "ship": SHIPS_BY_ANSWER[option.key]}
    manual.pop("hold", None)
    settled = replace(made, state="answered", answer=option.key, answered_at=at)
    return replace(record, proposal=settled, manual=manual)


def _options(
    plan: OrderPlan, record: OrderRecord, shop: Shop, substitutes: Mapping[str, tuple[ItemRecord, int]]
) -> Iterator[Option]:
    lines = {line.id: line for line in record.snapshot.lines}
    now = {line.id: line.on_hand for line in plan.lines if line.open}
    whole = {line.id: line.open for line in plan.lines if line.open}
    comparable = shop.counts_in(record.snapshot)
    ready, rest = sum(now.values()), sum(whole.values()) - sum(now.values())
    if not rest:
        return
    price, on = _worth(whole, lines), plan.completes_on
    serve = {key: lines[key].shipped + units for key, units in now.items()}
    if ready:
        freight = minor(shop.policy.large_order.second_freight, record.snapshot.currency) if comparable else 0
        yield Option(key="part", now=ready, later=rest, on=on, price=price, freight=freight)
        yield Option(key="only", now=ready, later=0, on=None, price=_worth(now, lines), serve=serve)
    yield Option(key="all", now=0, later=ready + rest, on=on, price=price)
    swaps = tuple(_swaps(plan, substitutes)) if comparable else ()
    if swaps:
        gone = {swap.line for swap in swaps}
        kept = {key: now[key] if key in gone else units for key, units in whole.items()}
        later = sum(units - now[key] for key, units in kept.items())
        cost = _worth(kept, lines) + sum(swap.price for swap in swaps)
        given_up = {key: serve[key] for key in gone}
        swapped = ready + sum(swap.units for swap in swaps)
        yield Option(
            key="swap", now=swapped, later=later, on=on if later else None, price=cost, serve=given_up, swaps=swaps
        )


def _swaps(plan: OrderPlan, substitutes: Mapping[str, tuple[ItemRecord, int]]) -> Iterator[Swap]:
    left = {item.sku: units for item, units in substitutes.values()}
    for line in plan.lines:
        item, _ = substitutes.get(line.sku, (None, 0))
        if item is not None and 0 < line.backordered <= left[item.sku]:
            left[item.sku] -= line.backordered
            price = (item.snapshot.unit_price or 0) * line.backordered
            title = item.snapshot.title
            yield Swap(
                line=line.id, sku=item.sku, title=title, units=line.backordered, price=price,
                item=item.snapshot.platform_id,
            )  # fmt: skip


def _worth(units: Mapping[str, int], lines: Mapping[str, LineSnapshot]) -> int:
    return sum(count * (lines[key].unit_price or 0) for key, count in units.items())
