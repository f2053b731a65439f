"""Edits, refunds, moves, restocks and hands of others, in any order and under faults: at rest all is as planned."""

import random

import pytest
import requests

from core.desired import held_for
from tests.scenarios.platforms import only

FAULTS = ("lost", "truncated", "error", "throttle", "html")
SEEDS = range(2)
SWAPPED = (
    "orders/delete", "orders/edited", "inventory_items/delete", "fulfillment_orders/split", "products/update",
    "inventory_levels/update", "app/uninstalled", "shop/redact", "customers/redact", "app/scopes_update",
)  # fmt: skip


class World:
    """One connected shop in which anything may happen next."""

    def __init__(self, side, seed):
        self.side, self.shop, self.chance = side, side.shop, random.Random(seed)
        self.second = self.shop.add_location("Second shelf")
        self.shop.add_product("CUP", "Enamel cup", "9.00", 2)
        self.orders = [side.checkout(("MUG", 4 + number), ("CUP", 1 + number % 2)) for number in range(3)]
        side.settle()

    def step(self):
        order = self.chance.choice(self.orders)
        if self.shop.state.order(order).cancelled_at:
            return
        sku = self.chance.choice(("MUG", "CUP"))
        line = self.shop.state.order(order).line(int(self.shop.line(order, sku)))
        act = self.chance.choice(ACTS)
        act(self, order, sku, line)

    def edit(self, order, sku, line):
        self.side.edit(order, sku, line.current + self.chance.choice((-1, 1, 2)) or 1) if line.unfulfilled > 1 else None

    def refund(self, order, sku, line):
        if line.unfulfilled > 1:
            self.side.refund(order, sku, 1)

    def restock(self, order, sku, line):
        self.shop.restock(sku, self.chance.choice((-1, 1, 2)), location=self.chance.choice((None, self.second)))

    def move(self, order, sku, line):
        if line.unfulfilled and not self.picked(order):
            self.shop.move(order, self.second, {line.id: 1} if self.chance.random() < 0.5 else None)

    def let_go(self, order, sku, line):
        self.shop.remove_hold(order)

    def strange(self, order, sku, line):
        rows = [row for row in self.shop.state.of_order(self.shop.state.order(order)) if row.alive]
        if rows and not any(hold.app != "ours" for row in rows for hold in row.holds) and not self.picked(order):
            self.shop.foreign_hold(order)

    def gone(self, order, sku, line):
        self.shop.release_foreign_hold(order)

    def pick(self, order, sku, line):
        self.shop.start_picking(order) if not self.picked(order) else self.shop.stop_picking(order)

    def picked(self, order):
        rows = self.shop.state.of_order(self.shop.state.order(order))
        return any(row.status == "IN_PROGRESS" for row in rows)

    def give_up(self, order, sku, line):
        self.side.ask(order, "cancel_waiting")

    def ship(self, order, sku, line):
        free = [
            row for row in self.shop.state.of_order(self.shop.state.order(order)) if row.status == "OPEN" and row.alive
        ]
        if free and line.unfulfilled > 1 and any(part.line == line.id and part.remaining for part in free[0].lines):
            self.shop.fulfil(order, {str(line.id): 1})

    def replay(self):
        """Somebody posts an old delivery again: as it was, under another id, or as if it were of another topic."""
        old = self.chance.choice([sent for sent in self.shop.hooks.deliveries if sent.outcome != "dropped"])
        told = self.chance.choice(
            ({}, {"X-Shopify-Webhook-Id": "again"}, {"X-Shopify-Topic": self.chance.choice(SWAPPED)})
        )
        answer = requests.post(old.url, data=old.body, headers={**old.headers, **told}, timeout=10)
        assert answer.status_code == 200

    def orderly(self):
        """What must be so at rest, of every order."""
        for order in self.orders:
            with self.side.house.books.read() as unit:
                record = unit.orders.get(self.side.record.id, order)
                actions = unit.outbox.of_order(self.side.record.id, order)
            assert self.side.doubles(order) == []
            assert {action.state for action in actions} <= {"done", "skipped"}, [
                (action.kind, action.state, action.error)
                for action in actions
                if action.state not in {"done", "skipped"}
            ]
            if record.snapshot.status == "open":
                blocked = record.snapshot.outside.blocked
                outside = {key: n for key, n in self.side.held_outside(order).items() if key not in blocked}
                assert outside == held_for(record.plan, record)
            assert len(self.side.refunds_outside(order)) == len(
                {made.id for made in self.shop.state.order(order).refunds}
            )


ACTS = (
    World.edit, World.refund, World.restock, World.restock, World.move, World.let_go, World.strange, World.gone,
    World.pick, World.give_up, World.ship,
)  # fmt: skip


@pytest.mark.parametrize("seed", SEEDS)
@only("shopify", because="WooCommerce has no fulfilment orders that others could hold, move or pick.")
def test_whatever_happens_the_shop_ends_as_the_plan_says_and_then_rests(side, seed):
    world = World(side, seed)
    for number in range(8):
        world.shop.hooks.drop = world.chance.choice((0.0, 0.0, 0.5))
        world.shop.hooks.duplicate, world.shop.hooks.shuffle = 0.3, True
        for kind in world.chance.sample(FAULTS, 2):
            world.shop.faults.add(kind, rate=0.3, times=2)
        world.step()
        world.replay()
        if number % 2:
            side.settle()
    world.shop.hooks.drop = 0.0
    world.shop.faults.clear()
    side.settle()
    side.service.house.desk.sync(side.record)
    side.settle()
    side.service.house.desk.sync(side.record)
    side.settle()
    world.orderly()
    before = len(side.writes())
    side.service.house.desk.sync(side.record)
    side.settle()
    assert len(side.writes()) == before
