"""The plan file's rules once more, as plainly as possible: unit by unit, no cleverness, nothing of the engine's.

A unit of supply is one row; a line takes one at a time. Slow on purpose: it is what the engine is compared with.
"""

from fractions import Fraction
from math import floor, inf

NOW = -1  # before today's deliveries: day 0 is today
RANKS = ["win", "gain", "standard", "redistribute", "fill", "lose", "skip"]


class Unit:
    def __init__(self, day, stock, rank, location, supply) -> None:
        self.day, self.stock, self.rank, self.location, self.supply = day, stock, rank, location, supply
        self.fence = self.owner = self.kept_for = None

    def key(self):
        return (self.day, not self.stock, self.rank, self.location, self.supply)


class Want:
    """One line's wish for units of one item in one pool."""

    def __init__(self, row, where, per) -> None:
        self.row, self.where, self.per = row, where, per
        self.units = row["open"] * per
        self.picked, self.got = [], []

    @property
    def missing(self):
        return self.units - len(self.picked) - len(self.got) if self.row["served"] else 0


def slow_plan(facts):
    """Lines by (order id, line id): open, ahead, on_hand, backordered, release_now, day (None: no date); and free."""
    world = World(facts)
    world.commit()
    world.fence()
    world.promise()
    world.serve()
    return world.outcome()


