"""Whatever the order in which deliveries arrive, and however often, the end is the same (I6)."""

import random
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from itertools import permutations

from tests.scenarios.letters import kept_back

EVENTS = ("ordered", "paid", "counted", "refunded", "other cancelled", "restocked", "first shipped")
SKU = "MUG-{}"


class Life:
    """One order's life on an item of its own, beside an earlier one that ships and another that is cancelled."""

    def __init__(self, side, number):
        self.side, self.sku = side, SKU.format(number)
        side.shop.add_product(self.sku, "Enamel mug", "12.50", 7)

    def happen(self, event):
        shop = self.side.shop
        if event == "ordered":
            now = datetime.now(UTC)
            self.first = str(shop.checkout([(self.sku, 2)], at=now - timedelta(hours=2)))
            self.other = str(shop.checkout([(self.sku, 3)], at=now - timedelta(hours=1)))
            self.order = self.side.unpaid((self.sku, 9))
        elif event == "paid":
            self.side.pay(self.order)
        elif event == "counted":
            shop.restock(self.sku, -1)
        elif event == "refunded":
            self.side.refund(self.order, self.sku, 1)
        elif event == "first shipped":
            self.side.ship_all(self.first)
        elif event == "other cancelled":
            self.side.cancel(self.other)
        else:
            shop.restock(self.sku, 2)

    def end(self):
        """All that must not depend on the order of arrival."""
        return [self._end_of(order) for order in (self.order, self.other, self.first)]

    def _end_of(self, order):
        document = self.side.order(order)
        line = document["lines"][0] if document["lines"] else {}
        return {
            "decision": document["decision"],
            "reasons": document["reasons"],
            "units": [line.get(key) for key in ("open", "on_hand", "backordered", "release_now")],
            "tags": document["tags"],
            "tags outside": sorted(self.side.tags_outside(order)),
            "held": list(document["held"].values()),
            "held outside": list(self.side.held_outside(order).values()),
            "codes": len(document["offers"]),
            "unfinished": [a["kind"] for a in document["actions"] if a["state"] in {"planned", "pending", "failed"}],
        }


END = [
    {
        "decision": "ship_part", "reasons": ["SHORT_ON_HAND", "NO_DATED_SUPPLY"], "units": [8, 6, 2, 6],
        "tags": ["backorder-no-date", "backorder-part-ready", "backorder-waiting"],
        "tags outside": ["backorder-no-date", "backorder-part-ready", "backorder-waiting"],
        "held": [2], "held outside": [2], "codes": 1, "unfinished": [],
    },
    *[
        {
            "decision": "none", "reasons": ["NOTHING_OPEN"], "units": [0, 0, 0, 0], "tags": [], "tags outside": [],
            "held": [], "held outside": [], "codes": 0, "unfinished": [],
        }
    ] * 2,
]  # fmt: skip


def afterwards(order, chance):
    """A life of which everything happened before the first word of it arrives, in this order."""
    told = list(order)
    for event in [event for event in EVENTS if event not in order]:
        told.insert(chance.randrange(len(told) + 1), event)
    return [*(("happens", event) for event in EVENTS), *(("told", event) for event in told)]


def late(chance):
    """A life of which each event is told some time after it happened, later ones perhaps first."""
    schedule, happened = [], []
    for event in EVENTS:
        schedule.append(("happens", event))
        happened.append(event)
        while happened and chance.random() < 0.4:
            schedule.append(("told", happened.pop(chance.randrange(len(happened)))))
    chance.shuffle(happened)
    return [*schedule, *(("told", event) for event in happened)]


def with_duplicates(schedule, chance):
    """Tell some of it again, at any later moment."""
    for event in EVENTS:
        if chance.random() < 0.4:
            told = schedule.index(("told", event))
            schedule.insert(chance.randrange(told, len(schedule)) + 1, ("told", event))
    return schedule


def live(side, box, lives, schedules):
    """Let all lives go on at once, step by step, the service coming to rest after each; return all letters."""
    written, everything = [defaultdict(list) for _ in schedules], []
    for step in range(max(len(schedule) for schedule in schedules)):
        for life, schedule, letters in zip(lives, schedules, written, strict=True):
            what, event = schedule[step] if step < len(schedule) else (None, None)
            if what == "happens":
                life.happen(event)
                letters[event] = box.empty()
                everything += letters[event]
            elif what == "told":
                box.deliver(letters[event])
        side.service.hands.run_until_idle()
        everything += box.empty()
    side.settle()
    return everything


def shop_of(side, lives):
    side.set_policy(offers={"enabled": True, "min_wait_days": 0})
    made = [Life(side, number) for number in range(lives)]
    side.settle()
    return made


def test_deliveries_in_any_order_end_alike(open_side):
    side, chance = open_side(), random.Random(6)
    four = ("ordered", "refunded", "other cancelled", "restocked")
    schedules = [afterwards(order, chance) for order in list(permutations(four))[::6]]
    schedules += [late(chance) for _ in range(2)]
    schedules = [with_duplicates(schedule, chance) for schedule in schedules]
    schedules.append([(what, event) for event in EVENTS for what in ("happens", "told")])
    lives = shop_of(side, len(schedules))
    with kept_back(side) as box:
        everything = live(side, box, lives, schedules)
        for life, schedule in zip(lives, schedules, strict=True):
            assert life.end() == END, schedule
        assert len(side.codes_outside()) == len(lives)
        nothing_more_happens(side, box, chance.sample(everything, 40))


def nothing_more_happens(side, box, letters):
    """Words once more, our own writes' echoes among them, change nothing at the shop."""
    before = len(side.writes())
    box.deliver(letters)
    side.settle()
    assert len(side.writes()) == before


def test_what_never_arrives_is_healed_by_one_sync(open_side):
    side, chance = open_side(), random.Random(7)
    schedules = [with_drops(late(chance), chance) for _ in range(3)]
    lives = shop_of(side, len(schedules))
    with kept_back(side) as box:
        live(side, box, lives, schedules)
        side.service.house.desk.sync(side.record)
        side.service.hands.run_until_idle()
        box.empty()
        for life, schedule in zip(lives, schedules, strict=True):
            assert life.end() == END, schedule
        before = len(side.writes())
        assert side.service.house.desk.sync(side.record).orders == ()
        side.service.hands.run_until_idle()
        assert len(side.writes()) == before


def with_drops(schedule, chance):
    """Never tell about half of it."""
    dropped = set(chance.sample(EVENTS, 3))
    return [(what, event) for what, event in schedule if what == "happens" or event not in dropped]
