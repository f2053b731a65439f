"""What if: supply late, orders declined, stock or settings changed. Who is hit; nothing is stored."""

from collections.abc import Mapping

from flask.typing import ResponseReturnValue

from core.planning.preview import consequences
from core.planning.replanning import state_of
from core.planning.what_if import MOST_DAYS, MOST_UNITS, Scenario
from core.policy.reading import Contradiction, PolicyProblem, merge
from core.policy.shop_policy import ShopPolicy
from core.ports.books import Unit
from core.records import OrderRecord, Shop
from pages.api import reading
from pages.api.answers import answer
from pages.api.door import shop_of
from pages.api.policy import change_document
from pages.api.problems import Disagreement, KeyProblem
from pages.visitor import house

KEYS = ("late", "declined", "stock", "policy")


def what_if() -> ResponseReturnValue:
    """Answer with the open orders that what is asked would change, declined ones left out."""
    body = reading.body()
    with house().books.read() as unit:
        shop = shop_of(unit)
        records = unit.orders.open_all(shop.id)
        scenario = _scenario(unit, shop, records, body)
        state = state_of(unit, shop, records, weighing=True)
        changes = consequences(state, scenario, as_of=house().now(), support=house().support_of(shop.platform))
    worse = sum(change.worse for change in changes)
    return answer({"items": [change_document(change) for change in changes], "next": None, "worse": worse})


def _scenario(unit: Unit, shop: Shop, records: tuple[OrderRecord, ...], body: Mapping[str, object]) -> Scenario:
    for key in body:
        if key not in KEYS:
            raise KeyProblem(key[:100], f"is not known here; known: {', '.join(KEYS)}")
    if not body:
        raise KeyProblem("body", f"must ask something: any of {', '.join(KEYS)}")
    coming = {row.incoming.id for row in unit.supply.all(shop.id) if row.incoming.remaining}
    late = _numbers(body, "late", 1, MOST_DAYS)
    for supply in late.keys() - coming:
        raise Disagreement(f"late.{supply}"[:100], "nothing with this id is on its way")
    stock = _numbers(body, "stock", -MOST_UNITS, MOST_UNITS)
    for sku in stock:
        if unit.items.get(shop.id, sku) is None:
            raise Disagreement(f"stock.{sku}"[:100], "no item has this SKU")
    policy = _policy(shop, body["policy"]) if "policy" in body else None
    return Scenario(late=late, stock=stock, declined=_declined(body.get("declined", []), records), policy=policy)


def _policy(shop: Shop, patch: object) -> ShopPolicy:
    try:
        return merge(shop.policy, patch)
    except PolicyProblem as problem:
        kind = Disagreement if isinstance(problem, Contradiction) else KeyProblem
        raise kind(f"policy.{problem.key}"[:100], problem.message) from problem


def _numbers(body: Mapping[str, object], key: str, low: int, high: int) -> dict[str, int]:
    given = body.get(key, {})
    if not isinstance(given, dict):
        raise KeyProblem(key, "must be an object of names, each with a whole number")
    for name, value in given.items():
        if type(value) is not int or not low <= value <= high:
            raise KeyProblem(f"{key}.{name}"[:100], f"must be a whole number from {low} to {high}")
    return given


def _declined(given: object, records: tuple[OrderRecord, ...]) -> frozenset[str]:
    if not isinstance(given, list) or not all(isinstance(order, str) for order in given):
        raise KeyProblem("declined", "must be a list of order ids")
    known = {record.id for record in records}
    for place, order in enumerate(given):
        if order not in known:
            raise Disagreement(f"declined[{place}]", "no open order has this id")
    return frozenset(given)