class World:
    def __init__(self, facts) -> None:
        self.facts = facts
        self.today = facts.as_of.date()
        self.places = {place.id: place for place in facts.locations}
        self.items = {entry.sku: entry for entry in facts.items}
        self.units = {}
        self.lay_out()
        self.orders = sorted(facts.orders, key=self.service)
        self.rows = {}
        self.wants = []
        for order in self.orders:
            for line in sorted(order.lines, key=lambda line: line.id):
                row = {
                    "order": order, "line": line, "pool": self.places[order.location].pool, "wants": [],
                    "open": 0 if order.cancelled else line.open, "served": order.order_class not in ("lose", "skip"),
                }  # fmt: skip
                self.rows[order.id, line.id] = row
                for sku, per in self.parts(line.sku):
                    if not self.untracked(sku):
                        row["wants"].append(Want(row, (sku, row["pool"]), per))
                self.wants += row["wants"]

    def service(self, order):
        rank = RANKS.index(order.order_class) if order.order_class in RANKS else 2
        tier = order.tier if self.facts.policy.allocation == "tiers" else 0
        return (rank, tier, order.placed_at, order.id)

    def group(self, order):
        return self.service(order)[:2]

    def untracked(self, sku):
        return sku in self.items and not self.items[sku].tracked

    def parts(self, sku):
        entry = self.items.get(sku)
        return [(part.sku, part.units) for part in entry.components] if entry and entry.components else [(sku, 1)]

    def day(self, date):
        return (date - self.today).days

    def lay_out(self):
        for row in self.facts.stock:
            place = self.places[row.location]
            if row.sku in self.items and self.items[row.sku].components:
                continue
            shelf = self.units.setdefault((row.sku, place.pool), [])
            shelf += [Unit(NOW, True, place.rank, place.id, "on_hand") for _ in range(row.on_hand)]
        for (sku, pool), shelf in self.units.items():
            shelf.sort(key=Unit.key)
            total = sum(
                row.on_hand for row in self.facts.stock if row.sku == sku and self.places[row.location].pool == pool
            )
            del shelf[max(0, total) :]
        for row in self.facts.incoming:
            place = self.places[row.location]
            overdue = row.eta is not None and row.eta < self.today
            day = inf if row.eta is None or overdue else self.day(row.latest or row.eta)
            self.units.setdefault((row.sku, place.pool), []).extend(
                Unit(day, False, place.rank, place.id, row.id)
                for _ in range(0 if row.closed else max(0, row.ordered - row.received))
            )

    def free(self, where):
        return sorted((unit for unit in self.units.get(where, []) if unit.owner is None), key=Unit.key)

    def commit(self):
        for want in self.wants:
            for _ in range(min(want.row["line"].committed, want.row["open"]) * want.per):
                shelf = [unit for unit in self.free(want.where) if unit.day == NOW]
                if shelf:
                    shelf[0].owner = want
                    want.picked.append(shelf[0])
        self.shelf = {where: sum(u.day == NOW for u in self.free(where)) for where in self.units}

    def fence(self):
        for number, fence in enumerate(self.facts.policy.ring_fences):
            if fence.until and fence.until <= self.today:
                continue
            for where in list(self.units):
                if where[0] == fence.sku:
                    open_units = [unit for unit in self.free(where) if unit.day == NOW and unit.fence is None]
                    for unit in open_units[: fence.units]:
                        unit.fence = (number, fence)
        for where in self.units:
            for order_class in {fence.order_class for fence in self.facts.policy.ring_fences}:
                use = sum(
                    want.missing
                    for want in self.wants
                    if want.where == where and want.row["order"].order_class == order_class
                )
                for unit in self.fenced(where, order_class):
                    if use > 0:
                        use -= 1
                    elif unit.fence[1].until:
                        unit.day, unit.fence = self.day(unit.fence[1].until), None

    def fenced(self, where, order_class):
        mine = [unit for unit in self.free(where) if unit.fence and unit.fence[1].order_class == order_class]
        return sorted(mine, key=lambda unit: (unit.fence[0], unit.key()))

    def promise(self):
        promised = [order for order in self.orders if order.promised_on and order.order_class not in ("lose", "skip")]
        for order in sorted(promised, key=lambda order: order.promised_on):
            by = self.day(order.promised_on)
            wants = [want for want in self.wants if want.row["order"] is order and want.row["open"]]
            rows = [self.rows[order.id, line.id] for line in order.lines]
            if by < 0 or any(row["open"] and self.preorder(row["line"].sku) > by for row in rows):
                continue
            kept = []
            for want in wants:
                for _ in range(want.missing):
                    usable = [
                        u for u in self.free(want.where)
                        if u.kept_for is None and u.day <= by and (u.fence is None or u.fence[1].order_class == order.order_class)
                    ]  # fmt: skip
                    if usable:
                        latest = max(usable, key=lambda u: (u.day, u.fence is not None, u.key()))
                        latest.kept_for = order.id
                        kept.append(latest)
            if len(kept) < sum(want.missing for want in wants):
                for unit in kept:
                    unit.kept_for = None
        self.aside = [(unit, unit.kept_for) for units in self.units.values() for unit in units if unit.kept_for]

    def preorder(self, sku):
        entry = self.items.get(sku)
        days = [NOW]
        for part in [entry, *(self.items.get(part) for part, _ in self.parts(sku))]:
            if part and part.preorder_until and part.preorder_until > self.today:
                days.append(self.day(part.preorder_until))
        return max(days)

    def give(self, want, *, shelf_only=False):
        """Give one unit: from the class's fence first, then the earliest that is not kept for others."""
        order = want.row["order"]
        mine = [u for u in self.fenced(want.where, order.order_class) if u.kept_for in (None, order.id)]
        open_units = [u for u in self.free(want.where) if u.fence is None and u.kept_for in (None, order.id)]
        usable = [unit for unit in mine + open_units if unit.day == NOW or not shelf_only]
        if usable:
            usable[0].owner = want
            want.got.append(usable[0])
        return bool(usable)

    def serve(self):
        policy = self.facts.policy
        if policy.allocation == "fair_share":
            self.share_fairly()
        elif policy.large_order_share is not None:
            self.serve_capped()
        for order in self.orders:
            for want in self.wants:
                if want.row["order"] is order:
                    while want.missing and self.give(want):
                        pass
            self.let_go(order)

    def let_go(self, order):
        for units in self.units.values():
            for unit in units:
                if unit.kept_for == order.id:
                    unit.kept_for = None

    def keep_shelf(self):
        """Units kept on the shelf for a promise are the order's: nothing later keeps the date."""
        for where, units in self.units.items():
            for unit in sorted(units, key=Unit.key):
                if unit.kept_for and unit.day == NOW:
                    want = next(
                        w for w in self.wants
                        if w.where == where and w.row["order"].id == unit.kept_for and w.missing
                    )  # fmt: skip
                    unit.owner = want
                    want.got.append(unit)

    def serve_capped(self):
        self.keep_shelf()
        for group in sorted({self.group(order) for order in self.orders}):
            members = [want for want in self.wants if self.group(want.row["order"]) == group]
            for want in members:
                while want.missing and self.held(want) < self.cap(want) and self.give(want, shelf_only=True):
                    pass
            for want in members:
                while want.missing and self.give(want, shelf_only=True):
                    pass

    def held(self, want):
        order = want.row["order"]
        return sum(
            unit.day == NOW
            for other in self.wants
            if other.where == want.where and other.row["order"] is order
            for unit in other.got
        )

    def share_fairly(self):
        """By Webster, class by class: what is fenced first, then the open shelf, where what a line has counts."""
        self.keep_shelf()
        for rank in range(len(RANKS)):
            for where in self.units:
                group = [
                    w for w in self.wants if w.where == where and self.service(w.row["order"])[0] == rank and w.missing
                ]
                for order_class in {fence.order_class for fence in self.facts.policy.ring_fences}:
                    members = [want for want in group if want.row["order"].order_class == order_class]
                    self.deal(members, [want.missing for want in members], self.fence_for, had=False)
                asked = [want.units - len(want.picked) for want in group]
                if self.facts.policy.large_order_share is not None:
                    self.deal(group, asked, lambda want: self.shelf_for(want) and self.held(want) < self.cap(want))
                self.deal(group, asked, self.shelf_for)

    def deal(self, group, asked, may_take, *, had=True):
        """One unit at a time to the greatest asked / (given + 1/2); the earlier one wins a tie."""
        start = [0 if had else self.on_shelf(want) for want in group]
        while True:
            able = [place for place, want in enumerate(group) if want.missing and may_take(want)]
            if not able:
                break
            best = max(able, key=lambda n: Fraction(2 * asked[n], 2 * (self.on_shelf(group[n]) - start[n]) + 1))
            self.give(group[best], shelf_only=True)

    def on_shelf(self, want):
        return sum(unit.day == NOW for unit in want.got)

    def fence_for(self, want):
        return any(unit.kept_for is None for unit in self.fenced(want.where, want.row["order"].order_class))

    def cap(self, want):
        return max(1, floor(Fraction(self.facts.policy.large_order_share) * self.shelf.get(want.where, 0)))

    def shelf_for(self, want):
        return any(u.day == NOW and u.fence is None and u.kept_for is None for u in self.free(want.where))

    def on_hand(self, row):
        counts = [
            (len(w.picked) + sum(unit.day == NOW for unit in w.got)) // w.per for w in row["wants"]
        ]  # fmt: skip
        return min([row["open"], *counts])

    def date(self, row):
        """The day by allocation alone."""
        days = [self.preorder(row["line"].sku)]
        for want in row["wants"]:
            have = [*want.picked, *want.got]
            days += [unit.day for unit in have] + ([inf] if len(have) < want.units else [])
        return max(days)

    def available(self):
        """What each line could send today."""
        if self.facts.policy.release == "strict":
            return {key: self.on_hand(row) for key, row in self.rows.items()}
        return Lending(self).available()

    def outcome(self):
        available = self.available()
        lines = {}
        for order in self.orders:
            rows = {key: row for key, row in self.rows.items() if key[0] == order.id}
            whole = {
                key: (available[key] == row["open"] and self.preorder(row["line"].sku) == NOW) or not row["open"]
                for key, row in rows.items()
            }  # fmt: skip
            days = {key: 0 if whole[key] else max(0, self.date(row)) for key, row in rows.items()}
            if order.ship == "together":
                alike = max((days[key] for key, row in rows.items() if row["open"]), default=0)
                alike = 0 if all(whole.values()) else max(
                    (max(0, self.date(row)) for row in rows.values() if row["open"]), default=alike
                )  # fmt: skip
                days = dict.fromkeys(days, alike)
            for key, row in rows.items():
                lines[key] = {
                    "open": row["open"], "on_hand": self.on_hand(row), "backordered": row["open"] - self.on_hand(row),
                    "release_now": self.release(row, available[key], all(whole.values())),
                    "day": days[key] if row["open"] and days[key] < inf else None,
                }  # fmt: skip
        self.count_ahead(lines)
        free = {
            where: (sum(u.stock for u in self.free(where)), sum(not u.stock for u in self.free(where)))
            for where in self.units
        }
        return lines, free

    def count_ahead(self, lines):
        count = "backordered" if self.facts.policy.allocation in ("fair_share", "completion_first") else "open"
        for key, row in self.rows.items():
            ahead = 0
            for other, earlier in self.rows.items():
                if other == key:
                    break
                if (earlier["line"].sku, earlier["pool"]) == (row["line"].sku, row["pool"]):
                    ahead += lines[other][count]
            lines[key]["ahead"] = ahead

    def release(self, row, units, whole):
        order, least = row["order"], row["line"].min_ship
        if order.hold or self.preorder(row["line"].sku) > NOW:
            return 0
        if order.ship == "together":
            return row["open"] if whole else 0
        if least is not None and units < least and units < row["open"]:
            return 0
        return units


