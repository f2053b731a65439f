"""Which items of the catalogue could stand in for one that is short: found here, confirmed by the merchant. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from core.records import ItemRecord
from core.sentences import sentence

BAND = 0.3
"""A price may differ by this share, up or down."""
MOST = 8
WORD = re.compile(r"[^\W_]{2,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An item that could be offered. `shared`: words that both titles have; `bought`: customers who took it instead."""

    record: ItemRecord
    free: int
    shared: tuple[str, ...]
    bought: int
    price_gap: float | None

    @property
    def why(self) -> str:
        """Return what speaks for it, for the merchant."""
        parts = [sentence("both are called %(shared)s", shared=", ".join(self.shared))] if self.shared else []
        if self.price_gap is not None:
            percent = round(100 * abs(self.price_gap))
            parts.append(
                sentence("the same price")
                if not percent
                else f"{percent}% {'dearer' if self.price_gap > 0 else 'cheaper'}"
            )
        if self.bought:
            parts.append(
                sentence("%(bought)s who cancelled bought it", bought=self.bought)
                if self.bought > 1
                else sentence("one who cancelled bought it")
            )
        return "; ".join(parts)


def candidates(
    item: ItemRecord, others: Iterable[ItemRecord], free: Mapping[str, int], bought: Mapping[str, int]
) -> tuple[Candidate, ...]:
    """Return the best candidates with units free, those first that customers who cancelled bought, then the most alike.

    `free` and `bought` are by SKU. An item is alike that shares a word of its title and costs about the same; one that
    was bought instead need not be. The words that half of the catalogue has tell nothing.
    """
    rows = [one for one in others if not one.snapshot.gone]
    common = _common(rows)
    mine = _words(item) - common
    found = []
    for one in rows:
        gap = _gap(item, one)
        shared = tuple(sorted(mine & _words(one)))
        alike = bool(shared) and (gap is None or abs(gap) <= BAND)
        known = one.sku == item.sku or one.sku in item.rules.substitutes
        if not known and free.get(one.sku, 0) > 0 and (alike or bought.get(one.sku)):
            found.append(
                Candidate(record=one, free=free[one.sku], shared=shared, bought=bought.get(one.sku, 0), price_gap=gap)
            )
    found.sort(key=lambda one: (-one.bought, -len(one.shared), abs(one.price_gap or 0.0), one.record.sku))
    return tuple(found[:MOST])


def _words(item: ItemRecord) -> set[str]:
    return set(WORD.findall(item.snapshot.title.casefold()))


def _common(rows: list[ItemRecord]) -> set[str]:
    counts: dict[str, int] = {}
    for one in rows:
        for word in _words(one):
            counts[word] = counts.get(word, 0) + 1
    return {word for word, count in counts.items() if len(rows) > 5 and count * 2 > len(rows)}


def _gap(item: ItemRecord, other: ItemRecord) -> float | None:
    mine, theirs = item.snapshot.unit_price, other.snapshot.unit_price
    return None if not mine or theirs is None else theirs / mine - 1
