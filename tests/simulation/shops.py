"""What people and other apps do in a shop, and what holds of it at any moment and at rest."""

from contextlib import suppress

from core.desired_state.desired import held_for, tags_for
from core.errors import Misuse

ENDED = {"done", "skipped"}
MAY_BE_REFUSED = {"cancel", "refund", "remove"}
"""What a customer asked for while the parcel was being made: the shop says no, and a person sees it."""


class Shop:
    """A connected shop with three customers' orders to begin with. Each act is one that its platform knows."""

    def __init__(self, side, chance):
        self.side, self.shop, self.chance = side, side.shop, chance
        self.orders = []
        self.forged = 0
        self.acts = [self.order, self.order, self.edit, self.refund, self.restock, self.restock, self.let_go]
        self.acts += [self.give_up, self.cancel, self.ship]
        if side.platform == "shopify":
            self.second = self.shop.add_location("Second shelf")
            self.acts += [self.move, self.strange, self.gone, self.pick]

    def act(self):
        """Let one thing happen; return its name."""
        act = self.chance.choice(self.acts)
        # What the shop itself forbids did not happen.
        with suppress(Misuse):
            act(*self._any())
        return act.__name__

    def _any(self):
        living = [order for order in self.orders if not self._over(order)]
        return self.chance.choice(living) if living else None, self.chance.choice(("MUG", "CUP"))

    def _over(self, order):
        row = self.shop.state.order(order) if self.side.platform == "shopify" else self.shop.order(order)
        return bool(row.cancelled_at) if self.side.platform == "shopify" else row.status in {"cancelled", "completed"}

    def _line(self, order, sku):
        with self.side.house.books.read() as unit:
            record = unit.orders.get(self.side.record.id, order)
        lines = [line for line in record.snapshot.lines if line.sku == sku] if record else []
        return lines[0] if lines and lines[0].open > 1 and record.snapshot.status == "open" else None

    def order(self, order, sku):
        lines = [("MUG", self.chance.randint(1, 5)), ("CUP", self.chance.randint(1, 3))]
        self.orders.append(self.side.checkout(*lines[: self.chance.randint(1, 2)]))

    def edit(self, order, sku):
        if order and (line := self._line(order, sku)):
            self.side.edit(order, sku, line.open + self.chance.choice((-1, 1, 2)))

    def refund(self, order, sku):
        if order and self._line(order, sku) and not self._picked(order):
            self.side.refund(order, sku, 1)

    def restock(self, order, sku):
        here = {"location": self.second} if self.side.platform == "shopify" and self.chance.random() < 0.5 else {}
        self.shop.restock(sku, self.chance.choice((-1, 1, 2)), **here)

    def let_go(self, order, sku):
        if order and self.side.held_outside(order):
            self.side.let_go(order)

    def give_up(self, order, sku):
        if order:
            self.side.ask(order, "cancel_waiting")

    def cancel(self, order, sku):
        if order and self.chance.random() < 0.3 and not self._picked(order):
            self.side.cancel(order)

    def ship(self, order, sku):
        if not order or self.side.held_outside(order):
            return
        if self.side.platform == "woocommerce":
            self.side.ship_all(order)
        elif any(row.status == "OPEN" for row in self._rows(order)):
            self.shop.fulfil(order)

    def _rows(self, order):
        rows = self.shop.state.of_order(self.shop.state.order(order)) if self.side.platform == "shopify" else ()
        return [row for row in rows if row.alive]

    def _picked(self, order):
        return any(row.status == "IN_PROGRESS" for row in self._rows(order))

    def move(self, order, sku):
        if order and self._rows(order) and not self._picked(order):
            units = {self.shop.line(order, sku): 1} if self._line(order, sku) and self.chance.random() < 0.5 else None
            self.shop.move(order, self.second, units)

    def strange(self, order, sku):
        rows = self._rows(order) if order else []
        if rows and not any(hold.app != "ours" for row in rows for hold in row.holds) and not self._picked(order):
            self.shop.foreign_hold(order)

    def gone(self, order, sku):
        if order:
            self.shop.release_foreign_hold(order)

    def pick(self, order, sku):
        if order and self._rows(order):
            self.shop.stop_picking(order) if self._picked(order) else self.shop.start_picking(order)

    def always(self):
        """What holds whatever just happened: no effect twice, no unit promised twice, none lost on the way."""
        codes = self.side.codes_outside()
        assert len(codes) == len(set(codes)), codes
        for order in self.orders:
            assert self.side.doubles(order) == [], order
        with self.side.house.books.read() as unit:
            for record in unit.orders.open_all(self.side.record.id):
                for line in record.plan.lines if record.plan else ():
                    assert line.on_hand + line.backordered == line.open >= 0, (record.id, line)
                    assert min(line.on_hand, line.backordered) >= 0, (record.id, line)

    def at_rest(self):
        """What holds once all words arrived and everything was done: the shop is as the plan says, and the reverse."""
        with self.side.house.books.read() as unit:
            lanes = {order: unit.outbox.of_order(self.side.record.id, order) for order in self.orders}
            records = {order: unit.orders.get(self.side.record.id, order) for order in self.orders}
            waiting = unit.inbox.counts(self.side.record.id)
        assert waiting["new"] == 0, waiting
        assert waiting["dead"] <= self.forged, f"{waiting}: more were buried than came under a false topic"
        for order, record in records.items():
            assert record is not None, f"order {order} was never heard of"
            left = [(row.kind, row.state, row.error) for row in lanes[order] if row.state not in ENDED]
            refused = [row for row in left if row[0] in MAY_BE_REFUSED and row[1] == "failed"]
            assert left == refused, (order, left)
            if refused or record.snapshot.status != "open":
                continue
            blocked = record.snapshot.outside.blocked
            outside = {line: units for line, units in self.side.held_outside(order).items() if line not in blocked}
            assert outside == held_for(record.plan, record), (order, outside, held_for(record.plan, record))
            assert self.side.tags_outside(order) == tags_for(record.plan, record), order
            assert len(record.offers) <= 1, order
            assert set(record.offers) <= set(self.side.codes_outside()), order