class Lending:
    """Release by need date, as told: cumulative units by day, less what earlier orders claim, from when they do.

    Told for policies that serve in turn, without fences.
    """

    def __init__(self, world) -> None:
        self.world = world
        self.days = sorted(
            {NOW, *(u.day for units in world.units.values() for u in units if u.day < inf)}
            | {world.preorder(row["line"].sku) for row in world.rows.values()}
        )
        picked = {id(unit) for want in world.wants for unit in want.picked}
        self.left = {
            where: {day: sum(u.day <= day and id(u) not in picked for u in units) for day in self.days}
            for where, units in world.units.items()
        }
        self.aside = world.aside
        for where, units in world.units.items():
            mine = set(map(id, units))
            for unit, _ in self.aside:
                if id(unit) in mine:
                    self.claim(where, unit.day, 1)

    def claim(self, where, since, units):
        for day in self.days:
            if day >= since:
                self.left.setdefault(where, dict.fromkeys(self.days, 0))[day] -= units

    def first_day(self, where, units):
        """The first day from which so many units are there for good."""
        left = self.left.get(where, dict.fromkeys(self.days, 0))
        for day in self.days:
            if all(left[later] >= units for later in self.days if later >= day):
                return day
        return inf

    def available(self):
        world, found = self.world, {}
        for order in world.orders:
            rows = {key: row for key, row in world.rows.items() if key[0] == order.id}
            for where, units in world.units.items():
                for unit, owner in self.aside:
                    if owner == order.id and any(unit is other for other in units):
                        self.claim(where, unit.day, -1)
            dated = all(world.date(row) < inf for row in rows.values() if row["open"])
            served = all(row["served"] for row in rows.values())
            if order.ship == "together" and not order.hold and dated and served:
                found.update(self.together(rows))
            else:
                found.update({key: self.one_by_one(row) for key, row in rows.items()})
        return found

    def together(self, rows):
        needs = {}
        for row in rows.values():
            for want in row["wants"]:
                needs[want.where] = needs.get(want.where, 0) + want.units - len(want.picked)
        since = max(
            [self.first_day(where, units) for where, units in needs.items()]
            + [self.world.preorder(row["line"].sku) for row in rows.values() if row["open"]]
            + [NOW]
        )
        for where, units in needs.items():
            self.claim(where, since, units)
        picked = {key: [len(want.picked) // want.per for want in row["wants"]] for key, row in rows.items()}
        return {key: row["open"] if since == NOW else min([row["open"], *picked[key]]) for key, row in rows.items()}

    def one_by_one(self, row):
        counts = []
        for want in row["wants"]:
            today = len(want.picked)
            for _ in range(want.units - len(want.picked) if row["served"] else 0):
                day = self.first_day(want.where, 1)
                if day < inf:
                    self.claim(want.where, day, 1)
                today += day == NOW
            counts.append(today // want.per)
        return min([row["open"], *counts])
