"""The shop's settings: shown, merged, and previewed before they are merged."""

from flask.typing import ResponseReturnValue

from core.consolation.offers import refuse_impossible
from core.planning.preview import Change, GateChange, Outlook, gate_changes, preview
from core.planning.what_if import Scenario
from core.policy.reading import merge
from core.policy.shop_policy import as_document
from pages.api import reading
from pages.api.answers import answer, day
from pages.api.changes import ACTOR, changing_shop
from pages.api.door import shop_of
from pages.changes import store_policy
from pages.visitor import house


def show_policy() -> ResponseReturnValue:
    """Answer with every setting."""
    with house().books.read() as unit:
        return answer(as_document(shop_of(unit).policy))


def change_policy() -> ResponseReturnValue:
    """Merge the keys given and answer with every setting."""
    body = reading.body()
    with changing_shop() as (unit, shop):
        after = merge(shop.policy, body)
        refuse_impossible(shop.policy, after, house().support_of(shop.platform))
        store_policy(unit, shop, after, actor=ACTOR, at=house().now())
    return answer(as_document(after))


def preview_policy() -> ResponseReturnValue:
    """Answer with the orders and items that would fare differently under the settings given. Stores nothing."""
    body = reading.body()
    with house().books.read() as unit:
        shop = shop_of(unit)
        scenario = Scenario(policy=merge(shop.policy, body))
        support = house().support_of(shop.platform)
        refuse_impossible(shop.policy, scenario.policy or shop.policy, support)
        changes = preview(unit, shop, scenario, as_of=house().now(), support=support)
        gates = gate_changes(unit, shop, scenario.policy or shop.policy, as_of=house().now())
    found = {"items": [change_document(change) for change in changes], "next": None}
    return answer(found | {"backorders": [_gate_document(gate) for gate in gates]})


def change_document(change: Change) -> dict[str, object]:
    """Return one order before and after."""
    record = change.record
    return {
        "order": record.id,
        "name": record.snapshot.name,
        "before": _outlook(change.before),
        "after": _outlook(change.after),
        "days_later": change.days,
    }


def _gate_document(gate: GateChange) -> dict[str, object]:
    return {
        "sku": gate.record.sku, "would": gate.wish, "next_unit_on": day(gate.next_on), "why": gate.why,
    }  # fmt: skip


def _outlook(side: Outlook) -> dict[str, object]:
    return {
        "decision": side.decision,
        "reasons": list(side.reasons),
        "release_now": side.release_now,
        "backordered": side.backordered,
        "completes_on": day(side.completes_on),
        "tags": list(side.tags),
        "actions": list(side.asks),
    }
