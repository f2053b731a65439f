"""Which items of the catalogue could stand in for one that is short: found here, confirmed by the merchant. Pure."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from core.records import ItemRecord
from core.sentences import sentence

BAND = 0.3
"""A price may differ by this share, up or down."""
MOST = 8
WORD = re.compile(r"[^\W_]{2,}")
FEW_ITEMS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An item that could be offered. `shared`: words that both titles have; `bought`: customers who took it instead.

    `sibling`: another variant of the same product. `kinds`: types and categories of both. `same` and `other`: the
    options that both have, alike and not, as (name, the candidate's value).
    """

    record: ItemRecord
    free: int
    shared: tuple[str, ...]
    bought: int
    price_gap: float | None
    sibling: bool = False
    kinds: tuple[str, ...] = ()
    same: tuple[tuple[str, str], ...] = ()
    other: tuple[tuple[str, str], ...] = ()

    @property
    def rank(self) -> tuple[object, ...]:
        """Return what sorts the best first.

        A variant that differs in one option is nearest; then what customers took instead; then the other variants, the
        fewest differences first; then the same type, in the same options; then the words of the titles.
        """
        apart = len(self.other) if self.sibling else 0
        nearest, options = self.sibling and apart == 1, 0 if self.sibling else len(self.same) - len(self.other)
        likeness = (not self.sibling, apart, -len(self.kinds), -options, -len(self.shared))
        return (not nearest, -self.bought, *likeness, abs(self.price_gap or 0.0), self.record.sku)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Return what speaks for it, for the merchant."""
        return (*self._likeness(), *self._price(), *self._sales())

    def _likeness(self) -> Iterator[str]:
        if self.sibling:
            differs = _in_words(self.other)
            yield (
                sentence("the same product in %(options)s", options=differs)
                if differs
                else sentence("the same product")
            )
            return
        if self.kinds:
            yield sentence("the same type: %(kinds)s", kinds=", ".join(self.kinds))
            if self.same:
                yield sentence("the same in %(options)s", options=_in_words(self.same))
        if self.shared:
            yield sentence("both are called %(shared)s", shared=", ".join(self.shared))

    def _price(self) -> Iterator[str]:
        if self.price_gap is None:
            return
        percent = f"{round(100 * abs(self.price_gap))}%"
        if percent == "0%":
            yield sentence("the same price")
        elif self.price_gap > 0:
            yield sentence("%(share)s dearer", share=percent)
        else:
            yield sentence("%(share)s cheaper", share=percent)

    def _sales(self) -> Iterator[str]:
        if self.bought > 1:
            yield sentence("%(bought)s who cancelled bought it", bought=self.bought)
        elif self.bought:
            yield sentence("one who cancelled bought it")


def candidates(
    item: ItemRecord, others: Iterable[ItemRecord], free: Mapping[str, int], bought: Mapping[str, int]
) -> tuple[Candidate, ...]:
    """Return the best candidates with units free, the best first (`Candidate.rank`).

    `free` and `bought` are by SKU. An item is alike that is a variant of the same product; or that shares a type or a
    word of its title, and costs about the same. One that was bought instead need not be. The types and words that half
    of the catalogue has tell nothing.
    """
    rows = [one for one in others if not one.snapshot.gone]
    words, kinds = _telling(_words, rows), _telling(_kinds, rows)
    found = []
    for one in rows:
        known = one.sku == item.sku or one.sku in item.rules.substitutes
        if known or free.get(one.sku, 0) <= 0:
            continue
        made = _compared(item, one, words, kinds, free[one.sku], bought.get(one.sku, 0))
        about_as_dear = made.price_gap is None or abs(made.price_gap) <= BAND
        if made.sibling or made.bought or (about_as_dear and (made.kinds or made.shared)):
            found.append(made)
    return tuple(sorted(found, key=lambda one: one.rank)[:MOST])


def _compared(
    item: ItemRecord, one: ItemRecord, words: frozenset[str], kinds: frozenset[str], free: int, bought: int
) -> Candidate:
    mine, theirs = dict(item.snapshot.options), one.snapshot.options
    both = [(name, value) for name, value in theirs if name in mine]
    return Candidate(
        record=one, free=free, bought=bought, price_gap=_gap(item, one),
        shared=tuple(sorted(_words(item) & _words(one) & words)),
        kinds=tuple(sorted(_kinds(item) & _kinds(one) & kinds)),
        sibling=bool(item.snapshot.family) and item.snapshot.family == one.snapshot.family,
        same=tuple(pair for pair in both if pair[1] == mine[pair[0]]),
        other=tuple(pair for pair in both if pair[1] != mine[pair[0]]),
    )  # fmt: skip


def _words(item: ItemRecord) -> set[str]:
    return set(WORD.findall(item.snapshot.title.casefold()))


def _kinds(item: ItemRecord) -> set[str]:
    return set(item.snapshot.kinds or ())


def _telling(read: Callable[[ItemRecord], set[str]], rows: list[ItemRecord]) -> frozenset[str]:
    """Return the words that tell an item from others: those that no more than half of the catalogue has."""
    counts = Counter(word for one in rows for word in read(one))
    return frozenset(word for word, count in counts.items() if len(rows) <= FEW_ITEMS or count * 2 <= len(rows))


def _in_words(options: tuple[tuple[str, str], ...]) -> str:
    return ", ".join(f"{name} {value}" for name, value in options)


def _gap(item: ItemRecord, other: ItemRecord) -> float | None:
    mine, theirs = item.snapshot.unit_price, other.snapshot.unit_price
    return None if not mine or theirs is None else theirs / mine - 1
