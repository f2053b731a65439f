"""Which supply each unit of a line comes from, as the plan shows it."""

from collections.abc import Iterator, Sequence

from core.engine.ledger import Claim, Ledger, LineEntry, Lot, Taken
from core.plan import Allocated


def allocations_of(ledger: Ledger, line: LineEntry) -> tuple[Allocated, ...]:
    """Return the supply of each unit that has one, earliest first; a kit's unit shows the part that comes last."""
    if len(line.claims) == 1 and line.claims[0].per == 1:
        claim = line.claims[0]
        pegs = claim.taken if not claim.picked else [*claim.picked, *claim.taken]
    else:
        # By SKU: of parts that come at the same moment the plan shows the same one, however the kit lists them.
        pegs = _whole_kits(sorted(line.claims, key=_part)) if line.claims else []
    if not pegs:
        return ()
    if len(pegs) == 1:
        lot, units = pegs[0]
        return (Allocated(supply=lot.supply, location=lot.location, units=units, on=ledger.date_of(lot.at)),)
    return tuple(_merged(ledger, pegs))


def _part(claim: Claim) -> str:
    return claim.queue.sku


def _whole_kits(claims: Sequence[Claim]) -> Taken:
    """Return for each whole kit the lot whose units complete it."""
    sides = [_boundaries(claim) for claim in claims]
    pegs: Taken = []
    done = 0
    while all(sides):
        latest = max((side[0] for side in sides), key=lambda ends: ends[1].at)
        upto = min(side[0][0] for side in sides)
        if upto > done:
            pegs.append((latest[1], upto - done))
            done = upto
        for side in sides:
            if side[0][0] <= upto:
                side.pop(0)
    return pegs


def _boundaries(claim: Claim) -> list[tuple[int, Lot]]:
    """Return up to which kit each lot's units of this part reach."""
    reached = 0
    ends = []
    for lot, units in (*claim.picked, *claim.taken):
        reached += units
        ends.append((reached // claim.per, lot))
    return ends


def _merged(ledger: Ledger, pegs: Taken) -> Iterator[Allocated]:
    """Join units that show the same supply, place and date, kept apart only inside the ledger."""
    units: dict[tuple[bool, str, str, int], int] = {}
    # Of a kit's parts, one may be opened by a fence on the day on which supply of another comes: the shelf goes first.
    for lot, n in sorted(pegs, key=lambda peg: (peg[0].at, not peg[0].is_stock)):
        key = (lot.is_stock, lot.supply, lot.location, lot.at)
        units[key] = units.get(key, 0) + n
    for (_, supply, location, at), n in units.items():
        yield Allocated(supply=supply, location=location, units=n, on=ledger.date_of(at))
