"""One order as a page shows it: what is shipped, what can leave, what waits for which supply until when."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from core.orders import giving_up
from core.plan import ON_HAND, Allocated, LinePlan
from core.records import OrderRecord
from core.snapshots import LineSnapshot

Part = Literal["shipped", "now", "kept", "waits", "undated", "short", "swapped", "cancelled"]
OVER: frozenset[Part] = frozenset({"shipped", "swapped", "cancelled"})
"""Fates in which units are out of the plan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Units of a line that share one fate. `start` is where the piece begins in the bar, in units.

    `other`: the title of what its customer took instead.
    """

    part: Part
    units: int
    start: int
    supply: str | None = None
    on: date | None = None
    other: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LineView:
    """One line with its pieces, which add up to `ordered`."""

    id: str
    title: str
    sku: str
    item: bool
    ordered: int
    open: int
    ahead: int
    completes_on: date | None
    ships: bool
    pieces: tuple[Piece, ...]

    def units(self, *parts: Part) -> int:
        """Return how many units have one of these fates."""
        return sum(piece.units for piece in self.pieces if piece.part in parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What leaves together: today, on a date, when a hold ends (`kept`), or without a date."""

    kind: Literal["now", "on", "kept", "undated"]
    units: int
    titles: tuple[str, ...]
    on: date | None = None


def line_views(record: OrderRecord) -> tuple[LineView, ...]:
    """Return the order's lines as they were ordered."""
    plans = {line.id: line for line in record.plan.lines} if record.plan else {}
    return tuple(_swapped(record, _line_view(line, plans.get(line.id))) for line in record.snapshot.lines)


def steps(lines: Sequence[LineView], *, together_on: date | None = None) -> tuple[Step, ...]:
    """Return the order's way out of the door: today first, then by date, at last what has no date.

    `together_on` is the date of an order that ships in one parcel: nothing of it leaves before.
    """
    found: dict[tuple[int, date], list[tuple[str, int]]] = {}
    for line in lines:
        for piece in line.pieces:
            if piece.part not in OVER:
                when = (2, together_on) if together_on and piece.part != "now" else _when(piece)
                found.setdefault(when, []).append((line.title, piece.units))
    return tuple(_step(rank, day, parts) for (rank, day), parts in sorted(found.items()))


def _step(rank: int, day: date, parts: Sequence[tuple[str, int]]) -> Step:
    kinds: tuple[Literal["now", "kept", "on", "undated"], ...] = ("now", "kept", "on", "undated")
    return Step(
        kind=kinds[rank],
        on=day if kinds[rank] == "on" else None,
        units=sum(units for _, units in parts),
        titles=tuple(dict.fromkeys(title for title, _ in parts)),
    )


def _when(piece: Piece) -> tuple[int, date]:
    match piece.part:
        case "now":
            return 0, date.min
        case "kept":
            return 1, date.min
        case "waits" if piece.on:
            return 2, piece.on
        case _:
            return 3, date.max


def _line_view(line: LineSnapshot, plan: LinePlan | None) -> LineView:
    pieces = _pieces(line, plan) if line.ships else ()
    return LineView(
        id=line.id,
        title=line.title,
        sku=plan.sku if plan else line.sku or "",
        item=plan is not None and line.item is not None,
        ordered=line.ordered,
        open=plan.open if plan else 0,
        ahead=plan.ahead if plan else 0,
        completes_on=plan.completes_on if plan else None,
        ships=line.ships,
        pieces=pieces,
    )


def _swapped(record: OrderRecord, view: LineView) -> LineView:
    """Return the line with the units apart that were taken off because their customer swapped them."""
    swap, outcome = record.ending.swap if record.ending else None, giving_up.outcome(record)
    if swap is None or outcome is None or swap.line != view.id or not view.units("cancelled"):
        return view
    *others, off = view.pieces
    units = min(outcome.off, off.units)
    apart = replace(off, part="swapped", units=units, other=swap.title)
    rest = replace(off, units=off.units - units, start=off.start + units)
    return replace(view, pieces=(*others, *(piece for piece in (apart, rest) if piece.units)))


def _pieces(line: LineSnapshot, plan: LinePlan | None) -> tuple[Piece, ...]:
    shipped = min(line.shipped, line.ordered)
    rest = line.ordered - shipped
    parts: list[tuple[Part, int, str | None, date | None]] = [("shipped", shipped, None, None)]
    if plan is not None:
        parts += _open_parts(plan)
        rest -= plan.open
    gone = min(max(rest, 0), line.cancelled + line.refunded) if plan is not None else line.cancelled + line.refunded
    parts.append(("cancelled", gone, None, None))
    pieces, start = [], 0
    for part, units, supply, on in parts:
        if units > 0:
            pieces.append(Piece(part=part, units=units, start=start, supply=supply, on=on))
            start += units
    return tuple(pieces)


def _open_parts(plan: LinePlan) -> list[tuple[Part, int, str | None, date | None]]:
    """Split the open units: first what leaves today, then the rest in the order of its supply."""
    parts: list[tuple[Part, int, str | None, date | None]] = [("now", plan.release_now, None, None)]
    leaving, left = plan.release_now, plan.open - plan.release_now
    for pegged in plan.allocations:
        # Units that leave today come off the earliest supply; lent ones even off what is still to come.
        units = pegged.units - min(pegged.units, leaving)
        leaving -= pegged.units - units
        units = min(units, left)
        left -= units
        parts.append((_fate(pegged), units, None if pegged.supply == ON_HAND else pegged.supply, pegged.on))
    parts.append(("short", left, None, None))
    return parts


def _fate(pegged: Allocated) -> Part:
    if pegged.supply == ON_HAND:
        return "kept"
    return "waits" if pegged.on else "undated"
