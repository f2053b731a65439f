"""The engine against the plain, unit-by-unit reading of the rules in `slow_engine`, on whole random documents."""

import random

import pytest

from core.engine.planner import plan
from tests.core.slow_engine import slow_plan
from tests.core.whole_documents import lending_facts, some_facts

DOCUMENTS = {
    "first come, promises, need date": some_facts,
    "tiers and fences": lambda pick: some_facts(pick, allocation="tiers", fences=True, release="strict"),
    "fair share": lambda pick: some_facts(pick, allocation="fair_share", fences=True, release="strict"),
    "fair share within caps": lambda pick: some_facts(
        pick, allocation="fair_share", fences=True, caps=True, release="strict"
    ),
    "orders that lend": lending_facts,
    "caps for large orders": lambda pick: some_facts(pick, fences=True, caps=True, release="strict"),
}


def as_told(line, today):
    return {
        "open": line.open,
        "ahead": line.ahead,
        "on_hand": line.on_hand,
        "backordered": line.backordered,
        "release_now": line.release_now,
        "day": (line.completes_on - today).days if line.completes_on else None,
    }


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("kind", DOCUMENTS)
def test_every_line_of_every_document_comes_out_alike(kind, seed):
    pick = random.Random(f"{kind}{seed}").randint
    for _ in range(150):
        facts = DOCUMENTS[kind](pick)
        slow, _ = slow_plan(facts)
        for order in plan(facts).orders:
            for line in order.lines:
                assert as_told(line, facts.as_of.date()) == slow[order.id, line.id], (order.id, line.id, facts)


@pytest.mark.parametrize("seed", range(3))
def test_what_nobody_claims_comes_out_alike(seed):
    pick = random.Random(f"free{seed}").randint
    for _ in range(150):
        facts = some_facts(pick, plain=True)
        _, free = slow_plan(facts)
        for row in plan(facts).free:
            assert (row.on_hand, row.incoming) == free.get((row.sku, row.pool), (0, 0)), facts
