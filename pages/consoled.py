"""Why an order's customer is given something for the wait, or not: what was decided, or the rule says now."""

from dataclasses import dataclass

from core.consolation.consoling import GIVEN, Onlooker, standing
from core.consolation.offer_sum import OfferSum
from core.consolation.offers import why
from core.ports.books import Unit
from core.reasons import Reason, merchant_sentence
from core.records import OrderRecord, Shop
from pages.offer_words import chance_sentence, sides, sides_sentence
from pages.retelling import retold
from pages.visitor import house
from pages.weighing import Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Consoled:
    """The decision in sentences, and both sides of its sum for a picture."""

    words: tuple[str, ...]
    sides: tuple[Side, ...]


def consoled(unit: Unit, record: OrderRecord, shop: Shop) -> Consoled | None:
    """Return what was decided about the order, else what would be now; None where no rung of the ladder is reached."""
    rows = unit.consolations.of_order(shop.id, record.id)
    row = standing(rows)
    if row is not None and row.weighed is not None:
        return _said(why(row), row.weighed)
    found = consoler_of(unit, shop).verdict(record, rows)
    return _said(found.reason, found.weighed) if found else None


def consoler_of(unit: Unit, shop: Shop) -> Onlooker:
    """Return what says how consolations would be decided at this moment: with the worker's own key."""
    key, as_of = house().settings.code_key, house().now()
    return Onlooker(unit, shop, support=house().support_of(shop.platform), code_key=key, as_of=as_of)


def _said(reason: Reason, weighed: OfferSum) -> Consoled:
    words = retold(merchant_sentence(reason)), sides_sentence(weighed), chance_sentence(weighed)
    return Consoled(words=words, sides=sides(weighed, given=reason in GIVEN))
