"""Orders under the delay laws with slipping suppliers and buyers who answer, ignore and cancel; each is checked.

`PYTHONPATH=. .venv/bin/python tests/benchmarks/simulate_delay_laws.py [ORDERS] [SEED]` prints what was reached and
ends with 1 where anything was broken.
"""

import random
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from core.delay_laws.cases import Evidence, State, Terms, opened
from core.delay_laws.demands import demand
from core.delay_laws.events import CancelReceived, Consented, NoticeSent, PeriodSet, Refunded, Shipped
from core.delay_laws.machine import happens, passes
from core.delay_laws.packs import PACKS
from tests.core.delay_laws.invariants import violations

FIRST = date(2026, 1, 1)
LEAD = 7
LOOKS = 40
DAY = timedelta(days=1)


@dataclass
class Report:
    """What a run found."""

    reached: Counter = field(default_factory=Counter)
    violations: list = field(default_factory=list)


def simulate(orders: int, seed: int) -> Report:
    """Play so many orders, each to its end or for two years."""
    chance, report = random.Random(seed), Report()
    for number in range(orders):
        start = _order(chance, number)
        found, edges, today = _life(chance, start)
        report.reached.update({str(edge.after) for edge in edges})
        if broken := violations(start, found, edges, today):
            report.violations.append((number, start, broken))
    return report


def _order(chance, number):
    ordered = FIRST + timedelta(days=chance.randrange(365))
    stated = ordered + timedelta(days=chance.choice((3, 5, 10, 21))) if chance.random() < 0.3 else None
    terms = Terms(
        ordered_on=ordered, stated_on=stated, seller_credit=chance.random() < 0.05, transit_days=chance.randrange(6)
    )
    return opened(chance.choice(PACKS), str(number), terms)


def _life(chance, start):
    """Look at the order every few days, as the clock does; the seller keeps the demands, forgetting one in 30."""
    case, edges, today = start, (), start.ordered_on
    believed = start.ordered_on + timedelta(days=int(chance.expovariate(1 / 35)))
    for _ in range(LOOKS):
        today += timedelta(days=chance.choice((1, 1, 2, 5)))
        if case.over:
            break
        believed, known = _slip(chance, believed, today), chance.random() < 0.9
        for event in _day(chance, case, today, believed if known else None):
            step = happens(case, event)
            case, edges = step.case, (*edges, *step.edges)
        step = passes(case, today)
        case, edges = step.case, (*edges, *step.edges)
    step = passes(case, today)
    return step.case, (*edges, *step.edges), today


def _slip(chance, believed, today):
    if believed <= today and chance.random() < 0.5:
        return today + timedelta(days=chance.randrange(1, 40))
    return believed


def _day(chance, case, today, ships_on):
    seen = passes(case, today).case
    asked = demand(seen, today=today, ships_on=ships_on, lead_days=LEAD)
    if asked and asked.kind.endswith("notice") and chance.random() < 29 / 30:
        later = ships_on and max(ships_on, seen.ship_by + DAY)
        yield NoticeSent(on=today, revised_on=later, evidence=_proof("notice", today))
    roll = chance.random()
    if roll < 0.04:
        yield CancelReceived(on=today, evidence=_proof("cancel", today))
    elif roll < 0.14:
        yield Consented(on=today, evidence=_proof("consent", today))
    elif roll < 0.18:
        yield PeriodSet(on=today, until=today + timedelta(days=14), evidence=_proof("period", today))
    if ships_on is not None and ships_on <= today:
        yield Shipped(on=today, evidence=_proof("carrier", today))
    if seen.state is State.REFUND_DUE and chance.random() < 0.7:
        yield Refunded(on=today, evidence=_proof("refund", today))


def _proof(what, on):
    at = datetime(on.year, on.month, on.day, 9, tzinfo=UTC)
    return Evidence(
        what=what,
        at=at,
        address="customer12@example.com",
        content_hash="c0ffee",
        message_id=f"<{what}.{on}@example.com>",
    )


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    began = time.perf_counter()
    found = simulate(count, int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    took = time.perf_counter() - began
    print(f"{count:,} orders in {took:.0f} s ({count / took:,.0f} a second), {len(found.violations)} violations")
    for state, times in found.reached.most_common():
        print(f"{times:>10,}  {state}")
    for number, start, broken in found.violations[:10]:
        print(number, start, broken)
    sys.exit(bool(found.violations))
