"""Fill rates, backorders and root causes of the lines placed in a period. Pre-orders are counted apart."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from core.forecast.records import DemandRow
from core.planning.root_causes import SENTENCES


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A part of a whole, both counted; `rate` is None where there is nothing to be a part of."""

    part: int = 0
    whole: int = 0

    @property
    def rate(self) -> float | None:
        """The part's share of the whole."""
        return self.part / self.whole if self.whole else None

    def plus(self, part: int, whole: int) -> "Share":
        """Return the share with more on both sides."""
        return replace(self, part=self.part + part, whole=self.whole + whole)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fill:
    """Shares of what was asked for: `first` from stock on hand when it was planned first, `final` in the end."""

    units: Share
    lines: Share
    orders: Share


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortage:
    """How often one item, or what one supplier sells us, had to wait. `lost` units were cancelled after that day."""

    name: str
    asked: int
    waited: int
    lost: int
    weeks: int

    @property
    def rate(self) -> float:
        """The share of the units asked for that had to wait."""
        return self.waited / self.asked if self.asked else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Preorders:
    """What was ordered before its release: orders, lines, and units asked for, shipped, and cancelled later."""

    orders: int = 0
    lines: int = 0
    units: int = 0
    shipped: int = 0
    lost: int = 0


def backorders_only(rows: Iterable[DemandRow]) -> tuple[DemandRow, ...]:
    """Return the lines that count: something was asked for, and its item was out already."""
    return tuple(row for row in rows if row.units and not row.preorder)


def first_fill(rows: Sequence[DemandRow]) -> Fill:
    """Return what stock on hand covered when each order was planned first."""
    return _fill(rows, [min(row.units, row.at_once or 0) for row in rows])


def final_fill(rows: Sequence[DemandRow]) -> Fill:
    """Return what had been shipped in the end: of lines of which nothing is open any more."""
    open_orders = {row.order for row in rows if not _is_done(row)}
    done = [row for row in rows if row.order not in open_orders]
    return _fill(done, [min(row.units, row.shipped) for row in done])


def _fill(rows: Sequence[DemandRow], covered: Sequence[int]) -> Fill:
    asked = [row.units for row in rows]
    filled = [found == units for found, units in zip(covered, asked, strict=True)]
    short = {row.order for row, full in zip(rows, filled, strict=True) if not full}
    orders = {row.order for row in rows}
    return Fill(
        units=Share(part=sum(covered), whole=sum(asked)), lines=Share(part=sum(filled), whole=len(rows)),
        orders=Share(part=len(orders - short), whole=len(orders)),
    )  # fmt: skip


def _is_done(row: DemandRow) -> bool:
    return row.shipped + row.lost >= row.units


def shortages(rows: Iterable[DemandRow], name_of: Mapping[str, str]) -> tuple[Shortage, ...]:
    """Return the shortages by name, most units that waited first; `name_of` names an item, others are left out."""
    asked: Counter[str] = Counter()
    waited: Counter[str] = Counter()
    lost: Counter[str] = Counter()
    weeks: defaultdict[str, set[tuple[int, int]]] = defaultdict(set)
    for row in rows:
        name = name_of.get(row.item)
        if name is None:
            continue
        short = min(row.units, row.backordered)
        asked[name] += row.units
        waited[name] += short
        lost[name] += row.lost if short else 0
        if short:
            weeks[name].add(row.on.isocalendar()[:2])
    found = (
        Shortage(name=name, asked=asked[name], waited=waited[name], lost=lost[name], weeks=len(weeks[name]))
        for name in asked
        if waited[name]
    )
    return tuple(sorted(found, key=lambda one: (-one.waited, one.name)))


def backorder_rate(rows: Iterable[DemandRow]) -> Share:
    """Return the units that had to wait at any time, of those asked for."""
    pairs = [(min(row.units, row.backordered), row.units) for row in rows]
    return Share(part=sum(waited for waited, _ in pairs), whole=sum(asked for _, asked in pairs))


def root_causes(rows: Iterable[DemandRow]) -> tuple[tuple[str, int, int], ...]:
    """Return (cause, lines, units) of the lines that had to wait, most lines first."""
    lines: Counter[str] = Counter()
    units: Counter[str] = Counter()
    for row in rows:
        if row.backordered:
            cause = row.cause if row.cause in SENTENCES else "unknown"
            lines[cause] += 1
            units[cause] += min(row.units, row.backordered)
    return tuple(sorted(((cause, lines[cause], units[cause]) for cause in lines), key=lambda one: (-one[1], one[0])))


def preorders(rows: Iterable[DemandRow]) -> Preorders:
    """Return what was ordered before its release."""
    found = [row for row in rows if row.preorder and row.units]
    return Preorders(
        orders=len({row.order for row in found}), lines=len(found), units=sum(row.units for row in found),
        shipped=sum(min(row.units, row.shipped) for row in found), lost=sum(row.lost for row in found),
    )  # fmt: skip
