"""The demo's story: plays the script on two simulated shops, and what the visitor's buttons make happen."""

import threading
from collections import Counter, deque
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from math import ceil

import structlog

from connectors.simulator import spoken
from connectors.simulator.demo_clock import DemoClock
from connectors.simulator.people import People, Shipment
from connectors.simulator.script import NEXT_TO_THEM, SHELVES, SLIP_DAYS, Event, Side, in_words
from core.house import Call
from core.sentences import sentence

TICK = 0.25
SECONDS_TO_PLAN = 3.0
BETWEEN_ROUNDS = timedelta(hours=12)  # on average
CALLS_KEPT = 40
EVENTS_KEPT = 60
MORE_THAN_THERE = 4
NOON = 11  # UTC: by then it is the same day in both shops
log = structlog.get_logger(__name__)


class Stall:
    """What the story knows of one shop: its people, open orders and shipments.

    The warehouse packs what it saw `patience` rounds ago: a fresh order has time to be planned and held.
    `unforeseen` are units by SKU that a visitor sold; the next purchase of the item covers them too.
    """

    def __init__(self, people: People, patience: int) -> None:
        self.people = people
        self.customers = 0
        self.orders: list[str] = []
        self.rounds: deque[list[str]] = deque([[] for _ in range(patience)], maxlen=patience)
        self.shipments: list[Shipment] = []
        self.unforeseen: Counter[str] = Counter()

    def coming(self) -> list[Shipment]:
        """Return what is on its way, first what somebody waits for and nothing else brings, the earliest first."""
        found = [shipment for shipment in self.shipments if not shipment.received]
        rows = Counter(shipment.sku for shipment in found)
        return sorted(found, key=lambda row: (self.people.free(row.sku) >= 0, rows[row.sku] > 1, row.due))

    def buy(self, lines: Sequence[tuple[str, int]], country: str) -> str:
        """Let a new customer order; return the order's name."""
        self.customers += 1
        order = self.people.buy(lines, self.customers, country)
        self.orders.append(order)
        return self.people.name(order)

    def pack(self) -> int:
        """Let the warehouse make its round, oldest order first; return how many orders it packed from."""
        seen = set(self.rounds[0])
        packed = sum(self.people.ship(order) for order in self.orders if order in seen)
        self.orders = [order for order in self.orders if not self.people.is_done(order)]
        self.rounds.append(list(self.orders))
        return packed


