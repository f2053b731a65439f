"""Seeded shortages for `completion_first`, and what an exact solver makes of them."""

import random
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix

from core.engine.allocation.completion_first import weight_of
from core.engine.planner import plan
from tests.core.builders import TODAY, facts, line, order, stock


@dataclass(frozen=True, kw_only=True)
class Family:
    """`share` of the demand is in stock; `skew` 0: all items sell alike, 1: as Zipf found."""

    orders: int
    skus: int
    share: float
    lines: int = 5
    days: int = 20
    skew: float = 1.0


def instance(family, seed):
    """A shortage: mostly small orders, one line in twenty is large."""
    pick = random.Random(f"{family}{seed}")
    popularity = [1 / (rank + 1) ** family.skew for rank in range(family.skus)]
    demand = [0] * family.skus
    made = []
    for number in range(family.orders):
        items = dict.fromkeys(pick.choices(range(family.skus), popularity, k=pick.randint(1, family.lines)))
        wanted = {sku: pick.randint(1, 3) * (pick.randint(4, 12) if pick.random() < 0.05 else 1) for sku in items}
        for sku, units in wanted.items():
            demand[sku] += units
        lines = [line(f"s{sku}", units) for sku, units in wanted.items()]
        made.append(order(*lines, id=f"o{number:05}", hours_ago=pick.randint(1, 24 * family.days)))
    there = [stock(f"s{sku}", int(units * family.share * pick.uniform(0.5, 1.5))) for sku, units in enumerate(demand)]
    return facts(*made, *there, allocation="completion_first", release="strict")


def of_one_size(orders, skus, seed):
    """A shortage that prices tell little of: every order wants two units of three items, any three."""
    pick = random.Random(seed)
    wanted = [pick.sample(range(skus), 3) for _ in range(orders)]
    made = [
        order(*(line(f"s{sku}", 2) for sku in items), id=f"o{number:05}", hours_ago=pick.randint(1, 480))
        for number, items in enumerate(wanted)
    ]
    asked = [2 * sum(sku in items for items in wanted) for sku in range(skus)]
    there = [stock(f"s{sku}", int(units * pick.uniform(0.36, 0.54))) for sku, units in enumerate(asked)]
    return facts(*made, *there, allocation="completion_first", release="strict")


def worths(given, *, aged=True):
    return np.array([weight_of((TODAY - o.placed_at.date()).days) if aged else 1.0 for o in given.orders])


def completed(given, *, aged=True):
    """What the orders that the engine completes from the shelf are worth."""
    done = np.array([found.backordered == 0 for found in plan(given).orders])
    return float(worths(given, aged=aged)[done].sum())


def exact(given, *, aged=True, whole=True):
    """What the best plan is worth; without `whole`, orders may be completed by halves: a bound, and quickly found."""
    place = {row.sku: number for number, row in enumerate(given.stock)}
    needs = [(place[asked.sku], row, asked.ordered) for row, o in enumerate(given.orders) for asked in o.lines]
    places, rows, units = zip(*needs, strict=True)
    worth = worths(given, aged=aged)
    matrix = csr_matrix((units, (places, rows)), shape=(len(place), len(worth)))
    found = milp(
        -worth, constraints=LinearConstraint(matrix, -np.inf, [row.on_hand for row in given.stock]), bounds=Bounds(0, 1),
        integrality=np.full(len(worth), int(whole)), options={"mip_rel_gap": 0},
    )  # fmt: skip
    assert found.success, found.message
    return -found.fun