class DemoStory:
    """Implements `core.house.Story` for the people of each side."""

    def __init__(self, *, clock: DemoClock, people: Sequence[People], events: Sequence[Event]) -> None:
        self.clock = clock
        patience = max(1, ceil(SECONDS_TO_PLAN / clock.seconds(BETWEEN_ROUNDS)))
        self._stalls: dict[Side, Stall] = {each.side: Stall(each, patience) for each in people}
        self._coming = deque(events)
        self._told: deque[str] = deque(maxlen=EVENTS_KEPT)
        self._lock = threading.RLock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def stock_the_shelves(self) -> None:
        """Put the products on sale."""
        for side, stall in self._stalls.items():
            for product in (*SHELVES[side], *NEXT_TO_THEM[side]):
                stall.people.stock(product)

    def start(self) -> None:
        """Play on a thread of its own."""
        self._thread = threading.Thread(target=self._play, name="story", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the story."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=10)

    def headline(self) -> str:
        """Say which day it is and what happened last."""
        with self._lock:
            last = self._told[0] if self._told else sentence("The shops have just opened.")
        return sentence("Day %(day)s: %(what)s", day=self.clock.day(), what=last)

    def events(self) -> Sequence[str]:
        """Return the story so far, newest first."""
        with self._lock:
            return tuple(self._told)

    def calls(self) -> Sequence[Call]:
        """Return the writes that the shops received, newest first."""
        calls = [call for side, stall in self._stalls.items() for call in _calls(side, stall.people)]
        return tuple(sorted(calls, key=lambda call: call.at, reverse=True))

    def advance(self, days: int) -> datetime:
        """Move time forward and play what falls into it."""
        now = self.clock.advance(days)
        self.catch_up()
        return now

    def make_late(self, platform: Side | None = None) -> str:
        """Make the next shipment that somebody waits for nine days late."""
        with self._lock:
            for stall in self._asked(platform):
                for shipment in stall.coming():
                    return self._slip(stall, shipment, SLIP_DAYS)
        return sentence("No shipment is on its way that could be late.")

    def sell_out(self, platform: Side | None = None) -> str:
        """Let a customer take more than there is of the first item that is still in stock."""
        with self._lock:
            for stall in self._asked(platform):
                for product in SHELVES[stall.people.side]:
                    free = stall.people.free(product.sku)
                    if free > 0:
                        lines = ((product.sku, free + MORE_THAN_THERE),)
                        name = stall.buy(lines, "DE")
                        stall.unforeseen.update(dict(lines))
                        said = sentence(
                            "%(shop)s: order %(order)s is for %(items)s, and only %(free)s are left.",
                            shop=stall.people.shop, order=name, items=in_words(lines), free=free,
                        )  # fmt: skip
                        return self._tell(said)
        return sentence("Everything is sold out already.")

    def cancel_order(self, platform: Side | None = None) -> str:
        """Let the customer of the oldest order that can still be cancelled step back."""
        with self._lock:
            for stall in self._asked(platform):
                for order in stall.orders:
                    if stall.people.cancel(order):
                        stall.orders.remove(order)
                        said = sentence(
                            "%(shop)s: the customer cancelled order %(order)s.",
                            shop=stall.people.shop, order=stall.people.name(order),
                        )  # fmt: skip
                        return self._tell(said)
        return sentence("No order is left that could be cancelled: something of each has shipped.")

    def catch_up(self) -> None:
        """Play everything that is due. However many days that is, the warehouse makes one round at the end."""
        with self._lock:
            now = self.clock.now()
            rounds: dict[Side, None] = {}
            while self._coming and self.clock.start + self._coming[0].after <= now:
                event = self._coming.popleft()
                if event.kind == "warehouse":
                    rounds[event.side] = None
                else:
                    self._happen(self._stalls[event.side], event)
            for stall in self._stalls.values():
                self._receive(stall, now)
            for side in rounds:
                self._pack(self._stalls[side])

    def _play(self) -> None:
        while not self._stop.wait(TICK):
            try:
                self.catch_up()
            except Exception:
                # The story is a show: one scene that fails must not end it, but it must be seen in the log.
                log.exception("a scene of the demo failed")

    def _asked(self, platform: Side | None) -> Iterable[Stall]:
        return [stall for side, stall in self._stalls.items() if platform in {None, side}]

    def _happen(self, stall: Stall, event: Event) -> None:
        if event.kind == "order":
            order, items = stall.buy(event.lines, event.country), in_words(event.lines)
            self._tell(
                sentence("%(shop)s: order %(order)s, %(items)s.", shop=stall.people.shop, order=order, items=items)
            )
        elif event.kind == "shipment":
            self._expect(stall, event)
        else:
            for shipment in stall.coming():
                self._slip(stall, shipment, event.days)

    def _expect(self, stall: Stall, event: Event) -> None:
        sku, foreseen = event.lines[0]
        units = foreseen + stall.unforeseen.pop(sku, 0)
        due = self.clock.start + event.after + timedelta(days=event.days)
        due = due.replace(hour=NOON, minute=0, second=0)
        shipment = stall.people.expect(sku, units, due, len(stall.shipments) + 1)
        stall.shipments.append(shipment)
        said = sentence(
            "%(shop)s: %(items)s ordered from the supplier (%(supply)s), due %(day)s.",
            shop=stall.people.shop, items=in_words(((sku, units),)), supply=shipment.name, day=_day(due),
        )  # fmt: skip
        self._tell(said)

    def _receive(self, stall: Stall, now: datetime) -> None:
        for shipment in stall.shipments:
            if not shipment.received and shipment.due <= now:
                shipment.received = True
                stall.people.receive(shipment)
                items = in_words(((shipment.sku, shipment.units),))
                shop, supply = stall.people.shop, shipment.name
                self._tell(sentence("%(shop)s: %(supply)s came in, %(items)s.", shop=shop, supply=supply, items=items))

    def _slip(self, stall: Stall, shipment: Shipment, days: int) -> str:
        shipment.due += timedelta(days=days)
        stall.people.postpone(shipment)
        said = sentence(
            "%(shop)s: %(supply)s is %(days)s days late, %(items)s now due %(day)s.",
            shop=stall.people.shop, supply=shipment.name, days=days,
            items=in_words(((shipment.sku, shipment.units),)), day=_day(shipment.due),
        )  # fmt: skip
        return self._tell(said)

    def _pack(self, stall: Stall) -> None:
        stall.people.forget()
        packed = stall.pack()
        if packed:
            shop = stall.people.shop
            one = sentence("%(shop)s: the warehouse shipped from 1 order.", shop=shop)
            many = sentence("%(shop)s: the warehouse shipped from %(number)s orders.", shop=shop, number=packed)
            self._tell(one if packed == 1 else many)

    def _tell(self, said: str) -> str:
        self._told.appendleft(said)
        return said


def _day(day: date) -> str:
    return f"{day.day} {day:%b}"


def _calls(side: Side, people: People) -> list[Call]:
    numbered = list(enumerate(people.writes(), 1))
    return [
        Call(
            number=number, at=entry.at, platform=side, what=entry.name, detail=entry.detail, order=entry.order,
            status=entry.status, said=spoken.in_words(side, entry, people.name),
        )
        for number, entry in reversed(numbered[-CALLS_KEPT:])
    ]  # fmt: skip
